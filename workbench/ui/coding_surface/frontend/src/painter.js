// Draws what is near the viewport: depth tints in the text, stripes and labels in the margin.
import { chip, element } from "./dom.js";
import { depths } from "./model.js";

const MOST_LANES = 16;
const LANE_WIDTH = 8;
const LABEL_HEIGHT = 18;
const LABEL_SLACK = 20; // a label may slip so far down from its stripe before it is left out
const DEPTHS = [1, 2, 3, 4];

export class Painter {
  constructor({ name, root, scroller, margin, reader, texts }) {
    Object.assign(this, { name, root, scroller, margin, reader, texts });
    this.style = element("style");
    root.append(this.style);
    this.style.textContent = rules(name);
    this.lastLanes = -1;
  }

  // The codes and the model that `paint` draws from.
  use(model, codes) {
    this.model = model;
    this.codes = codes;
  }

  paint({ force = true } = {}) {
    if (!this.model) return;
    this.reader.measure();
    const top = this.scroller.scrollTop;
    const height = this.scroller.clientHeight;
    if (!force && this.drawn && Math.abs(top - this.drawn) < height / 2) return;
    this.drawn = top;
    const [from, to] = this.reader.between(top - height, top + 2 * height);
    const codings = this.model.within(from, to);
    this.tint(codings, from, to);
    this.stripe(codings, from, to);
  }

  setLanes() {
    const lanes = Math.min(MOST_LANES, this.model.lanes);
    if (lanes === this.lastLanes) return;
    this.lastLanes = lanes;
    this.root.style.setProperty("--cs-lanes", `${lanes * LANE_WIDTH + (this.model.lanes > MOST_LANES ? 34 : 0)}px`);
  }

  tint(codings, from, to) {
    const levels = DEPTHS.map(() => []);
    for (const [start, end, depth] of depths(codings, from, to)) {
      levels[Math.min(depth, DEPTHS.length) - 1].push(this.reader.range(start, end));
    }
    levels.forEach((ranges, level) => this.highlight(`depth-${level + 1}`, ranges, level));
  }

  highlight(kind, ranges, priority = 0) {
    if (!globalThis.Highlight) return; // stripes alone in a browser without the Custom Highlight API
    const name = `${this.name}-${kind}`;
    if (!ranges.length) CSS.highlights.delete(name);
    else CSS.highlights.set(name, Object.assign(new Highlight(...ranges), { priority }));
  }

  // One span set off in a colour of its own: what is being coded, or what a card or a stripe speaks of.
  point(span, color = null) {
    this.root.style.setProperty("--cs-pointed", color ?? "var(--st-primary-color)");
    this.highlight("pointed", span ? [this.reader.range(...span)] : [], 8);
  }

  found(spans, current) {
    this.highlight("found", spans.map((span) => this.reader.range(...span)), 9);
    this.highlight("current", current ? [this.reader.range(...current)] : [], 10);
  }

  stripe(codings, from, to) {
    const view = document.createDocumentFragment();
    const crowded = [];
    const placed = [];
    for (const coding of codings) {
      const top = coding.start >= from ? this.reader.box(coding.start).top : this.reader.tops[this.reader.place(from)];
      const bottom = this.reader.box(Math.min(coding.end, to), true).bottom;
      if (coding.lane >= MOST_LANES) crowded.push([top, coding]);
      else {
        view.append(this.stripeOf(coding, top + 3, Math.max(6, bottom - top - 6)));
        placed.push([top, coding]);
      }
    }
    this.crowds(crowded).forEach((badge) => view.append(badge));
    this.labels(placed).forEach((label) => view.append(label));
    this.margin.replaceChildren(view);
  }

  stripeOf(coding, top, height) {
    const code = this.codes.get(coding.code);
    const words = [code.label, coding.coder, coding.memo].filter(Boolean).join(" · ");
    return element("button", {
      type: "button",
      class: this.model.pending.has(coding.id) ? "cs-stripe cs-pending" : "cs-stripe",
      tabindex: -1,
      "data-coding": coding.id,
      title: words,
      "aria-label": words,
      style: `top:${top}px;height:${height}px;inset-inline-start:${coding.lane * LANE_WIDTH}px;background:${code.color}`,
    });
  }

  crowds(crowded) {
    const groups = [];
    for (const [top, coding] of crowded) {
      const last = groups.at(-1);
      if (last && top - last.top < LABEL_HEIGHT) last.ids.push(coding.id);
      else groups.push({ top, ids: [coding.id] });
    }
    return groups.map(({ top, ids }) => element("button", {
      type: "button",
      class: "cs-crowd",
      tabindex: -1,
      "data-coding": ids.join(" "),
      "aria-label": this.texts("more_codings", { n: ids.length }),
      style: `top:${top + 2}px;inset-inline-start:${MOST_LANES * LANE_WIDTH}px`,
    }, `+${ids.length}`));
  }

  // Code names beside the stripes, where there is room for them.
  labels(placed) {
    const labels = [];
    let free = -Infinity;
    for (const [top, coding] of placed.sort((a, b) => a[0] - b[0] || a[1].lane - b[1].lane)) {
      const at = Math.max(top + 3, free);
      if (at - top > LABEL_SLACK) continue;
      free = at + LABEL_HEIGHT;
      const code = this.codes.get(coding.code);
      const style = `top:${at}px`;
      labels.push(element("span", { class: "cs-label", style, "data-coding": coding.id, "aria-hidden": "true" },
        chip(code.color), code.label, coding.memo ? element("b", { class: "cs-has-memo" }, "✎") : null));
    }
    return labels;
  }

  clear() {
    if (!globalThis.Highlight) return;
    for (const name of [...CSS.highlights.keys()]) if (name.startsWith(`${this.name}-`)) CSS.highlights.delete(name);
  }
}

function rules(name) {
  const tints = DEPTHS.map((depth) => `::highlight(${name}-depth-${depth}){background-color:var(--cs-depth-${depth})}`);
  return [
    ...tints,
    `::highlight(${name}-pointed){background-color:color-mix(in srgb,var(--cs-pointed) 34%,transparent)}`,
    `::highlight(${name}-found){background-color:var(--cs-found)}`,
    `::highlight(${name}-current){background-color:var(--cs-current);color:#1b1300}`,
  ].join("\n");
}
