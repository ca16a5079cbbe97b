/* The card of a purchase document: header and lines save themselves, actions ask, refusals lead to their field. */

import { Refused, ask, get, onKey, post, report, t, toast } from "../js/desk.js";
import { $, $$, make, morph, parse } from "../review/dom.js";
import { wireGrid } from "../review/grid.js";
import { wireLookups } from "../review/lookup.js";
import { wireTabs } from "../review/tabs.js";
import { wireForm } from "./form.js";
import { wirePicks } from "./pick.js";
import { wirePreview } from "./preview.js";

const start = JSON.parse($("#screen").textContent);
const base = `/api/cards/${start.area}/${start.screen.no}`;
const desk = {
  screen: start.screen,
  answered: null,
  change,
  addLine: () => grid.add(),
  commitLookup: (element) => lookups.commit(element),
};
const form = wireForm(desk);
const grid = wireGrid(desk, form);
const tabs = wireTabs("preview");
const lookups = wireLookups(document, {
  texts: { nothing_found: t("card.nothing_found") },
  address: (element) => `/api/lookup/${element.dataset.lookup}?`,
  choose: picked,
});
const preview = wirePreview(base);
const pick = wirePicks({ base, change });

/* ---- the server's answer becomes the page; changes go one after the other ---- */

let queue = Promise.resolve();

function refresh(screen, about = null) {
  if (screen.version < desk.screen.version) return;
  desk.screen = screen;
  desk.answered = about;
  // What is being typed now stays; a value typed and saved before gives way to what the server says today.
  const typing = new Set($$("#data [data-f] input, #data [data-f] select").filter(form.stays));
  morph($("#data"), parse(screen.html).getElementById("data"), (element) => typing.has(element));
  desk.answered = null;
  document.title = screen.title;
  tabs.again();
  grid.refreshed();
  form.showErrors();
  preview.again();
}

/** Send one change, after those before it. A document that moved on meanwhile is shown as it is, then tried again. */
function change(path, body = {}, about = {}) {
  const sent = queue.then(() => send(path, body, about));
  queue = sent.catch(() => {});
  return sent;
}

async function send(path, body, about) {
  for (let tries = 0; ; tries += 1) {
    try {
      const answer = await post(base + path, { ...body, version: desk.screen.version });
      if (answer.screen) refresh(answer.screen, about);
      if (!about.key) showRefusals([]);
      return answer;
    } catch (error) {
      if (!(error instanceof Refused) || error.problems[0]?.code !== "stale_document" || tries) throw error;
      refresh((await get(base)).screen);
      if (!about.key) throw error;
    }
  }
}

/* ---- what was refused: every cause, each with a way to its field ---- */

function showRefusals(problems) {
  const box = $("#refusals");
  if (!box) return;
  box.hidden = !problems.length;
  box.replaceChildren(...problems.map((problem) => {
    const line = make("p", {}, problem.text);
    if (problem.link) line.append(" ", make("a", { href: problem.link }, t("card.open_it")));
    else if (problem.field || problem.line_no) {
      const button = make("button", { type: "button", className: "btn sm quiet" }, t("card.go_there"));
      button.addEventListener("click", () => form.goTo(problem));
      line.append(" ", button);
    }
    return line;
  }));
  if (problems.length) box.scrollIntoView({ block: "nearest" });
}

function refused(error) {
  if (error instanceof Refused && error.status !== 403) showRefusals(error.problems);
  else report(error);
}

/* ---- look-ups ---- */

function picked(element, option) {
  const { line } = element.closest("[data-f]").dataset;
  const key = form.keyOf(element);
  element.value = option.value;
  const typed = element.value;
  const sent = line
    ? change(`/lines/${line}/coding`, { kind: option.kind, no: option.value }, { key, typed })
    : change("/fields/vendor_no", { typed: option.value }, { key, typed });
  sent.then(
    () => {
      element.value = element.defaultValue;
      form.setError(key, null);
      if (document.activeElement === element) form.next(element);
    },
    (error) => (error instanceof Refused ? form.setError(key, error.message) : report(error)),
  );
}

/* ---- actions ---- */

const no = desk.screen.no;
const said = (answer) => answer?.done && toast(answer.done);
const go = (answer) => {
  if (answer?.location) location.assign(answer.location);
  else said(answer);
};
const act = (path, body = {}) => change(path, body).then(go, refused);
const asked = (questions, path) => async () => {
  const values = await ask(questions());
  if (values) await act(path, values);
};
const isBack = start.area === "returns" || start.area === "credit_memos";
const billing = () => ({
  title: t("card.post_title", { no }), explain: t("card.post_explain"), action: t("card.post_action", { no }),
  fields: [
    { name: "vendor_document_no", label: t(isBack ? "card.vendor_credit_no" : "card.vendor_document_no"), value: $("#f-vendor_document_no")?.value ?? "" },
    { name: "posting_date", label: t("card.posting_date"), value: $("#f-posting_date")?.value ?? "" },
  ],
});
const goods = () => ({
  title: t(isBack ? "card.ship_title" : "card.receive_title", { no }), explain: t(isBack ? "card.ship_explain" : "card.receive_explain"),
  action: t(isBack ? "card.ship_action" : "card.receive_action"),
  fields: [
    { name: "vendor_shipment_no", label: t("card.shipment_no"), value: $("#f-vendor_shipment_no")?.value ?? "" },
    { name: "posting_date", label: t("card.posting_date"), value: $("#f-posting_date")?.value ?? "" },
  ].slice(isBack ? 1 : 0),
});

const perform = {
  release: () => act("/release"),
  reopen: () => act("/reopen"),
  receive: asked(goods, "/receive"),
  invoice: asked(billing, "/invoice"),
  both: asked(billing, "/both"),
  post: asked(() => ({ ...billing(), fields: [] }), "/post"),
  make_order: asked(() => ({ title: t("card.order_title", { no }), explain: t("card.order_explain"), action: t("card.order_action") }), "/make-order"),
  delete: asked(() => ({ title: t("card.delete_title", { no }), explain: t("card.delete_explain"), action: t("card.delete_action", { no }), danger: true }), "/delete"),
  archive: () => act("/archive"),
  restore: (version) => act(`/restore/${version}`),
  discount: () => act("/discount"),
  move_negative: asked(() => ({ title: t("card.move_title"), explain: t("card.move_explain"), action: t("card.move_action") }), "/move-negative"),
  approve_over: () => act("/approve-over"),
  reject_over: () => act("/reject-over"),
  comment_line: () => change("/lines", { type: "comment" }).then(() => lastLine("description"), refused),
  comment: asked(() => ({ title: t("card.comment_title"), action: t("card.comment_action"), fields: [{ name: "text", label: t("card.comment_text"), type: "area", required: true }] }), "/comments"),
  copy: asked(copying, "/copy"),
  close_line: (line) => asked(() => ({
    title: t("card.close_title", { line }), explain: t("card.close_explain"), action: t("card.close_action"),
    fields: [{ name: "reason", label: t("card.close_reason"), required: true }],
  }), `/lines/${line}/close`)(),
  get_receipts: () => pick.lines("receipts"),
  get_shipments: () => pick.lines("shipments"),
  get_posted: () => pick.lines("posted"),
  assign_charge: (line) => pick.lines(`charge/${line}`),
};

function copying() {
  const kinds = JSON.parse(JSON.stringify(start.copy_from));
  return {
    title: t("card.copy_title"), explain: t("card.copy_explain"), action: t("card.copy_action"),
    fields: [
      { name: "kind", label: t("card.copy_kind"), options: kinds, value: kinds[0][0] },
      { name: "no", label: t("card.copy_no"), required: true },
      { name: "header", label: t("card.copy_header"), options: [["no", t("card.copy_header_no")], ["yes", t("card.copy_header_yes")]], value: "no" },
    ],
  };
}

function lastLine(column) {
  const cells = document.querySelectorAll(`[data-f^="line."][data-column="${column}"] input`);
  cells[cells.length - 1]?.focus();
}

/** Save the field that is being typed in, then do it. */
async function run(name, about) {
  const element = document.activeElement;
  if (element?.matches?.("#data [data-f] input") && !element.dataset.lookup && !(await form.commit(element))) return;
  await queue;
  $("details.menu[open]")?.removeAttribute("open");
  await perform[name]?.(about);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (!button) {
    if (!event.target.closest("details.menu")) $("details.menu[open]")?.removeAttribute("open");
    return;
  }
  const [name, about] = button.dataset.act.split(":");
  run(name, about).catch(report);
});

addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && desk.screen.main) {
    event.preventDefault();
    const button = $(`[data-act="${desk.screen.main}"].primary`);
    if (button) run(desk.screen.main).catch(report);
    else $(".dochead [data-refused].btn:last-child")?.click();
  }
  if (event.altKey && event.key.toLowerCase() === "n") {
    event.preventDefault();
    grid.add().catch(refused);
  }
  if (event.key === "Escape") $("details.menu[open]")?.removeAttribute("open");
});
onKey("Alt N", t("card.key_line"), () => false);
onKey("Ctrl Enter", t("card.key_main"), () => false);

/* ---- begin ---- */

grid.refreshed();
preview.again();
if (matchMedia("(min-width: 721px)").matches && desk.screen.can_edit && !document.querySelector("[data-line]")) $("[data-add-line]")?.focus();
document.documentElement.dataset.ready = "";
