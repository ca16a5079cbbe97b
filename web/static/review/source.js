/* The source strip: the piece of page a value came from, the text as read, and why it is believed or doubted. */

import { $ } from "./dom.js";

const WIDEST_PAGE_PX = 1050;

/** Fill the strip for one value: {label, printed, why, state, word, percent, page, box}. */
export function showSource(strip, field) {
  $("[data-src=label]", strip).textContent = field?.label ?? "";
  const quote = $("[data-src=printed]", strip);
  quote.textContent = field?.printed ?? "";
  quote.hidden = !field?.printed;
  const why = $("[data-src=why]", strip);
  why.textContent = why.title = field?.why ?? "";
  const verdict = $(".conf", strip);
  verdict.dataset.c = field?.state ?? "";
  $("b", verdict).textContent = field?.word ?? "";
  $("span", verdict).textContent = field?.percent ?? "";
  cutOut($(".loupe", strip), field);
}

function cutOut(loupe, field) {
  const sheet = field?.box && $(`.sheet[data-page="${field.page}"]`);
  const image = sheet && $("img", sheet);
  loupe.dataset.c = field?.state ?? "";
  loupe.classList.toggle("none", !image);
  loupe.replaceChildren();
  if (!image) {
    loupe.style.backgroundImage = "";
    loupe.textContent = field?.origin ?? "";
    return;
  }
  const [left, top, right, bottom] = field.box;
  const ratio = Number(sheet.dataset.height) / Number(sheet.dataset.width);
  const [room, tall] = [loupe.clientWidth, loupe.clientHeight];
  // The page is drawn as large as the box allows, with a little of its surroundings, the box in the middle.
  const width = Math.min(WIDEST_PAGE_PX, (room * 0.84) / (right - left), (tall * 0.62) / (bottom - top) / ratio);
  const height = width * ratio;
  const x = room / 2 - ((left + right) / 2) * width;
  const y = tall / 2 - ((top + bottom) / 2) * height;
  loupe.style.backgroundImage = `url("${image.currentSrc || image.src}")`;
  loupe.style.backgroundSize = `${width}px ${height}px`;
  loupe.style.backgroundPosition = `${x}px ${y}px`;
  const mark = document.createElement("i");
  mark.style.left = `${left * width + x - 4}px`;
  mark.style.top = `${top * height + y - 4}px`;
  mark.style.width = `${(right - left) * width + 8}px`;
  mark.style.height = `${(bottom - top) * height + 8}px`;
  loupe.append(mark);
}
