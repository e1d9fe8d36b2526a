// Cells and rows whose texts are put into another encoding; what is no text stays as it is.
import { isAscii } from 'node:buffer';
import { baseOf, type ClientEncoding, isArray, type SqlType, sqlTypeOfOid } from '../../core/index.js';
import type { CellFormat } from './cell-source.js';
import { decodeText } from './decode-text.js';

export type Recode = (bytes: Buffer) => Buffer;

/** Bytes of UTF-8 → of the encoding. */
export const fromUtf8 = (encoding: ClientEncoding) => (bytes: Buffer) =>
  isAscii(bytes) ? bytes : Buffer.from(encoding.encode(decodeText(bytes)));
/** Bytes of the encoding → of UTF-8. */
export const toUtf8 = (encoding: ClientEncoding) => (bytes: Buffer) =>
  isAscii(bytes) ? bytes : Buffer.from(encoding.decode(bytes));

const texts: ReadonlySet<SqlType['kind']> = new Set(['text', 'varchar', 'char', 'unknown', 'json']);
const behindVersion: ReadonlySet<SqlType['kind']> = new Set(['jsonb', 'jsonpath']);

/** @throws what `recode` throws */
export function recodeCell(bytes: Buffer, format: CellFormat, type: SqlType, recode: Recode): Buffer {
  if (isAscii(bytes)) return bytes;
  if (format === 'text') return recode(bytes);
  if (texts.has(type.kind)) return recode(bytes);
  if (behindVersion.has(type.kind)) return Buffer.concat([bytes.subarray(0, 1), recode(bytes.subarray(1))]);
  if (isArray(type)) {
    // Dimensions, flags and the elements' type; length and lower bound of each dimension; the elements.
    if (bytes.length < 12) return bytes;
    const at = 12 + 8 * Math.min(6, Math.max(0, bytes.readInt32BE(0)));
    return recodeFields(bytes, at, () => baseOf(type), recode);
  }
  if (type.kind === 'struct') {
    // How many fields; of each its type's number before its length.
    return recodeFields(bytes, 4, (oid) => (oid === undefined ? undefined : sqlTypeOfOid(oid)), recode, true);
  }
  return bytes;
}

/** Values behind their lengths. What does not fit is left to whoever reads it. */
function recodeFields(
  bytes: Buffer,
  from: number,
  typeOf: (oid: number | undefined) => SqlType | undefined,
  recode: Recode,
  typed = false,
): Buffer {
  const parts = [bytes.subarray(0, from)];
  const head = typed ? 8 : 4;
  for (let at = from; at < bytes.length; ) {
    if (at + head > bytes.length) return bytes;
    const length = bytes.readInt32BE(at + head - 4);
    const end = at + head + Math.max(0, length);
    if (end > bytes.length) return bytes;
    const type = typeOf(typed ? bytes.readInt32BE(at) : undefined);
    const value = bytes.subarray(at + head, end);
    const recoded = type && length > 0 ? recodeCell(value, 'binary', type, recode) : value;
    const lengths = Buffer.from(bytes.subarray(at, at + head));
    if (length >= 0) lengths.writeInt32BE(recoded.length, head - 4);
    parts.push(lengths, recoded);
    at = end;
  }
  return Buffer.concat(parts);
}

export interface Tuples {
  readonly types: readonly SqlType[];
  /** One per column. */
  readonly formats: readonly CellFormat[];
  /** Each is a message with its letter and its length. */
  readonly framed: boolean;
}

/** Rows of a count of fields and the fields behind their lengths: DataRow messages, COPY's binary rows. */
export function recodeTuples(chunk: Buffer, { types, formats, framed }: Tuples, recode: Recode): Buffer {
  const head = framed ? 5 : 0;
  const parts: Buffer[] = [];
  for (let at = 0; at < chunk.length; ) {
    const start = at;
    at += head;
    const count = chunk.readInt16BE(at);
    at += 2;
    const cells: Buffer[] = [];
    for (let i = 0; i < count; i++) {
      const length = chunk.readInt32BE(at);
      const end = at + 4 + Math.max(0, length);
      const cell = recodeCell(chunk.subarray(at + 4, end), formats[i]!, types[i]!, recode);
      const lengths = Buffer.allocUnsafe(4);
      lengths.writeInt32BE(length < 0 ? -1 : cell.length);
      cells.push(lengths, cell);
      at = end;
    }
    const row = Buffer.concat([chunk.subarray(start, start + head + 2), ...cells]);
    if (framed) row.writeInt32BE(row.length - 1, 1);
    parts.push(row);
  }
  return Buffer.concat(parts);
}

/** CopyData messages that hold text. */
export function recodeMessages(chunk: Buffer, recode: Recode): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < chunk.length; ) {
    const end = at + 1 + chunk.readInt32BE(at + 1);
    const body = recode(chunk.subarray(at + 5, end));
    const head = Buffer.from(chunk.subarray(at, at + 5));
    head.writeInt32BE(body.length + 4, 1);
    parts.push(head, body);
    at = end;
  }
  return Buffer.concat(parts);
}
