/* The review page: one document, its page image and its values. Puts the parts together. */

import { Refused, get, post, report, toast } from "../js/desk.js";
import { onLive } from "../js/live.js";
import { ask, choose, wireDialogs } from "./dialogs.js";
import { $, $$, morph, parse } from "./dom.js";
import { wireForm } from "./form.js";
import { union } from "./geometry.js";
import { wireGrid } from "./grid.js";
import { wireKeys } from "./keys.js";
import { wireLookups } from "./lookup.js";
import { prefetch, remember, takeNote } from "./queue.js";
import { codeOf, onWaiting, save, settled } from "./server.js";
import { showSource } from "./source.js";
import { wireSplitter } from "./splitter.js";
import { wireTabs } from "./tabs.js";
import { openViewer } from "./viewer.js";

const start = JSON.parse($("#screen").textContent);
const texts = start.texts;
const base = `/api/incoming/${start.no}`;
const query = new URLSearchParams(location.search);
const text = (key, values = {}) => texts[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

const desk = {
  screen: start.screen,
  texts,
  field: (key) => fields.get(key),
  viewer: null,
  answered: null, // the change whose answer is being shown: {key, typed}
  change,
  commitLookup: (element) => lookups.commit(element),
};
const say = (words) => toast(words, { seconds: 3 });
let fields = new Map();
let form = null;
let grid = null;

desk.viewer = openViewer($(".viewer"), {
  box: (key) => form.input(key)?.focus(),
  hover: (key, isOver) => form?.hover(key, isOver),
  wantsWords: () => desk.screen.can_edit,
  words: takeWords,
});
form = wireForm(desk);
grid = wireGrid(desk, form);
const lookups = wireLookups(document, {
  texts,
  address: (element) => `/api/lookup/${element.dataset.lookup}?no=${start.no}`,
  choose: picked,
});

/* ---- the server's answer becomes the page ---- */

function show(screen) {
  desk.screen = screen;
  fields = new Map(screen.fields.map((field) => [field.key, field]));
  desk.viewer.show(screen.fields.filter((field) => field.box || field.on_paper));
  grid.refreshed();
  form.showErrors();
  const standing = form.active ?? screen.fields[0]?.key;
  showSource($("#src"), fields.get(standing));
}

function refresh(screen, answered = null) {
  if (screen.version < desk.screen.version) return;
  const content = parse(screen.html);
  desk.answered = answered;
  for (const id of ["head", "data"]) morph(document.getElementById(id), content.getElementById(id), form.stays);
  desk.answered = null;
  document.title = screen.title;
  tabs.again();
  show(screen);
}

/**
 * Send one change. `about` names the field: {key, seen, typed}. When someone else has changed the document the
 * change is sent again; when they changed the very same value, the person decides which stays (ux.md §4).
 */
async function change(path, body = {}, about = {}) {
  for (;;) {
    if (isClash(about, desk.screen) && (await keepsTheirs(about))) return { screen: desk.screen };
    try {
      const answer = await save(base + path, () => ({ ...body, version: desk.screen.version }));
      if (answer.screen) refresh(answer.screen, about);
      return answer;
    } catch (error) {
      if (!(error instanceof Refused) || codeOf(error) !== "INC_CHANGED_BY_OTHER") throw error;
      refresh((await get(base + location.search)).screen);
    }
  }
}

const isClash = ({ key, seen, typed }, screen) =>
  typed !== undefined && (screen.fields.find((field) => field.key === key)?.value ?? "") !== seen;

/** Ask which value stays. Theirs: the field shows it. Yours: it is sent as an answer to theirs. */
async function keepsTheirs(about) {
  const now = fields.get(about.key);
  const words = { theirs: now?.value ?? "", yours: about.typed, text: text("conflict", { label: now?.label ?? "" }) };
  about.seen = now?.value ?? "";
  if ((await choose("d-conflict", words)) === "yours") return false;
  const element = form.input(about.key);
  if (element) form.restore(element);
  return true;
}

/* ---- words of the page ---- */

function takeWords(words, event, region) {
  const key = form.active;
  const element = key && form.input(key);
  if (!element) {
    say(texts.stand_first);
    return;
  }
  const before = event.shiftKey ? form.takenFrom(key) ?? evidenceOf(key) : null;
  const read = words.map((word) => word.text).join(" ");
  const boxes = words.map((word) => word.box).filter(Boolean);
  const joined = before && before.page === words[0].page ? [before.printed, read].join(" ") : read;
  const where = boxes.length && {
    page: words[0].page,
    box: region ?? union(before && before.page === words[0].page ? [before.box, ...boxes] : boxes),
    printed: joined,
  };
  if (element.dataset.lookup) {
    element.value = joined;
    element.focus();
    element.dispatchEvent(new Event("input", { bubbles: true }));
    return;
  }
  form.fill(key, joined, where || null).then((taken) => {
    if (taken) say(text("filled", { label: fields.get(key)?.label ?? "", value: form.input(key)?.value ?? joined }));
  });
}

const evidenceOf = (key) => {
  const field = fields.get(key);
  return field?.box && field.printed ? { page: field.page, box: field.box, printed: field.printed } : null;
};

/* ---- look-ups: vendor, and account or item of a line ---- */

function picked(element, option) {
  const key = element.closest("[data-f]").dataset.f;
  if (option.kind === "new_vendor") {
    element.value = element.defaultValue;
    newVendor();
    return;
  }
  element.value = option.name;
  const done = () => {
    element.value = element.getAttribute("value") ?? "";
    form.next(key);
  };
  if (element.dataset.lookup === "vendors") {
    change("/vendor", { vendor_no: option.value }, { key }).then(done, (error) => refusedPick(element, error));
    return;
  }
  const { line } = element.closest("[data-f]").dataset;
  change(`/lines/${line}/coding`, { kind: option.kind, no: option.value }, { key }).then(
    () => (element.value = element.getAttribute("value") ?? ""),
    (error) => refusedPick(element, error),
  );
}

function refusedPick(element, error) {
  element.value = element.getAttribute("value") ?? "";
  report(error);
}

/* ---- actions ---- */

const perform = {
  reject: () => ask("d-reject", (values) => finish("reject", { reason: reasonOf(values) })),
  park: () => ask("d-park", (values) => finish("park", values), { until: start.screen.park_until }),
  not_a_duplicate: () => ask("d-not-duplicate", (values) => change("/not-a-duplicate", { reason: values.reason })),
  reject_duplicate: () => finish("reject", { reason: texts.reason_duplicate }).catch(report),
  keep_card: () =>
    change("/bank/keep", {})
      .then(() => {
        say(texts.card_kept);
        form.next("payment_iban");
      })
      .catch(report),
  request_change: () => document.getElementById("d-bank").showModal(),
  book_difference: () => change("/difference/book", {}).catch(report),
  new_vendor: () => newVendor(),
  dismiss: (id) => ask("d-dismiss", (values) => change(`/messages/${id}/dismiss`, { reason: values.reason })),
  enter_by_hand: () => change("/by-hand", {}).catch(report),
  unpark: () => change("/unpark", {}).catch(report),
  reopen: () => change("/reopen", {}).catch(report),
  read_again: () => change("/read-again", {}).then(() => say(texts.reading_again)).catch(report),
  keys: () => document.dispatchEvent(new KeyboardEvent("keydown", { key: "?", bubbles: true })),
  main: () => main(),
  next: () => leave(desk.screen.next_url),
  previous: () => leave(desk.screen.previous_url),
};

const reasonOf = ({ reason, more }) => [reason, more].filter(Boolean).join(": ");

function newVendor() {
  ask(
    "d-vendor",
    async (values) => {
      const answer = await change("/vendor/new", values);
      say(text("vendor_created", { no: answer.vendor_no }));
    },
    desk.screen.new_vendor,
  );
}

/** Approve, reject or park, and open the next document of the view. */
async function finish(action, body = {}) {
  const answer = await change(`/${action}`, { ...body, view: query.get("view") ?? "" });
  remember({ text: answer.done, undo: answer.undo ? `${base}/${answer.undo}` : null, back: location.pathname + viewOnly() });
  location.assign(answer.next);
}

const viewOnly = () => (query.get("view") ? `?view=${query.get("view")}` : "");

/** The one next step: the first open check, approving, or posting. */
async function main() {
  if (document.activeElement?.matches?.("#data input")) {
    const element = document.activeElement;
    if (element.dataset.lookup ? form.isDirty(element) && (await lookups.commit(element), false) : !(await form.commit(element)))
      return;
  }
  await settled();
  if ($("#b-main").disabled) return;
  if (desk.screen.main === "check") form.nextRound();
  else if (desk.screen.main === "approve") await finish("approve").catch(report);
  else if (desk.screen.main === "post") ask("d-post", () => posted());
  else if (desk.screen.main === "next") leave(desk.screen.next_url);
}

async function posted() {
  const answer = await change("/post", {});
  say(answer.done);
  $("#b-main")?.focus();
}

async function leave(url) {
  if (!url) return;
  await settled();
  location.assign(url);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (!button || button.disabled) return;
  const [act, about] = button.dataset.act.split(":");
  perform[act]?.(about);
});

wireKeys({ desk, form, grid, perform });
wireDialogs();
wireSplitter($(".splitter"));
const tabs = wireTabs(query.get("tab") ?? "preview");

/* ---- live: other people and the machine ---- */

onWaiting((count) => {
  const mark = $("#offline");
  mark.hidden = !count;
  mark.textContent = count ? text("offline", { count }) : "";
});

onLive(async (news) => {
  if (!news.changed?.includes(start.no)) return;
  await settled();
  const now = await get(base + location.search).catch(() => null);
  if (now && now.screen.version > desk.screen.version) refresh(now.screen);
});

/* ---- begin ---- */

show(start.screen);
prefetch(start.screen);
takeNote((note) =>
  toast(note.text, {
    undo: note.undo && (() => post(note.undo, {}).then(() => location.assign(note.back)).catch(report)),
  }),
);

const wide = matchMedia("(min-width: 721px)").matches;
const wanted = query.get("field");
if (wanted && form.input(wanted)) form.goTo({ field: wanted });
else if (wide && desk.screen.can_edit) {
  if (desk.screen.open.length) form.goTo(desk.screen.open[0]);
  else $("#b-main")?.focus({ preventScroll: true });
}
document.documentElement.dataset.ready = "";
