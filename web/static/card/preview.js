/* What posting would write, asked for again after each change while its tab is open. */

import { get, report } from "../js/desk.js";
import { $, $$, parse } from "../review/dom.js";

export function wirePreview(base) {
  const place = $("#preview");
  let what = $("[data-preview]") ? "receive" : "invoice";
  let asked = 0;

  async function again() {
    const panel = $("#t-preview");
    if (!place || panel.hidden) return;
    for (const button of $$("[data-preview]")) button.setAttribute("aria-pressed", button.dataset.preview === what);
    const mine = (asked += 1);
    try {
      const { html } = await get(`${base}/preview?what=${what}`);
      if (mine === asked) place.replaceChildren(parse(html));
    } catch (error) {
      report(error);
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-preview]");
    if (button) what = button.dataset.preview;
    if (button || event.target.closest("#tab-preview")) again();
  });
  return { again };
}
