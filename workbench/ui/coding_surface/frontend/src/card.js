// The codings at one place: code, coder, memo written in place, and what can be done with each.
import { chip, element } from "./dom.js";

export class Card {
  // act: { memo(id, words), recode(id), resize(id), remove(id), point(coding), close() }
  constructor({ codings, codes, texts, readonly, quoteOf, act }) {
    Object.assign(this, { codes, texts, readonly, quoteOf, act });
    this.ids = codings.map((coding) => coding.id);
    this.entries = element("div", { class: "cs-entries" });
    this.root = element("div", {
      class: "cs-card", role: "dialog", "aria-label": texts("codings_here"), tabindex: -1,
      onkeydown: (event) => this.key(event),
    }, this.entries);
    this.show(codings);
  }

  show(codings) {
    this.entries.replaceChildren(...codings.map((coding) => this.entry(coding)));
  }

  // After a change in the model: what is gone disappears, a memo being written stays as it is.
  update(codings) {
    if (!codings.length) return this.act.close();
    if (!this.root.contains(document.activeElement) || document.activeElement.tagName !== "TEXTAREA") this.show(codings);
  }

  focus() {
    (this.entries.querySelector("textarea, button") ?? this.root).focus({ preventScroll: true });
  }

  entry(coding) {
    const code = this.codes.get(coding.code);
    const editable = coding.editable && !this.readonly;
    return element("article", {
      class: "cs-entry", "data-coding": coding.id, "aria-label": code.label,
      onmouseenter: () => this.act.point(coding), onfocusin: () => this.act.point(coding),
    },
    element("header", {}, chip(code.color), element("strong", {}, code.label),
      element("span", { class: "cs-group" }, code.group), element("span", { class: "cs-coder" }, coding.coder)),
    element("blockquote", { dir: "auto" }, this.quoteOf(coding)),
    editable ? this.memo(coding) : coding.memo ? element("p", { class: "cs-memo" }, coding.memo) : null,
    editable ? this.buttons(coding) : null);
  }

  memo(coding) {
    const field = element("textarea", {
      rows: 1, placeholder: this.texts("memo_placeholder"), "aria-label": this.texts("memo"),
      onchange: () => this.act.memo(coding.id, field.value.trim()),
      onkeydown: (event) => {
        if (event.key !== "Enter" || event.shiftKey) return;
        event.preventDefault();
        field.blur();
        this.act.close();
      },
    });
    field.value = coding.memo;
    return field;
  }

  buttons(coding) {
    const button = (name, danger) => element("button", {
      type: "button", class: danger ? "cs-danger" : null, onclick: () => this.act[name](coding.id),
    }, this.texts(name));
    return element("footer", {}, button("recode"), button("resize"), button("remove", true));
  }

  key(event) {
    if (event.key === "Escape") {
      const field = document.activeElement;
      if (field.tagName === "TEXTAREA") field.blur(); // keeps what was written
      this.act.close();
    } else if (event.key === "Delete" && document.activeElement.tagName !== "TEXTAREA") {
      const entry = document.activeElement.closest?.("[data-coding]");
      if (entry && entry.querySelector(".cs-danger")) this.act.remove(entry.dataset.coding);
    } else return;
    event.preventDefault();
  }
}
