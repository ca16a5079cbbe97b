/* The frame: go to or find, list of keys, jumps, forms that say their problems beside the field, live counts. */

import { get, isTyping, keyList, onKey, post, Refused, report, say, singleKeys, t, toast } from "./desk.js";
import { onLive } from "./live.js";

/* ---- notices the server left ---- */
for (const box of document.querySelectorAll("#toasts .toast[data-seconds]")) {
  setTimeout(() => box.remove(), Number(box.dataset.seconds) * 1000);
}

/* ---- forms ---- */
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post" || form.dataset.plain !== undefined || event.defaultPrevented) return;
  event.preventDefault();
  clearProblems(form);
  const passwords = [form.elements.new, form.elements.repeat];
  if (passwords[0] && passwords[1] && passwords[0].value !== passwords[1].value) {
    showProblems(form, [{ field: "repeat", text: t("passwords_differ") }]);
    return;
  }
  const buttons = [...form.querySelectorAll("button")];
  buttons.forEach((button) => { button.disabled = true; });
  try {
    const answer = await post(form.getAttribute("action") ?? location.pathname, new FormData(form, event.submitter));
    if (answer.once) await showOnce(answer.once);
    if (answer.location) location.assign(answer.location);
    else if (answer.notice) toast(answer.notice);
  } catch (error) {
    if (error instanceof Refused) showProblems(form, error.problems);
    else report(error);
  } finally {
    buttons.forEach((button) => { button.disabled = false; });
  }
});

/** Something that is shown this once, such as a one-time password. */
function showOnce({ title, text, value }) {
  const box = document.createElement("dialog");
  box.className = "ask-box once";
  box.setAttribute("aria-label", title);
  const form = Object.assign(document.createElement("form"), { method: "dialog" });
  const field = Object.assign(document.createElement("input"), { value, readOnly: true });
  field.setAttribute("aria-label", title);
  const acts = Object.assign(document.createElement("div"), { className: "acts" });
  acts.append(Object.assign(document.createElement("button"), { className: "btn primary", textContent: t("close") }));
  form.append(Object.assign(document.createElement("h2"), { textContent: title }), Object.assign(document.createElement("p"), { className: "soft", textContent: text }), field, acts);
  box.append(form);
  document.body.append(box);
  box.showModal();
  field.focus();
  field.select();
  return new Promise((done) => box.addEventListener("close", () => { box.remove(); done(); }));
}

function clearProblems(form) {
  form.querySelectorAll("[data-problem]").forEach((place) => { place.hidden = true; });
  form.querySelectorAll("[aria-invalid]").forEach((input) => input.removeAttribute("aria-invalid"));
  form.querySelector(".problems")?.remove();
}

function showProblems(form, problems) {
  const rest = [];
  let first = null;
  for (const problem of problems) {
    const input = problem.field && form.elements[problem.field];
    const place = problem.field && form.querySelector(`[data-problem="${CSS.escape(problem.field)}"]`);
    if (!place) { rest.push(problem.text); continue; }
    place.textContent = problem.text;
    place.hidden = false;
    if (input instanceof Element) { input.setAttribute("aria-invalid", "true"); first ??= input; }
  }
  if (rest.length) {
    const box = Object.assign(document.createElement("div"), { className: "problems" });
    box.setAttribute("role", "alert");
    rest.forEach((text) => box.append(Object.assign(document.createElement("p"), { textContent: text })));
    form.prepend(box);
  } else {
    say(problems.map((problem) => problem.text).join(" "));
  }
  first?.focus();
}

/* a button that may not be pressed says why */
document.addEventListener("click", (event) => {
  const refused = event.target.closest?.("[data-refused]");
  if (refused) { event.preventDefault(); toast(refused.dataset.refused); }
});

/* ---- go to or find ---- */
const box = document.getElementById("goto");
if (box) {
  const input = document.getElementById("goto-text"), list = document.getElementById("goto-list");
  let links = [], at = 0, running = null;
  const pages = [...document.querySelectorAll(".nav a, .side .who")].map((link) => ({ text: link.title, path: link.getAttribute("href"), note: "" }));

  const open = () => { input.value = ""; show([]); box.showModal(); input.focus(); };
  const choose = (to) => {
    links[at]?.setAttribute("aria-selected", "false");
    at = Math.max(0, Math.min(links.length - 1, to));
    const link = links[at];
    link?.setAttribute("aria-selected", "true");
    link?.scrollIntoView({ block: "nearest" });
    if (link) input.setAttribute("aria-activedescendant", link.id);
  };
  const show = (groups) => {
    const wanted = input.value.trim().toLowerCase();
    const named = pages.filter((page) => page.text.toLowerCase().includes(wanted));
    const all = [...(named.length ? [{ name: t("goto_pages"), entries: named }] : []), ...groups];
    list.replaceChildren();
    links = [];
    for (const group of all) {
      list.append(Object.assign(document.createElement("h3"), { textContent: group.name }));
      for (const entry of group.entries) {
        const link = Object.assign(document.createElement("a"), { href: entry.path, id: `goto-${links.length}` });
        link.setAttribute("role", "option");
        link.tabIndex = -1;
        link.append(Object.assign(document.createElement("span"), { className: "clip", textContent: entry.text }));
        if (entry.note) link.append(Object.assign(document.createElement("span"), { className: "muted", textContent: entry.note }));
        list.append(link);
        links.push(link);
      }
    }
    if (!links.length) list.append(Object.assign(document.createElement("p"), { textContent: t("goto_empty") }));
    choose(0);
  };
  input.addEventListener("input", async () => {
    running?.abort();
    show([]);
    if (input.value.trim().length < 2) return;
    running = new AbortController();
    try {
      show((await get(`/api/find?text=${encodeURIComponent(input.value.trim())}`, { signal: running.signal })).groups);
    } catch (error) {
      if (error.name !== "AbortError") report(error);
    }
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") choose(at + 1);
    else if (event.key === "ArrowUp") choose(at - 1);
    else if (event.key === "Enter" && links[at]) location.assign(links[at].href);
    else return;
    event.preventDefault();
  });
  document.querySelectorAll('[data-opens="goto"]').forEach((button) => button.addEventListener("click", open));
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); if (!box.open) open(); }
  });
}

/* ---- keys ---- */
const keys = document.getElementById("keys");
const jumps = new Map([...document.querySelectorAll("[data-jump]")].map((link) => [link.dataset.jump, link]));
let jumping = 0;
if (keys) {
  const line = ([key, label]) => {
    const row = document.createElement("div");
    row.append(Object.assign(document.createElement("span"), { textContent: label }));
    key.split(" ").forEach((part) => row.append(Object.assign(document.createElement("kbd"), { textContent: part })));
    return row;
  };
  onKey("?", null, () => {
    const everywhere = [["Ctrl K", t("key_goto")], ["?", t("key_keys")], ["F6", t("key_pane")], ["Esc", t("key_close")],
      ...[...jumps].map(([letter, link]) => [`G ${letter.toUpperCase()}`, t("key_jump", { name: link.title })])];
    const place = document.getElementById("keys-list");
    place.replaceChildren();
    for (const [name, rows] of [[t("keys_here"), keyList], [t("keys_everywhere"), everywhere]]) {
      if (!rows.length) continue;
      place.append(Object.assign(document.createElement("h3"), { textContent: name }), ...rows.map(line));
    }
    keys.showModal();
  });
  onKey("g", null, () => { jumping = Date.now(); });
}
addEventListener("keydown", (event) => {
  if (!singleKeys || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || Date.now() - jumping > 1500) return;
  const link = jumps.get(event.key.toLowerCase());
  if (!link) return;
  jumping = 0;
  event.preventDefault();
  event.stopImmediatePropagation();
  location.assign(link.href);
}, true);
const search = document.querySelector("[data-search]");
if (search) onKey("/", t("key_search"), () => search.focus());
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isTyping(event.target) && !document.querySelector("dialog[open]")) event.target.blur();
  if (event.key !== "F6") return;
  const panes = [...document.querySelectorAll("[data-pane], .side .nav")].filter((pane) => pane.offsetParent !== null);
  if (!panes.length) return;
  const here = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes[(here + (event.shiftKey ? panes.length - 1 : 1)) % panes.length];
  (next.querySelector("a, button, input, [tabindex]") ?? next).focus();
  event.preventDefault();
});
document.querySelectorAll("[data-closes]").forEach((button) => button.addEventListener("click", () => button.closest("dialog").close()));

/* ---- counts in the bar ---- */
onLive((news) => {
  for (const [key, number] of Object.entries(news.counts ?? {})) {
    for (const place of document.querySelectorAll(`[data-count="${CSS.escape(key)}"]`)) {
      (place.querySelector("[data-number]") ?? place).textContent = number;
      if (place.closest(".nav, .tabbar")) place.hidden = !number;
    }
  }
});

// Scripts of the page stand before this one in the document, so by now all of them listen.
document.documentElement.dataset.ready = "";
