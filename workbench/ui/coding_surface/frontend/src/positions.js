// Positions in one immutable text: UTF-16 code units (the browser's) and Unicode code points (the store's).

export class Positions {
  constructor(text) {
    this.length = text.length;
    this.pairs = []; // index of every high surrogate that a low one follows
    for (let i = 0; i < text.length - 1; i++) {
      if (isHigh(text.charCodeAt(i)) && isLow(text.charCodeAt(i + 1))) this.pairs.push(i++);
    }
    this.pairPoints = this.pairs.map((unit, before) => unit - before);
  }

  // Inside a pair the position goes down to the start of the character, or up to its end.
  toPoint(unit, up = false) {
    const before = countBelow(this.pairs, unit);
    const inside = up && before > 0 && this.pairs[before - 1] === unit - 1;
    return unit - before + (inside ? 1 : 0);
  }

  toUnit(point) {
    return point + countBelow(this.pairPoints, point);
  }

  // The nearest position that does not split a character.
  whole(unit, up = false) {
    return this.toUnit(this.toPoint(unit, up));
  }
}

const isHigh = (code) => code >= 0xd800 && code <= 0xdbff;
const isLow = (code) => code >= 0xdc00 && code <= 0xdfff;

// How many of the ascending numbers are smaller than the limit.
export function countBelow(numbers, limit) {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

// The last place whose number is not larger than the value; the first place if none is.
export function placeOf(numbers, value) {
  return Math.max(0, countBelow(numbers, value + 1) - 1);
}
