/* The posted invoice: from an entry to its place on the page, and from a box to the entries that hold it. */

import { post, toast } from "../js/desk.js";
import { ask, wireDialogs } from "./dialogs.js";
import { $, $$ } from "./dom.js";
import { wireSplitter } from "./splitter.js";
import { wireTabs } from "./tabs.js";
import { openViewer } from "./viewer.js";

const start = JSON.parse($("#screen").textContent);
const tabs = wireTabs(start.tab);
const rows = () => $$("[data-entry]");
const keysOf = (row) => row.dataset.keys.split(" ").filter(Boolean);

// A document that was typed in has no page: there is nothing to ring then.
const NO_PAGE = { show() {}, ring() {}, hover() {} };
const paper = $(".viewer:not(.bare)");
const viewer = !paper ? NO_PAGE : openViewer(paper, {
  box: (key) => {
    const open = $$("[data-entry]").filter((row) => !row.closest("[hidden]"));
    const row = open.find((one) => keysOf(one).includes(key)) ?? rows().find((one) => keysOf(one).includes(key));
    if (!row) return;
    tabs.open(row.closest("[role=tabpanel]").id.replace("t-", ""));
    show(row, { focus: true });
  },
  hover: (key, isOver) => {
    viewer.hover(key, isOver);
    for (const row of rows()) row.classList.toggle("hov", isOver && keysOf(row).includes(key));
  },
});
const used = new Set(rows().flatMap(keysOf));
viewer.show(start.fields.filter((field) => used.has(field.key)).map((field) => ({ ...field, mark: "sure" })));

/** Ring what the entry's amount came from and say it. */
function show(row, { focus = false } = {}) {
  for (const other of rows()) other.classList.toggle("now", other === row);
  $("#from").textContent = row.dataset.from;
  viewer.ring(keysOf(row), { moves: true });
  if (focus) $("[data-show]", row)?.focus();
  const address = new URL(location);
  address.searchParams.set("entry", row.dataset.entry);
  history.replaceState(null, "", address);
}

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-entry]");
  if (row) show(row);
});
document.addEventListener("pointerover", (event) => {
  const row = event.target.closest?.("[data-entry]");
  for (const key of start.fields.map((field) => field.key))
    viewer.hover(key, Boolean(row) && keysOf(row).includes(key));
});
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-show]") || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  event.preventDefault();
  const buttons = $$("[data-show]").filter((button) => !button.closest("[hidden]"));
  buttons[buttons.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
});

/* Cancel, correct: a reason, the entries to come, and then to what came of it. */
for (const button of $$("[data-takes-back]"))
  button.addEventListener("click", () => {
    const act = button.dataset.takesBack;
    if (button.getAttribute("aria-disabled") === "true") return toast(document.getElementById(button.getAttribute("aria-describedby")).textContent.trim());
    const address = `/api/posted/${start.kind}/${encodeURIComponent(start.no)}/${act === "restore" ? "cancel" : act}`;
    ask(`d-${act}`, async (values) => {
      const answer = await post(address, values);
      location.assign(answer.location);
    });
  });
wireDialogs();

wireSplitter($(".splitter"));
const wanted = start.entry && rows().find((row) => row.dataset.entry === start.entry);
if (wanted) {
  wanted.scrollIntoView({ block: "nearest" });
  // The boxes have their size once the pages are laid out.
  requestAnimationFrame(() => show(wanted, { focus: true }));
}
document.documentElement.dataset.ready = "";
