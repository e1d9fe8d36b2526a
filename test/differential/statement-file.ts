// Chapters of statements: plain SQL files, a statement up to the semicolon that ends a line.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface DifferentialStatement {
  readonly chapter: string;
  readonly line: number;
  readonly sql: string;
  /** `-- differs: heading` before a statement: where docs/dialect.md explains why the answers are not equal. */
  readonly differs?: string;
}

export const chaptersFolder = new URL('./chapters', import.meta.url).pathname;

export function readChapters(folder: string = chaptersFolder): DifferentialStatement[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .flatMap((name) => parseChapter(name.slice(0, -'.sql'.length), readFileSync(join(folder, name), 'utf8')));
}

export function parseChapter(chapter: string, text: string): DifferentialStatement[] {
  const statements: DifferentialStatement[] = [];
  let lines: string[] = [];
  let start = 0;
  let differs: string | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (lines.length === 0) {
      const note = /^-- differs: (.+)$/.exec(line);
      if (note) differs = note[1]!.trim();
      if (line.trim() === '' || line.startsWith('--')) continue;
      start = index + 1;
    }
    lines.push(line);
    if (!line.trimEnd().endsWith(';')) continue;
    const sql = lines.join('\n').trimEnd().slice(0, -1);
    statements.push({ chapter, line: start, sql, ...(differs !== undefined && { differs }) });
    lines = [];
    differs = undefined;
  }
  if (lines.length > 0) throw new Error(`${chapter}.sql:${start}: a statement without its semicolon`);
  return statements;
}
