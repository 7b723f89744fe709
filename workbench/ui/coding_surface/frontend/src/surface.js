// The surface itself: takes what the page sends, holds the parts together, turns gestures into operations.
import { Card } from "./card.js";
import { afterPaint, element, iconButton } from "./dom.js";
import { FindBar } from "./find.js";
import { bindGestures } from "./gestures.js";
import { helpDialog } from "./help.js";
import { CodingModel } from "./model.js";
import { newId } from "./outbox.js";
import { Painter } from "./painter.js";
import { Palette } from "./palette.js";
import { placeIn } from "./placing.js";
import { Reader } from "./reader.js";
import { TextSelection } from "./selection.js";
import styles from "./surface.css";

const MOST_RECENT = 9;

export class Surface {
  // memory outlives the surface: what must survive when the page is drawn anew.
  constructor(host, name, memory, wording) {
    Object.assign(this, { host, memory, wording });
    this.texts = (key, values) => this.say(key, values);
    this.build(name);
    this.reader = new Reader(this.doc);
    this.selection = new TextSelection(this.reader, this.scroller);
    const { root, scroller, margin, reader, texts } = this;
    this.painter = new Painter({ name, root, scroller, margin, reader, texts });
    this.abort = new AbortController();
    bindGestures(this, this.abort.signal);
    this.watch();
    memory.outbox.onChange = (count) => this.showUnsaved(count);
  }

  build(name) {
    this.doc = element("div", { class: "cs-doc", tabindex: 0, role: "document" });
    this.margin = element("div", { class: "cs-margin", role: "group", "aria-label": this.texts("stripes") });
    this.caret = element("div", { class: "cs-caret", hidden: true, "aria-hidden": "true" });
    this.scroller = element("div", { class: "cs-scroll" }, this.doc, this.margin, this.caret);
    this.findBar = new FindBar({
      texts: this.texts,
      onShow: (spans, current) => this.showFound(spans, current),
      onClose: (span) => this.focusText(span),
    });
    this.status = element("div", { class: "cs-status", role: "status", "aria-live": "polite" });
    this.unsaved = element("div", { class: "cs-unsaved", hidden: true });
    this.undoButton = iconButton("undo", this.texts("undo"), () => this.step("undo"));
    this.redoButton = iconButton("redo", this.texts("redo"), () => this.step("redo"));
    this.footer = element("div", { class: "cs-footer" }, this.status, this.unsaved, this.undoButton, this.redoButton,
      iconButton("find", this.texts("find"), () => this.find()), iconButton("keys", this.texts("keys"), () => this.help()));
    this.root = element("div", { class: "cs", "data-surface": name }, element("style", {}, styles), this.findBar.root, this.scroller, this.footer);
    this.host.append(this.root);
  }

  say(key, values = {}) {
    const plural = values.n === undefined ? key : `${key}.${values.n === 1 ? "one" : "other"}`;
    const words = this.wording[plural] ?? this.wording[key] ?? key;
    return words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  }

  watch() {
    this.resized = new ResizeObserver(() => {
      this.reader.tops = null;
      this.restore();
      this.painter.paint();
    });
    this.resized.observe(this.doc);
    this.resized.observe(this.scroller);
  }

  // ---- what the page sends

  receiveDocument(data) {
    this.data = data;
    this.scroller.style.height = `${data.height}px`;
    const identity = JSON.stringify([data.document.id, data.document.version]);
    if (identity !== this.identity) this.openDocument(data.document, identity);
    this.codeList = data.codes;
    const known = new Map(data.codes.map((code) => [code.id, code]));
    this.codes = { get: (id) => known.get(id) ?? { id, label: id, group: "", color: "#8a8f98", words: [] } };
    this.model.coder = data.coder;
    this.model.setSnapshot(data.snapshot, data.codes);
    this.painter.use(this.model, this.codes);
  }

  openDocument(document_, identity) {
    this.rememberPlace();
    this.closePopup({ refocus: false });
    this.identity = identity;
    this.model = new CodingModel(document_.text);
    this.reader.show(document_);
    this.doc.setAttribute("aria-label", this.texts("interview", { title: document_.title }));
    const place = this.memory.places.get(identity);
    this.wanted = place?.top ?? 0;
    this.lastTop = this.wanted;
    this.painter.drawn = null;
    this.fresh = place?.ends ?? null;
    this.announce(""); // the number of codings follows when they are known
  }

  // Only once the margin has its width: a layout before that would have to be done again.
  arrive() {
    this.painter.setLanes();
    this.restore();
    const ends = this.fresh;
    this.fresh = null;
    if (ends && !/INPUT|TEXTAREA/.test(document.activeElement?.tagName)) this.selection.set(...ends);
  }

  receiveLive(live) {
    const refused = this.memory.outbox.settle(live.acknowledged, live.refused);
    for (const op of refused) this.complain(this.texts("refused", { why: live.refused[op.op_id] }));
    this.live = live;
    this.readonly = live.readonly;
    this.root.classList.toggle("cs-readonly", this.readonly);
    this.undoButton.hidden = this.redoButton.hidden = this.readonly;
    this.model.setChanges(this.fits(live) ? live.changes : []);
    this.redraw();
    if (this.fits(live)) this.goTo(live.focus);
  }

  fits(live) {
    const { document: shown, snapshot } = this.data;
    return live.document === shown.id && live.version === shown.version && live.revision === snapshot.revision;
  }

  redraw() {
    this.model.rebuild(this.memory.outbox.of(this.data.document.id), this.live?.filter);
    this.arrive();
    this.painter.paint();
    if (this.popup instanceof Card) this.popup.update(this.popup.ids.map((id) => this.model.codings.get(id)).filter(Boolean));
    if (!this.status.textContent) this.status.textContent = this.texts("codings_count", { n: this.model.codings.size });
    this.report();
  }

  // For tests and measurements: what is drawn, once it is on the screen.
  report() {
    const count = this.model.codings.size;
    afterPaint(() => {
      this.root.dataset.document = this.data.document.id;
      this.root.dataset.codings = count;
      this.root.dataset.unsaved = this.memory.outbox.ops.length;
      this.root.dataset.painted = Number(this.root.dataset.painted ?? 0) + 1;
      performance.mark("coding-surface:painted", { detail: { codings: count, unsaved: this.memory.outbox.ops.length } });
    });
  }

  // ---- gestures become operations

  perform(kind, fields = {}) {
    return this.performAll([[kind, fields]]);
  }

  performAll(gestures) {
    const { id, version } = this.data.document;
    this.memory.outbox.put(
      gestures.map(([kind, fields]) => ({ op_id: newId(), kind, document: id, version, ...fields })),
    );
    this.redraw();
  }

  code(span, ids) {
    if (this.readonly) return;
    const { start, end, quote } = this.model.span(...span);
    const here = this.model.list.filter((coding) => coding.start === span[0] && coding.end === span[1]);
    const own = new Set(here.filter((coding) => coding.coder === this.data.coder).map((coding) => coding.code));
    const fresh = ids.filter((id) => !own.has(id));
    if (fresh.length) {
      this.performAll(fresh.map((code) => ["add", { coding_id: newId(), start, end, quote, code, memo: "" }]));
    }
    this.use(ids);
    const labels = ids.map((id) => this.codes.get(id).label).join(", ");
    this.announce(this.texts(fresh.length ? "coded_as" : "coded_already", { codes: labels }));
  }

  use(ids) {
    this.memory.recent = [...new Set([...ids, ...this.memory.recent])].slice(0, MOST_RECENT);
    this.memory.keepRecent();
  }

  remove(id) {
    const coding = this.model.codings.get(id);
    if (!coding || this.readonly || !coding.editable) return;
    this.perform("remove", { coding_id: id });
    this.announce(this.texts("removed", { code: this.codes.get(coding.code).label }));
  }

  recode(id) {
    const coding = this.model.codings.get(id);
    this.openPalette([coding.start, coding.end], {
      single: true,
      heading: this.texts("recode_heading", { code: this.codes.get(coding.code).label }),
      onChoose: ([code]) => {
        this.closePopup();
        if (code === coding.code) return;
        this.perform("recode", { coding_id: id, code });
        this.use([code]);
        this.announce(this.texts("recoded_as", { code: this.codes.get(code).label }));
      },
    });
  }

  writeMemo(id, memo) {
    if (this.model.codings.get(id)?.memo === memo) return;
    this.perform("memo", { coding_id: id, memo });
    this.announce(this.texts("memo_saved"));
  }

  startResize(id) {
    const { start, end } = this.model.codings.get(id);
    this.closePopup();
    this.resizing = id;
    this.root.classList.add("cs-resizing");
    this.selection.set(start, end);
    this.announce(this.texts("resize_how"));
  }

  finishResize(span) {
    this.perform("resize", { coding_id: this.resizing, ...this.model.span(...span) });
    this.stopResize();
    this.announce(this.texts("resized"));
  }

  stopResize() {
    this.resizing = null;
    this.root.classList.remove("cs-resizing");
  }

  step(kind) {
    if (this.readonly) return;
    this.perform(kind);
    this.announce(this.texts(kind === "undo" ? "undo_done" : "redo_done"));
  }

  // ---- what opens over the text

  openPalette(span, options = {}) {
    if (this.readonly && !options.single) return;
    this.closePopup({ refocus: false });
    const present = this.model.list.filter((coding) => coding.start === span[0] && coding.end === span[1]);
    const palette = new Palette({
      codes: this.codeList,
      recent: this.memory.recent,
      texts: this.texts,
      present: present.map((coding) => coding.code),
      heading: this.texts("palette_heading", { n: wordCount(this.model.text.slice(...span)) }),
      onChoose: (ids) => {
        this.closePopup();
        this.code(span, ids);
      },
      onClose: () => this.closePopup(),
      ...options,
    });
    this.open(palette, span);
    this.painter.point(span);
    palette.focus();
    return palette;
  }

  openCard(codings, { focus = false, at = codings[0]?.start } = {}) {
    if (!codings.length) return;
    this.closePopup({ refocus: false });
    const card = new Card({
      codings,
      codes: this.codes,
      texts: this.texts,
      readonly: this.readonly,
      quoteOf: (coding) => shortened(this.model.text.slice(coding.start, coding.end)),
      act: {
        memo: (id, words) => this.writeMemo(id, words),
        recode: (id) => this.recode(id),
        resize: (id) => this.startResize(id),
        remove: (id) => this.remove(id),
        point: (coding) => this.pointAt(coding),
        close: () => this.closePopup(),
      },
    });
    this.open(card, [at, at + 1]);
    this.pointAt(codings[0]);
    if (focus) card.focus();
  }

  openCoding(ids) {
    const [first, ...others] = ids.map((id) => this.model.codings.get(id)).filter(Boolean);
    if (!first) return;
    const there = others.length ? others : this.model.at(first.start).filter((coding) => coding.id !== first.id);
    this.openCard([first, ...there], { focus: true });
  }

  open(popup, span) {
    this.popup = popup;
    this.popupSpan = span;
    this.scroller.append(popup.root);
    placeIn(this.scroller, this.reader, popup.root, span);
  }

  closePopup({ refocus = true } = {}) {
    if (!this.popup) return;
    const { popup, popupSpan } = this;
    this.popup = null;
    // A memo that is being written is kept however the card closes.
    if (popup.root.contains(document.activeElement)) document.activeElement.blur();
    popup.root.remove();
    this.painter.point(null);
    if (refocus) this.focusText(popup instanceof Palette ? popupSpan : null);
  }

  pointAt(coding) {
    this.painter.point(coding ? [coding.start, coding.end] : null, coding && this.codes.get(coding.code).color);
  }

  find() {
    this.closePopup({ refocus: false });
    this.findBar.open(this.model.text, this.selection.caret() ?? this.selection.firstVisible());
  }

  showFound(spans, current) {
    this.painter.found(spans, current);
    if (current) this.reveal(current[0]);
  }

  help() {
    this.closePopup({ refocus: false });
    this.popup = helpDialog(this.texts, () => this.closePopup());
    this.popupSpan = null;
    this.root.append(this.popup.root);
    this.popup.root.focus();
  }

  // ---- where the reader is

  goTo(focus) {
    if (!focus) return;
    const token = JSON.stringify([this.identity, focus.at, focus.token]);
    if (token === this.memory.focused) return;
    const coding = this.model.codings.get(focus.at);
    const unit = typeof focus.at === "number" ? this.model.positions.toUnit(focus.at) : coding?.start;
    if (unit === undefined) return;
    this.memory.focused = token;
    this.wanted = null;
    this.reveal(unit, { always: true });
    if (coding) this.pointAt(coding);
  }

  reveal(unit, { always = false } = {}) {
    const { top, bottom } = this.reader.box(unit);
    const { scrollTop, clientHeight } = this.scroller;
    const seen = top > scrollTop + 30 && bottom < scrollTop + clientHeight - 30;
    if (!seen || always) this.scroller.scrollTop = top - clientHeight / 3;
  }

  focusText(span = null) {
    this.doc.focus({ preventScroll: true });
    if (span) this.selection.set(...span);
  }

  restore() {
    if (this.wanted === null || this.wanted === undefined) return;
    this.scroller.scrollTop = this.wanted;
    if (Math.abs(this.scroller.scrollTop - this.wanted) < 2) this.wanted = null;
  }

  rememberPlace() {
    if (this.identity) this.memory.places.set(this.identity, { top: this.lastTop ?? 0, ends: this.lastEnds ?? null });
    this.lastEnds = null;
  }

  showUnsaved(count) {
    this.unsaved.hidden = !count;
    this.unsaved.textContent = count ? this.texts("unsaved", { n: count }) : "";
    this.root.dataset.unsaved = count;
  }

  announce(words) {
    this.status.classList.remove("cs-complaint");
    this.status.textContent = words;
  }

  complain(words) {
    this.status.classList.add("cs-complaint");
    this.status.textContent = words;
  }

  destroy() {
    this.rememberPlace();
    this.abort.abort();
    this.resized.disconnect();
    this.painter.clear();
    this.memory.outbox.onChange = () => {};
    this.root.remove();
  }
}

const wordCount = (words) => words.split(/\s+/).filter(Boolean).length;
const shortened = (words, most = 220) => (words.length > most ? `${words.slice(0, most).trimEnd()}…` : words);
