// `npm run bench -- frontend`: parsing against PostgreSQL's own parser and pgsql-ast-parser; then text to physical plan, by stage.
import { benchClients } from './clients.js';
import { benchParse } from './parse.js';
import { benchPlan } from './plan.js';

const row = (cells: readonly (string | number)[], widths: readonly number[]) =>
  console.log(cells.map((cell, i) => String(cell).padStart(widths[i]!)).join('  '));

console.log('Parse to AST: median µs a statement, in turn (demanded: ≤ 1.5 of libpg-query, ≤ 0.1 of pgsql-ast-parser)');
const parseWidths = [10, 8, 11, 6, 16, 6];
row(['characters', 'skyhook', 'libpg-query', 'ratio', 'pgsql-ast-parser', 'ratio'], parseWidths);
for (const { characters, ours, libpgQuery, pgsqlAstParser } of await benchParse())
  row(
    [
      characters,
      ours.toFixed(1),
      libpgQuery.toFixed(1),
      (ours / libpgQuery).toFixed(2),
      pgsqlAstParser.toFixed(0),
      (ours / pgsqlAstParser).toFixed(3),
    ],
    parseWidths,
  );

console.log('\nText to physical plan: median µs a statement, in turn');
const planWidths = [6, 7, 7, 8, 8, 8];
row(['', 'parse', 'bind', 'optimize', 'physical', 'sum'], planWidths);
for (const { language, text, parse, bind, optimize, physical } of benchPlan()) {
  const stages = [parse, bind, optimize, physical];
  const sum = stages.reduce((a, b) => a + b, 0);
  row([language, ...[...stages, sum].map((time) => time.toFixed(0)), ` ${text.slice(0, 90)}`], planWidths);
}

const clients = await benchClients();
if (clients) {
  console.log(
    `\nCatalogue queries of real clients, text to physical plan (demanded: median under 2 ms): ${clients.statements} statements`,
  );
  const { median, ninth, slowest, slowestText } = clients;
  console.log(
    `median ${median.toFixed(2)} ms, 9 in 10 under ${ninth.toFixed(2)} ms, slowest ${slowest.toFixed(2)} ms: ${slowestText.replaceAll(/\s+/g, ' ').slice(0, 90)}`,
  );
}
