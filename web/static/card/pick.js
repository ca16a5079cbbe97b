/* Lines of posted documents to take over: a table in a dialog. */

import { get, report, t, toast } from "../js/desk.js";
import { $, $$, parse } from "../review/dom.js";

export function wirePicks({ base, change }) {
  const box = $("#pick");

  /** Offer what is left of posted documents; what is taken becomes lines of this one. */
  async function lines(what) {
    const { html } = await get(`${base}/pick/${what}`).catch((error) => { report(error); return {}; });
    if (!html) return;
    box.replaceChildren(parse(html));
    box.showModal();
    $("input", box)?.focus();
    const answer = await new Promise((done) => box.addEventListener("close", () => done(box.returnValue), { once: true }));
    box.returnValue = "";
    if (answer !== "yes") return;
    const picked = $$("tr[data-no]", box)
      .filter((row) => $("input[type=checkbox]", row).checked)
      .map((row) => ({ kind: row.dataset.kind ?? "", no: row.dataset.no, line_no: Number(row.dataset.line), quantity: $("[data-quantity]", row)?.value ?? "" }));
    if (!picked.length) { toast(t("card.nothing_picked")); return; }
    try {
      const done = await change(`/pick/${what}`, { picked, by: $("[name=by]", box)?.value });
      if (done.done) toast(done.done);
    } catch (error) { report(error); }
  }

  box.addEventListener("click", (event) => {
    if (event.target.closest("[data-closes]")) box.close("");
    const all = event.target.closest("[data-all]");
    if (all) for (const input of $$("tr[data-no] input[type=checkbox]", box)) input.checked = all.checked;
  });
  box.addEventListener("input", (event) => {
    const row = event.target.closest("tr[data-no]");
    if (row && event.target.matches("[data-quantity]")) $("input[type=checkbox]", row).checked = true;
  });
  return { lines };
}
