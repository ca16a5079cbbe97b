/* Tabs over panels: one is open, arrow keys go along them; which one is the page's, not the server's. */

import { $$ } from "./dom.js";

/** Bring the tabs to life; returns `open(name)` and `again()`, which a refresh calls. */
export function wireTabs(first) {
  let now = first;
  const all = () => $$("[role=tab]");

  function again() {
    const tabs = all();
    if (!tabs.some((button) => button.dataset.tab === now)) now = tabs[0]?.dataset.tab;
    for (const button of tabs) {
      const isOn = button.dataset.tab === now;
      button.setAttribute("aria-selected", isOn);
      button.tabIndex = isOn ? 0 : -1;
      document.getElementById(button.getAttribute("aria-controls")).hidden = !isOn;
    }
  }
  function open(name) {
    now = name;
    again();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[role=tab]");
    if (button) open(button.dataset.tab);
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.("[role=tab]") || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const tabs = all();
    const at = tabs.indexOf(event.target) + (event.key === "ArrowRight" ? 1 : -1) + tabs.length;
    open(tabs[at % tabs.length].dataset.tab);
    tabs[at % tabs.length].focus();
  });
  again();
  return { open, again };
}
