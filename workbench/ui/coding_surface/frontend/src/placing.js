// Where a popup stands: under the passage, above it if there is no room, never outside what is seen.

const GAP = 8;

export function placeIn(scroller, reader, popup, [start, end]) {
  const first = reader.box(start);
  const last = reader.box(end, true);
  const seenTop = scroller.scrollTop + GAP;
  const seenBottom = scroller.scrollTop + scroller.clientHeight - GAP;
  const height = popup.offsetHeight;
  const below = last.bottom + GAP;
  const above = first.top - height - GAP;
  const clamped = Math.max(seenTop, Math.min(below, seenBottom - height));
  const fitsBelow = below + height <= seenBottom && below >= seenTop;
  const top = fitsBelow ? below : above >= seenTop && above + height <= seenBottom ? above : clamped;
  const widest = scroller.clientWidth - popup.offsetWidth - GAP;
  popup.style.top = `${top}px`;
  popup.style.left = `${Math.max(GAP, Math.min(last.left - 60, widest))}px`;
}
