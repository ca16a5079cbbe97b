/* From one document to the next: the next one's image is fetched early, and a note travels along. */

import { make } from "./dom.js";

const NOTE = "inkoop.note";

/** Fetch the first page of the next document while this one is being read. */
export function prefetch({ next_image: image, next_url: url }) {
  for (const href of [image, url].filter(Boolean))
    document.head.append(make("link", { rel: "prefetch", href, as: href === image ? "image" : "document" }));
}

/** Keep what the next page is to say: {text, undo, back}. */
export const remember = (note) => sessionStorage.setItem(NOTE, JSON.stringify({ ...note, at: Date.now() }));

/** Say what the page before left to say, if it was a moment ago. */
export function takeNote(tell) {
  const kept = sessionStorage.getItem(NOTE);
  sessionStorage.removeItem(NOTE);
  if (!kept) return;
  const note = JSON.parse(kept);
  if (Date.now() - note.at < 8000) tell(note);
}
