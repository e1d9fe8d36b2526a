// Seeded damage to statements: tokens dropped, doubled, swapped, taken from elsewhere; characters changed.

/** Mulberry32: the same numbers for the same seed, from 0 to 1. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick<T>(next: () => number, values: readonly T[]): T {
  return values[Math.floor(next() * values.length)]!;
}

const piece = /'(?:[^']|'')*'|"[^"]*"|\$\d+|[A-Za-z_][\w$]*|\d+(?:\.\d+)?|\s+|[<>=!~|&@#%^+*/-]+|./gsu;

/** Its words, literals, operators and blanks. */
export function piecesOf(text: string): string[] {
  return text.match(piece) ?? [];
}

const strange = [
  "'",
  '"',
  '(',
  ')',
  '[',
  ']',
  ',',
  ';',
  '.',
  '::',
  '--',
  '/*',
  '*/',
  '$$',
  '$1',
  '\\',
  'é',
  '{',
  '}',
  ':',
  '->',
  '=',
  '==',
  '&&',
];

/** One to three changes. `donors` are statements to take pieces from. */
export function mutate(next: () => number, text: string, donors: readonly string[]): string {
  const pieces = piecesOf(text);
  const changes = 1 + Math.floor(next() * 3);
  for (let i = 0; i < changes; i++) {
    const at = Math.floor(next() * pieces.length);
    const kind = next();
    if (kind < 0.3) pieces.splice(at, 1);
    else if (kind < 0.45) pieces.splice(at, 0, pieces[at] ?? ' ');
    else if (kind < 0.6) {
      const other = Math.floor(next() * pieces.length);
      [pieces[at], pieces[other]] = [pieces[other] ?? '', pieces[at] ?? ''];
    } else if (kind < 0.85) pieces.splice(at, next() < 0.5 ? 1 : 0, ` ${pick(next, piecesOf(pick(next, donors)))} `);
    else if (kind < 0.95) pieces.splice(at, 0, pick(next, strange));
    else pieces.length = at;
  }
  return pieces.join('');
}
