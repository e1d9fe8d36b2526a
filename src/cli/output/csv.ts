// RFC 4180 with a header; NULL is an empty field, an empty text `""`.
import { defaultStyle, printValue, withStyle } from '../../core/index.js';
import { type QueryResult, rowsOf } from '../../session/index.js';
import type { Output } from './output.js';

function field(text: string): string {
  return /[",\r\n]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text;
}

export async function writeCsv(result: QueryResult, out: Output): Promise<void> {
  const { style = defaultStyle } = result;
  const columnTypes = result.columns.map((c) => c.type);
  await out.write(`${result.columns.map((c) => field(c.label)).join(',')}\n`);
  for await (const batch of result.batches) {
    let lines = '';
    for (const row of rowsOf(batch, columnTypes)) {
      const cells = withStyle(style, () =>
        row.map((value, i) => (value === null ? '' : field(printValue(value, columnTypes[i]!)))),
      );
      lines += `${cells.join(',')}\n`;
    }
    if (lines !== '') await out.write(lines);
  }
}
