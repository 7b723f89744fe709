// Finding words in the interview: n of m, next and previous.
import { element, iconButton } from "./dom.js";

const MOST_DRAWN = 500;

export class FindBar {
  // onShow(spans, current span or null) draws and scrolls; onClose() hides.
  constructor({ texts, onShow, onClose }) {
    Object.assign(this, { texts, onShow, onClose });
    this.text = "";
    this.spans = [];
    this.current = 0;
    this.input = element("input", {
      type: "search", class: "cs-filter", placeholder: texts("find"), "aria-label": texts("find"),
      oninput: () => this.search(), onkeydown: (event) => this.key(event),
    });
    this.count = element("span", { class: "cs-count", role: "status" });
    this.root = element("div", { class: "cs-find", role: "search", hidden: true }, this.input, this.count,
      iconButton("up", texts("find_previous"), () => this.step(-1)),
      iconButton("down", texts("find_next"), () => this.step(1)),
      iconButton("close", texts("close"), () => this.close()));
  }

  open(text, from) {
    this.text = text;
    this.from = from;
    this.root.hidden = false;
    this.input.focus({ preventScroll: true });
    this.input.select();
    this.search();
  }

  close() {
    this.root.hidden = true;
    this.onShow([], null);
    this.onClose(this.spans[this.current] ?? null);
  }

  search() {
    const words = this.input.value;
    this.spans = words ? occurrences(this.text, words) : [];
    this.current = Math.max(0, this.spans.findIndex((span) => span[0] >= this.from));
    this.show();
  }

  step(by) {
    if (!this.spans.length) return;
    this.current = (this.current + by + this.spans.length) % this.spans.length;
    this.show();
  }

  show() {
    const many = this.spans.length;
    const empty = this.input.value ? this.texts("find_none") : "";
    this.count.textContent = many ? this.texts("find_count", { at: this.current + 1, of: many }) : empty;
    const first = Math.max(0, this.current - MOST_DRAWN / 2);
    this.onShow(this.spans.slice(first, first + MOST_DRAWN), this.spans[this.current] ?? null);
  }

  key(event) {
    if (event.key === "Enter") this.step(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }
}

// By pattern, not by lower-casing both: that can change the length of a text and shift every position.
export function occurrences(text, words) {
  const pattern = new RegExp(words.replace(/[\\^$.*+?()[\]{}|/-]/g, (sign) => (sign === "-" ? "-" : `\\${sign}`)), "giu");
  return [...text.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length]);
}
