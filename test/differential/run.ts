// `npm run differential [-- CHAPTER… | SQL]`: prints every statement whose answer is not PostgreSQL's, and the rate per chapter.
import { startPostgres } from '../support/postgres.js';
import { printAnswer } from './answer.js';
import { compareChapters, tally } from './compare-chapters.js';
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
  const comparisons = await compareChapters(server, statements);
  for (const { statement, theirs, ours, difference } of comparisons) {
    if (difference === undefined && statement.chapter !== 'given') continue;
    const why = statement.differs === undefined ? '' : ` (differs: ${statement.differs})`;
    console.log(`${statement.chapter}:${statement.line} ${difference ?? 'equal'}${why}\n  ${statement.sql}`);
    console.log(`  postgres ${printAnswer(theirs)}\n  ours     ${printAnswer(ours)}`);
  }
  let equal = 0;
  for (const chapter of tally(comparisons)) {
    equal += chapter.equal;
    console.log(`${chapter.chapter.padEnd(24)} equal ${chapter.equal} of ${chapter.total}`);
  }
  const share = comparisons.length === 0 ? 0 : (100 * equal) / comparisons.length;
  console.log(`${'total'.padEnd(24)} equal ${equal} of ${comparisons.length} (${share.toFixed(1)} %)`);
} finally {
  await server.stop();
}
