// `npm run demo`: ingests the bundled sample and runs the documented native queries and the same in SQL, with plan and table.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Database } from '../session/index.js';
import { type Output, writeResult } from './output/index.js';
import { printBytes } from './progress.js';

const sample = fileURLToPath(new URL('../../samples/events.root', import.meta.url));

const queries: readonly { title: string; native?: string; sql: string }[] = [
  {
    title: 'One branch, with a predicate on the entry number',
    native: 'select event_id>5, project Events;75.Muon_phi',
    sql: 'SELECT "Muon_phi" FROM aod."Events;75" WHERE event_id > 5',
  },
  {
    title: 'Several branches',
    native: 'select event_id>5, project Events;75.Muon_eta,Events;75.Muon_phi,Events;75.Muon_mass',
    sql: 'SELECT "Muon_eta", "Muon_phi", "Muon_mass" FROM aod."Events;75" WHERE event_id > 5',
  },
  {
    title: 'Everything passes',
    native: 'select *, project Events;75.nMuon, Events;75.Muon_pt',
    sql: 'SELECT "nMuon", "Muon_pt" FROM aod."Events;75"',
  },
  {
    title: 'A predicate on a list',
    native: 'select list_any(Muon_pt > 50 and abs(Muon_eta) < 1), project Events.Muon_pt, Events.MET_pt',
    sql: 'SELECT "Muon_pt", "MET_pt" FROM aod."Events" WHERE list_any("Muon_pt" > 50 AND abs("Muon_eta") < 1)',
  },
  {
    title: 'Aggregation, in SQL alone',
    sql: 'SELECT "nMuon", count(*), avg("MET_pt") AS met FROM aod."Events" GROUP BY "nMuon" ORDER BY "nMuon"',
  },
];

const shownRows = 8;

/** Prints the first rows of a table and how many there are. */
function firstRows(): Output & { finish(): void } {
  let lines = 0;
  let last = '';
  return {
    width: undefined,
    async write(chunk) {
      last = String(chunk);
      if (lines++ < shownRows + 1) process.stdout.write(`  ${last.replaceAll(/\n(?!$)/g, '\n  ')}`);
    },
    finish() {
      if (lines > shownRows + 1) process.stdout.write(`  … ${last}`);
    },
  };
}

const folder = await mkdtemp(join(tmpdir(), 'skyhook-demo-'));
const database = await Database.open(`file:${folder}`);
try {
  const report = await database.ingest('aod', [sample]);
  console.log(
    `Ingested samples/events.root as dataset "aod": ${report.rows} events, ${printBytes(report.bytesRead)} of ROOT.\n`,
  );
  const session = database.session();
  for (const { title, native, sql } of queries) {
    console.log(`── ${title} ──`);
    if (native !== undefined) console.log(`native  ${native}`);
    console.log(`sql     ${sql}\n`);
    const plan = await session.explain(sql, undefined, {});
    if (native !== undefined) {
      const twin = await session.explain(native, { dataset: 'aod' }, {});
      if (twin.join('\n') !== plan.join('\n')) throw new Error(`two plans for one question:\n${twin.join('\n')}`);
    }
    console.log(plan.map((line) => `  ${line}`).join('\n'), '\n');
    const out = firstRows();
    await writeResult(
      native === undefined ? await session.sql(sql) : await session.native(native, { dataset: 'aod' }),
      'table',
      out,
    );
    out.finish();
    console.log();
  }
  console.log('Next: npm run skyhook -- ingest aod samples/events.root, then npm run skyhook -- --help');
} finally {
  await database.close();
  await rm(folder, { recursive: true, force: true });
}
