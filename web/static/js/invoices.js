/* Posting one or many invoices that are ready: each is posted for itself, refusals name every cause. */

import { ask, post, report, t, toast } from "./desk.js";
import { rows } from "./list.js";

const button = document.getElementById("post-selected"), all = document.getElementById("select-all"), refusals = document.getElementById("refusals");
const chosen = () => rows().filter((row) => row.querySelector("input[type=checkbox]")?.checked);

function show() {
  if (!button) return;
  const n = chosen().length;
  button.disabled = n === 0;
  document.getElementById("post-sum").textContent = n ? t("invoices.selected", { n }) : "";
  all.checked = n > 0 && n === rows().length;
  all.indeterminate = n > 0 && !all.checked;
  rows().forEach((row) => row.classList.toggle("sel", row.querySelector("input")?.checked ?? false));
}

async function postChosen() {
  const targets = chosen();
  if (!targets.length) return;
  const answer = await ask({ title: t("invoices.ask_title", { n: targets.length }), explain: t("invoices.ask_explain"), action: t("invoices.ask_action", { n: targets.length }) });
  if (!answer) return;
  button.disabled = true;
  try {
    const { done, refused } = await post("/api/invoices/post", { documents: targets.map((row) => [Number(row.dataset.draft), Number(row.dataset.version)]) });
    tellRefused(refused);
    const failed = new Set(refused.map((problem) => String(problem.draft_id)));
    targets.filter((row) => !failed.has(row.dataset.draft)).forEach((row) => row.remove());
    if (done.length) toast(t("invoices.posted", { n: done.length, numbers: done.slice(0, 3).join(", ") }));
  } catch (error) {
    if (error.problems?.some((problem) => problem.draft_id)) tellRefused(error.problems); else report(error);
  } finally { show(); }
}

function tellRefused(problems) {
  refusals.hidden = problems.length === 0;
  refusals.replaceChildren(...problems.map((problem) => {
    const row = rows().find((each) => each.dataset.draft === String(problem.draft_id));
    const name = row?.querySelector("a.row")?.textContent ?? "";
    return Object.assign(document.createElement("p"), { textContent: `${name}: ${problem.text}` });
  }));
}

button?.addEventListener("click", postChosen);
all?.addEventListener("change", () => { rows().forEach((row) => { row.querySelector("input").checked = all.checked; }); show(); });
document.querySelector("[data-list] tbody")?.addEventListener("change", show);
addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && button && !document.querySelector("dialog[open]")) { event.preventDefault(); postChosen(); }
});
