/* Home: R starts reviewing, 1 to 5 open a cue, a chart can be shown as a table. */

import { onKey, t } from "./desk.js";

onKey("r", t("incoming.key_start"), () => document.getElementById("start")?.click());
document.querySelectorAll("[data-cue]").forEach((cue) => onKey(cue.dataset.cue, cue.querySelector(".k").textContent.trim(), () => cue.click()));
document.querySelectorAll("[data-table]").forEach((button) => button.addEventListener("click", () => {
  const table = document.getElementById(button.dataset.table), chart = document.getElementById(`${button.dataset.table}-chart`);
  table.hidden = !table.hidden;
  chart.hidden = !table.hidden;
  button.setAttribute("aria-expanded", String(!table.hidden));
}));
