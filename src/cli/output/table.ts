// A table as `psql` would draw it. On a terminal it is fitted to the width: wide cells are shortened, and where that is not enough
// every row becomes a record with a line per column.
import stringWidth from 'string-width';
import { defaultStyle, isNumberType, printValue, type SqlType, type Value, withStyle } from '../../core/index.js';
import { type QueryResult, rowsOf } from '../../session/index.js';
import type { Output } from './output.js';

/** Of one column among several: a result of a single column (a plan, a document) is printed whole. */
const widestCell = 60;
const narrowestCell = 12;
/** Rows measured before the first is printed: a table of any length prints in bounded memory. */
const measuredRows = 1000;

const controls = /\p{Cc}/gu;
const named: Record<string, string> = { '\n': '\\n', '\t': '\\t', '\r': '\\r' };
const escaped = (control: string): string =>
  named[control] ?? `\\x${control.codePointAt(0)!.toString(16).padStart(2, '0')}`;

const width = (text: string): number => (/^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text));

/** The longest beginning that takes at most `room` columns. */
function clip(text: string, room: number): string {
  if (width(text) <= room) return text;
  let out = '';
  let used = 0;
  for (const character of text) {
    used += width(character);
    if (used > room) break;
    out += character;
  }
  return out;
}

/** One line per value: `{1.5,2}` for lists, the end of what is too long left out, control characters escaped. */
function cell(value: Value, type: SqlType, room: number): string {
  if (value === null) return '';
  const text = printValue(value, type).replaceAll(controls, escaped);
  if (width(text) <= room) return text;
  if (Array.isArray(value)) {
    const rest = `,… ${value.length} values}`;
    const cut = text.lastIndexOf(',', room - rest.length);
    if (cut > 0) return `${text.slice(0, cut)}${rest}`;
    if (rest.length < room) return `{${rest.slice(1)}`;
  }
  return `${clip(text, room - 1)}…`;
}

const padded = (text: string, room: number, right: boolean): string => {
  const blanks = ' '.repeat(Math.max(0, room - width(text)));
  return right ? blanks + text : text + blanks;
};

/** Widths that fit a terminal, the widest columns giving way first; undefined where none do. */
function fitted(widths: readonly number[], room: number): number[] | undefined {
  const sum = (most: number) => widths.reduce((total, w) => total + Math.min(w, most) + 3, -1);
  let most = Math.max(...widths, 0);
  if (sum(most) <= room) return [...widths];
  if (sum(narrowestCell) > room) return undefined;
  while (sum(most) > room) most--;
  return widths.map((w) => Math.min(w, most));
}

/** `expanded`: a record per row; where undefined, if the terminal is too narrow for the table. */
export async function writeTable(result: QueryResult, out: Output, expanded?: boolean): Promise<void> {
  const { style = defaultStyle } = result;
  const labels = result.columns.map((c) => c.label.replaceAll(controls, escaped));
  const widest = labels.length === 1 ? Number.MAX_SAFE_INTEGER : widestCell;
  const types = result.columns.map((c) => c.type);
  let count = 0;
  let waiting: Value[][] | undefined = [];
  let print: (row: readonly Value[]) => string;

  const start = async () => {
    const rows = waiting!;
    const widths = withStyle(style, () =>
      labels.map((label, i) =>
        rows.reduce((most, row) => Math.max(most, width(cell(row[i]!, types[i]!, widest))), width(label)),
      ),
    );
    const room = out.width === undefined || labels.length === 1 ? widths : fitted(widths, out.width);
    if (expanded ?? room === undefined) {
      print = records(labels, types, out.width);
    } else {
      const columns = room ?? widths;
      // Rows after the first thousand may be wider than what was measured.
      print = (row) =>
        line(row.map((value, i) => cell(value, types[i]!, labels.length === 1 ? widest : Math.max(columns[i]!, 1))));
      const line = (texts: readonly string[], header = false) =>
        texts
          .map((text, i) => ` ${padded(text, columns[i]!, !header && isNumberType(types[i]!))} `)
          .join('│')
          .trimEnd();
      const head = line(
        labels.map((label, i) => (width(label) > columns[i]! ? `${clip(label, columns[i]! - 1)}…` : label)),
        true,
      );
      await out.write(`${head}\n${columns.map((w) => '─'.repeat(w + 2)).join('┼')}\n`);
    }
    for (const row of rows) await out.write(`${withStyle(style, () => print(row))}\n`);
    waiting = undefined;
  };

  for await (const batch of result.batches) {
    for (const row of rowsOf(batch, types)) {
      count++;
      if (waiting) {
        if (waiting.push(row) === measuredRows) await start();
      } else await out.write(`${withStyle(style, () => print(row))}\n`);
    }
  }
  if (waiting) await start();
  await out.write(`(${count} ${count === 1 ? 'row' : 'rows'})\n`);
}

/** Prints rows as records. */
function records(
  labels: readonly string[],
  types: readonly SqlType[],
  terminal: number | undefined,
): (row: readonly Value[]) => string {
  const widest = labels.reduce((most, label) => Math.max(most, width(label)), 0);
  const room = Math.max((terminal ?? widest + 100) - widest - 3, narrowestCell);
  let record = 0;
  return (row) => {
    const head = `─[ ${++record} ]`;
    const rule = `${head}${'─'.repeat(Math.max(0, widest + 1 - head.length))}┬${'─'.repeat(Math.min(room, 40))}`;
    const lines = row.map((value, i) => `${padded(labels[i]!, widest, false)} │ ${cell(value, types[i]!, room)}`);
    return [rule, ...lines.map((line) => line.trimEnd())].join('\n');
  };
}
