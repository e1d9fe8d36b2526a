// Messages that are the same each time a statement runs: they are made once.
import { type ClientEncoding, describeType } from '../../core/index.js';
import { type QueryResult, type ResultColumn, RowEncoder } from '../../session/index.js';
import { type FieldDescription, type Format, MessageWriter } from '../codec/index.js';

function fieldsOf(columns: readonly ResultColumn[], formats: readonly Format[]): FieldDescription[] {
  return columns.map(({ label, type, origin }, i) => {
    const { oid, size, modifier } = describeType(type);
    return { name: label, ...origin, type: oid, size, modifier, format: formats[i]! };
  });
}

/** Messages that are the same each time, of columns and of rows that are held. */
const known = new WeakMap<object, Map<string, Buffer>>();
const longestKnown = 8192;
/** More rows are sent in portions, as the client takes them. */
const mostHeldRows = 1000;

function remembered(of: object, formats: readonly Format[], make: () => Buffer): Buffer {
  const byFormats = known.get(of) ?? new Map<string, Buffer>();
  known.set(of, byFormats);
  const key = formats.join();
  const found = byFormats.get(key);
  if (found) return found;
  const made = make();
  if (made.length <= longestKnown && byFormats.size < 8) byFormats.set(key, made);
  return made;
}

/** A RowDescription message. */
export function rowDescription(
  columns: readonly ResultColumn[],
  formats: readonly Format[],
  encoding: ClientEncoding | undefined,
): Buffer {
  const make = () => {
    const writer = new MessageWriter();
    writer.encodingOf = () => encoding;
    writer.rowDescription(fieldsOf(columns, formats));
    return Buffer.from(writer.take());
  };
  return encoding ? make() : remembered(columns, formats, make);
}

/** DataRow messages of all rows; `undefined` where they are not held, are more than `most`, or may fail to be encoded. */
export function heldRows(
  rows: QueryResult,
  formats: readonly Format[],
  most: number,
  encoding: ClientEncoding | undefined,
) {
  const { held } = rows;
  if (!held || encoding) return undefined;
  const count = held.reduce((sum, batch) => sum + batch.numRows, 0);
  if (count > mostHeldRows || count >= most) return undefined;
  const bytes = remembered(held, formats, () => {
    const encoder = new RowEncoder(rows.columns, formats, rows.style);
    return Buffer.concat(held.flatMap((batch) => [...encoder.encode(batch)]));
  });
  return { bytes, count };
}
