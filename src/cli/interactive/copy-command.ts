// `\copy`: COPY whose data is a file where the command line runs.
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { fail } from '../../core/index.js';
import type { Session } from '../../session/index.js';
import type { Output } from '../output/index.js';

export interface CopyCommand {
  /** The statement: `COPY … FROM STDIN …` or `COPY … TO STDOUT …`. */
  readonly statement: string;
  readonly direction: 'from' | 'to';
  /** Absent for stdin and stdout. */
  readonly path?: string;
}

const pieces = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\s+|[^\s'"]+/g;

/** The file's name stands behind FROM or TO outside of quotes and parentheses. @throws DiagnosticError 42601 */
export function readCopyCommand(text: string): CopyCommand {
  const tokens = text.match(pieces) ?? [];
  let depth = 0;
  for (const [i, token] of tokens.entries()) {
    if (!/^['"]/.test(token)) for (const c of token) depth += c === '(' ? 1 : c === ')' ? -1 : 0;
    const word = token.toLowerCase();
    if (depth > 0 || (word !== 'from' && word !== 'to') || i === 0) continue;
    const at = tokens.findIndex((t, j) => j > i && t.trim() !== '');
    const named = tokens[at];
    if (named === undefined) break;
    const before = tokens.slice(0, i).join('');
    const after = tokens.slice(at + 1).join('');
    const statement = `COPY ${before.trim()} ${word === 'from' ? 'FROM STDIN' : 'TO STDOUT'}${after}`;
    if (/^p?std(?:in|out)$/i.test(named)) return { statement, direction: word };
    const path = named.startsWith("'") ? named.slice(1, -1).replaceAll("''", "'") : named;
    return { statement, direction: word, path };
  }
  throw fail('syntax_error', 'parse error in \\copy', {
    hint: "As in: \\copy dataset.table from 'file.csv' csv header, or \\copy (select …) to 'file.csv' csv",
  });
}

/** @returns the tag */
export async function copyFile(
  session: Session,
  { statement, direction, path }: CopyCommand & { readonly path: string },
): Promise<string> {
  if (direction === 'from') {
    if (!existsSync(path)) throw fail('undefined_file', `${path}: no such file`);
    return session.copyIn(statement, createReadStream(path, { highWaterMark: 256 << 10 }));
  }
  const { bytes, rows } = await session.copyOut(statement);
  const file = createWriteStream(path);
  try {
    for await (const chunk of bytes)
      if (!file.write(chunk))
        await new Promise<void>((resolve) => file.once('drain', resolve).once('error', () => resolve()));
    file.end();
    await finished(file);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw fail('io_error', error.message, { cause: error });
    throw error;
  } finally {
    file.destroy();
  }
  return `COPY ${rows()}`;
}

export async function copyToOutput(session: Session, statement: string, out: Output): Promise<void> {
  const { bytes } = await session.copyOut(statement);
  for await (const chunk of bytes) await out.write(chunk);
}
