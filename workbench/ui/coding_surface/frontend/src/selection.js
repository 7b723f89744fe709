// What is selected in the text, and moving through it by key: character, word, line, sentence, turn.

const MOVES = {
  ArrowLeft: ["left", "character"],
  ArrowRight: ["right", "character"],
  ArrowUp: ["backward", "line"],
  ArrowDown: ["forward", "line"],
  Home: ["backward", "lineboundary"],
  End: ["forward", "lineboundary"],
};
const WIDER = {
  ArrowLeft: ["left", "word"],
  ArrowRight: ["right", "word"],
  ArrowUp: ["backward", "paragraph"],
  ArrowDown: ["forward", "paragraph"],
  Home: ["backward", "text"],
  End: ["forward", "text"],
};

export class TextSelection {
  constructor(reader, scroller) {
    this.reader = reader;
    this.scroller = scroller;
  }

  // [anchor, focus] in UTF-16 units, or null if the selection is elsewhere.
  ends() {
    const selection = document.getSelection();
    if (!selection.rangeCount) return null;
    const anchor = this.reader.offsetOf(selection.anchorNode, selection.anchorOffset);
    const focus = this.reader.offsetOf(selection.focusNode, selection.focusOffset);
    return anchor === null || focus === null ? null : [anchor, focus];
  }

  // The selected span without the blanks at its ends, or null.
  span() {
    const ends = this.ends();
    return ends && trimmed(this.reader.text, Math.min(...ends), Math.max(...ends));
  }

  caret() {
    return this.ends()?.[1] ?? null;
  }

  set(anchor, focus) {
    const from = this.reader.point(anchor, focus < anchor);
    const to = this.reader.point(focus, focus > anchor);
    document.getSelection().setBaseAndExtent(...from, ...to);
  }

  // A drag that was released outside the text ends at the visible character nearest to the pointer.
  clampTo(clientX, clientY) {
    const selection = document.getSelection();
    if (!selection.rangeCount) return;
    const anchor = this.reader.offsetOf(selection.anchorNode, selection.anchorOffset);
    if (anchor === null) return;
    const view = this.scroller.getBoundingClientRect();
    const text = this.reader.host.getBoundingClientRect();
    const inside = (value, low, high) => Math.min(Math.max(value, low + 1), high - 2);
    const x = inside(clientX, Math.max(view.left, text.left), Math.min(view.right, text.right));
    const y = inside(clientY, Math.max(view.top, text.top), Math.min(view.bottom, text.bottom));
    const focus = this.under(x, y);
    if (focus !== null) this.set(anchor, focus);
  }

  under(x, y) {
    if (document.caretPositionFromPoint) {
      const at = document.caretPositionFromPoint(x, y);
      return at && this.reader.offsetOf(at.offsetNode, at.offset);
    }
    const range = document.caretRangeFromPoint(x, y);
    return range && this.reader.offsetOf(range.startContainer, range.startOffset);
  }

  // Answers whether the key was a move.
  move(event) {
    const move = MOVES[event.key];
    if (!move || event.altKey || event.metaKey) return false;
    if (this.caret() === null) this.set(this.firstVisible(), this.firstVisible());
    const before = this.ends();
    const [direction, unit] = event.ctrlKey ? WIDER[event.key] : move;
    if (unit === "text") this.toEdge(direction, event.shiftKey);
    else document.getSelection().modify(event.shiftKey ? "extend" : "move", direction, unit);
    if (!this.ends()) this.set(...before); // it would have left the text
    return true;
  }

  toEdge(direction, extend) {
    const edge = direction === "forward" ? this.reader.text.length : 0;
    this.set(extend ? this.ends()[0] : edge, edge);
  }

  firstVisible() {
    const top = this.scroller.getBoundingClientRect().top - this.reader.host.getBoundingClientRect().top;
    this.reader.measure();
    const place = this.reader.tops.findIndex((paragraph) => paragraph >= top);
    return this.reader.starts[Math.max(0, place)];
  }

  // Selects the word, sentence or turn at the caret; once more takes the next one in as well.
  take(unit) {
    const ends = this.ends() ?? [this.firstVisible(), this.firstVisible()];
    const [low, high] = [Math.min(...ends), Math.max(...ends)];
    const whole = this.unitAt(low, unit);
    const grown = low === whole[0] && high >= whole[1] ? this.unitAt(this.nextStart(high), unit)[1] : whole[1];
    this.set(whole[0], Math.max(grown, whole[0]));
  }

  nextStart(unit) {
    let at = unit;
    while (at < this.reader.text.length - 1 && /\s/.test(this.reader.text[at])) at++;
    return at;
  }

  unitAt(at, unit) {
    const place = this.reader.place(at);
    const start = this.reader.starts[place];
    const words = this.reader.paragraphs[place].data;
    if (unit === "turn") return this.turnAt(place);
    const parts = new Intl.Segmenter(undefined, { granularity: unit }).segment(words);
    let part = parts.containing(Math.min(at - start, Math.max(0, words.length - 1)));
    if (unit === "word" && part && !part.isWordLike) {
      part = [...parts].find((next) => next.index > part.index && next.isWordLike) ?? part;
    }
    if (!part) return [start, start + words.length];
    return trimmed(this.reader.text, start + part.index, start + part.index + part.segment.length) ?? [at, at];
  }

  turnAt(place) {
    const all = this.reader.paragraphs[place].parentNode.parentNode.querySelectorAll("p");
    const last = this.reader.places.get(all[all.length - 1]);
    const first = this.reader.places.get(all[0]);
    return [this.reader.starts[first], this.reader.starts[last] + this.reader.paragraphs[last].length];
  }
}

export function trimmed(text, start, end) {
  while (start < end && /\s/.test(text[start])) start++;
  while (end > start && /\s/.test(text[end - 1])) end--;
  return start < end ? [start, end] : null;
}
