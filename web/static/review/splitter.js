/* The line between page and data: dragged or moved by arrow keys, kept on this computer. */

const KEY = "inkoop.review.data-width";
const LEAST = 560;
const STEP = 24;

export function wireSplitter(bar) {
  if (!bar) return;
  const desk = bar.parentElement;
  const most = () => Math.max(LEAST, desk.clientWidth - 420);
  const now = () => bar.nextElementSibling.getBoundingClientRect().width;

  function set(width) {
    const fits = Math.round(Math.max(LEAST, Math.min(most(), width)));
    desk.style.setProperty("--data-width", `${fits}px`);
    bar.setAttribute("aria-valuenow", fits);
    bar.setAttribute("aria-valuemin", LEAST);
    bar.setAttribute("aria-valuemax", most());
    return fits;
  }
  const keep = (width) => localStorage.setItem(KEY, width);

  const kept = Number(localStorage.getItem(KEY));
  if (kept) set(kept);
  else bar.setAttribute("aria-valuenow", Math.round(now()));

  bar.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    bar.setPointerCapture(event.pointerId);
    const [from, width] = [event.clientX, now()];
    const move = (moved) => keep(set(width + from - moved.clientX));
    bar.addEventListener("pointermove", move);
    bar.addEventListener("pointerup", () => bar.removeEventListener("pointermove", move), { once: true });
  });
  bar.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key];
    if (!by) return;
    event.preventDefault();
    keep(set(now() + by));
  });
}
