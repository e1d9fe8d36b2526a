// Results as people and programs want them: a table, CSV, JSON, or an Arrow stream.
import type { QueryResult } from '../../session/index.js';
import { writeArrow } from './arrow.js';
import { writeCsv } from './csv.js';
import { writeJson } from './json.js';
import type { Output } from './output.js';
import { writeTable } from './table.js';

export { type Output, standardOutput } from './output.js';

export const formats = ['table', 'csv', 'json', 'arrow'] as const;
export type Format = (typeof formats)[number];

export interface WriteOptions {
  /** A record per row in format `table`, a line per column; where absent, if the table is too wide for the terminal. */
  readonly expanded?: boolean | undefined;
}

export async function writeResult(
  result: QueryResult,
  format: Format,
  out: Output,
  options: WriteOptions = {},
): Promise<void> {
  // A statement that is no query says what it did, on the screen alone: a file stays what its format says.
  if (result.tag !== undefined && result.columns.length === 0) {
    if (format === 'table') await out.write(`${result.tag}\n`);
    return result.close();
  }
  switch (format) {
    case 'table':
      return writeTable(result, out, options.expanded);
    case 'csv':
      return writeCsv(result, out);
    case 'json':
      return writeJson(result, out);
    case 'arrow':
      return writeArrow(result, out);
  }
}
