// What Streamlit calls: the heavy mount brings the document, the light one what has happened since.
import { Outbox } from "./outbox.js";
import { Surface } from "./surface.js";

const surfaces = new Map();
const memories = new Map(); // survive a remount: unsent gestures, places in documents, recent codes
const latest = new Map(); // the last message of the light mount

export default function coding({ data, parentElement, setStateValue }) {
  performance.mark(`coding-surface:${data.part}`);
  const name = data.surface;
  if (data.part === "live") return receiveLive(name, data);
  const surface = surfaceIn(parentElement, name, data);
  surface.memory.outbox.send = (ops) => setStateValue("outbox", ops);
  surface.receiveDocument(data);
  surface.receiveLive(latest.get(name) ?? NOTHING_YET);
  return () => forget(name, surface);
}

const NOTHING_YET = { acknowledged: [], refused: {}, changes: [], readonly: true };

function receiveLive(name, data) {
  latest.set(name, data);
  surfaces.get(name)?.receiveLive(data);
}

function surfaceIn(host, name, data) {
  const known = surfaces.get(name);
  if (known?.host === host && known.root.isConnected && known.data.language === data.language) return known;
  known?.destroy();
  const made = new Surface(host, `cs-${name.replace(/[^\w-]/g, "-")}`, memoryOf(name), data.texts);
  surfaces.set(name, made);
  return made;
}

function memoryOf(name) {
  if (!memories.has(name)) {
    const place = `coding-surface.recent.${name}`;
    memories.set(name, {
      outbox: new Outbox(),
      places: new Map(),
      recent: read(place),
      focused: null,
      keepRecent() { write(place, this.recent); },
    });
  }
  return memories.get(name);
}

function read(place) {
  try {
    const kept = JSON.parse(localStorage.getItem(place));
    return Array.isArray(kept) ? kept : [];
  } catch {
    return []; // storage may be forbidden
  }
}

function write(place, value) {
  try {
    localStorage.setItem(place, JSON.stringify(value));
  } catch { /* storage may be forbidden or full: the codes are then remembered until the page is closed */ }
}

function forget(name, surface) {
  if (surfaces.get(name) !== surface) return;
  surface.destroy();
  surfaces.delete(name);
}
