// Statements that were parsed lately, by their text: clients and dashboards send the same ones again and again. ASTs are immutable, so sessions share them.
import { parseSql, type Statement } from '../parser/index.js';

const mostEntries = 512;
const longestText = 4096;

const parsed = new Map<string, readonly Statement[]>();

/** @throws DiagnosticError as parseSql does */
export function parseCached(text: string): readonly Statement[] {
  const known = parsed.get(text);
  if (known) {
    // The least recently used one comes first.
    parsed.delete(text);
    parsed.set(text, known);
    return known;
  }
  const statements = parseSql(text);
  if (text.length > longestText) return statements;
  parsed.set(text, statements);
  if (parsed.size > mostEntries) parsed.delete(parsed.keys().next().value!);
  return statements;
}
