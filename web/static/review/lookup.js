/* Look-ups: a field that offers vendors, accounts or items while you type (combobox with a list). */

import { get } from "../js/desk.js";
import { make } from "./dom.js";

const PAUSE_MS = 120;

/** `choose(input, option)` is called with what was picked: {value, name, note, kind}. */
export function wireLookups(root, { address, choose, texts }) {
  const list = make("ul", { id: "lookup", className: "lookup", role: "listbox", hidden: true });
  document.body.append(list);
  let field = null;
  let options = [];
  let at = -1;
  let timer;
  let asked = 0;

  const isLookup = (element) => element.matches?.("input[data-lookup]") && !element.readOnly;
  const isOpen = () => !list.hidden;

  function close() {
    clearTimeout(timer);
    asked += 1;
    list.hidden = true;
    field?.setAttribute("aria-expanded", "false");
    field?.removeAttribute("aria-activedescendant");
    options = [];
    at = -1;
  }

  async function ask(element, text) {
    const mine = (asked += 1);
    const answer = await get(`${address(element)}&q=${encodeURIComponent(text)}`);
    if (mine !== asked || document.activeElement !== element) return;
    field = element;
    options = answer.options;
    draw();
  }

  function draw() {
    list.replaceChildren(
      ...options.map((option, index) => {
        const item = make(
          "li",
          { id: `lookup-${index}`, role: "option" },
          make("span", { className: "num" }, option.value ?? ""),
          make("b", {}, option.name),
          make("small", {}, option.note ?? ""),
        );
        item.addEventListener("pointerdown", (event) => event.preventDefault());
        item.addEventListener("click", () => pick(index));
        return item;
      }),
    );
    if (!options.length) list.replaceChildren(make("li", { className: "nothing" }, texts.nothing_found));
    place();
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    field.setAttribute("aria-controls", "lookup");
    mark(field.value.trim() && options.length ? 0 : -1);
  }

  function place() {
    const box = field.closest(".w, td").getBoundingClientRect();
    const below = innerHeight - box.bottom;
    list.style.left = `${Math.max(8, Math.min(box.left, innerWidth - 348))}px`;
    list.style.minWidth = `${Math.max(box.width, 320)}px`;
    const up = below < 220 && box.top > below;
    list.style.top = up ? "auto" : `${box.bottom + 2}px`;
    list.style.bottom = up ? `${innerHeight - box.top + 2}px` : "auto";
  }

  function mark(index) {
    at = index;
    [...list.children].forEach((item, n) => item.setAttribute("aria-selected", n === index));
    if (index >= 0) {
      field.setAttribute("aria-activedescendant", `lookup-${index}`);
      list.children[index].scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  function pick(index) {
    const [element, option] = [field, options[index]];
    close();
    if (option) choose(element, option);
  }

  root.addEventListener("input", (event) => {
    if (!isLookup(event.target)) return;
    clearTimeout(timer);
    timer = setTimeout(() => ask(event.target, event.target.value), PAUSE_MS);
  });

  root.addEventListener(
    "keydown",
    (event) => {
      if (!isLookup(event.target)) return;
      const element = event.target;
      const claim = () => {
        event.preventDefault();
        event.stopPropagation();
      };
      if (event.altKey && event.key === "ArrowDown") {
        claim();
        ask(element, element.value === element.defaultValue ? "" : element.value);
      } else if (isOpen() && event.key === "ArrowDown") {
        claim();
        mark((at + 1) % options.length);
      } else if (isOpen() && event.key === "ArrowUp") {
        claim();
        mark((at - 1 + options.length) % options.length);
      } else if (isOpen() && event.key === "Enter" && !event.ctrlKey) {
        claim();
        pick(Math.max(at, 0));
      } else if (isOpen() && event.key === "Escape") {
        claim();
        close();
      } else if (event.key === "Enter" && !event.ctrlKey && element.value !== element.defaultValue) {
        claim();
        commit(element);
      }
    },
    true,
  );

  root.addEventListener("focusout", (event) => {
    if (!isLookup(event.target)) return;
    close();
    if (event.target.value !== event.target.defaultValue) commit(event.target);
  });

  /** Typed and left without picking: the one option that fits is taken, else the list is offered again. */
  async function commit(element) {
    const typed = element.value.trim();
    if (typed === element.defaultValue) return;
    if (!typed) {
      element.value = element.defaultValue;
      return;
    }
    const answer = await get(`${address(element)}&q=${encodeURIComponent(typed)}`);
    const real = answer.options.filter((option) => option.value);
    const exact = real.find((option) => option.value.toLowerCase() === typed.split(" ")[0].toLowerCase());
    if (exact ?? (real.length === 1 && real[0])) choose(element, exact ?? real[0]);
    else choose(element, { value: typed, name: typed, kind: null });
  }

  return { close, isOpen, commit, open: (element) => ask(element, "") };
}
