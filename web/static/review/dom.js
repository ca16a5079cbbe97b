/* Finding and making elements, and bringing a piece of page up to date without losing focus or typing. */

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** An element with properties and children: make("button", { className: "btn", onclick }, "Undo"). */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** The elements of a piece of HTML made by the server. */
export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.dataset.f || node.dataset.key || node.id : "");

/**
 * Make `old` say what `fresh` says, node by node, so that the focused input stays the same element.
 * Attributes named in data-keep belong to the page (which tab is open) and are left alone, and so is
 * everything in an element with data-keep-children.
 * `stays(input)` tells which inputs hold typing that must not be replaced.
 */
export function morph(old, fresh, stays = () => false) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) return;
  morphAttributes(old, fresh);
  if (old.hasAttribute("data-keep-children")) return;
  if (old.matches("input, textarea")) {
    if (!stays(old) && old.value !== fresh.getAttribute("value")) old.value = fresh.getAttribute("value") ?? "";
    return;
  }
  morphChildren(old, fresh, stays);
}

function morphAttributes(old, fresh) {
  const kept = new Set((old.dataset.keep || "").split(" "));
  for (const { name } of [...old.attributes])
    if (!fresh.hasAttribute(name) && !kept.has(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes)
    if (old.getAttribute(name) !== value && !kept.has(name)) old.setAttribute(name, value);
}

function morphChildren(old, fresh, stays) {
  const alike = (a, b) => a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
  const wanted = new Set([...fresh.childNodes].map(keyOf).filter(Boolean));
  for (const child of [...old.childNodes]) if (keyOf(child) && !wanted.has(keyOf(child))) child.remove();
  let cursor = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    let match = cursor;
    while (match && !alike(match, child)) match = match.nextSibling;
    if (!match) {
      old.insertBefore(child, cursor);
      continue;
    }
    while (cursor !== match) {
      const next = cursor.nextSibling;
      cursor.remove();
      cursor = next;
    }
    morph(match, child, stays);
    cursor = match.nextSibling;
  }
  while (cursor) {
    const next = cursor.nextSibling;
    cursor.remove();
    cursor = next;
  }
}
