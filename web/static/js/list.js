/* A plain list by keyboard: J and K move, Enter opens, X selects where rows can be selected. */

import { onKey, t } from "./desk.js";

const table = document.querySelector("[data-list]");
export const rows = () => table ? [...table.tBodies[0].rows] : [];
let current = -1;

function stand(at) {
  const all = rows();
  if (!all.length) return;
  all[current]?.classList.remove("cur");
  all[current]?.removeAttribute("aria-current");
  current = Math.max(0, Math.min(all.length - 1, at));
  all[current].classList.add("cur");
  all[current].setAttribute("aria-current", "true");
  all[current].scrollIntoView({ block: "nearest" });
}

function open() {
  const path = rows()[current]?.dataset.path;
  if (path) location.assign(path);
  return Boolean(path);
}

if (table) {
  onKey("j", t("list.key_move"), () => stand(current + 1), "J K");
  onKey("k", null, () => stand(current - 1));
  onKey("ArrowDown", null, () => stand(current + 1));
  onKey("ArrowUp", null, () => stand(current - 1));
  onKey("Enter", t("list.key_open"), open);
  if (table.querySelector("tbody input[type=checkbox]")) {
    onKey("x", t("list.key_select"), () => rows()[current]?.querySelector("input[type=checkbox]")?.click());
  }
  table.tBodies[0].addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    if (!row || event.target.closest("a, input, label, button")) return;
    stand(rows().indexOf(row));
    if (row.dataset.path && !table.querySelector("tbody input[type=checkbox]")) open();
  });
}
