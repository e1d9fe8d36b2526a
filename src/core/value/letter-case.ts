// Letters in the other case, one for one as C libraries turn them: ß stays.
import { mapCharacters } from './characters.js';

const one = (c: string, other: string): string => (other.length === c.length ? other : c);

const isAscii = (s: string): boolean => !/[^\0-\x7f]/.test(s);

export const upperCase = (s: string): string =>
  isAscii(s) ? s.toUpperCase() : mapCharacters(s, (c) => one(c, c.toUpperCase()));
export const lowerCase = (s: string): string =>
  isAscii(s) ? s.toLowerCase() : mapCharacters(s, (c) => one(c, c.toLowerCase()));
