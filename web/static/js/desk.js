/* What every script of the desk uses: texts, requests with the session's token, notices, dialogs. */

const texts = JSON.parse(document.getElementById("texts").textContent);

/** The text of a key that starts with "js.", filled with values. */
export function t(key, values = {}) {
  const text = texts[`js.${key}`];
  if (text === undefined) throw new Error(`no text js.${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

let token = document.querySelector('meta[name="csrf"]').content;

/** The session's token, for requests that are not made by `send`. */
export const csrf = () => token;

/** A refusal by the server: `problems` is a list of {code, text, field, line_no}. */
export class Refused extends Error {
  constructor(status, problems) {
    super(problems.map((problem) => problem.text).join(" "));
    this.status = status;
    this.problems = problems;
  }
}

/** The line is down or the server did not answer. */
export class Offline extends Error {}

/**
 * Ask the desk. `body` is a FormData, URLSearchParams, or an object that is sent as JSON.
 * Returns the answer's JSON. Throws Refused or Offline. When the sign-in has ended it is asked for above the
 * page, and the request is made again.
 */
export async function send(method, path, body, options = {}) {
  const headers = { accept: "application/json", "x-csrf-token": token, ...options.headers };
  let content;
  if (body instanceof FormData) content = new URLSearchParams(body);
  else if (body instanceof URLSearchParams || body === undefined) content = body;
  else {
    headers["content-type"] = "application/json";
    content = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: content, credentials: "same-origin", signal: options.signal, keepalive: options.keepalive });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Offline(t("offline"));
  }
  if (answer.status === 401 && !options.signingIn && await signInAgain()) return send(method, path, body, options);
  const isJson = (answer.headers.get("content-type") ?? "").includes("json");
  const content_ = isJson ? await answer.json() : {};
  if (!answer.ok) throw new Refused(answer.status, content_.problems ?? [{ code: "failed", text: t("failed") }]);
  return content_;
}

export const get = (path, options) => send("GET", path, undefined, options);
export const post = (path, body, options) => send("POST", path, body, options);

/* ---- sign in again, above the page ---- */
let asking = null;

function signInAgain() {
  asking ??= askPassword().finally(() => { asking = null; });
  return asking;
}

async function askPassword() {
  const box = document.getElementById("sign-in-again");
  if (!box) return false;
  const form = box.querySelector("form"), problem = box.querySelector(".problem"), password = form.elements.password;
  for (;;) {
    password.value = "";
    box.showModal();
    password.focus();
    const answer = await new Promise((done) => box.addEventListener("close", () => done(box.returnValue), { once: true }));
    if (answer !== "yes") { location.reload(); return false; }
    box.returnValue = "";
    try {
      token = (await send("GET", "/login", undefined, { signingIn: true })).csrf;
      token = (await send("POST", "/login", new FormData(form), { signingIn: true })).csrf;
      document.querySelector('meta[name="csrf"]').content = token;
      document.querySelectorAll('input[name="csrf"]').forEach((field) => { field.value = token; });
      return true;
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
    }
  }
}

/* ---- notices ---- */
let lastSaid = 0;

/** Tell a screen reader politely; at most once in 10 s unless it answers what the user just did. */
export function say(text, { answer = true } = {}) {
  if (!answer && Date.now() - lastSaid < 10_000) return;
  lastSaid = Date.now();
  const place = document.getElementById("said");
  place.textContent = "";
  setTimeout(() => { place.textContent = text; }, 30);
}

/** Tell a screen reader at once: something was refused. */
export function warn(text) {
  const place = document.getElementById("warned");
  place.textContent = "";
  setTimeout(() => { place.textContent = text; }, 30);
}

let undoLast = null;

/** A short notice at the bottom; `undo` is a function that takes back what was done, offered for 8 s (Ctrl Z). */
export function toast(text, { undo = null, seconds = 8, refused = false } = {}) {
  const box = document.createElement("div");
  box.className = "toast";
  box.append(Object.assign(document.createElement("span"), { textContent: text }));
  const end = () => { box.remove(); if (undoLast === take) undoLast = null; };
  const take = undo && (async () => { end(); await undo(); });
  if (take) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: t("undo") });
    button.addEventListener("click", take);
    box.append(button);
    undoLast = take;
  }
  document.getElementById("toasts").append(box);
  setTimeout(end, seconds * 1000);
  (refused ? warn : say)(text);
}

/** Show what the server refused, or that the line is down. */
export function report(error) {
  if (error instanceof Refused || error instanceof Offline) toast(error.message, { refused: true });
  else throw error;
}

addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && undoLast && !isTyping(event.target)) {
    event.preventDefault();
    undoLast();
  }
});

/* ---- keys ---- */

/** Whether the target takes letters, so that single keys must not act. */
export function isTyping(target) {
  return target instanceof Element
    && target.matches('input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable=""], [contenteditable=true]');
}

export const singleKeys = document.body.dataset.singleKeys === "yes";
const bound = new Map();
export const keyList = [];

/** Let a single letter act outside fields, and list it under `?`. */
export function onKey(key, label, act, shown = key.length === 1 ? key.toUpperCase() : key) {
  bound.set(key, act);
  if (label) keyList.push([shown, label]);
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key.length === 1 && !singleKeys) return;
  const act = bound.get(key);
  if (!act || (key === "Enter" && event.target.closest?.("a, button, summary"))) return;
  if (act(event) !== false) event.preventDefault();
});

/* ---- dialogs that ask ---- */

/**
 * Ask for something: `fields` is [{name, label, type, value, required, options}]. Returns the values, or null.
 * The button says the verb and the object. Focus returns to where it was.
 */
export function ask({ title, explain = "", fields = [], action, danger = false }) {
  const before = document.activeElement;
  const box = document.createElement("dialog");
  box.className = "ask-box";
  const form = document.createElement("form");
  form.method = "dialog";
  const heading = Object.assign(document.createElement("h2"), { textContent: title, id: "ask-title" });
  box.setAttribute("aria-labelledby", "ask-title");
  form.append(heading);
  if (explain) form.append(Object.assign(document.createElement("p"), { className: "soft", textContent: explain }));
  for (const field of fields) {
    const label = Object.assign(document.createElement("label"), { textContent: field.label });
    const kind = field.options ? "select" : field.type === "area" ? "textarea" : "input";
    const input = Object.assign(document.createElement(kind), { name: field.name });
    if (kind === "input") input.type = field.type ?? "text";
    for (const [value, text] of field.options ?? []) input.append(new Option(text, value));
    input.required = field.required ?? false;
    input.value = field.value ?? "";
    label.append(input);
    form.append(label);
  }
  const acts = Object.assign(document.createElement("div"), { className: "acts" });
  const cancel = Object.assign(document.createElement("button"), { type: "button", className: "btn quiet", textContent: t("cancel") });
  const go = Object.assign(document.createElement("button"), { className: danger ? "btn danger" : "btn primary", value: "yes", textContent: action });
  cancel.addEventListener("click", () => box.close(""));
  acts.append(cancel, go);
  form.append(acts);
  box.append(form);
  document.body.append(box);
  box.showModal();
  (form.querySelector("input, select, textarea") ?? go).focus();
  return new Promise((done) => box.addEventListener("close", () => {
    const values = box.returnValue === "yes" ? Object.fromEntries(new FormData(form)) : null;
    box.remove();
    before?.focus?.();
    done(values);
  }));
}
