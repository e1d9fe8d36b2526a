// What COPY brings → rows: batches of values by column. An error comes after the rows before it, with its line and column.
import {
  type ClientEncoding,
  castValue,
  type DateTimeStyle,
  DiagnosticError,
  fail,
  parseValue,
  type SqlType,
  types,
  type Value,
  withStyle,
} from '../../core/index.js';
import { decodeCell, decodeText, recodeCell, toUtf8 } from '../cells/index.js';
import type { CopyFormat } from './copy-options.js';
import { LineSplitter } from './line-splitter.js';
import { fieldSplitter } from './split-fields.js';

export interface CopyColumn {
  readonly name: string;
  readonly type: SqlType;
}

export interface CopiedRows {
  readonly count: number;
  /** By column. */
  readonly values: readonly (readonly Value[])[];
  /** Where row `i` came from, as PostgreSQL words it; its line's text comes with most errors. */
  place(i: number, withText: boolean): string;
}

/** Rows of a batch at most. */
const batchRows = 8192;
/** Characters of a line or a field that an error shows. */
const longestShown = 100;

const shown = (text: string) => (text.length <= longestShown ? text : `${text.slice(0, longestShown)}...`);

/** @throws DiagnosticError 22P04, 22P02 and what else a type's input says */
export async function* copiedRows(
  bytes: AsyncIterable<Uint8Array>,
  table: string,
  columns: readonly CopyColumn[],
  format: CopyFormat,
  style: DateTimeStyle,
): AsyncGenerator<CopiedRows> {
  const { encoding } = format;
  if (format.format === 'binary') yield* binaryRows(bytes, table, columns, encoding);
  else yield* textRows(encoding ? encoding.toUtf8(bytes) : bytes, table, columns, format, style);
}

async function* textRows(
  bytes: AsyncIterable<Uint8Array>,
  table: string,
  columns: readonly CopyColumn[],
  format: CopyFormat,
  style: DateTimeStyle,
): AsyncGenerator<CopiedRows> {
  const splitter = new LineSplitter(format);
  const fieldsOf = fieldSplitter(
    format,
    columns.map(({ name }) => name),
  );
  const parsers = columns.map(({ type }) => parserOf(type));
  let { header } = format;
  const lineAt = (number: number, text?: string) =>
    `COPY ${table}, line ${number}${text === undefined ? '' : `: "${shown(text)}"`}`;

  /** As many rows as are good, and what is wrong with the next. */
  const parse = (texts: readonly string[], numbers: readonly number[], from: number, to: number) =>
    withStyle(style, () => parseRows(texts, numbers, from, to));
  const parseRows = (texts: readonly string[], numbers: readonly number[], from: number, to: number) => {
    const values: Value[][] = columns.map(() => []);
    const { length } = columns;
    let row = from;
    try {
      for (; row < to; row++) {
        const text = texts[row]!;
        const fields = within(() => fieldsOf(text), lineAt(numbers[row]!, text));
        if (fields.length > length)
          throw fail('bad_copy_file_format', 'extra data after last expected column', {
            context: lineAt(numbers[row]!, text),
          });
        for (let c = 0; c < length; c++) {
          const field = fields[c];
          if (field === undefined)
            throw fail('bad_copy_file_format', `missing data for column "${columns[c]!.name}"`, {
              context: lineAt(numbers[row]!, text),
            });
          if (field === null) values[c]!.push(null);
          else
            try {
              values[c]!.push(parsers[c]!(field));
            } catch (error) {
              throw placed(error, `${lineAt(numbers[row]!)}, column ${columns[c]!.name}: "${shown(field)}"`);
            }
        }
      }
    } catch (error) {
      for (const column of values) column.length = row - from;
      return { rows: made(values, row - from), error };
    }
    return { rows: made(values, to - from), error: undefined };

    function made(values: readonly Value[][], count: number): CopiedRows {
      return {
        count,
        values,
        place: (i, withText) => lineAt(numbers[from + i]!, withText ? texts[from + i]! : undefined),
      };
    }
  };

  const pushed = (chunk: Uint8Array | undefined) =>
    within(
      () => (chunk ? splitter.push(chunk) : splitter.finish()),
      () => lineAt(splitter.number),
    );
  async function* chunks(): AsyncGenerator<Uint8Array | undefined> {
    yield* bytes;
    yield undefined;
  }
  for await (const chunk of chunks()) {
    const { texts, numbers } = pushed(chunk);
    let from = 0;
    if (header && texts.length > 0) {
      if (header === 'match')
        within(() => checkHeader(fieldsOf(texts[0]!), columns, format), lineAt(numbers[0]!, texts[0]!));
      header = false;
      from = 1;
    }
    for (; from < texts.length; from += batchRows) {
      const { rows, error } = parse(texts, numbers, from, Math.min(texts.length, from + batchRows));
      if (rows.count > 0) yield rows;
      if (error !== undefined) throw error;
    }
    within(
      () => splitter.check(),
      () => lineAt(splitter.number),
    );
  }
}

function checkHeader(
  fields: readonly (string | null)[],
  columns: readonly CopyColumn[],
  { nullText }: CopyFormat,
): void {
  if (fields.length !== columns.length)
    throw fail(
      'bad_copy_file_format',
      `wrong number of fields in header line: got ${fields.length}, expected ${columns.length}`,
    );
  for (const [i, { name }] of columns.entries()) {
    const field = fields[i];
    if (field === name) continue;
    const got = field === null ? `null value ("${nullText}")` : `"${field}"`;
    throw fail(
      'bad_copy_file_format',
      `column name mismatch in header line field ${i + 1}: got ${got}, expected "${name}"`,
    );
  }
}

/** A type's input function, with its length or scale. */
function parserOf(type: SqlType): (text: string) => Value {
  if (type.kind === 'varchar' || type.kind === 'char')
    return (text) => castValue(text, types.text, type, { explicit: false });
  if (type.kind === 'int4' || type.kind === 'int2') {
    const limit = type.kind === 'int4' ? 2 ** 31 : 2 ** 15;
    return (text) => {
      // What is plainly a number needs no bigint.
      const value = text.length < 11 ? Number(text) : Number.NaN;
      return Number.isInteger(value) && value >= -limit && value < limit && /^-?\d+$/.test(text)
        ? value + 0
        : parseValue(text, type);
    };
  }
  if (type.kind === 'date') return (text) => isoDays(text) ?? parseValue(text, type);
  if (type.kind === 'timestamp') return (text) => isoMicros(text) ?? parseValue(text, type);
  return (text) => parseValue(text, type);
}

const isoDate = /^(\d{4})-(\d\d)-(\d\d)$/;
const isoTime = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,6}))?$/;

/** Days since 1970 of what is plainly a date, whatever the DateStyle; others are read with more care. */
function isoDays(text: string): number | undefined {
  const match = isoDate.exec(text);
  if (!match) return undefined;
  const [, year, month, day] = match;
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const date = new Date(at);
  // JavaScript has years below 100 elsewhere, and lets the 31st of April be the 1st of May.
  const same = date.getUTCFullYear() === Number(year) && date.getUTCMonth() === Number(month) - 1;
  return same && Number(year) >= 100 && date.getUTCDate() === Number(day) ? at / 86_400_000 : undefined;
}

function isoMicros(text: string): bigint | undefined {
  const days = text[10] === ' ' || text[10] === 'T' ? isoDays(text.slice(0, 10)) : undefined;
  const match = days === undefined ? null : isoTime.exec(text.slice(11));
  if (!match) return undefined;
  const [, hour, minute, second, fraction = ''] = match;
  const seconds = days! * 86_400 + Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');

async function* binaryRows(
  bytes: AsyncIterable<Uint8Array>,
  table: string,
  columns: readonly CopyColumn[],
  encoding: ClientEncoding | undefined,
): AsyncGenerator<CopiedRows> {
  const input = new ByteReader(bytes);
  const bad = (message: string, context?: string) => fail('bad_copy_file_format', message, { context });
  const head = await input.take(signature.length);
  if (!head?.equals(signature)) throw bad('COPY file signature not recognized');
  const flags = (await input.take(4))?.readUInt32BE();
  if (flags === undefined) throw bad('invalid COPY file header (missing flags)');
  if (flags & 0x10000) throw bad('invalid COPY file header (WITH OIDS)');
  if (flags >>> 17) throw bad('unrecognized critical flags in COPY file header');
  const extension = (await input.take(4))?.readInt32BE();
  if (extension === undefined || extension < 0) throw bad('invalid COPY file header (missing length)');
  if (!(await input.take(extension))) throw bad('invalid COPY file header (wrong length)');
  const recode = encoding && toUtf8(encoding);
  let values: Value[][] = columns.map(() => []);
  let first = 1;
  let line = 0;
  const place = (start: number) => (i: number) => `COPY ${table}, line ${start + i}`;
  let failed: unknown;
  try {
    for (;;) {
      line++;
      const context = place(line)(0);
      const count = (await input.take(2))?.readInt16BE();
      // A stream may simply end: PostgreSQL takes that for the end too.
      if (count === undefined) break;
      if (count === -1) {
        if (await input.take(1)) throw bad('received copy data after EOF marker', context);
        break;
      }
      if (count !== columns.length) throw bad(`row field count is ${count}, expected ${columns.length}`, context);
      const row: Value[] = [];
      for (const { name, type } of columns) {
        const at = `${context}, column ${name}`;
        const size = (await input.take(4))?.readInt32BE();
        if (size === undefined) throw bad('unexpected EOF in COPY data', at);
        if (size === -1) {
          row.push(null);
          continue;
        }
        if (size < 0) throw bad('invalid field size', at);
        const cell = await input.take(size);
        if (!cell) throw bad('unexpected EOF in COPY data', at);
        row.push(within(() => binaryValue(recode ? recodeCell(cell, 'binary', type, recode) : cell, type), at));
      }
      for (const [c, value] of row.entries()) values[c]!.push(value);
      if (line - first + 1 < batchRows) continue;
      yield { count: line - first + 1, values, place: place(first) };
      first = line + 1;
      values = columns.map(() => []);
    }
  } catch (error) {
    failed = error;
  }
  const count = values[0]!.length;
  if (count > 0 && values.every(({ length }) => length === count)) yield { count, values, place: place(first) };
  if (failed !== undefined) throw failed;
}

function binaryValue(cell: Buffer, type: SqlType): Value {
  const limited = (type.kind === 'varchar' || type.kind === 'char') && type.length !== undefined;
  if (limited) return castValue(decodeText(cell), types.text, type, { explicit: false });
  const value = decodeCell(cell, 'binary', type);
  return type.kind === 'numeric' && type.precision !== undefined ? castValue(value, types.numeric, type) : value;
}

/** Bytes as they are asked for, whatever chunks they come in. */
class ByteReader {
  readonly #input: AsyncIterator<Uint8Array>;
  #chunk = Buffer.alloc(0);
  #at = 0;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#input = bytes[Symbol.asyncIterator]();
  }

  /** `undefined` where there are not so many left. */
  async take(count: number): Promise<Buffer | undefined> {
    if (this.#chunk.length - this.#at < count && !(await this.#fill(count))) return undefined;
    this.#at += count;
    return this.#chunk.subarray(this.#at - count, this.#at);
  }

  async #fill(count: number): Promise<boolean> {
    const parts: Uint8Array[] = [this.#chunk.subarray(this.#at)];
    let length = parts[0]!.length;
    while (length < count) {
      const next = await this.#input.next();
      if (next.done) break;
      parts.push(next.value);
      length += next.value.length;
    }
    this.#chunk = Buffer.concat(parts, length);
    this.#at = 0;
    return length >= count;
  }
}

function within<T>(work: () => T, context: string | (() => string)): T {
  try {
    return work();
  } catch (error) {
    throw placed(error, typeof context === 'string' ? context : context());
  }
}

/** The error with what was being copied. */
export function placed(error: unknown, context: string): unknown {
  if (!(error instanceof DiagnosticError) || error.diagnostic.context !== undefined) return error;
  return new DiagnosticError({ ...error.diagnostic, context }, { cause: error });
}
