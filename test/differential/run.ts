// `npm run differential [-- CHAPTER… | SQL]`: prints every statement whose answer is not PostgreSQL's, the rate per chapter, and how many of the
// documented signatures no statement uses: they count as unequal. `--signatures` names them, without running the statements here.
import { type PostgresServer, startPostgres } from '../support/postgres.js';
import { printAnswer } from './answer.js';
import { compareChapters, tally } from './compare-chapters.js';
import { unusedSignatures } from './signatures.js';
import { readChapters } from './statement-file.js';

const wanted = process.argv.slice(2).filter((a) => !a.startsWith('--'));
const all = readChapters();
const adHoc = wanted.filter((w) => w.includes(' ')).map((sql, i) => ({ chapter: 'given', line: i + 1, sql }));
const chapters = wanted.filter((w) => !w.includes(' '));
const statements =
  wanted.length === 0 ? all : [...all.filter((s) => chapters.some((c) => s.chapter.includes(c))), ...adHoc];

const server = await startPostgres();
if (!server) process.exit(1);
try {
  if (process.argv.includes('--signatures')) {
    const { unused, total } = await unusedSignatures(server, all);
    for (const { chapter, text } of unused) console.log(`${chapter.padEnd(14)} ${text}`);
    console.log(`signatures used: ${total - unused.length} of ${total}`);
  } else {
    await printComparisons(server);
  }
} finally {
  await server.stop();
}

async function printComparisons(postgres: PostgresServer): Promise<void> {
  const comparisons = await compareChapters(postgres, statements);
  for (const { statement, theirs, ours, difference } of comparisons) {
    if (difference === undefined && statement.chapter !== 'given') continue;
    const why = statement.differs === undefined ? '' : ` (differs: ${statement.differs})`;
    console.log(`${statement.chapter}:${statement.line} ${difference ?? 'equal'}${why}\n  ${statement.sql}`);
    console.log(`  postgres ${printAnswer(theirs)}\n  ours     ${printAnswer(ours)}`);
  }
  const line = (name: string, equal: number, total: number) =>
    console.log(`${name.padEnd(24)} equal ${equal} of ${total} (${((100 * equal) / Math.max(1, total)).toFixed(1)} %)`);
  const tallies = tally(comparisons);
  for (const { chapter, equal, total } of tallies) line(chapter, equal, total);
  const equal = tallies.reduce((sum, t) => sum + t.equal, 0);
  if (wanted.length > 0) return line('total', equal, comparisons.length);
  const { unused } = await unusedSignatures(postgres, all);
  if (unused.length > 0) line('signatures without one', 0, unused.length);
  line('total', equal, comparisons.length + unused.length);
}
