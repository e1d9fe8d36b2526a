// A line of COPY's text or CSV → its fields; `null` is NULL.
import { fail } from '../../core/index.js';
import { decodeText } from '../cells/index.js';
import type { CopyFormat } from './copy-options.js';

export type SplitFields = (line: string) => (string | null)[];

export function fieldSplitter(format: CopyFormat, columns: readonly string[]): SplitFields {
  if (format.format === 'text') return (line) => textFields(line, format);
  const notNull = columns.map((name) => format.forceNotNull.includes(name));
  const forcedNull = columns.map((name) => format.forceNull.includes(name));
  const forces = notNull.includes(true) || forcedNull.includes(true);
  if (!forces) return (line) => csvFields(line, format);
  return (line) =>
    csvFields(line, format).map((field, i) => {
      if (field === null && notNull[i]) return format.nullText;
      return field === format.nullText && forcedNull[i] ? null : field;
    });
}

const backslashed: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function textFields(line: string, { delimiter, nullText }: CopyFormat): (string | null)[] {
  if (!line.includes('\\')) {
    const fields: (string | null)[] = line.split(delimiter);
    for (let i = 0; i < fields.length; i++) if (fields[i] === nullText) fields[i] = null;
    return fields;
  }
  const fields: (string | null)[] = [];
  let start = 0;
  for (let at = 0; at <= line.length; at++) {
    if (line[at] === '\\') {
      at++;
      if (at < line.length) continue;
    } else if (at < line.length && line[at] !== delimiter) continue;
    const raw = line.slice(start, at);
    fields.push(raw === nullText ? null : raw.includes('\\') ? unescaped(raw) : raw);
    start = at + 1;
  }
  return fields;
}

/** Octal and hexadecimal escapes are bytes: the field must be UTF-8 with them. */
function unescaped(raw: string): string {
  let isBytes = false;
  const text = raw.replaceAll(/\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|([\s\S]|$))/g, (_, octal, hex, plain) => {
    if (plain !== undefined) return backslashed[plain] ?? plain;
    const byte = (octal === undefined ? Number.parseInt(hex, 16) : Number.parseInt(octal, 8)) & 0xff;
    if (byte > 0 && byte < 0x80) return String.fromCharCode(byte);
    isBytes = true;
    return byte === 0 ? '\0' : String.fromCharCode(0xdc00 + byte);
  });
  if (text.includes('\0')) throw fail('character_not_in_repertoire', 'invalid byte sequence for encoding "UTF8": 0x00');
  if (!isBytes) return text;
  // Lone surrogates stand for the bytes meanwhile: UTF-8 has none.
  const parts = text.split(/((?<![\ud800-\udbff])[\udc80-\udcff])/);
  return decodeText(
    Buffer.concat(parts.map((part, i) => (i % 2 === 1 ? Buffer.of(part.charCodeAt(0) & 0xff) : Buffer.from(part)))),
  );
}

function csvFields(line: string, format: CopyFormat): (string | null)[] {
  const { delimiter, nullText, quote, escape: mark } = format;
  const fields: (string | null)[] = [];
  if (!line.includes(quote)) {
    for (const field of line.split(delimiter)) fields.push(field === nullText ? null : field);
    return fields;
  }
  let at = 0;
  for (;;) {
    let text = '';
    let wasQuoted = false;
    while (at < line.length && line[at] !== delimiter) {
      if (line[at] !== quote) {
        let end = at + 1;
        while (end < line.length && line[end] !== delimiter && line[end] !== quote) end++;
        text += line.slice(at, end);
        at = end;
        continue;
      }
      wasQuoted = true;
      at++;
      for (;;) {
        let end = at;
        while (end < line.length && line[end] !== quote && line[end] !== mark) end++;
        text += line.slice(at, end);
        at = end;
        if (at >= line.length) throw fail('bad_copy_file_format', 'unterminated CSV quoted field');
        const next = line[at + 1];
        if (line[at] === mark && (next === mark || next === quote)) {
          text += next;
          at += 2;
        } else if (line[at] === quote) {
          at++;
          break;
        } else text += line[at++];
      }
    }
    fields.push(!wasQuoted && text === nullText ? null : text);
    if (at >= line.length) return fields;
    at++;
  }
}
