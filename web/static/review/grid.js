/* The lines grid: spreadsheet manners. One tab stop from outside, arrows within, type to replace. */

import { $, $$ } from "./dom.js";

/** `desk` as for the form; `form` is what wireForm gave. */
export function wireGrid(desk, form) {
  const pane = $("#data");
  const inGrid = (element) => element.matches?.(".grid [data-line] input");
  let editing = null; // the cell in which the arrows move the caret

  const rows = () => $$(".grid tbody tr[data-line]", pane);
  const cells = (row) => $$("input", row);

  function move(element, down, right) {
    const row = element.closest("tr");
    const all = rows();
    const column = cells(row).indexOf(element);
    const target = all[all.indexOf(row) + down];
    const cell = target && cells(target)[column + right];
    if (!cell) return false;
    enter(cell);
    return true;
  }

  function enter(cell) {
    cell.focus();
    cell.select();
  }

  function step(element, by) {
    const all = rows().flatMap(cells);
    const cell = all[all.indexOf(element) + by];
    if (!cell) return false;
    enter(cell);
    return true;
  }

  // One tab stop: the cell you were in last, else the first.
  function tabStop(cell) {
    for (const other of $$(".grid [data-line] input", pane)) other.tabIndex = other === cell ? 0 : -1;
  }
  pane.addEventListener("focusin", (event) => {
    if (!inGrid(event.target)) return;
    editing = null;
    tabStop(event.target);
    if (document.activeElement === event.target) event.target.select();
  });
  pane.addEventListener("dblclick", (event) => {
    if (inGrid(event.target)) editing = event.target;
  });

  pane.addEventListener("keydown", (event) => {
    const element = event.target;
    if (!inGrid(element) || event.defaultPrevented) return;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const done = () => event.preventDefault();
    if (event.key === "Tab" && plain) {
      if (step(element, event.shiftKey ? -1 : 1)) done();
    } else if (event.key === "ArrowDown" && plain) {
      done();
      move(element, 1, 0);
    } else if (event.key === "ArrowUp" && plain) {
      done();
      move(element, -1, 0);
    } else if ((event.key === "ArrowLeft" || event.key === "ArrowRight") && plain && !caretMoves(element, event)) {
      done();
      move(element, 0, event.key === "ArrowRight" ? 1 : -1);
    } else if (event.key === "F2") {
      done();
      editing = element;
      element.setSelectionRange(element.value.length, element.value.length);
    } else if (event.key === "F8") {
      done();
      copyAbove(element);
    } else if (event.key === "Delete" && event.ctrlKey) {
      done();
      remove(element.closest("tr").dataset.line);
    }
  });

  function caretMoves(element, event) {
    if (editing === element || form.isDirty(element) || event.shiftKey) return true;
    return !(element.selectionStart === 0 && element.selectionEnd === element.value.length);
  }

  function copyAbove(element) {
    const row = element.closest("tr");
    const above = rows()[rows().indexOf(row) - 1];
    if (!above || element.readOnly) return;
    const source = cells(above)[cells(row).indexOf(element)];
    element.value = source.dataset.code ?? source.value;
    if (element.dataset.lookup) desk.commitLookup(element);
    else form.commit(element);
  }

  /** Add an empty line and stand in it. */
  async function add() {
    if (!desk.screen.can_edit) return;
    await desk.change("/lines", {});
    const last = rows().at(-1);
    if (last) enter(cells(last)[0]);
  }

  /** Take a line away; the focus goes to the line that takes its place. */
  async function remove(lineNo) {
    if (!desk.screen.can_edit) return;
    const index = rows().findIndex((row) => row.dataset.line === String(lineNo));
    await desk.change(`/lines/${lineNo}/delete`, {});
    const row = rows()[Math.min(index, rows().length - 1)];
    if (row) enter(cells(row)[0]);
    else $("[data-add-line]", pane)?.focus();
  }

  pane.addEventListener("click", (event) => {
    if (event.target.closest("[data-add-line]")) add();
    const gone = event.target.closest("[data-delete-line]");
    if (gone) remove(gone.dataset.deleteLine);
  });

  return { add, refreshed: () => tabStop($(".grid [data-line] input:focus", pane) ?? $(".grid [data-line] input", pane)) };
}
