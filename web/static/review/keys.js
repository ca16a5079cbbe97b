/* Keys of the review page: panes, documents, actions (ux.md §5.3). Single letters act outside fields only. */

import { keyList, onKey } from "../js/desk.js";
import { $, $$ } from "./dom.js";

const LISTED = ["confirm", "fields", "main", "undo", "lookup", "edit", "copy", "line", "pages", "zoom", "word"];

export function wireKeys({ desk, grid, perform }) {
  const panes = () =>
    [
      $(".viewer .scroll"),
      $("#data .fields input"),
      $("#data .grid input[tabindex='0']"),
      $("#data [role=tab][aria-selected=true]"),
      $("#b-main"),
    ].filter(Boolean);
  const around = [".viewer", ".fields", ".grid", ".tabs, [role=tabpanel]", ".acts-bar"];

  function pane(isBack) {
    const at = around.findIndex((selector) => document.activeElement?.closest?.(selector));
    const all = panes();
    const to = at < 0 ? 0 : (at + (isBack ? all.length - 1 : 1)) % all.length;
    all[to].focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || $("dialog[open]")) return;
    const claim = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      claim();
      perform.main();
    } else if (event.key === "F6") {
      claim();
      pane(event.shiftKey);
    } else if (event.altKey && event.key.toLowerCase() === "n") {
      claim();
      grid.add();
    } else if (event.altKey && (event.key === "PageUp" || event.key === "PageDown")) {
      claim();
      const now = Number($("[data-page-now]")?.textContent ?? 1);
      desk.viewer.goToPage(now + (event.key === "PageDown" ? 1 : -1));
    }
  });

  const isOffered = (act) => $$(`[data-act="${act}"]`).some((button) => !button.disabled);
  for (const [letter, act] of Object.entries({ j: "next", k: "previous", p: "park", d: "reject" }))
    onKey(letter, desk.texts[`key_${act}`], () => (isOffered(act) ? perform[act]() : false));
  for (const name of LISTED) keyList.push([desk.texts[`keys_${name}`], desk.texts[`key_${name}`]]);
}
