// An array with one object per row, a row per line.
import { defaultStyle, printValue, type SqlType, type Value, withStyle } from '../../core/index.js';
import { type QueryResult, rowsOf } from '../../session/index.js';
import type { Output } from './output.js';

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

/** Columns of one label keep apart as `x`, `x#2`, since an object has each key once. */
function keysOf(labels: readonly string[]): string[] {
  const taken = new Set<string>();
  return labels.map((label) => {
    let key = label;
    for (let n = 2; taken.has(key); n++) key = `${label}#${n}`;
    taken.add(key);
    return key;
  });
}

export async function writeJson(result: QueryResult, out: Output): Promise<void> {
  const { style = defaultStyle } = result;
  const columnTypes = result.columns.map((c) => c.type);
  const keys = keysOf(result.columns.map((c) => c.label));
  let first = true;
  await out.write('[');
  for await (const batch of result.batches) {
    let lines = '';
    for (const row of rowsOf(batch, columnTypes)) {
      const object = withStyle(style, () =>
        Object.fromEntries(row.map((value, i) => [keys[i]!, toJson(value, columnTypes[i]!)])),
      );
      lines += `${first ? '\n' : ',\n'}${JSON.stringify(object)}`;
      first = false;
    }
    if (lines !== '') await out.write(lines);
  }
  await out.write('\n]\n');
}
