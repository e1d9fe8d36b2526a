// The first step of reading dates, times and intervals: the text's fields, as PostgreSQL tells them apart.

export type FieldKind = 'number' | 'text' | 'time' | 'date' | 'signed' | 'special';

export interface Field {
  readonly kind: FieldKind;
  /** In lower case, but for names of time zones. */
  readonly text: string;
}

const most = 25;

/** `undefined` where the text has characters or forms that no date has. @param isKeyword words after which digits do not make a date */
export function splitFields(text: string, isKeyword: (word: string) => boolean): Field[] | undefined {
  const fields: Field[] = [];
  let at = 0;
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  };
  while (at < text.length) {
    if (take(/\s+/y)) continue;
    if (fields.length >= most) return undefined;
    const c = text[at]!;
    if (/\d/.test(c)) {
      const digits = take(/\d+/y);
      const next = text[at];
      if (next === ':') fields.push({ kind: 'time', text: digits + take(/:[\d:.]*/y) });
      else if (next === '-' || next === '/' || next === '.') {
        at++;
        const same = next === '.' ? '\\.' : next;
        if (/\d/.test(text[at] ?? '')) {
          const second = take(/\d+/y);
          const third = text[at] === next ? take(new RegExp(`${same}[\\d${same}]*`, 'y')) : '';
          const kind = next === '.' && third === '' ? 'number' : 'date';
          fields.push({ kind, text: digits + next + second + third });
        } else
          fields.push({
            kind: 'date',
            text: (digits + next + take(new RegExp(`[A-Za-z0-9${same}]*`, 'y'))).toLowerCase(),
          });
      } else fields.push({ kind: 'number', text: digits });
    } else if (c === '.') {
      at++;
      fields.push({ kind: 'number', text: `.${take(/\d*/y)}` });
    } else if (/[A-Za-z\u0080-\uffff]/.test(c)) {
      const word = take(/[A-Za-z\u0080-\uffff]+/y);
      const next = text[at] ?? '';
      const joined = /[-/.]/.test(next) || (/[+\d]/.test(next) && !isKeyword(word.toLowerCase()));
      if (joined) fields.push({ kind: 'date', text: word + take(/[-+/_.:A-Za-z0-9]+/y) });
      else fields.push({ kind: 'text', text: word });
    } else if (c === '+' || c === '-') {
      at++;
      take(/\s+/y);
      if (/\d/.test(text[at] ?? '')) fields.push({ kind: 'signed', text: c + take(/\d[\d:.-]*/y) });
      else if (/[A-Za-z]/.test(text[at] ?? ''))
        fields.push({ kind: 'special', text: c + take(/[A-Za-z]+/y).toLowerCase() });
      else return undefined;
    } else if (/[!-/:-@[-`{-~]/.test(c)) at++;
    else return undefined;
  }
  return fields;
}
