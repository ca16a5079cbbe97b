/* Dialogs: they ask for something or confirm what cannot be undone; the button repeats the verb. */

import { Refused } from "../js/desk.js";
import { $, $$ } from "./dom.js";

/** Open a dialog with the focus in its first field; `act(values)` does the named action. */
export function ask(id, act, values = {}) {
  const dialog = document.getElementById(id);
  const form = $("form", dialog);
  const opener = document.activeElement;
  form.reset();
  for (const [name, value] of Object.entries(values)) if (form.elements[name]) form.elements[name].value = value;
  showProblems(dialog, []);
  form.onsubmit = async (event) => {
    event.preventDefault();
    const button = $("button[type=submit]", form);
    button.disabled = true;
    try {
      await act(Object.fromEntries(new FormData(form)));
      dialog.close("done");
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      showProblems(dialog, error.problems);
    } finally {
      button.disabled = false;
    }
  };
  dialog.onclose = () => opener?.isConnected && opener.focus();
  dialog.showModal();
  ($("[autofocus], input:not([type=hidden]), select, textarea", form) ?? $("button[type=submit]", form))?.focus();
}

function showProblems(dialog, problems) {
  for (const old of $$(".err", dialog)) old.textContent = "";
  for (const problem of problems) {
    const field = problem.field && $(`[name="${CSS.escape(problem.field)}"]`, dialog);
    const note = (field && $(".err", field.closest(".df"))) ?? $("[data-problems]", dialog);
    note.textContent = [note.textContent, problem.text].filter(Boolean).join(" ");
    field?.setAttribute("aria-invalid", "true");
  }
}

/** Ask between two answers; resolves to "theirs" or "yours". */
export function choose(id, fill) {
  const dialog = document.getElementById(id);
  const opener = document.activeElement;
  for (const [name, text] of Object.entries(fill)) {
    const place = $(`[data-fill="${name}"]`, dialog);
    if (place) place.textContent = text;
  }
  return new Promise((resolve) => {
    dialog.onclose = () => {
      if (opener?.isConnected) opener.focus();
      resolve(dialog.returnValue || "theirs");
    };
    dialog.returnValue = "";
    dialog.showModal();
  });
}

/** Buttons marked data-closes close the dialog they stand in. */
export function wireDialogs() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
    if (event.target.matches("dialog")) event.target.close();
  });
}
