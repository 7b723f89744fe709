// The form for typing paper in. Answers stay here until the server has stored them; every saved form waits in the
// outbox until it is acknowledged. A digit goes to the next question, Enter saves and begins the next person.

const CIVIL_NUMBER = /^[0-3]\d[01]\d\d\d[- ]?\d{4}$/;
const MISSING = ".";

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  let form = parentElement.entryForm;
  if (!form || form.shape !== data.shape) {
    const kept = form ? form.outbox : [];
    form = new EntryForm(parentElement, data);
    form.outbox = kept;
    parentElement.entryForm = form;
  }
  form.send = (outbox) => setStateValue("outbox", outbox);
  form.update(data);
}

class EntryForm {
  constructor(root, data) {
    this.shape = data.shape;
    this.data = data;
    this.outbox = [];
    this.restored = "";
    this.asked = false;
    const old = root.querySelector(".entry");
    if (old) old.remove();
    this.box = element("div", { className: "entry", lang: data.language });
    root.appendChild(this.box);
    this.build();
  }

  build() {
    const { data } = this;
    const head = element("div", { className: "head" });
    this.person = this.field(head, data.texts.person, { type: "text", maxLength: 80, autocomplete: "off" });
    this.round = this.field(head, data.texts.round, { type: "number", min: 1, value: String(data.rounds[0] || 1) });
    this.date = this.field(head, data.texts.date, { type: "date", value: data.today });
    this.background = data.backgrounds.map((entry) => ({
      name: entry.name,
      input: this.field(head, entry.label, { type: "text", maxLength: 80, autocomplete: "off" }),
    }));
    this.box.appendChild(head);
    this.status = element("p", { className: "status" });
    this.status.setAttribute("role", "status");
    this.status.setAttribute("aria-live", "polite");
    this.box.appendChild(this.status);
    const columns = element("div", { className: "columns" });
    this.parts = data.respondents.map((respondent) => this.part(columns, respondent));
    this.box.appendChild(columns);
    const foot = element("div", { className: "foot" });
    const save = element("button", { type: "button", className: "save", textContent: data.texts.save });
    save.addEventListener("click", () => this.save());
    foot.append(save);
    this.box.appendChild(foot);
    this.fields = [this.person, this.round, this.date, ...this.background.map((each) => each.input)];
    this.fields.forEach((input, place) =>
      input.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        const next = this.fields[place + 1] || this.firstAnswer();
        if (next) next.focus();
      }),
    );
    this.box.addEventListener("keydown", (event) => event.stopPropagation());
  }

  field(parent, label, options) {
    const wrapper = element("label", { className: "field" });
    wrapper.append(element("span", { textContent: label }));
    const input = element("input", options);
    wrapper.append(input);
    parent.appendChild(wrapper);
    return input;
  }

  part(parent, respondent) {
    const column = element("section", { className: "part" });
    const title = element("h4");
    const used = element("input", { type: "checkbox", checked: true });
    const name = element("label", { className: "used" });
    name.append(used, ` ${respondent.label}`);
    title.append(name);
    const part = { respondent, used, column, rows: [], variant: null };
    if (respondent.variants.length) {
      part.variant = element("select", { ariaLabel: this.data.texts.scale });
      part.variant.append(element("option", { value: "", textContent: respondent.scale }));
      for (const each of respondent.variants) {
        part.variant.append(element("option", { value: each.id, textContent: each.label }));
      }
      part.variant.addEventListener("change", () => this.rescale(part));
      title.append(part.variant);
    }
    used.addEventListener("change", () => this.shade(part));
    column.append(title);
    respondent.items.forEach((item, place) => part.rows.push(this.row(part, item, place)));
    parent.appendChild(column);
    return part;
  }

  row(part, item, place) {
    const line = element("div", { className: "row" });
    const input = element("input", {
      type: "text", inputMode: "numeric", className: "answer", autocomplete: "off",
      maxLength: 4, ariaLabel: item.text,
    });
    input.dataset.item = item.id;
    const words = element("span", { className: "words", textContent: `${place + 1}. ${item.text}` });
    const other = element("span", { className: "other" });
    const range = element("span", { className: "range", textContent: `${item.low}–${item.high}` });
    line.append(words, other, input, range);
    part.column.append(line);
    const row = { part, item, line, input, range, other };
    input.addEventListener("keydown", (event) => this.key(event, row));
    input.addEventListener("focus", () => { input.select(); this.mark(row, true); });
    input.addEventListener("blur", () => { this.mark(row, false); this.settle(row); });
    input.addEventListener("beforeinput", (event) => { if (event.data) event.preventDefault(); });
    input.addEventListener("paste", (event) => event.preventDefault());
    return row;
  }

  range(row) {
    const chosen = row.part.variant ? row.part.variant.value : "";
    const variant = row.part.respondent.variants.find((each) => each.id === chosen);
    return variant ? [variant.low, variant.high] : [row.item.low, row.item.high];
  }

  key(event, row) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key;
    if (key === "Enter") { event.preventDefault(); this.settle(row); this.save(); return; }
    if (key === "ArrowDown") { event.preventDefault(); this.go(row, 1); return; }
    if (key === "ArrowUp") { event.preventDefault(); this.go(row, -1); return; }
    if (key === "Backspace" || key === "Delete") {
      event.preventDefault();
      const had = row.input.value !== "";
      this.write(row, "");
      if (!had && key === "Backspace") this.go(row, -1);
      return;
    }
    if (key === " " || key === "." || key === ",") {
      event.preventDefault();
      this.write(row, MISSING);
      this.go(row, 1);
      return;
    }
    if (key.length !== 1) return;
    event.preventDefault();
    if (/^\d$/.test(key) || (key === "-" && this.range(row)[0] < 0)) this.digit(row, key);
    else this.say(this.data.texts.range.replace("{low}", this.range(row)[0]).replace("{high}", this.range(row)[1]), true);
  }

  digit(row, key) {
    const [low, high] = this.range(row);
    const selected = row.input.selectionEnd > row.input.selectionStart || row.input.value === MISSING;
    const text = (selected ? "" : row.input.value) + key;
    const longest = Math.max(String(low).length, String(high).length);
    const open = text === "-" || (text.length < longest && Number(text) * 10 <= high);
    if (!open && (Number(text) < low || Number(text) > high)) {
      row.line.classList.add("refused");
      setTimeout(() => row.line.classList.remove("refused"), 600);
      this.say(this.data.texts.range.replace("{low}", low).replace("{high}", high), true);
      row.input.select();
      return;
    }
    this.write(row, text);
    this.say("");
    if (open) row.input.setSelectionRange(text.length, text.length);
    else this.go(row, 1);
  }

  // A number begun and left, such as 1 where 10 begins, must be an answer by itself.
  settle(row) {
    const text = row.input.value;
    const [low, high] = this.range(row);
    if (text && text !== MISSING && !(Number(text) >= low && Number(text) <= high)) this.write(row, "");
  }

  write(row, text) {
    row.input.value = text;
    this.asked = false;
    const pair = this.pair(row);
    if (pair) pair.other.textContent = text && text !== MISSING ? text : "";
  }

  pair(row) {
    return this.rows(true).find((each) => each.item.id === row.item.pair);
  }

  mark(row, on) {
    row.line.classList.toggle("here", on);
    const pair = this.pair(row);
    if (pair) pair.line.classList.toggle("pair", on);
  }

  rows(all) {
    return this.parts.filter((part) => all || part.used.checked).flatMap((part) => part.rows);
  }

  firstAnswer() {
    const rows = this.rows();
    return rows.length ? rows[0].input : null;
  }

  go(row, step) {
    const rows = this.rows();
    const next = rows[rows.indexOf(row) + step];
    if (next) next.input.focus();
    else if (step > 0) this.say(this.data.texts.at_end);
  }

  rescale(part) {
    for (const row of part.rows) {
      const [low, high] = this.range(row);
      row.range.textContent = `${low}–${high}`;
      this.settle(row);
    }
  }

  shade(part) {
    part.column.classList.toggle("unused", !part.used.checked);
    for (const row of part.rows) row.input.disabled = !part.used.checked;
  }

  save() {
    const person = this.person.value.trim().replace(/\s+/g, " ");
    if (!person) { this.say(this.data.texts.no_person, true); this.person.focus(); return; }
    if (CIVIL_NUMBER.test(person)) { this.say(this.data.texts.civil_number, true); this.person.focus(); return; }
    const round = Number(this.round.value);
    if (!Number.isInteger(round) || round < 1 || (this.data.rounds.length && !this.data.rounds.includes(round))) {
      this.say(this.data.texts.bad_round.replace("{known}", this.data.rounds.join(", ") || "1, 2, 3 …"), true);
      this.round.focus();
      return;
    }
    const forms = [];
    let blank = null;
    for (const part of this.parts.filter((each) => each.used.checked)) {
      const values = {};
      for (const row of part.rows) {
        if (row.input.value === "") blank = blank || row;
        else if (row.input.value !== MISSING) values[row.item.id] = Number(row.input.value);
      }
      if (Object.keys(values).length) {
        const variant = part.variant ? part.variant.value : "";
        forms.push({ respondent: part.respondent.id, variant, values });
      }
    }
    if (!forms.length) { this.say(this.data.texts.no_answer, true); return; }
    if (blank && !this.asked) {
      this.asked = true;
      const open = this.rows().filter((row) => row.input.value === "").length;
      this.say(this.data.texts.blank.replace("{n}", open), true);
      blank.input.focus();
      this.asked = true;
      return;
    }
    const background = {};
    for (const each of this.background) if (each.input.value.trim()) background[each.name] = each.input.value.trim();
    const op = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
    this.outbox = [...this.outbox, { op, person, round, date: this.date.value, background, forms }];
    this.send(this.outbox);
    this.clear();
    this.say(this.data.texts.sent.replace("{person}", person));
  }

  // Round, date, scale and who answered stay for the next person.
  clear() {
    this.person.value = "";
    for (const each of this.background) each.input.value = "";
    for (const row of this.rows(true)) this.write(row, "");
    this.asked = false;
    this.person.focus();
  }

  update(data) {
    this.data = data;
    const stored = new Set(data.acknowledged);
    const waiting = this.outbox.filter((each) => !stored.has(each.op));
    if (waiting.length < this.outbox.length) {
      this.outbox = waiting;
      this.send(waiting);
    }
    if (data.said) this.say(data.said);
    if (data.restore && data.restore.op !== this.restored && this.isEmpty()) {
      this.restored = data.restore.op;
      this.fill(data.restore);
    }
  }

  isEmpty() {
    return !this.person.value && this.rows(true).every((row) => row.input.value === "");
  }

  fill(saved) {
    this.person.value = saved.person;
    this.round.value = saved.round;
    this.date.value = saved.date || "";
    for (const each of this.background) each.input.value = saved.background[each.name] || "";
    for (const part of this.parts) {
      const form = saved.forms.find((each) => each.respondent === part.respondent.id);
      part.used.checked = Boolean(form);
      this.shade(part);
      if (!form) continue;
      if (part.variant) { part.variant.value = form.variant; this.rescale(part); }
      for (const row of part.rows) {
        const value = form.values[row.item.id];
        this.write(row, value === undefined ? MISSING : String(value));
      }
    }
    this.person.focus();
  }

  say(words, wrong = false) {
    this.status.textContent = words;
    this.status.classList.toggle("wrong", wrong);
  }
}

function element(tag, options = {}) {
  return Object.assign(document.createElement(tag), options);
}
