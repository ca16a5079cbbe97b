/* A receipt: lines that no invoice took can be undone. */

import { Refused, ask, post, report, t } from "../js/desk.js";

const { no } = JSON.parse(document.getElementById("screen").textContent);
const button = document.getElementById("undo");
const chosen = () => [...document.querySelectorAll("tr[data-line]")].filter((row) => row.querySelector("input")?.checked).map((row) => Number(row.dataset.line));

document.querySelector("table").addEventListener("change", () => { if (button) button.disabled = !chosen().length; });
button?.addEventListener("click", async () => {
  const lines = chosen();
  const answer = await ask({ title: t("card.undo_title", { n: lines.length }), explain: t("card.undo_explain"), action: t("card.undo_action"), danger: true });
  if (!answer) return;
  try {
    location.assign((await post(`/api/receipts/${no}/undo`, { line_nos: lines })).location);
  } catch (error) {
    if (!(error instanceof Refused)) { report(error); return; }
    const box = document.getElementById("refusals");
    box.hidden = false;
    box.replaceChildren(...error.problems.map(({ text }) => Object.assign(document.createElement("p"), { textContent: text })));
  }
});
document.documentElement.dataset.ready = "";
