/* Where a point of the screen lies on a page that may be turned, and which words lie there. */

/** A point of the screen as fractions of the page, for a page turned by 0, 90, 180 or 270 degrees. */
export function pointOnPage(page, turn, clientX, clientY) {
  const shown = page.getBoundingClientRect();
  const u = (clientX - shown.left) / shown.width;
  const v = (clientY - shown.top) / shown.height;
  if (turn === 90) return { x: v, y: 1 - u };
  if (turn === 180) return { x: 1 - u, y: 1 - v };
  if (turn === 270) return { x: 1 - v, y: u };
  return { x: u, y: v };
}

/** The word at a point, with a little room around thin ones; the smallest if they overlap. */
export function wordAt(words, { x, y }) {
  const room = 0.0015;
  const hits = words.filter(
    ({ box: [left, top, right, bottom] }) =>
      x >= left - room && x <= right + room && y >= top - room && y <= bottom + room,
  );
  const area = ({ box: [left, top, right, bottom] }) => (right - left) * (bottom - top);
  return hits.sort((a, b) => area(a) - area(b))[0] ?? null;
}

/** The words whose middle lies in a frame, in reading order. */
export const wordsIn = (words, [left, top, right, bottom]) =>
  words.filter(({ box }) => {
    const x = (box[0] + box[2]) / 2;
    const y = (box[1] + box[3]) / 2;
    return x >= left && x <= right && y >= top && y <= bottom;
  });

/** The smallest box around several. */
export const union = (boxes) => [
  Math.min(...boxes.map((box) => box[0])),
  Math.min(...boxes.map((box) => box[1])),
  Math.max(...boxes.map((box) => box[2])),
  Math.max(...boxes.map((box) => box[3])),
];

/** Put an element on its box, in per cent of the page. */
export function place(element, [left, top, right, bottom]) {
  element.style.left = `${left * 100}%`;
  element.style.top = `${top * 100}%`;
  element.style.width = `${(right - left) * 100}%`;
  element.style.height = `${(bottom - top) * 100}%`;
}
