// What a home answers to a fragment, as bytes: columns in Arrow's layout, an error, or that it cannot run such a fragment.
// Laid out in docs/architecture/fragment.md; read from storage daemons, so decoding trusts nothing.
import { type Condition, type DiagnosticError, fail, sqlStates } from '../diagnostic.js';
import type { SqlType } from '../sql-type.js';
import { ByteReader, ByteWriter } from './bytes.js';
import { type BufferRole, bufferRoles } from './column-layout.js';
import { isColumnType } from './opcodes.js';
import { readType, writeType } from './type-code.js';

/** `SKYR`, little-endian. */
export const resultMagic = 0x52594b53;
export const resultVersion = 1;

export interface ResultColumn {
  readonly type: SqlType;
  /** In the order of {@link bufferRoles}; validity has length 0 where nothing is NULL. */
  readonly buffers: readonly Uint8Array[];
}

export interface ResultRows {
  readonly kind: 'rows';
  /** Rows, or groups. */
  readonly rows: number;
  /** Rows of the partition that were looked at. */
  readonly rowsIn: number;
  readonly bytesRead: number;
  /** Rows: the registers. Top-N: the registers, then the keys. Aggregate: the groups, then the states. */
  readonly columns: readonly ResultColumn[];
}
export type EncodedResult =
  | ResultRows
  /** The fragment ran and raised it: the statement fails, wherever it would have run. */
  | {
      readonly kind: 'error';
      /** SQLSTATE. */
      readonly code: string;
      readonly message: string;
      readonly hint?: string;
      readonly detail?: string;
    }
  /** Another home must run the fragment: a version or operation this one does not have. */
  | { readonly kind: 'cannot'; readonly reason: string };

const kinds = ['rows', 'error', 'cannot'] as const;
/** Of bytes that decode, without decoding them. */
export function resultKind(bytes: Uint8Array): EncodedResult['kind'] | undefined {
  return kinds[(bytes[6] ?? 255) | ((bytes[7] ?? 255) << 8)];
}

const alignment = 8;
const maxRows = 0x7fffffff;

export function encodeResult(result: EncodedResult): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  out.u32(resultMagic);
  out.u16(resultVersion);
  out.u16(kinds.indexOf(result.kind));
  switch (result.kind) {
    case 'rows':
      break;
    case 'error':
      out.text(result.code);
      out.text(result.message);
      out.text(result.hint ?? '');
      out.text(result.detail ?? '');
      break;
    case 'cannot':
      out.text(result.reason);
      break;
  }
  return result.kind === 'rows' ? encodeRows(out, result) : out.finish();
}

function encodeRows(out: ByteWriter, { rows, rowsIn, bytesRead, columns }: ResultRows): Uint8Array<ArrayBuffer> {
  out.size(rows);
  out.size(rowsIn);
  out.size(bytesRead);
  out.u32(columns.length);
  for (const { type, buffers } of columns) {
    writeType(out, type);
    out.u16(buffers.length);
    for (const { length } of buffers) out.size(length);
  }
  const head = out.finish();
  const aligned = (at: number): number => Math.ceil(at / alignment) * alignment;
  const all = columns.flatMap(({ buffers }) => buffers);
  const bytes = new Uint8Array(all.reduce((at, buffer) => aligned(at) + buffer.length, head.length));
  bytes.set(head);
  let at = head.length;
  for (const buffer of all) {
    at = aligned(at);
    bytes.set(buffer, at);
    at += buffer.length;
  }
  return bytes;
}

/**
 * The columns' buffers are views of `bytes`, 8-byte aligned where `bytes` is.
 * @throws DiagnosticError data_corrupted with the place, on anything that is not a valid result of this version
 */
export function decodeResult(bytes: Uint8Array): EncodedResult {
  const input = new ByteReader(bytes, 'fragment result');
  if (input.u32() !== resultMagic) throw input.malformed('no result');
  const version = input.u16();
  if (version !== resultVersion) throw input.malformed(`unknown version ${version}`);
  const kind = kinds[input.u16()];
  if (kind === undefined) throw input.malformed('unknown kind');
  switch (kind) {
    case 'error': {
      const code = input.text();
      if (!/^[0-9A-Z]{5}$/.test(code)) throw input.malformed('no SQLSTATE');
      const message = input.text();
      const hint = input.text();
      const detail = input.text();
      input.end();
      return { kind, code, message, ...(hint !== '' && { hint }), ...(detail !== '' && { detail }) };
    }
    case 'cannot': {
      const reason = input.text();
      input.end();
      return { kind, reason };
    }
    case 'rows':
      return readRows(input);
  }
}

function readRows(input: ByteReader): ResultRows {
  const rows = input.size();
  if (rows > maxRows) throw input.malformed('too many rows');
  const rowsIn = input.size();
  const bytesRead = input.size();
  const shapes: { type: SqlType; lengths: number[] }[] = [];
  for (let left = input.count(3, 32); left > 0; left--) {
    const type = readType(input);
    if (!isColumnType(type)) throw input.malformed('column type has no fragment form');
    const roles = bufferRoles(type);
    if (input.u16() !== roles.length) throw input.malformed('wrong number of buffers');
    const lengths: number[] = [];
    for (let i = 0; i < roles.length; i++) {
      const length = input.size();
      if (length > input.remaining) throw input.malformed('buffer beyond the end');
      lengths.push(length);
    }
    shapes.push({ type, lengths });
  }
  const columns = shapes.map(({ type, lengths }): ResultColumn => {
    const buffers = lengths.map((length) => {
      input.align(alignment);
      return input.raw(length);
    });
    const used = new ShapeCheck(input, buffers);
    used.column(type, rows);
    return { type, buffers };
  });
  input.end();
  return { kind: 'rows', rows, rowsIn, bytesRead, columns };
}

/** Every buffer as long as the values need, every offset inside what it points to. */
class ShapeCheck {
  private at = 0;

  constructor(
    private readonly input: ByteReader,
    private readonly buffers: readonly Uint8Array[],
  ) {}

  private take(role: BufferRole, count: number): Uint8Array {
    const bytes = this.buffers[this.at++]!;
    const needed =
      role === 'bits' || role === 'validity'
        ? (count + 7) >>> 3
        : role === 'offsets'
          ? 4 * (count + 1)
          : role === 'bytes'
            ? count
            : count * role;
    if (!(role === 'validity' && bytes.length === 0) && bytes.length !== needed)
      throw this.input.malformed('buffer of another length than its values need');
    return bytes;
  }

  column(type: SqlType, count: number): void {
    const [, ...roles] = bufferRoles(type);
    this.take('validity', count);
    if (type.kind === 'struct') {
      for (const field of type.fields) this.column(field.type, count);
      return;
    }
    if (roles[0] !== 'offsets') {
      this.take(roles[0]!, count);
      return;
    }
    const end = this.lastOffset(this.take('offsets', count), count);
    if (type.kind === 'list') this.column(type.element, end);
    else this.take('bytes', end);
  }

  /** Offsets start at 0 and never fall. */
  private lastOffset(bytes: Uint8Array, count: number): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let last = view.getInt32(0, true);
    if (last !== 0) throw this.input.malformed('offsets do not start at 0');
    for (let i = 1; i <= count; i++) {
      const next = view.getInt32(4 * i, true);
      if (next < last) throw this.input.malformed('offsets fall');
      last = next;
    }
    return last;
  }
}

const conditions = new Map(
  Object.entries(sqlStates).map(([condition, code]) => [code as string, condition as Condition]),
);

/** The SQL error that a result of kind `error` stands for. */
export function resultError({
  code,
  message,
  hint,
  detail,
}: Extract<EncodedResult, { kind: 'error' }>): DiagnosticError {
  return fail(conditions.get(code) ?? 'internal_error', message, { hint, detail });
}

export function errorResult({ code, diagnostic: { message, hint, detail } }: DiagnosticError): EncodedResult {
  return { kind: 'error', code, message, ...(hint !== undefined && { hint }), ...(detail !== undefined && { detail }) };
}
