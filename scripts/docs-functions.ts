// Writes docs/functions.md from the function registry: `npx tsx scripts/docs-functions.ts`.
import { writeFileSync } from 'node:fs';
import { allFunctions, type FunctionEntry, type Overload, printSqlType, type TypePattern } from '../src/core/index.js';

const showType = (pattern: TypePattern): string =>
  typeof pattern === 'string' ? pattern : pattern.kind === 'struct' ? 'record' : printSqlType(pattern);

function resultOf({ args, returns }: Overload): string {
  if (typeof returns !== 'function') return showType(returns);
  const concrete = args.flatMap((a) => (typeof a === 'string' ? [] : [a]));
  if (concrete.length !== args.length) return 'by its arguments';
  const type = returns(concrete);
  return type.kind === 'numeric' ? 'numeric' : showType(type);
}

function signature(entry: FunctionEntry, overload: Overload): string {
  const args = overload.args.map(
    (arg, i) => showType(arg) + (overload.variadic && i === overload.args.length - 1 ? ', …' : ''),
  );
  const result = resultOf(overload);
  if (entry.kind !== 'operator') return `${entry.name}(${args.join(', ')}) → ${result}`;
  return args.length === 1 ? `${entry.name} ${args[0]} → ${result}` : `${args[0]} ${entry.name} ${args[1]} → ${result}`;
}

const cell = (text: string) => text.replaceAll('|', '\\|');

/** The whole page; in storage = a fragment can run it, DuckDB = a rendering exists, otherwise the evaluator runs it. */
export function renderFunctionDocs(entries: readonly FunctionEntry[]): string {
  const chapters = new Map<string, FunctionEntry[]>();
  for (const entry of entries) chapters.set(entry.chapter, [...(chapters.get(entry.chapter) ?? []), entry]);
  const lines = [
    '# Functions and operators',
    '',
    'Generated from `src/core/registry/` by `scripts/docs-functions.ts`. `S` marks signatures that a fragment can run in storage, `D` those that DuckDB runs;',
    'the others are computed by the evaluator.',
  ];
  for (const [chapter, members] of chapters) {
    lines.push(
      '',
      `## ${chapter[0]!.toUpperCase()}${chapter.slice(1)}`,
      '',
      '| Signature | Runs | Meaning | Example |',
      '|---|---|---|---|',
    );
    for (const entry of members) {
      const signatures = entry.overloads.map((o) => `\`${cell(signature(entry, o))}\``).join('<br>');
      const runs = entry.overloads.map((o) => `${o.kernel ? 'S' : ''}${o.duckdb ? 'D' : ''}`).join('<br>');
      const example = entry.example ? `\`${cell(entry.example.sql)}\` → \`${cell(entry.example.result)}\`` : '';
      lines.push(`| ${signatures} | ${runs} | ${cell(entry.description)} | ${example} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

if (import.meta.url === `file://${process.argv[1]}`)
  writeFileSync(new URL('../docs/functions.md', import.meta.url), renderFunctionDocs(allFunctions()));
