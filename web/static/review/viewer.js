/* The page image: its boxes and words, zoom, turn, pan, frame. Review and the posted invoice both use it. */

import { $, $$, calm, make } from "./dom.js";
import { place, pointOnPage, union, wordAt, wordsIn } from "./geometry.js";

const LEAST = 0.5;
const MOST = 4;
const STEP = 0.25;
const SHARP_FROM = 1.5; // beyond this zoom the picture of the page is asked for with more dots
const DRAG_PX = 5;

/**
 * Bring a viewer to life. `on` may hold:
 *   box(key, event)            a box was pressed
 *   hover(key, isOver)         the pointer came over a box or left it
 *   words(words, event)        a word or a frame of words was taken: [{page, box, text}]
 *   wantsWords()               whether a press on a word means anything now
 */
export function openViewer(root, on = {}) {
  const scroll = $(".scroll", root);
  const sheets = $$(".sheet", root);
  const words = new Map();
  let boxes = new Map();
  let zoom = 1;
  let turn = 0;
  let follows = true;
  let frameTool = false;
  let ringed = [];

  for (const sheet of sheets) setUp(sheet);
  wireTools();
  wirePointer();
  wireKeys();

  function setUp(sheet) {
    const page = $(".page", sheet);
    const image = page && $("img", page);
    if (!image) return; // a page drawn from values
    shape(sheet);
    image.addEventListener("error", () => sheet.classList.add("lost"));
    // A page whose size is not known has that of its picture.
    if (!Number(sheet.dataset.width)) {
      const measure = () => {
        sheet.dataset.width = image.naturalWidth;
        sheet.dataset.height = image.naturalHeight;
        shape(sheet);
        ring(ringed, { moves: false });
      };
      if (image.complete && image.naturalWidth) measure();
      else image.addEventListener("load", measure, { once: true });
    }
    const seen = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        seen.disconnect();
        fetchWords(sheet);
      },
      { root: scroll, rootMargin: "400px" },
    );
    seen.observe(sheet);
  }

  function shape(sheet) {
    const [width, height] = [Number(sheet.dataset.width), Number(sheet.dataset.height)];
    if (!width) return;
    const page = $(".page", sheet);
    const onSide = turn % 180 !== 0;
    sheet.style.aspectRatio = onSide ? `${height} / ${width}` : `${width} / ${height}`;
    page.style.aspectRatio = `${width} / ${height}`;
    page.style.width = onSide ? `${(width / height) * 100}%` : "100%";
    page.style.transform = `translate(-50%, -50%) rotate(${turn}deg)`;
  }

  async function fetchWords(sheet) {
    if (!sheet.dataset.words || words.has(sheet)) return words.get(sheet) ?? [];
    words.set(sheet, []);
    const answer = await fetch(sheet.dataset.words).catch(() => null);
    if (answer?.ok) {
      words.set(sheet, await answer.json());
      const text = $(".page-text", sheet);
      if (text) text.textContent = words.get(sheet).map((word) => word.text).join(" ");
      sheet.dataset.wordsReady = "";
    }
    return words.get(sheet);
  }

  /** Show these boxes: [{key, page, box, label, value, mark}], in reading order. */
  function show(list) {
    const fresh = new Map();
    for (const entry of list) {
      const onPaper = $(`.paper [data-box="${CSS.escape(entry.key)}"]`, root);
      const sheet = sheets.find((candidate) => Number(candidate.dataset.page) === entry.page);
      const element = onPaper ?? boxes.get(entry.key) ?? make("button", { type: "button", className: "bx", tabIndex: -1 });
      if (!onPaper) {
        if (!sheet || !entry.box) continue;
        if (!element.firstChild) element.append(make("span", { className: "tag" }));
        element.firstChild.textContent = entry.label;
        place(element, entry.box);
        $(".page", sheet).append(element);
      }
      element.dataset.box = entry.key;
      element.dataset.c = entry.mark;
      element.setAttribute("aria-label", `${entry.label}: ${entry.value}`);
      fresh.set(entry.key, element);
    }
    for (const [key, element] of boxes) if (!fresh.has(key) && element.matches(".bx:not(.el)")) element.remove();
    boxes = fresh;
    ring(ringed, { moves: false });
  }

  /** Ring the boxes of these values and, if wanted, bring the first into sight. */
  function ring(keys, { moves = follows } = {}) {
    ringed = keys;
    for (const [key, element] of boxes) element.classList.toggle("act", keys.includes(key));
    const first = keys.map((key) => boxes.get(key)).find(Boolean);
    if (first && moves) bring(first);
    return Boolean(first);
  }

  function bring(element) {
    const [box, frame] = [element.getBoundingClientRect(), scroll.getBoundingClientRect()];
    if (!frame.height) return;
    const dy = box.top < frame.top + 50 || box.bottom > frame.bottom - 70 ? box.top - frame.top - frame.height * 0.42 : 0;
    const dx = box.left < frame.left + 16 || box.right > frame.right - 16 ? box.left - frame.left - frame.width * 0.4 : 0;
    if (dx || dy) scroll.scrollBy({ top: dy, left: dx, behavior: calm() ? "auto" : "smooth" });
  }

  const hover = (key, isOver) => boxes.get(key)?.classList.toggle("hov", isOver);

  function setZoom(wanted) {
    const before = zoom;
    const middle = [scroll.scrollLeft + scroll.clientWidth / 2, scroll.scrollTop + scroll.clientHeight / 2];
    zoom = Math.max(LEAST, Math.min(MOST, wanted));
    scroll.style.setProperty("--zoom", zoom);
    $("[data-zoom]", root).textContent = `${Math.round(zoom * 100)}%`;
    scroll.scrollLeft = (middle[0] * zoom) / before - scroll.clientWidth / 2;
    scroll.scrollTop = (middle[1] * zoom) / before - scroll.clientHeight / 2;
    if (zoom > SHARP_FROM)
      for (const image of $$("img[data-sharp]", scroll)) {
        image.src = image.dataset.sharp;
        delete image.dataset.sharp;
      }
  }

  function setTurn(degrees) {
    turn = ((degrees % 360) + 360) % 360;
    scroll.dataset.turn = turn;
    sheets.forEach(shape);
  }

  function wireTools() {
    const act = {
      out: () => setZoom(zoom - STEP),
      in: () => setZoom(zoom + STEP),
      fit: () => setZoom(1),
      turn: () => setTurn(turn + 90),
      boxes: (button) => toggle(button, scroll.classList.toggle("noboxes") === false),
      follow: (button) => toggle(button, (follows = !follows)),
      frame: (button) => {
        toggle(button, (frameTool = !frameTool));
        scroll.classList.toggle("framing", frameTool);
      },
    };
    const toggle = (button, isOn) => button.setAttribute("aria-pressed", isOn);
    root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-tool]");
      if (button) act[button.dataset.tool]?.(button);
      const thumb = event.target.closest("[data-thumb]");
      if (thumb) goToPage(Number(thumb.dataset.thumb));
    });
    $("[data-find]", root)?.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        find(event.target.value, event.shiftKey ? -1 : 1);
      }
      if (event.key === "Escape") {
        event.target.value = "";
        find("", 1);
        scroll.focus();
      }
    });
    scroll.addEventListener("scroll", showPageNumber, { passive: true });
    showPageNumber();
  }

  function showPageNumber() {
    const middle = scroll.getBoundingClientRect().top + scroll.clientHeight / 2;
    const now = sheets.find((sheet) => sheet.getBoundingClientRect().bottom >= middle) ?? sheets.at(-1);
    if (!now) return;
    const label = $("[data-page-now]", root);
    if (label) label.textContent = now.dataset.page;
    for (const thumb of $$("[data-thumb]", root))
      if (thumb.dataset.thumb === now.dataset.page) thumb.setAttribute("aria-current", "true");
      else thumb.removeAttribute("aria-current");
  }

  function goToPage(number) {
    const sheet = sheets.find((candidate) => Number(candidate.dataset.page) === number);
    if (sheet) scroll.scrollTo({ top: sheet.offsetTop - 10, behavior: calm() ? "auto" : "smooth" });
  }

  let found = { text: "", at: -1, marks: [] };
  async function find(text, direction) {
    if (text !== found.text) {
      for (const mark of found.marks) mark.remove();
      const marks = [];
      const wanted = text.trim().toLocaleLowerCase();
      for (const sheet of wanted ? sheets : [])
        for (const word of await fetchWords(sheet))
          if (word.text.toLocaleLowerCase().includes(wanted)) {
            const mark = make("i", { className: "hit-word" });
            place(mark, word.box);
            $(".page", sheet).append(mark);
            marks.push(mark);
          }
      found = { text, at: direction > 0 ? -1 : 0, marks };
    }
    const count = found.marks.length;
    const label = $("[data-found]", root);
    if (!count) {
      label.textContent = text ? "0" : "";
      return;
    }
    found.at = (found.at + direction + count) % count;
    found.marks.forEach((mark, index) => mark.classList.toggle("now", index === found.at));
    label.textContent = `${found.at + 1}/${count}`;
    bring(found.marks[found.at]);
  }

  /* ---- pointer: a box leads, a word fills, a frame takes, an empty place pans ---- */

  function wirePointer() {
    let gesture = null;
    const glow = make("i", { className: "wd" });
    const frame = make("i", { className: "frame" });
    const wants = () => Boolean(on.words) && (on.wantsWords?.() ?? true);

    const spot = (event) => {
      const sheet = event.target.closest?.(".sheet");
      if (!sheet) return null;
      const page = $(".page", sheet);
      if (!page) return { sheet, page: null, word: null };
      const point = pointOnPage(page, turn, event.clientX, event.clientY);
      return { sheet, page, point, word: wordAt(words.get(sheet) ?? [], point) };
    };

    scroll.addEventListener("pointerover", (event) => {
      const box = event.target.closest("[data-box]");
      if (box) on.hover?.(box.dataset.box, true);
    });
    scroll.addEventListener("pointerout", (event) => {
      const box = event.target.closest("[data-box]");
      if (box) on.hover?.(box.dataset.box, false);
    });
    scroll.addEventListener("pointerleave", () => glow.remove());

    // The field keeps the focus while its word is fetched from the page; a press on an empty place scrolls.
    scroll.addEventListener("mousedown", (event) => {
      if (event.target !== scroll && event.target.closest(".sheet")) event.preventDefault();
    });

    scroll.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.target === scroll) return;
      const at = spot(event);
      const drawing = at?.page && wants() && (frameTool || (at.word && event.pointerType === "mouse"));
      gesture = {
        at,
        drawing,
        from: [event.clientX, event.clientY],
        scrolled: [scroll.scrollLeft, scroll.scrollTop],
        moved: false,
      };
    });

    scroll.addEventListener("pointermove", (event) => {
      if (!gesture) {
        const at = spot(event);
        if (at?.word && wants()) {
          place(glow, at.word.box);
          at.page.append(glow);
        } else glow.remove();
      }
    });

    addEventListener("pointermove", (event) => {
      if (!gesture || event.pointerType === "touch") return;
      const [dx, dy] = [event.clientX - gesture.from[0], event.clientY - gesture.from[1]];
      if (!gesture.moved && Math.hypot(dx, dy) < DRAG_PX) return;
      gesture.moved = true;
      if (gesture.drawing) {
        const end = pointOnPage(gesture.at.page, turn, event.clientX, event.clientY);
        gesture.region = [
          Math.max(0, Math.min(gesture.at.point.x, end.x)),
          Math.max(0, Math.min(gesture.at.point.y, end.y)),
          Math.min(1, Math.max(gesture.at.point.x, end.x)),
          Math.min(1, Math.max(gesture.at.point.y, end.y)),
        ];
        place(frame, gesture.region);
        gesture.at.page.append(frame);
      } else {
        scroll.classList.add("panning");
        scroll.scrollLeft = gesture.scrolled[0] - dx;
        scroll.scrollTop = gesture.scrolled[1] - dy;
      }
    });

    addEventListener("pointerup", () => {
      frame.remove();
      scroll.classList.remove("panning");
      const done = gesture;
      gesture = null;
      if (!done?.moved) return;
      swallowClick();
      if (done.region) take(wordsIn(words.get(done.at.sheet) ?? [], done.region), done.at.sheet, {}, done.region);
    });
    addEventListener("pointercancel", () => {
      gesture = null;
      frame.remove();
    });

    // A drag ends in a click on whatever lies there; that click means nothing.
    let swallow = false;
    function swallowClick() {
      swallow = true;
      setTimeout(() => (swallow = false));
    }

    scroll.addEventListener("click", (event) => {
      if (swallow) return;
      const box = event.target.closest("[data-box]");
      const at = spot(event);
      const forced = event.ctrlKey || event.metaKey || event.shiftKey;
      if (box && !(forced && wants())) {
        on.box?.(box.dataset.box, event);
        return;
      }
      if (box?.matches(".el")) {
        on.words?.([{ page: Number(at?.sheet.dataset.page ?? 1), box: null, text: box.textContent.trim() }], event);
        return;
      }
      if (at?.word && wants()) take([at.word], at.sheet, event);
    });

    function take(list, sheet, event, region = null) {
      if (!list.length) return;
      const page = Number(sheet.dataset.page);
      on.words?.(
        list.map((word) => ({ page, box: word.box, text: word.text })),
        event,
        region ? union(list.map((word) => word.box)) : null,
      );
    }
  }

  function wireKeys() {
    scroll.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) {
        if (event.altKey && (event.key === "PageUp" || event.key === "PageDown")) {
          event.preventDefault();
          const now = Number($("[data-page-now]", root)?.textContent ?? 1);
          goToPage(now + (event.key === "PageDown" ? 1 : -1));
        }
        return;
      }
      const box = event.target.closest("[data-box]");
      if (event.key === "+" || event.key === "=") setZoom(zoom + STEP);
      else if (event.key === "-") setZoom(zoom - STEP);
      else if (event.key === "t" || event.key === "T") setTurn(turn + 90);
      else if (event.key === "0") setZoom(1);
      else if (box && (event.key === "ArrowDown" || event.key === "ArrowRight")) step(box, 1);
      else if (box && (event.key === "ArrowUp" || event.key === "ArrowLeft")) step(box, -1);
      else if (box && event.key === "Escape") scroll.focus();
      else if (!box && event.key === "Enter") [...boxes.values()][0]?.focus();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    scroll.addEventListener("focusin", (event) => {
      const box = event.target.closest("[data-box]");
      if (box) on.hover?.(box.dataset.box, true);
    });
    scroll.addEventListener("focusout", (event) => {
      const box = event.target.closest("[data-box]");
      if (box) on.hover?.(box.dataset.box, false);
    });
    const step = (box, by) => {
      const all = [...boxes.values()];
      all[(all.indexOf(box) + by + all.length) % all.length].focus();
    };
  }

  return { show, ring, hover, setZoom, setTurn, goToPage, has: (key) => boxes.has(key), focus: () => scroll.focus() };
}
