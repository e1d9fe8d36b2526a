// `npx tsx test/differential/run-random.ts [COUNT] [SEED] [on|off|queries]`: a long run of random expressions (by kernel) or queries; prints what differs, the shortest of each kind.
import { Database } from '../../src/session/index.js';
import { startPostgres } from '../support/postgres.js';
import { printAnswer } from './answer.js';
import { loadSample, type RandomDifference, runRandom, runRandomQueries } from './random-differences.js';
import { loadOurs, loadPostgres } from './sample-tables.js';

const [count = '5000', seed = '1', kernel = 'on'] = process.argv.slice(2);
const server = await startPostgres();
if (!server) process.exit(1);
const database = await Database.open('memory:', { threads: 1, duckdbWorkers: 1 });
try {
  const client = await server.connect();
  const queries = kernel === 'queries';
  if (queries) {
    await loadPostgres(client);
    await loadOurs(database);
  } else await loadSample(database, client);
  const session = database.session({ searchPath: queries ? ['ev', 'runs'] : ['v'] });
  if (kernel === 'off') await session.sql("SET skyhook.kernel = 'off'");
  const options = { seed: Number(seed), count: Number(count) };
  const run = await (queries ? runRandomQueries : runRandom)(client, session, options);
  const kindOf = ({ theirs, ours }: RandomDifference): string => {
    const told = (a: typeof theirs): string =>
      'error' in a
        ? `${a.error} ${a.message
            .split('\n')[0]!
            .replaceAll(/"[^"]*"|'[^']*'|\d+/g, '…')
            .slice(0, 60)}`
        : `value ${a.columns[0]!.split(':')[1]}`;
    return `${told(theirs)} | ${told(ours)}`;
  };
  const kinds = new Map<string, RandomDifference[]>();
  for (const d of run.differences) kinds.set(kindOf(d), [...(kinds.get(kindOf(d)) ?? []), d]);
  for (const [kind, found] of [...kinds].sort((a, b) => b[1].length - a[1].length)) {
    console.log(`${found.length}× ${kind}`);
    const shortest = [...found].sort((a, b) => a.sql.length - b.sql.length).slice(0, 2);
    for (const { sql, theirs, ours } of shortest)
      console.log(
        `  ${sql.slice(0, 400)}\n    postgres ${printAnswer(theirs).slice(0, 200)}\n    ours     ${printAnswer(ours).slice(0, 200)}`,
      );
  }
  console.log(
    `random ${queries ? 'queries' : 'expressions'}: equal ${run.values + run.errors} of ${run.asked} (${run.values} values, ${run.errors} errors), ${run.differences.length} differ`,
  );
  await client.end();
} finally {
  await database.close();
  await server.stop();
}
