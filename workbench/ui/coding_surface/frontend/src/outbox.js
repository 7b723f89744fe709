// Gestures on their way to the store. Everything unanswered travels with every message; ids make that harmless.

const RETRY_MS = 4000;

export class Outbox {
  constructor() {
    this.ops = [];
    this.send = () => {};
    this.onChange = () => {};
    this.warn = (event) => event.preventDefault();
  }

  put(ops) {
    this.ops.push(...ops);
    this.deliver();
  }

  deliver() {
    this.send(this.ops.map((op) => ({ ...op })));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.retry(), RETRY_MS);
    this.changed();
  }

  retry() {
    if (!this.ops.length) return;
    for (const op of this.ops) op.attempt = (op.attempt ?? 1) + 1;
    this.deliver();
  }

  // Forget what the store has answered; gives back what it refused.
  settle(acknowledged, refused) {
    const done = new Set(acknowledged);
    const back = this.ops.filter((op) => op.op_id in refused && !done.has(op.op_id));
    const before = this.ops.length;
    this.ops = this.ops.filter((op) => !done.has(op.op_id) && !(op.op_id in refused));
    if (this.ops.length !== before) this.changed();
    return back;
  }

  of(documentId) {
    return this.ops.filter((op) => op.document === documentId);
  }

  changed() {
    if (this.ops.length) addEventListener("beforeunload", this.warn);
    else {
      removeEventListener("beforeunload", this.warn);
      clearTimeout(this.timer);
    }
    this.onChange(this.ops.length);
  }
}

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Plain http on another host than this one has no randomUUID.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
