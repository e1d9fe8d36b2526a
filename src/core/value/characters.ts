// Characters of a text are code points, as PostgreSQL counts them. Most texts have one to each UTF-16 unit, and need no array of them.
import { fail } from '../diagnostic.js';

/** Bytes (and so units) of the longest text: PostgreSQL's is 1 GB, JavaScript's half of that, and a few have to fit into memory at once. */
export const longestText = 0x0fffffff;

/** @throws DiagnosticError program_limit_exceeded */
export function checkTextLength(length: number): void {
  if (length > longestText) throw fail('program_limit_exceeded', 'requested length too large');
}

const hasPairs = (s: string): boolean => /[\ud800-\udbff]/.test(s);
const isHigh = (unit: number): boolean => (unit & 0xfc00) === 0xd800;
const isLow = (unit: number): boolean => (unit & 0xfc00) === 0xdc00;
const isPair = (s: string, at: number): boolean => isHigh(s.charCodeAt(at)) && isLow(s.charCodeAt(at + 1));

export function countCharacters(s: string): number {
  if (!hasPairs(s)) return s.length;
  let count = 0;
  for (let at = 0; at < s.length; at += isPair(s, at) ? 2 : 1) count++;
  return count;
}

/** Characters from one position to before another, counted from 0; negative ones count from the end. */
export function sliceCharacters(s: string, from: number, to = Infinity): string {
  if (!hasPairs(s)) return s.slice(from, to);
  const count = from < 0 || to < 0 ? countCharacters(s) : 0;
  const begin = from < 0 ? Math.max(0, count + from) : from;
  const end = to < 0 ? count + to : to;
  let at = 0;
  let start = begin === 0 ? 0 : s.length;
  for (let i = 0; i < end && at < s.length; ) {
    at += isPair(s, at) ? 2 : 1;
    if (++i === begin) start = at;
  }
  return s.slice(start, Math.max(start, at));
}

/** Of that many characters exactly: `filler` as often as it takes, and a part of it. */
export function fillCharacters(filler: string, count: number): string {
  const each = countCharacters(filler);
  return filler.repeat(Math.floor(count / each)) + sliceCharacters(filler, 0, count % each);
}

/** Longer texts are changed as arrays of units: a string made of single characters takes many times its memory. */
const short = 256;

/** Each unit replaced by another, by `change`; where it is negative, left out. */
function mapUnits(s: string, change: (unit: number) => number): string {
  if (s.length <= short) {
    let out = '';
    for (let i = 0; i < s.length; i++) {
      const to = change(s.charCodeAt(i));
      if (to >= 0) out += String.fromCharCode(to);
    }
    return out;
  }
  const units = unitsOf(s);
  let n = 0;
  for (const unit of units) {
    const to = change(unit);
    if (to >= 0) units[n++] = to;
  }
  return textOf(units.subarray(0, n));
}

function unitsOf(s: string): Uint16Array {
  // Little-endian like every machine that runs this.
  const units = new Uint16Array(s.length);
  Buffer.from(units.buffer).write(s, 'utf16le');
  return units;
}

const textOf = (units: Uint16Array): string =>
  Buffer.from(units.buffer, units.byteOffset, units.byteLength).toString('utf16le');

export function reverseCharacters(s: string): string {
  const units = unitsOf(s).reverse();
  if (hasPairs(s))
    for (let i = 1; i < units.length; i++) {
      const [low, high] = [units[i - 1]!, units[i]!];
      if (!isLow(low) || !isHigh(high)) continue;
      units[i - 1] = high;
      units[i++] = low;
    }
  return textOf(units);
}

/** Each character of `from` replaced by its fellow in `to`, or left out where there is none; the first of equal ones counts. */
export function translateCharacters(s: string, from: string, to: string): string {
  const replacements = new Map<string, string>();
  const fellows = [...to];
  for (const [i, c] of [...from].entries()) if (!replacements.has(c)) replacements.set(c, fellows[i] ?? '');
  if (!hasPairs(s) && !hasPairs(to)) {
    const table = new Map([...replacements].map(([c, by]) => [c.charCodeAt(0), by === '' ? -1 : by.charCodeAt(0)]));
    if (!hasPairs(from)) return mapUnits(s, (unit) => table.get(unit) ?? unit);
  }
  let out = '';
  for (const c of s) out += replacements.get(c) ?? c;
  return out;
}

/** Every character through `change`, which keeps the number of units. */
export function mapCharacters(s: string, change: (character: string) => string): string {
  if (hasPairs(s)) {
    let out = '';
    for (const c of s) out += change(c);
    return out;
  }
  const known = new Map<number, number>();
  return mapUnits(s, (unit) => {
    let to = known.get(unit);
    if (to === undefined) {
      to = change(String.fromCharCode(unit)).charCodeAt(0);
      known.set(unit, to);
    }
    return to;
  });
}
