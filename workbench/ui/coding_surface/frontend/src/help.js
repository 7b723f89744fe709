// The keys of the surface, on demand.
import { element, iconButton } from "./dom.js";

const KEYS = [
  ["move", "← ↑ ↓ →"], ["extend", "⇧ ← ↑ ↓ →"], ["by_word", "Ctrl ← →"], ["take", "W  S  T"],
  ["choose", "Enter  C"], ["recent", "1–9"], ["several", "Tab"], ["next", "N  P"], ["delete", "Delete"],
  ["undo", "Ctrl Z"], ["redo", "Ctrl Y"], ["find", "Ctrl F"], ["close", "Esc"],
];

export function helpDialog(texts, close) {
  const rows = KEYS.flatMap(([name, keys]) => [
    element("dt", {}, ...keys.split("  ").map((key) => element("kbd", {}, key))),
    element("dd", {}, texts(`key.${name}`)),
  ]);
  const root = element("div", {
    class: "cs-help", role: "dialog", tabindex: -1, "aria-label": texts("keys"),
    onkeydown: (event) => event.key === "Escape" && close(),
  }, element("header", {}, element("strong", {}, texts("keys")), iconButton("close", texts("close"), close)),
  element("dl", {}, ...rows));
  return { root };
}
