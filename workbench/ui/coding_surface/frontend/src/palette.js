// Choosing codes by typing: recently used first, several at once, all by keyboard or by mouse.
import { chip, element } from "./dom.js";

export class Palette {
  // onChoose(ids) with the chosen codes in the order of choosing; onClose() when nothing was chosen.
  constructor({ codes, recent, texts, single = false, present = [], heading, onChoose, onClose }) {
    Object.assign(this, { codes, recent, texts, single, present, onChoose, onClose });
    this.chosen = [];
    this.current = 0;
    this.list = element("ul", {
      class: "cs-options", id: "cs-options", role: "listbox", "aria-label": texts("codes"),
      "aria-multiselectable": String(!single), onclick: (event) => this.click(event),
    });
    this.input = element("input", {
      class: "cs-filter", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
      placeholder: texts("filter_codes"), "aria-label": texts("filter_codes"), "aria-expanded": "true",
      "aria-controls": "cs-options", "aria-autocomplete": "list",
      oninput: () => { this.current = 0; this.show(); },
      onkeydown: (event) => this.key(event),
    });
    this.picked = element("div", { class: "cs-picked" });
    this.root = element("div", { class: "cs-palette", role: "dialog", "aria-label": heading },
      element("div", { class: "cs-title" }, heading), this.input, this.picked, this.list,
      element("div", { class: "cs-hint" }, texts(single ? "palette_hint_single" : "palette_hint")));
    this.show();
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  hits() {
    const wanted = fold(this.input.value).split(/\s+/).filter(Boolean);
    if (!wanted.length) return this.inOrder();
    return this.codes
      .map((code, order) => ({ code, order, rank: rank(code, wanted) }))
      .filter((hit) => hit.rank < Infinity)
      .sort((a, b) => a.rank - b.rank || a.order - b.order)
      .map((hit) => hit.code);
  }

  inOrder() {
    const known = new Map(this.codes.map((code) => [code.id, code]));
    const recent = this.recent.map((id) => known.get(id)).filter(Boolean);
    return [...recent, ...this.codes.filter((code) => !this.recent.includes(code.id))];
  }

  show() {
    this.shown = this.hits();
    this.current = Math.max(0, Math.min(this.current, this.shown.length - 1));
    const fresh = !this.input.value.trim();
    const options = this.shown.map((code, place) => this.option(code, place, fresh));
    if (!options.length) options.push(element("li", { class: "cs-none" }, this.texts("no_code_found")));
    this.list.replaceChildren(...options);
    this.picked.replaceChildren(...this.chosen.map((id) => this.tag(id)));
    const current = this.list.children[this.current];
    this.input.setAttribute("aria-activedescendant", current?.id ?? "");
    current?.scrollIntoView({ block: "nearest" });
  }

  option(code, place, fresh) {
    const chosen = this.chosen.includes(code.id);
    const digit = fresh && place < 9 && this.recent.includes(code.id) ? element("kbd", {}, String(place + 1)) : null;
    const marks = [place === this.current && "cs-current", chosen && "cs-chosen", this.present.includes(code.id) && "cs-present"];
    return element("li", {
      id: `cs-option-${place}`, role: "option", "aria-selected": String(chosen), "data-code": code.id,
      class: marks.filter(Boolean).join(" "), title: code.definition || null,
    }, chip(code.color), element("span", { class: "cs-name" }, code.label),
    element("span", { class: "cs-group" }, code.group), digit);
  }

  tag(id) {
    const code = this.codes.find((known) => known.id === id);
    return element("span", { class: "cs-tag" }, chip(code.color), code.label);
  }

  toggle(id) {
    if (!id) return;
    if (this.single) return this.choose([id]);
    this.chosen = this.chosen.includes(id) ? this.chosen.filter((known) => known !== id) : [...this.chosen, id];
    this.input.value = "";
    this.show();
  }

  choose(ids) {
    if (ids.length) this.onChoose(ids);
  }

  click(event) {
    const option = event.target.closest("[data-code]");
    if (!option) return;
    const several = event.ctrlKey || event.metaKey || event.shiftKey || this.chosen.length;
    if (several) this.toggle(option.dataset.code);
    else this.choose([option.dataset.code]);
    this.focus();
  }

  key(event) {
    const current = this.shown[this.current]?.id;
    const digit = /^[1-9]$/.test(event.key) && !this.input.value && !this.chosen.length && this.recent[event.key - 1];
    if (event.key === "ArrowDown") this.step(1);
    else if (event.key === "ArrowUp") this.step(-1);
    else if (event.key === "PageDown") this.step(8);
    else if (event.key === "PageUp") this.step(-8);
    else if (event.key === "Enter") this.enter(current);
    else if (event.key === "Escape") this.onClose();
    else if (event.key === "Tab" || (event.key === " " && event.ctrlKey)) this.toggle(current);
    else if (event.key === "Backspace" && !this.input.value && this.chosen.length) this.toggle(this.chosen.at(-1));
    else if (digit) this.choose([digit]);
    else return;
    event.preventDefault();
  }

  step(by) {
    this.current += by;
    this.show();
  }

  enter(current) {
    const typed = this.input.value.trim();
    const ids = this.chosen.length && !typed ? this.chosen : [...new Set([...this.chosen, current])].filter(Boolean);
    this.choose(ids);
  }
}

const fold = (words) => words.normalize("NFC").toLocaleLowerCase();

// Smaller is better: label, then a word of it, then anywhere in it, then theme, then seed words.
function rank(code, wanted) {
  const label = fold(code.label);
  const group = fold(code.group);
  const words = code.words.map(fold);
  let worst = 0;
  for (const part of wanted) {
    let found = Infinity;
    if (label.startsWith(part)) found = 0;
    else if (label.split(/[\s/–-]+/).some((word) => word.startsWith(part))) found = 1;
    else if (label.includes(part)) found = 2;
    else if (group.includes(part)) found = 3;
    else if (words.some((word) => word.startsWith(part))) found = 4;
    else if (words.some((word) => word.includes(part))) found = 5;
    worst = Math.max(worst, found);
  }
  return worst;
}
