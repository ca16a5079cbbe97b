/* One stream of news per tab: counts and the documents that changed. Falls back to asking each 15 s. */

const listeners = new Set(), states = new Set();
let source = null, timer = 0, state = "offline";

/** Be told of {counts: {"nav.incoming": 3, "view.needs_review": 3, …}, changed: ["IN-26-000001", …]}. */
export function onLive(listener) {
  listeners.add(listener);
  start();
}

/** Be told whether the stream is "live", "reconnecting" or "offline". */
export function onLiveState(listener) {
  states.add(listener);
  listener(state);
}

function tell(next) {
  if (next === state) return;
  state = next;
  states.forEach((listener) => listener(state));
}

function start() {
  if (source || document.body.dataset.live !== "yes") return;
  source = new EventSource("/live");
  source.addEventListener("open", () => { clearInterval(timer); timer = 0; tell("live"); });
  source.addEventListener("news", (event) => {
    const news = JSON.parse(event.data);
    listeners.forEach((listener) => listener(news));
  });
  source.addEventListener("error", () => {
    tell("reconnecting");
    if (source.readyState !== EventSource.CLOSED) return;
    source = null;
    timer ||= setTimeout(() => { timer = 0; start(); }, 15_000);
  });
}

addEventListener("pagehide", () => { source?.close(); source = null; });
addEventListener("pageshow", (event) => { if (event.persisted) start(); });
