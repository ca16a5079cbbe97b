/* The queue: rows by keyboard, preview, bulk work, adding files, news without moving what is looked at. */

import { ask, csrf, get, onKey, post, Refused, report, say, t, toast } from "./desk.js";
import { onLive, onLiveState } from "./live.js";
import { upload } from "./upload.js";

const list = document.getElementById("list"), body = document.getElementById("rows"), peek = document.getElementById("peek");
const uploads = document.getElementById("uploads"), newsButton = document.getElementById("news"), shown = document.getElementById("shown");
const mayWork = list.dataset.mayWork === "yes", mayRead = list.dataset.mayRead === "yes";
const query = new URLSearchParams(list.dataset.query.split("?")[1] ?? "");
const table = list.querySelector("table");
const rows = () => [...body.querySelectorAll("tr[data-row]")];
const documents = (n) => n === 1 ? t("incoming.one_document") : t("incoming.documents", { n });

/* ---- the row one stands on ---- */
let current = null;
const row = (no) => no && body.querySelector(`tr[data-row="${CSS.escape(no)}"]`);

function stand(target, { scroll = true } = {}) {
  if (!target) return;
  row(current)?.classList.remove("cur");
  row(current)?.removeAttribute("aria-current");
  current = target.dataset.row;
  target.classList.add("cur");
  target.setAttribute("aria-current", "true");
  if (scroll) target.scrollIntoView({ block: "nearest" });
  showPeek();
}

function move(step) {
  const all = rows(), at = all.indexOf(row(current));
  stand(all[Math.max(0, Math.min(all.length - 1, at + step))]);
  if (all.indexOf(row(current)) > all.length - 6) more();
  return all.length > 0;
}

function open(target) {
  if (target && mayRead) location.assign(target.dataset.path);
}

/* ---- preview, from 1180 px ---- */
let peeking = null, peekTimer = 0;
function showPeek() {
  clearTimeout(peekTimer);
  if (!mayRead || getComputedStyle(peek).display === "none") return;
  const no = current;
  peekTimer = setTimeout(async () => {
    peeking?.abort();
    peeking = new AbortController();
    try {
      const answer = await fetch(`/api/incoming-peek/${encodeURIComponent(no)}?view=${list.dataset.view}`, { signal: peeking.signal });
      if (answer.ok && no === current) peek.innerHTML = await answer.text();
    } catch (error) {
      if (error.name !== "AbortError") peek.textContent = t("offline");
    }
  }, 90);
}

body.addEventListener("click", (event) => {
  const target = event.target.closest("tr[data-row]");
  if (!target || event.target.closest("a, input, label, button")) return;
  if (matchMedia("(max-width: 1180px)").matches) open(target);
  else stand(target, { scroll: false });
});
body.addEventListener("dblclick", (event) => open(event.target.closest("tr[data-row]")));
body.addEventListener("focusin", (event) => stand(event.target.closest("tr[data-row]"), { scroll: false }));

/* ---- selection and the bar that stands in place of the filters ---- */
const bulk = document.getElementById("bulk"), filters = document.getElementById("filters"), selectAll = document.getElementById("select-all");
const selected = () => rows().filter((each) => each.querySelector("input[type=checkbox]").checked);

function showSelection() {
  const chosen = selected();
  rows().forEach((each) => each.classList.toggle("sel", chosen.includes(each)));
  bulk.hidden = chosen.length === 0;
  filters.hidden = chosen.length > 0;
  document.getElementById("bulk-count").textContent = t("incoming.selected", { n: chosen.length });
  selectAll.checked = chosen.length > 0 && chosen.length === rows().length;
  selectAll.indeterminate = chosen.length > 0 && !selectAll.checked;
}
body.addEventListener("change", showSelection);
selectAll.addEventListener("change", () => {
  rows().forEach((each) => { each.querySelector("input").checked = selectAll.checked; });
  showSelection();
});
document.getElementById("bulk-clear").addEventListener("click", clearSelection);
function clearSelection() {
  rows().forEach((each) => { each.querySelector("input").checked = false; });
  showSelection();
}
function select(target, on = null) {
  const box = target?.querySelector("input[type=checkbox]");
  if (!box) return;
  box.checked = on ?? !box.checked;
  showSelection();
}

/* ---- work on the selected rows, or on the one stood on ---- */
function chosenDocuments() {
  const chosen = selected();
  const targets = chosen.length ? chosen : [row(current)].filter(Boolean);
  return targets.map((each) => [each.dataset.row, Number(each.dataset.version)]);
}

function today(days) {
  const day = new Date(Date.now() + days * 86_400_000);
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
}

async function doStep(step, targets, values = {}) {
  const answer = await post(`/api/incoming-work/${step}`, { documents: targets, ...values });
  if (answer.refused.length) {
    const why = [...new Set(answer.refused.map((problem) => problem.text))].join(" ");
    toast(t("incoming.not_done", { n: answer.refused.length, why }), { refused: true });
  }
  return answer.done;
}

/** The other way round, by number only: the version has moved on by what is undone. */
const undoing = (step, done, text) => async () => {
  try {
    await doStep(step, done.map((no) => [no, null]));
    say(text);
    await refresh({ force: true });
  } catch (error) { report(error); }
};

const steps = {
  async park(targets) {
    const what = documents(targets.length);
    const values = await ask({
      title: t("incoming.park_title"), action: t("incoming.park_action", { n: what }),
      fields: [{ name: "until", label: t("incoming.park_until"), type: "date", value: today(7), required: true },
        { name: "reason", label: t("incoming.park_for") }],
    });
    if (!values) return;
    const done = await doStep("park", targets, values);
    if (done.length) toast(t("incoming.parked", { n: documents(done.length) }), { undo: undoing("unpark", done, t("incoming.unparked")) });
  },
  async reject(targets) {
    const what = documents(targets.length);
    const values = await ask({
      title: t("incoming.reject_title", { n: what }), explain: t("incoming.reject_explain"), danger: true,
      action: t("incoming.reject_action", { n: what }), fields: [{ name: "reason", label: t("incoming.reason"), required: true }],
    });
    if (!values) return;
    const done = await doStep("reject", targets, values);
    if (done.length) toast(t("incoming.rejected", { n: documents(done.length) }), { undo: undoing("reopen", done, t("incoming.reopened")) });
  },
  async assign(targets) {
    const people = [...document.getElementById("people").content.querySelectorAll("option")].map((option) => [option.value, option.textContent]);
    const values = await ask({
      title: t("incoming.assign_title"), action: t("incoming.assign_action", { n: documents(targets.length) }),
      fields: [{ name: "user_no", label: t("incoming.assign_to"), options: [...people, ["", t("incoming.nobody")]], value: people[0]?.[0] ?? "" }],
    });
    if (!values) return;
    const done = await doStep("assign", targets, values);
    const name = people.find(([no]) => no === values.user_no)?.[1];
    if (done.length) toast(name ? t("incoming.assigned", { name }) : t("incoming.assigned_nobody"));
  },
  async read_again(targets) {
    const done = await doStep("read_again", targets);
    if (done.length) toast(t("incoming.read_again", { n: documents(done.length) }));
  },
};

async function run(step) {
  const targets = chosenDocuments();
  if (!mayWork || !targets.length) return;
  const at = rows().indexOf(row(current));
  try {
    await steps[step](targets);
    clearSelection();
    await refresh({ force: true });
    if (!row(current)) stand(rows()[Math.min(Math.max(at, 0), rows().length - 1)]);
  } catch (error) {
    if (error instanceof Refused && error.status !== 401) { toast(error.message, { refused: true }); await refresh({ force: true }); } else report(error);
  }
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step], [data-seen]");
  if (button?.dataset.step) run(button.dataset.step);
  else if (button) post(`/api/incoming-refusals/${button.dataset.seen}/seen`).then(() => refresh({ force: true }), report);
});

/* ---- more rows by scrolling ---- */
let loading = false;
async function more() {
  const offset = list.dataset.offset;
  if (!offset || loading) return;
  loading = true;
  try {
    const asked = new URLSearchParams(query);
    asked.set("offset", offset);
    const answer = await get(`/api/incoming-rows?${asked}`);
    const fresh = parse(answer.html).filter((each) => !row(each.dataset.row));
    body.append(...fresh);
    list.dataset.offset = answer.more;
    shown.textContent = answer.shown;
  } catch (error) { report(error); } finally { loading = false; }
}
const nearEnd = (place) => place.scrollHeight - place.scrollTop - place.clientHeight < 600;
list.addEventListener("scroll", () => { if (nearEnd(list)) more(); }, { passive: true });
addEventListener("scroll", () => { if (nearEnd(document.documentElement)) more(); }, { passive: true });

function parse(html) {
  const place = document.createElement("template");
  place.innerHTML = `<table><tbody>${html}</tbody></table>`;
  return [...place.content.querySelectorAll("tr")];
}

/* ---- news: rows keep their place while the list is looked at ---- */
const isLookedAt = () => list.matches(":hover") || list.contains(document.activeElement) || selected().length > 0;
let refreshing = null, again = false;

async function refresh({ force = false } = {}) {
  if (refreshing) { again = true; return refreshing; }
  refreshing = refreshNow(force).catch(report).finally(() => {
    refreshing = null;
    if (again) { again = false; refresh({ force }); }
  });
  return refreshing;
}

async function refreshNow(force) {
  const asked = new URLSearchParams(query);
  asked.set("limit", Math.max(60, rows().length));
  const answer = await get(`/api/incoming-rows?${asked}`);
  const fresh = parse(answer.html), wanted = new Map(fresh.filter((each) => each.dataset.row).map((each) => [each.dataset.row, each]));
  for (const old of rows()) {
    const next = wanted.get(old.dataset.row);
    if (next) { if (!same(old, next)) renew(old, next); } else if (force || !isLookedAt()) old.remove(); else old.classList.add("gone");
  }
  const known = new Set(rows().map((each) => each.dataset.row)), added = [...wanted.keys()].filter((no) => !known.has(no));
  if (added.length && isLookedAt() && !force && rows().length) {
    newsButton.textContent = t("incoming.new", { n: added.length });
    newsButton.hidden = false;
  } else {
    place(fresh);
    newsButton.hidden = true;
  }
  list.dataset.offset = answer.more;
  shown.textContent = answer.shown;
  table.classList.toggle("no-order", !answer.has_orders);
  document.getElementById("empty").hidden = body.children.length + uploads.children.length > 0;
  showSelection();
}

const same = (old, next) => old.dataset.version === next.dataset.version && old.querySelector(".why")?.innerHTML === next.querySelector(".why")?.innerHTML;

function renew(old, next) {
  const checked = old.querySelector("input")?.checked;
  old.replaceChildren(...next.childNodes);
  for (const name of ["version", "word", "path"]) old.dataset[name] = next.dataset[name];
  old.classList.toggle("busy", next.classList.contains("busy"));
  old.classList.remove("gone");
  if (checked) old.querySelector("input").checked = true;
  if (old.dataset.row === current) showPeek();
}

function place(fresh) {
  const keep = new Map(rows().map((each) => [each.dataset.row, each]));
  body.querySelectorAll("tr.refused").forEach((each) => each.remove());
  fresh.forEach((next, at) => {
    const target = keep.get(next.dataset.row) ?? next;
    if (body.children[at] !== target) body.insertBefore(target, body.children[at] ?? null);
  });
}

newsButton.addEventListener("click", () => refresh({ force: true }));
let failed = null;
onLive((news) => {
  const isNew = failed !== null && news.counts["view.failed"] !== failed;
  failed = news.counts["view.failed"] ?? null;
  if (news.changed.length || isNew) { refresh(); settle(); }
});
onLiveState((state) => {
  const place = document.getElementById("live-state");
  place.dataset.state = state;
  place.textContent = state === "live" ? t("live") : t("reconnecting");
});

/* ---- adding files: each is a row at once ---- */
const picker = document.getElementById("files"), drop = document.getElementById("drop"), onTheWay = document.getElementById("on-the-way");
const underway = new Map();

function countUnderway() {
  const n = uploads.querySelectorAll("tr:not(.settled)").length;
  onTheWay.hidden = n === 0;
  onTheWay.textContent = n === 1 ? t("incoming.on_the_way_one") : t("incoming.on_the_way", { n });
}

function cell(name, text = "", span = 1) {
  const place = Object.assign(document.createElement("td"), { className: name, textContent: text });
  place.colSpan = span;
  return place;
}

function uploadRow(file) {
  const line = document.createElement("tr");
  line.className = "busy";
  const progress = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
  progress.setAttribute("aria-label", file.name);
  const bar = cell("bar-cell due", "", table.classList.contains("no-order") ? 2 : 3);
  bar.append(progress);
  const name = cell("vend clip", file.name, 2);
  name.title = file.name;
  line.append(cell(""), cell("num muted rec", t("incoming.now")), name, bar, cell("why"), cell("acts-cell"));
  tell(line, "busy", t("incoming.waiting"));
  uploads.append(line);
  document.getElementById("empty").hidden = true;
  countUnderway();
  return line;
}

function tell(line, shape, text) {
  const word = Object.assign(document.createElement("span"), { className: `st ${shape}` });
  word.append(document.createElement("i"), Object.assign(document.createElement("span"), { className: "clip", textContent: text }));
  line.querySelector(".why").replaceChildren(word);
}

function end(line, shape, text, buttons = []) {
  line.classList.remove("busy");
  line.classList.add("settled");
  const why = line.querySelector(".why"), bar = line.querySelector(".bar-cell"), acts = line.querySelector(".acts-cell");
  if (bar) {
    why.colSpan = bar.colSpan + 2;
    why.classList.add("wide");
    bar.remove();
    acts.remove();
  }
  tell(line, shape, text);
  const place = Object.assign(document.createElement("div"), { className: "line" });
  place.append(...why.childNodes);
  place.firstChild.title = text;
  why.append(place);
  const hide = Object.assign(document.createElement("button"), { type: "button", className: "btn sm quiet", textContent: t("incoming.hide") });
  hide.addEventListener("click", () => { line.remove(); countUnderway(); });
  place.append(...buttons, hide);
  countUnderway();
}

async function add(files) {
  if (!mayWork) return;
  const most = Number(picker.dataset.most), limit = Number(picker.dataset.limitMb) * 1024 * 1024;
  if (files.length > most) toast(t("incoming.too_many", { most }), { refused: true });
  const taken = [...files].slice(0, most).map((file) => [file, uploadRow(file)]);
  for (const [file, line] of taken) {
    if (file.size > limit) { end(line, "stop", t("incoming.too_large", { mb: picker.dataset.limitMb })); continue; }
    try {
      const answer = await upload(file, csrf(), (percent) => {
        line.querySelector("progress").value = percent;
        tell(line, "busy", t("incoming.uploading", { percent }));
      });
      follow(line, answer);
    } catch (error) {
      end(line, "stop", t("incoming.not_saved", { why: error.message }));
    }
  }
  settle();
}

function follow(line, state) {
  line.dataset.no = state.incoming_no ?? line.dataset.no;
  const progress = line.querySelector("progress");
  if (state.is_busy) {
    underway.set(line.dataset.no, line);
    if (progress && state.progress !== null) progress.value = state.progress; else progress?.removeAttribute("value");
    tell(line, "busy", state.text);
    return;
  }
  underway.delete(line.dataset.no);
  if (row(line.dataset.no)) { line.remove(); countUnderway(); row(line.dataset.no).classList.add("fresh"); return; }
  const buttons = [];
  const link = Object.assign(document.createElement("a"), { className: "btn sm", href: `${state.first ? `/incoming/${state.first}` : state.path}?view=${list.dataset.view}`, textContent: state.first ?? t("incoming.open") });
  buttons.push(link);
  if (state.first) {
    const other = Object.assign(document.createElement("button"), { type: "button", className: "btn sm quiet", textContent: t("incoming.not_a_duplicate") });
    other.addEventListener("click", () => notDuplicate(line, state));
    buttons.push(other);
  }
  end(line, state.severity === "stop" ? "stop" : state.shape, state.text, buttons);
}

async function notDuplicate(line, state) {
  const values = await ask({
    title: t("incoming.not_a_duplicate"), explain: t("incoming.not_a_duplicate_why", { no: state.first }), action: t("incoming.not_a_duplicate"),
    fields: [{ name: "reason", label: t("incoming.reason"), required: true }],
  });
  if (!values) return;
  try {
    await doStep("not_a_duplicate", [[line.dataset.no, state.version]], values);
    const fresh = uploadRow({ name: line.querySelector(".vend").textContent });
    fresh.dataset.no = line.dataset.no;
    line.replaceWith(fresh);
    underway.set(fresh.dataset.no, fresh);
    countUnderway();
    await settle();
  } catch (error) { report(error); }
}

let settling = false, settleTimer = 0;
async function settle() {
  clearTimeout(settleTimer);
  if (settling || !underway.size) return;
  settling = true;
  try {
    const { states } = await get(`/api/incoming-state?nos=${[...underway.keys()].map(encodeURIComponent).join(",")}`);
    // A file of one's own stands at the top already: taking its place in the list moves no other row.
    const isDone = Object.values(states).some((state) => !state.is_busy);
    await refresh({ force: isDone });
    for (const [no, state] of Object.entries(states)) {
      const line = underway.get(no);
      if (line) follow(line, state);
    }
  } catch (error) { report(error); } finally { settling = false; }
  // The stream brings news; asking again each 2 s is for a line that has none.
  if (underway.size) settleTimer = setTimeout(settle, 2000);
}

picker?.addEventListener("change", () => { add(picker.files); picker.value = ""; });
let depth = 0;
const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
addEventListener("dragenter", (event) => { if (mayWork && hasFiles(event)) { depth += 1; drop.hidden = false; event.preventDefault(); } });
addEventListener("dragover", (event) => { if (mayWork && hasFiles(event)) event.preventDefault(); });
addEventListener("dragleave", (event) => { if (hasFiles(event)) { depth = Math.max(0, depth - 1); drop.hidden = depth === 0; } });
addEventListener("drop", (event) => {
  if (!mayWork || !hasFiles(event)) return;
  event.preventDefault();
  depth = 0;
  drop.hidden = true;
  add(event.dataTransfer.files);
});

/* ---- filters: one list is open at a time ---- */
const picks = [...document.querySelectorAll(".pick")];
const closePicks = (but = null) => picks.forEach((pick) => { if (pick !== but) pick.open = false; });
document.addEventListener("click", (event) => closePicks(event.target.closest(".pick")));
addEventListener("keydown", (event) => {
  const open = picks.find((pick) => pick.open);
  if (event.key !== "Escape" || !open) return;
  closePicks();
  open.querySelector("summary").focus();
});
picks.forEach((pick) => pick.querySelector("form")?.addEventListener("submit", (event) => {
  event.target.querySelectorAll("input").forEach((input) => { input.disabled = !input.value; });
}));

/* ---- keys ---- */
onKey("j", t("incoming.key_move"), () => move(1), "J K");
onKey("k", null, () => move(-1));
onKey("ArrowDown", null, (event) => {
  if (event.shiftKey) select(row(current), true);
  move(1);
  if (event.shiftKey) select(row(current), true);
});
onKey("ArrowUp", null, (event) => {
  if (event.shiftKey) select(row(current), true);
  move(-1);
  if (event.shiftKey) select(row(current), true);
});
onKey("x", t("incoming.key_select"), () => select(row(current)));
onKey("Enter", t("incoming.key_open"), () => open(row(current)));
onKey("r", t("incoming.key_start"), () => document.getElementById("start")?.click());
if (mayWork) {
  onKey("u", t("incoming.key_add"), () => picker.click());
  onKey("a", t("incoming.key_assign"), () => run("assign"));
  onKey("p", t("incoming.key_park"), () => run("park"));
  onKey("d", t("incoming.key_reject"), () => run("reject"));
}

/* ---- start ---- */
const wide = matchMedia("(min-width: 1181px)");
const back = sessionStorage.getItem("incoming.row");
stand(row(back) ?? rows()[0], { scroll: Boolean(row(back)) });
addEventListener("pagehide", () => { if (current) sessionStorage.setItem("incoming.row", current); });
wide.addEventListener("change", showPeek);
