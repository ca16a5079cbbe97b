/* The fields of a card: each saves itself when it is left; a refusal stands under it and the typing stays. */

import { Refused } from "../js/desk.js";
import { $, $$, make } from "../review/dom.js";

/** `desk` gives change(path, body, about). Returns what grid and look-ups need. */
export function wireForm(desk) {
  const page = $("#main");
  const errors = new Map(); // key -> the sentence under the field
  const sent = new WeakMap(); // input -> the text that is under way

  const keyOf = (element) => element.closest("[data-f]")?.dataset.f;
  const holder = (key) => $(`[data-f="${CSS.escape(key)}"]`, page);
  const isDirty = (element) =>
    element.matches("select") ? !element.selectedOptions[0]?.defaultSelected : element.value !== element.defaultValue;
  const stays = (element) => isDirty(element) && !(desk.answered?.key === keyOf(element) && desk.answered.typed === element.value);

  function address(element) {
    const { line, column, f } = element.closest("[data-f]").dataset;
    if (!line) return `/fields/${f}`;
    if (column === "qty_to_receive") return `/to-receive/${line}`;
    return column === "qty_to_invoice" ? `/to-invoice/${line}` : `/lines/${line}/cells/${column}`;
  }

  /** Save what was typed. Resolves to true when the server took it. */
  async function commit(element) {
    if (!isDirty(element) || sent.get(element) === element.value || element.readOnly) return true;
    const key = keyOf(element), typed = element.value;
    sent.set(element, typed);
    setError(key, null);
    const slow = setTimeout(() => holder(key)?.classList.add("saving"), 400);
    try {
      await desk.change(address(element), { typed }, { key, typed });
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
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
    for (const old of $$(".err", page)) if (!errors.has(old.dataset.for)) old.remove();
    for (const place of $$(".refused", page)) if (!errors.has(place.dataset.f)) place.classList.remove("refused");
    for (const [key, text] of errors) {
      const place = holder(key);
      if (!place) continue;
      let note = $(".err", place);
      if (!note) place.append((note = make("p", { className: "err", id: `e-${key}`, role: "alert" })));
      note.dataset.for = key;
      note.textContent = text;
      place.classList.add("refused");
      const input = $("input, select", place);
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", `e-${key}`);
    }
  }

  function restore(element) {
    setError(keyOf(element), null);
    if (element.matches("select")) for (const option of element.options) option.selected = option.defaultSelected;
    else element.value = element.defaultValue;
  }

  /** Stand in the field of a refusal: {field, line_no}. True when there is one. */
  function goTo({ field, line_no: line }) {
    const key = line ? `line.${line}.${field ?? "no"}` : field;
    const place = (key && holder(key)) || (line && holder(`line.${line}.no`));
    const input = place && $("input, select", place);
    input?.focus();
    input?.scrollIntoView({ block: "center" });
    return Boolean(input);
  }

  page.addEventListener("focusout", (event) => {
    if (event.target.matches?.("[data-f] input") && !event.target.dataset.lookup) commit(event.target);
  });
  page.addEventListener("change", (event) => {
    if (event.target.matches("[data-f] select")) commit(event.target);
  });
  page.addEventListener("keydown", (event) => {
    const element = event.target;
    if (!element.matches?.("[data-f] input, [data-f] select") || event.defaultPrevented) return;
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      commit(element).then((taken) => taken && document.activeElement === element && next(element));
    }
    if (event.key === "Escape" && (isDirty(element) || errors.has(keyOf(element)))) {
      event.preventDefault();
      event.stopPropagation();
      restore(element);
    }
  });

  /** After Enter: the next field that can be typed in; past the last cell of the lines a new line. */
  function next(element) {
    const key = keyOf(element);
    const all = $$("[data-f] input:not([readonly]), [data-f] select", page);
    const here = all.findIndex((each) => keyOf(each) === key);
    const following = all[here + 1];
    if (!following && key?.startsWith("line.")) return desk.addLine();
    following?.focus();
    following?.select?.();
  }

  return { commit, isDirty, stays, showErrors, setError, keyOf, goTo, restore, next };
}
