/* Fields: where you stand, what is saved when, and the walk from one open check to the next. */

import { Refused } from "../js/desk.js";
import { $, $$, make } from "./dom.js";
import { showSource } from "./source.js";

/**
 * The fields of the data pane. `desk` gives: screen, viewer, change(path, body, key), reload(), texts.
 * Returns what the other parts of the page need.
 */
export function wireForm(desk) {
  const pane = $("#data");
  const sent = new WeakMap(); // input -> the typed text that is under way
  const errors = new Map(); // key -> the sentence under the field
  const evidence = new Map(); // key -> where the typed text was taken from
  const begun = new Map(); // key -> the value that stood there when the typing began
  const leaving = new Set(); // keys confirmed here, before the server has answered
  let active = null;

  const holder = (key) => $(`[data-f="${CSS.escape(key)}"]`, pane);
  const input = (key) => $("input, select", holder(key) ?? document.createElement("i"));
  const keyOf = (element) => element.closest("[data-f]")?.dataset.f;
  const isDirty = (element) => element.value !== element.defaultValue;

  /**
   * Which inputs a refresh must leave alone: those that hold something not saved. What is under way counts as not
   * saved until its own answer is shown: the answer to an earlier change knows nothing of it.
   */
  const stays = (element) =>
    isDirty(element) && !(desk.answered?.key === keyOf(element) && desk.answered.typed === element.value);

  /* ---- standing in a field ---- */

  pane.addEventListener("focusin", (event) => {
    const key = keyOf(event.target);
    if (key && event.target.matches("input, select")) activate(key);
  });
  pane.addEventListener("focusout", (event) => {
    const key = keyOf(event.target);
    if (key && event.target.matches("input") && !event.target.dataset.lookup) commit(event.target);
  });
  pane.addEventListener("input", (event) => {
    const key = keyOf(event.target);
    if (key && !begun.has(key)) begun.set(key, desk.field(key)?.value ?? "");
  });
  pane.addEventListener("change", (event) => {
    if (event.target.matches("[data-f] select")) commit(event.target);
  });
  for (const [type, isOver] of [
    ["pointerover", true],
    ["pointerout", false],
  ])
    pane.addEventListener(type, (event) => {
      const key = keyOf(event.target);
      if (key && !holder(key).contains(event.relatedTarget)) hover(key, isOver);
    });

  function hover(key, isOver) {
    holder(key)?.classList.toggle("hov", isOver);
    desk.viewer.hover(key, isOver);
  }

  function activate(key, { moves } = {}) {
    active = key;
    desk.viewer.ring([key], moves === undefined ? {} : { moves });
    showSource($("#src"), desk.field(key));
    const address = new URL(location);
    address.searchParams.set("field", key);
    history.replaceState(null, "", address);
  }

  /* ---- saving ---- */

  const address = (element) => {
    const { line, column } = element.closest("[data-f]").dataset;
    const key = keyOf(element);
    return line && !evidence.has(key) ? `/lines/${line}/${column}` : `/fields/${encodeURIComponent(key)}`;
  };

  /** Save what was typed. Resolves to true when the server took it. */
  async function commit(element) {
    if (!isDirty(element) || sent.get(element) === element.value || element.readOnly) return true;
    const key = keyOf(element);
    const typed = element.value;
    const seen = begun.get(key) ?? desk.field(key)?.value ?? "";
    const body = { typed, evidence: evidence.get(key) ?? null };
    const path = address(element);
    sent.set(element, typed);
    setError(key, null);
    const slow = setTimeout(() => holder(key)?.classList.add("saving"), 400);
    try {
      await desk.change(path, body, { key, seen, typed });
      if (evidence.get(key) === (body.evidence ?? undefined)) evidence.delete(key);
      begun.delete(key);
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      sent.delete(element);
      setError(key, error.message);
      return false;
    } finally {
      clearTimeout(slow);
      holder(key)?.classList.remove("saving");
      if (sent.get(element) === typed) sent.delete(element);
    }
  }

  function setError(key, text) {
    if (text) errors.set(key, text);
    else errors.delete(key);
    showErrors();
  }

  /** Put the refusals back under their fields; a refresh has taken them away. */
  function showErrors() {
    for (const old of $$(".err", pane)) if (!errors.has(old.dataset.for)) old.remove();
    for (const [key, text] of errors) {
      const place = holder(key);
      if (!place) continue;
      const id = `e-${key}`;
      let note = $(".err", place);
      if (!note) place.append((note = make("p", { className: "err", id, role: "alert" })));
      note.dataset.for = key;
      note.textContent = text;
      place.classList.add("refused");
      const field = $("input, select", place);
      field.setAttribute("aria-invalid", "true");
      const described = field.getAttribute("aria-describedby") ?? "";
      if (!described.split(" ").includes(id)) field.setAttribute("aria-describedby", `${described} ${id}`.trim());
    }
    for (const place of $$(".refused", pane)) if (!errors.has(place.dataset.f)) place.classList.remove("refused");
  }

  /** Enter: save or confirm the value you are in, and go on to the next open check. */
  async function settle(element) {
    const key = keyOf(element);
    const field = desk.field(key);
    if (isDirty(element)) {
      leaving.add(key);
      const saving = commit(element);
      next(key);
      if (!(await saving)) input(key)?.focus();
      leaving.delete(key);
      return;
    }
    const confirms = field && ["check", "proposed"].includes(field.state) && element.value;
    if (confirms) {
      leaving.add(key);
      const { line, column } = element.closest("[data-f]").dataset;
      const [path, body] =
        column === "no"
          ? [`/lines/${line}/coding`, { kind: null, no: element.dataset.code }]
          : [`/fields/${encodeURIComponent(key)}/confirm`, {}];
      desk
        .change(path, body, { key })
        .catch((error) => setError(key, error.message))
        .finally(() => leaving.delete(key));
    }
    next(key);
  }

  /* ---- the walk ---- */

  const stopped = (place) => place.field && desk.field(place.field)?.state === "stopped";
  const openPlaces = () => desk.screen.open.filter((place) => !leaving.has(place.field));

  /** From `key` forward to the next open check; back to earlier ones that Enter can settle; else to the finish. */
  function next(key) {
    const order = desk.screen.fields.map((field) => field.key);
    const at = order.indexOf(key);
    const places = openPlaces().filter((place) => place.field !== key);
    const later = places.find((place) => place.field && order.indexOf(place.field) > at);
    const earlier = places.find((place) => place.field && !stopped(place));
    const rest = places.find((place) => !place.field);
    goTo(later ?? earlier ?? rest ?? null);
  }

  /** The first open check after where you are, round the document: what the primary button does. */
  function nextRound() {
    const order = desk.screen.fields.map((field) => field.key);
    const at = order.indexOf(active);
    const places = desk.screen.open;
    const here = document.activeElement?.closest?.("[data-f]") ? active : null;
    const ahead = places.find((place) => place.field && here && order.indexOf(place.field) > at);
    goTo(ahead ?? places[0] ?? null);
  }

  function goTo(place) {
    if (!place) return $("#b-main")?.focus();
    const target = (place.field && input(place.field)) || $(`[data-place="${place.check}"]`, pane) || checkButton(place);
    if (!target) return $("#b-main")?.focus();
    target.focus();
    if (target.select) target.select();
    target.scrollIntoView({ block: "nearest" });
  }

  const checkButton = (place) => $(`.checks [data-check="${place.check}"]`, pane);

  pane.addEventListener("click", (event) => {
    const check = event.target.closest("[data-check]");
    if (!check) return;
    const place = check.dataset.goto;
    const target = $(`[data-place="${check.dataset.check}"]`, pane) ?? (place && input(place));
    if (target) {
      target.focus();
      target.scrollIntoView({ block: "nearest" });
    }
  });

  pane.addEventListener("keydown", (event) => {
    const element = event.target;
    if (!element.matches("[data-f] input, [data-f] select") || event.defaultPrevented) return;
    const bare = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === "Enter" && bare && !event.shiftKey) {
      event.preventDefault();
      settle(element);
    }
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (isDirty(element) || errors.has(keyOf(element))) restore(element);
      else {
        element.blur();
        $("#main").focus({ preventScroll: true });
      }
    }
    if (/^[1-3]$/.test(event.key) && bare && !element.value) {
      const candidate = desk.field(keyOf(element))?.candidates?.[Number(event.key) - 1];
      if (candidate) {
        event.preventDefault();
        fill(keyOf(element), candidate.value, candidate.evidence);
      }
    }
  });

  function restore(element) {
    element.value = element.defaultValue;
    evidence.delete(keyOf(element));
    begun.delete(keyOf(element));
    setError(keyOf(element), null);
    showSource($("#src"), desk.field(keyOf(element)));
  }

  /** Put a text into a field, with where it stands on the page, and save it. */
  async function fill(key, text, where) {
    const element = input(key);
    if (!element || element.readOnly || element.disabled) return false;
    if (where) evidence.set(key, where);
    element.value = text;
    if (element.value === element.defaultValue && where) element.defaultValue = `${element.defaultValue} `;
    element.focus();
    return commit(element);
  }

  return {
    stays,
    showErrors,
    activate,
    hover,
    fill,
    next,
    nextRound,
    goTo,
    input,
    commit,
    settle,
    restore,
    isDirty,
    takenFrom: (key) => evidence.get(key),
    get active() {
      return active;
    },
  };
}
