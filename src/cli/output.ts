// Results as people and programs want them: a table, CSV, JSON lines' array, or an Arrow stream.
import { RecordBatchStreamWriter } from 'apache-arrow';
import { fail, printValue, type SqlType, type Value } from '../core/index.js';
import { type QueryResult, rowsOf } from '../session/index.js';

export const formats = ['table', 'csv', 'json', 'arrow'] as const;
export type Format = (typeof formats)[number];

export interface Output {
  write(chunk: string | Uint8Array): Promise<void>;
  /** Columns of a terminal; undefined where output goes elsewhere. */
  readonly width: number | undefined;
}

export async function writeResult(result: QueryResult, format: Format, out: Output): Promise<void> {
  switch (format) {
    case 'table':
      return writeTable(result, out);
    case 'csv':
      return writeCsv(result, out);
    case 'json':
      return writeJson(result, out);
    case 'arrow':
      return writeArrow(result, out);
  }
}

const widestCell = 60;
/** Rows measured before the first is printed: a table of any length prints in bounded memory. */
const measuredRows = 1000;

const rightAligned = new Set<SqlType['kind']>([
  'int1',
  'int2',
  'int4',
  'int8',
  'uint1',
  'uint2',
  'uint4',
  'uint8',
  'float4',
  'float8',
  'numeric',
]);

/** One line per value: `{1.5,2}` for lists, shortened in the middle of long ones, control characters escaped. */
function cell(value: Value, type: SqlType): string {
  if (value === null) return '';
  const text = printValue(value, type).replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r');
  if (text.length <= widestCell) return text;
  if (Array.isArray(value)) {
    const cut = text.lastIndexOf(',', widestCell - 14);
    return `${text.slice(0, cut > 0 ? cut : widestCell - 14)},… ${value.length} values}`;
  }
  return `${text.slice(0, widestCell - 1)}…`;
}

async function writeTable(result: QueryResult, out: Output): Promise<void> {
  const columnTypes = result.columns.map((c) => c.type);
  const widths = result.columns.map((c) => c.label.length);
  const pad = (texts: readonly string[], header = false) =>
    texts
      .map((text, i) => {
        const right = rightAligned.has(columnTypes[i]!.kind) && !header;
        if (!right && i === texts.length - 1) return ` ${text}`;
        return right ? ` ${text.padStart(widths[i]!)} ` : ` ${text.padEnd(widths[i]!)} `;
      })
      .join('│')
      .trimEnd();
  let waiting: string[][] | undefined = [];
  let count = 0;
  const start = async () => {
    for (const row of waiting!) for (const [i, text] of row.entries()) widths[i] = Math.max(widths[i]!, text.length);
    await out.write(
      `${pad(
        result.columns.map((c) => c.label),
        true,
      )}\n${widths.map((w) => '─'.repeat(w + 2)).join('┼')}\n`,
    );
    for (const row of waiting!) await out.write(`${pad(row)}\n`);
    waiting = undefined;
  };
  for await (const batch of result.batches) {
    for (const row of rowsOf(batch, columnTypes)) {
      const texts = row.map((value, i) => cell(value, columnTypes[i]!));
      count++;
      if (!waiting) await out.write(`${pad(texts)}\n`);
      else if (waiting.push(texts) === measuredRows) await start();
    }
  }
  if (waiting) await start();
  await out.write(`(${count} ${count === 1 ? 'row' : 'rows'})\n`);
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 4180 with a header; NULL is an empty field, an empty text `""`. */
async function writeCsv(result: QueryResult, out: Output): Promise<void> {
  const columnTypes = result.columns.map((c) => c.type);
  await out.write(`${result.columns.map((c) => csvField(c.label)).join(',')}\n`);
  for await (const batch of result.batches) {
    let lines = '';
    for (const row of rowsOf(batch, columnTypes)) {
      lines += `${row.map((value, i) => (value === null ? '' : csvField(printValue(value, columnTypes[i]!)))).join(',')}\n`;
    }
    if (lines !== '') await out.write(lines);
  }
}

/** JSON has no NaN, no infinities and no exact 64-bit integers: those are strings. */
function toJson(value: Value, type: SqlType): unknown {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number')
    return type.kind === 'date' || !Number.isFinite(value)
      ? printValue(value, type)
      : type.kind === 'float4'
        ? Number(printValue(value, type))
        : value;
  if (typeof value === 'bigint') {
    const integer = type.kind === 'int8' || type.kind === 'uint8';
    return integer && Number.isSafeInteger(Number(value)) ? Number(value) : printValue(value, type);
  }
  if (type.kind === 'list') return (value as readonly Value[]).map((v) => toJson(v, type.element));
  if (type.kind === 'struct') {
    const { fields } = value as { readonly fields: readonly Value[] };
    return Object.fromEntries(type.fields.map((field, i) => [field.name, toJson(fields[i]!, field.type)]));
  }
  return printValue(value, type);
}

/** An array with one object per row, a row per line. */
async function writeJson(result: QueryResult, out: Output): Promise<void> {
  const columnTypes = result.columns.map((c) => c.type);
  let first = true;
  await out.write('[');
  for await (const batch of result.batches) {
    for (const row of rowsOf(batch, columnTypes)) {
      const object = Object.fromEntries(
        row.map((value, i) => [result.columns[i]!.label, toJson(value, columnTypes[i]!)]),
      );
      await out.write(`${first ? '\n' : ',\n'}${JSON.stringify(object)}`);
      first = false;
    }
  }
  await out.write('\n]\n');
}

async function writeArrow(result: QueryResult, out: Output): Promise<void> {
  if (out.width !== undefined) {
    throw fail('invalid_parameter_value', 'an Arrow stream is not for a terminal', {
      hint: 'Redirect it: … --format arrow > result.arrows',
    });
  }
  const writer = new RecordBatchStreamWriter();
  const writing = (async () => {
    for await (const batch of result.batches) writer.write(batch);
    writer.finish();
  })();
  for await (const chunk of writer) await out.write(chunk);
  await writing;
}
