// The interview as paragraphs: one text node each, speaker, time and number drawn beside it by CSS.
import { element } from "./dom.js";
import { countBelow, placeOf } from "./positions.js";

export class Reader {
  constructor(host) {
    this.host = host;
    this.text = "";
    this.starts = [];
    this.paragraphs = [];
  }

  show({ text, turns }) {
    this.text = text;
    this.starts = [];
    this.paragraphs = [];
    this.places = new Map(); // paragraph or its text node -> place
    this.tops = null;
    const content = document.createDocumentFragment();
    const turnStarts = turns.map((turn) => turn[0]);
    let section = null;
    let shown = -1;
    let lastSpeaker = null;
    let start = 0;
    let points = 0; // turns count code points, paragraphs here UTF-16 units
    for (const line of text.split("\n")) {
      const length = pointLength(line);
      const place = turnOf(turns, turnStarts, points, points + length);
      if (!section || place !== shown) {
        section = sectionFor(turns[place], lastSpeaker);
        lastSpeaker = turns[place]?.[2] || lastSpeaker;
        content.append(section);
        shown = place;
      }
      section.append(this.paragraph(line, start));
      start += line.length + 1;
      points += length + 1;
    }
    this.host.replaceChildren(content);
  }

  paragraph(line, start) {
    const words = document.createTextNode(line);
    const made = element("p", { dir: "auto" }, words);
    this.places.set(words, this.starts.length).set(made, this.starts.length);
    this.starts.push(start);
    this.paragraphs.push(words);
    return made;
  }

  // A DOM point -> UTF-16 position, or null if it lies outside the text.
  offsetOf(node, offset) {
    if (!this.host.contains(node)) return null;
    const place = this.places.get(node);
    if (place !== undefined) {
      const inText = node.nodeType === Node.TEXT_NODE ? offset : offset && this.paragraphs[place].length;
      return this.starts[place] + inText;
    }
    const next = node.childNodes[offset];
    if (next) return this.starts[this.places.get(next.matches("p") ? next : next.querySelector("p"))];
    const all = node.querySelectorAll("p");
    const last = this.places.get(all[all.length - 1]);
    return this.starts[last] + this.paragraphs[last].length;
  }

  place(unit) {
    return placeOf(this.starts, unit);
  }

  point(unit, end = false) {
    const place = this.place(end ? Math.max(0, unit - 1) : unit);
    const node = this.paragraphs[place];
    return [node, Math.min(unit - this.starts[place], node.length)];
  }

  range(start, end) {
    const [startContainer, startOffset] = this.point(start);
    const [endContainer, endOffset] = this.point(end, true);
    return new StaticRange({ startContainer, startOffset, endContainer, endOffset });
  }

  // The box of one character, relative to the text's own corner.
  box(unit, end = false) {
    const [node, offset] = this.point(unit, end);
    const at = Math.max(0, Math.min(end ? offset - 1 : offset, node.length - 1));
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, Math.min(at + 1, node.length));
    const { top, bottom, left, right } = node.length ? range.getBoundingClientRect() : node.parentNode.getBoundingClientRect();
    const corner = this.host.getBoundingClientRect();
    return { top: top - corner.top, bottom: bottom - corner.top, left: left - corner.left, right: right - corner.left };
  }

  // Tops of the paragraphs, measured once for a width.
  measure() {
    if (this.tops && this.width === this.host.clientWidth) return;
    this.width = this.host.clientWidth;
    const corner = this.host.getBoundingClientRect().top;
    this.tops = this.paragraphs.map((node) => node.parentNode.getBoundingClientRect().top - corner);
  }

  // The positions that are drawn between two heights.
  between(top, bottom) {
    const first = Math.max(0, countBelow(this.tops, top) - 1);
    const last = placeOf(this.tops, bottom);
    return [this.starts[first], this.starts[last] + this.paragraphs[last].length];
  }
}

function turnOf(turns, turnStarts, start, end) {
  const place = countBelow(turnStarts, end + 1) - 1;
  if (place < 0) return -1;
  // The first turn that touches the paragraph; -2 for text between turns.
  let first = place;
  while (first > 0 && turns[first - 1][1] > start) first--;
  return turns[first][1] > start || turns[first][0] >= start ? first : -2;
}

function sectionFor(turn, lastSpeaker) {
  const [, , speaker, time, role, kind] = turn ?? [0, 0, "", "", "unknown", "speech"];
  const named = speaker && speaker !== lastSpeaker;
  return element("section", {
    class: `cs-turn cs-${role} cs-${kind}`,
    "data-speaker": named ? speaker : null,
    "data-time": time || null,
    "aria-label": speaker ? [speaker, time].filter(Boolean).join(", ") : null,
  });
}

function pointLength(line) {
  let count = 0;
  for (const _ of line) count++;
  return count;
}
