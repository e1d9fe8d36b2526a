// Letters in the other case, one for one as C libraries turn them: ß stays.

const one = (c: string, other: string): string => (other.length === c.length ? other : c);

export const upperCase = (s: string): string => Array.from(s, (c) => one(c, c.toUpperCase())).join('');
export const lowerCase = (s: string): string => Array.from(s, (c) => one(c, c.toLowerCase())).join('');
