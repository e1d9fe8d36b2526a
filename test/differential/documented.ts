// `tsx test/differential/documented.ts FOLDER`: the functions and operators of PostgreSQL's chapter 9, out of its documentation's HTML (Debian's
// postgresql-doc-15 has it), into documented.tsv: chapter, kind, name, and the types written in the name's signatures. Only names are kept.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const chapters = {
  logical: 'functions-logical',
  comparison: 'functions-comparison',
  mathematical: 'functions-math',
  string: 'functions-string',
  binary: 'functions-binarystring',
  pattern: 'functions-matching',
  formatting: 'functions-formatting',
  datetime: 'functions-datetime',
  uuid: 'functions-uuid',
  json: 'functions-json',
  array: 'functions-array',
  setreturning: 'functions-srf',
  aggregate: 'functions-aggregate',
  window: 'functions-window',
} as const;

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: tsx test/differential/documented.ts FOLDER-OF-HTML');

const plain = (html: string): string =>
  html
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();

const lines: string[] = [];
for (const [chapter, file] of Object.entries(chapters)) {
  const html = readFileSync(join(folder, `${file}.html`), 'utf8');
  const found = new Map<string, Set<string>>();
  const add = (kind: 'function' | 'operator', name: string, types: readonly string[]) => {
    const key = `${kind}\t${name}`;
    const known = found.get(key) ?? new Set();
    found.set(key, known);
    for (const type of types) known.add(type);
  };
  // Before "→" stands the call, behind it the type of the result.
  const signatures = [...html.matchAll(/<p class="func_signature">([\s\S]*?)<\/p>/g)].map((m) => m[1]!.split('→')[0]!);
  // A few chapters have plain tables or prose: their names stand in code elements of their own.
  const loose = [...html.matchAll(/<code class="function">([a-z_0-9]+)<\/code>/g)].map((m) => m[1]!);
  for (const signature of signatures) {
    const types = [...signature.matchAll(/<code class="type">([\s\S]*?)<\/code>/g)].map((m) => plain(m[1]!));
    const name = /<code class="function">([\s\S]*?)<\/code>/.exec(signature);
    if (name) {
      for (const one of plain(name[1]!).toLowerCase().split(/[ ,]+/)) add('function', one, types);
      continue;
    }
    for (const literal of signature.matchAll(/<code class="literal">([\s\S]*?)<\/code>/g)) {
      const text = plain(literal[1]!);
      if (/^[-+*/<>=~!@#%^&|`?]+$/.test(text)) add('operator', text, types);
    }
  }
  for (const name of loose) if (!found.has(`function\t${name}`)) add('function', name, []);
  // The comparison operators have a table of another form, and LIKE's operators are named in prose only.
  const operators =
    /datatype<\/code><\/em>\s*<code class="literal">(&lt;|&gt;|&lt;=|&gt;=|=|&lt;&gt;)<\/code>|<code class="literal">(!?~~\*?)<\/code>/g;
  for (const match of html.matchAll(operators)) add('operator', plain(match[1] ?? match[2]!), []);
  for (const [key, types] of found) lines.push(`${chapter}\t${key}\t${[...types].sort().join(',')}`);
}
writeFileSync(new URL('./documented.tsv', import.meta.url), `${lines.join('\n')}\n`);
console.log(`${lines.length} names`);
