/* Saving: one change after the other, and a queue for when the line is down. */

import { Offline, send } from "../js/desk.js";

const RETRY_MS = 15000;
let chain = Promise.resolve();
let waiting = 0;
const watchers = new Set();

/** The code of a refusal's first problem. */
export const codeOf = (refused) => refused.problems[0]?.code ?? "";

/** Call `watcher(n)` whenever the number of changes kept on this computer changes; 0 means the line is up. */
export const onWaiting = (watcher) => watchers.add(watcher);

/**
 * POST one change after all earlier ones. `body` is a function, so that it carries the version of the moment it
 * is sent. While the server cannot be reached the change is kept and tried again; a refusal is thrown.
 */
export function save(path, body) {
  const job = chain.then(() => persistently(path, body));
  chain = job.catch(() => {});
  return job;
}

/** Resolves when everything sent so far has been answered. */
export const settled = () => chain;

async function persistently(path, body) {
  let isCounted = false;
  const count = (change) => {
    waiting += change;
    for (const watcher of watchers) watcher(waiting);
  };
  for (;;) {
    try {
      const answer = await send("POST", path, body());
      if (isCounted) count(-1);
      return answer;
    } catch (error) {
      if (!(error instanceof Offline)) {
        if (isCounted) count(-1);
        throw error;
      }
      if (!isCounted) count(+1);
      isCounted = true;
      await lineMayBeUp();
    }
  }
}

const lineMayBeUp = () =>
  new Promise((resolve) => {
    const timer = setTimeout(done, RETRY_MS);
    function done() {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    }
    addEventListener("online", done);
  });
