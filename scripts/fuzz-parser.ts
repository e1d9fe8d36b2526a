// `npx tsx scripts/fuzz-parser.ts [COUNT] [SEED]`: damaged statements in both languages. Whatever is no Diagnostic, takes long, or does
// not print back to the same tree is shown; the last line has the figures.
import { DiagnosticError } from '../src/core/index.js';
import { parseNative, parseSql, printStatement } from '../src/parser/index.js';
import { clientStatements } from '../test/parser/clients.js';
import { mutate, pick, random } from '../test/parser/mutate.js';
import { nativeQueries } from '../test/parser/native-queries.js';
import { shape } from '../test/parser/shape.js';
import { corpus } from '../test/parser/statements.js';

const count = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? 1);
/** Milliseconds of processor time: others may use the machine too. */
const slowest = 250;

const sql = [...corpus, ...clientStatements()];
const next = random(seed);
const figures = { accepted: 0, refused: 0, unstable: 0, slow: 0, crashed: 0 };
let longest = 0;
let shown = 0;
const show = (what: string, text: string) => {
  if (shown++ < 50) console.log(`${what}: ${JSON.stringify(text)}`);
};

const started = performance.now();
for (let i = 0; i < count; i++) {
  const isNative = i % 2 === 1;
  const texts = isNative ? nativeQueries : sql;
  const text = mutate(next, pick(next, texts), i % 8 < 2 ? sql : texts);
  const parse = (source: string) => (isNative ? [parseNative(source)] : parseSql(source));
  const start = process.cpuUsage();
  let parsed = false;
  try {
    const statements = parse(text);
    parsed = true;
    figures.accepted++;
    const printed = statements.map(printStatement).join('; ');
    if (JSON.stringify(shape(parse(printed))) !== JSON.stringify(shape(statements))) {
      figures.unstable++;
      show('unstable', `${text}  ->  ${printed}`);
    }
  } catch (error) {
    if (error instanceof DiagnosticError && !parsed) figures.refused++;
    else if (error instanceof DiagnosticError) {
      figures.unstable++;
      show(`print refused (${error.message})`, text);
    } else {
      figures.crashed++;
      show(`crashed (${String(error)})`, text);
    }
  }
  const { user, system } = process.cpuUsage(start);
  const took = (user + system) / 1000;
  longest = Math.max(longest, took);
  if (took > slowest) {
    figures.slow++;
    show(`slow (${took.toFixed(0)} ms)`, text);
  }
}
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(
  `${count} statements, seed ${seed}, ${seconds} s, longest ${longest.toFixed(1)} ms: ${JSON.stringify(figures)}`,
);
process.exitCode = figures.crashed + figures.slow + figures.unstable > 0 ? 1 : 0;
