// The codings of one document as they are now: snapshot, then changes, then gestures not yet stored.
import { Positions } from "./positions.js";

// Two codings share a lane only if about a line lies between them, so that stripes never touch.
const LANE_GAP = 90;

export class CodingModel {
  constructor(text) {
    this.text = text;
    this.coder = ""; // whose codings are made here
    this.positions = new Positions(text);
    this.snapshot = [];
    this.changes = [];
    this.codings = new Map();
    this.list = [];
    this.lanes = 0;
  }

  setSnapshot({ rows, coders }, codes) {
    this.snapshot = rows.map(([id, start, end, code, coder, memo, editable]) =>
      this.coding(id, start, end, typeof code === "number" ? codes[code].id : code, coders[coder], memo, editable));
  }

  setChanges(changes) {
    this.changes = changes;
  }

  coding(id, start, end, code, coder, memo, editable) {
    return {
      id, code, coder, memo, editable: Boolean(editable),
      start: this.positions.toUnit(start), end: this.positions.toUnit(end),
    };
  }

  // Anew from what is stored, plus the operations that the store has not answered yet.
  rebuild(pending, { codes = null, coders = null } = {}) {
    const now = new Map(this.snapshot.map((coding) => [coding.id, coding]));
    for (const [kind, id, ...rest] of this.changes) {
      if (kind === "put") now.set(id, this.coding(id, ...rest));
      else now.delete(id);
    }
    for (const op of pending) this.apply(now, op);
    this.pending = new Set(pending.map((op) => op.coding_id));
    this.codings = now;
    const shown = [...now.values()].filter(
      (coding) => (!codes || codes.includes(coding.code)) && (!coders || coders.includes(coding.coder)),
    );
    this.list = shown.sort((a, b) => a.start - b.start || b.end - a.end || (a.id < b.id ? -1 : 1));
    this.lanes = assignLanes(this.list);
  }

  apply(now, op) {
    const known = now.get(op.coding_id);
    if (op.kind === "add") {
      if (!known) now.set(op.coding_id, this.coding(op.coding_id, op.start, op.end, op.code, this.coder, op.memo, true));
    } else if (!known) return;
    else if (op.kind === "remove") now.delete(known.id);
    else if (op.kind === "recode") now.set(known.id, { ...known, code: op.code });
    else if (op.kind === "memo") now.set(known.id, { ...known, memo: op.memo });
    else if (op.kind === "resize") {
      const [start, end] = [op.start, op.end].map((point) => this.positions.toUnit(point));
      now.set(known.id, { ...known, start, end });
    }
  }

  within(from, to) {
    return this.list.filter((coding) => coding.end > from && coding.start < to);
  }

  at(unit) {
    return this.list.filter((coding) => coding.start <= unit && unit < coding.end);
  }

  // The span as the store knows it; the quote is cut from the source, never from the screen.
  span(start, end) {
    return {
      start: this.positions.toPoint(start),
      end: this.positions.toPoint(end, true),
      quote: this.text.slice(this.positions.whole(start), this.positions.whole(end, true)),
    };
  }
}

export function assignLanes(sorted) {
  const ends = [];
  for (const coding of sorted) {
    let lane = ends.findIndex((end) => end <= coding.start);
    if (lane < 0) lane = ends.length;
    ends[lane] = coding.end + LANE_GAP;
    coding.lane = lane;
  }
  return ends.length;
}

// Stretches of equal depth within [from, to): [start, end, number of codings].
export function depths(codings, from, to) {
  const edges = codings.flatMap(({ start, end }) => [[Math.max(start, from), 1], [Math.min(end, to), -1]]);
  edges.sort((a, b) => a[0] - b[0]);
  const stretches = [];
  let depth = 0;
  let last = from;
  for (const [at, step] of edges) {
    if (depth > 0 && at > last) stretches.push([last, at, depth]);
    depth += step;
    last = at;
  }
  return stretches;
}
