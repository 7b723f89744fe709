// Mouse and keyboard on the text and in the margin, told to the surface.

// A palette that opens at once would break a double or triple click.
const SETTLE_MS = 240;
const UNITS = { w: "word", s: "sentence", t: "turn" };

export function bindGestures(surface, signal) {
  const { root, doc, margin, scroller } = surface;
  const on = (target, name, handler, options = {}) => target.addEventListener(name, handler, { signal, ...options });
  const mouse = new Mouse(surface);
  on(doc, "mousedown", (event) => mouse.down(event));
  on(doc, "dragstart", (event) => event.preventDefault());
  on(document, "mouseup", (event) => mouse.up(event));
  on(document, "pointerdown", (event) => mouse.elsewhere(event));
  on(margin, "click", (event) => {
    const mark = event.target.closest("[data-coding]");
    if (mark) surface.openCoding(mark.dataset.coding.split(" "));
  });
  on(margin, "mouseover", (event) => hover(surface, event.target.closest("[data-coding]")));
  on(margin, "mouseleave", () => hover(surface, null));
  on(doc, "keydown", (event) => keyInText(surface, mouse, event));
  // The page around listens for single letters; nothing typed here may reach it.
  on(root, "keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f") {
      event.preventDefault();
      surface.find();
    }
    event.stopPropagation();
  });
  on(scroller, "scroll", () => scrolled(surface), { passive: true });
  for (const name of ["wheel", "touchmove", "keydown", "mousedown"]) {
    on(scroller, name, () => { surface.wanted = null; }, { passive: true });
  }
  on(document, "selectionchange", () => drawCaret(surface));
  on(doc, "focus", () => drawCaret(surface));
  on(doc, "blur", () => { surface.caret.hidden = true; });
}

class Mouse {
  constructor(surface) {
    this.surface = surface;
  }

  get settling() {
    return this.timer !== undefined;
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  down(event) {
    this.stop();
    this.dragging = event.button === 0;
    // A press on selected words would drag them away instead of beginning a new selection.
    if (this.dragging && event.detail === 1 && !event.shiftKey) document.getSelection().removeAllRanges();
  }

  up(event) {
    if (!this.dragging) return;
    this.dragging = false;
    const { doc, selection } = this.surface;
    if (!event.composedPath().includes(doc)) selection.clampTo(event.clientX, event.clientY);
    this.stop();
    this.timer = setTimeout(() => {
      this.stop();
      this.settled();
    }, SETTLE_MS);
  }

  settled() {
    const { surface } = this;
    const span = surface.selection.span();
    if (span) return choose(surface, span);
    const caret = surface.selection.caret();
    if (caret !== null) surface.openCard(surface.model.at(caret), { at: caret });
  }

  elsewhere(event) {
    const { popup } = this.surface;
    if (popup && !event.composedPath().includes(popup.root)) this.surface.closePopup({ refocus: false });
  }
}

function choose(surface, span) {
  if (surface.resizing) surface.finishResize(span);
  else return surface.openPalette(span);
  return null;
}

function keyInText(surface, mouse, event) {
  const { selection } = surface;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const span = selection.span();
  if (event.altKey && !event.getModifierState("AltGraph")) return;
  if (selection.move(event)) surface.reveal(selection.caret());
  else if (event.ctrlKey || event.metaKey) {
    if (key === "z") surface.step(event.shiftKey ? "redo" : "undo");
    else if (key === "y") surface.step("redo");
    else return;
  } else if (mouse.settling && span && /^\S$/u.test(event.key)) typeAhead(surface, mouse, span, event.key);
  else if (key === "Enter" || key === "c") {
    if (span) choose(surface, span);
    else openHere(surface);
  } else if (UNITS[key]) selection.take(UNITS[key]);
  else if (/^[1-9]$/.test(key)) useRecent(surface, span, Number(key) - 1);
  else if (key === "n" || key === "p") toCoding(surface, key === "n" ? 1 : -1);
  else if (key === "Delete") removeHere(surface);
  else if (key === "?") surface.help();
  else if (key === "Escape") leave(surface);
  else return;
  event.preventDefault();
}

function typeAhead(surface, mouse, span, letter) {
  mouse.stop();
  const palette = choose(surface, span);
  if (!palette) return;
  palette.input.value = letter;
  palette.show();
}

function useRecent(surface, span, place) {
  const code = surface.memory.recent[place];
  if (span && code) surface.code(span, [code]);
}

function toCoding(surface, step) {
  const { list } = surface.model;
  if (!list.length) return;
  const caret = surface.selection.caret() ?? -1;
  const pointed = list.findIndex((coding) => coding.id === surface.visited && coding.start === caret);
  let place = pointed + step;
  if (pointed < 0) {
    const after = list.findIndex((coding) => coding.start >= caret);
    place = step > 0 ? (after < 0 ? 0 : after) : (after < 0 ? list.length : after) - 1;
  }
  const coding = list[(place + list.length) % list.length];
  surface.visited = coding.id;
  surface.selection.set(coding.start, coding.start);
  surface.reveal(coding.start);
  surface.pointAt(coding);
  surface.announce(surface.texts("at_coding", { code: surface.codes.get(coding.code).label, coder: coding.coder }));
}

function removeHere(surface) {
  const here = surface.model.at(surface.selection.caret() ?? -1);
  if (here.length === 1) surface.remove(here[0].id);
  else openHere(surface);
}

function openHere(surface) {
  const at = surface.selection.caret() ?? -1;
  surface.openCard(surface.model.at(at), { focus: true, at });
}

function leave(surface) {
  surface.stopResize();
  surface.closePopup();
  surface.pointAt(null);
  const caret = surface.selection.caret();
  if (caret !== null) surface.selection.set(caret, caret);
}

function hover(surface, mark) {
  if (surface.popup) return;
  const coding = mark && surface.model.codings.get(mark.dataset.coding.split(" ")[0]);
  surface.pointAt(coding ?? null);
}

function scrolled(surface) {
  if (surface.scroller.clientHeight && !surface.wanted) surface.lastTop = surface.scroller.scrollTop;
  surface.frame ??= requestAnimationFrame(() => {
    surface.frame = null;
    surface.painter.paint({ force: false });
  });
}

function drawCaret(surface) {
  const ends = surface.selection.ends();
  if (ends) surface.lastEnds = ends;
  const shown = ends && ends[0] === ends[1] && document.activeElement === surface.doc;
  surface.caret.hidden = !shown;
  if (!shown) return;
  const { left, top, height } = caretBox(surface, ends[1]);
  surface.caret.style.cssText = `left:${left}px;top:${top}px;height:${height}px`;
}

function caretBox({ reader, doc }, unit) {
  const [node, offset] = reader.point(unit);
  const range = document.createRange();
  range.setStart(node, offset);
  const corner = doc.getBoundingClientRect();
  const rect = range.getClientRects()[0] ?? node.parentNode.getBoundingClientRect();
  return { left: rect.left - corner.left, top: rect.top - corner.top, height: Math.min(rect.height, 28) };
}
