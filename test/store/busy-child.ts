// Child process of the test of many processes at once: `busy-child.ts ROLE URL [NAME]` does one thing over and over, printing a line
// for each success, until it is killed or the store has an object `stop`.
import { resolve } from 'node:path';
import { DiagnosticError, types } from '../../src/core/index.js';
import { Database, rowsOf } from '../../src/session/index.js';
import { collectGarbage, openStore } from '../../src/store/index.js';
import { writeFiles } from './write-files.js';

const [role, url, name] = process.argv.slice(2) as [string, string, string | undefined];
const store = await openStore(url);
const database = await Database.open(url, { threads: 1, duckdbWorkers: 1 });
/** Short, so that `gc` meets writers that died. */
const writerOptions = { intentLifetime: 3000 };
const session = database.session({ searchPath: ['replaced'] });
// Bundled, this file is elsewhere.
const rootFiles = ['a', 'b', 'c'].map((f) => resolve(`test/data-model/files/${f}.root`));

const file = (source: string, value: number, rows: number) => ({
  source,
  trees: [{ path: 'T', rows: 2, columns: [{ name: 'x', type: types.int4, values: new Array(rows).fill(value) }] }],
});

async function rows(sql: string): Promise<unknown[][]> {
  const result = await session.sql(sql);
  const all: unknown[][] = [];
  for await (const batch of result.batches) {
    all.push(
      ...rowsOf(
        batch,
        result.columns.map((c) => c.type),
      ),
    );
    // A slow reader: versions come and go under it.
    await new Promise((done) => setTimeout(done, 2));
  }
  return all;
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

let newest = 0;
let reads = 0;
const roles: Record<string, (round: number) => Promise<string>> = {
  /** Every commit replaces two files of 5 rows by two whose rows all say which commit it is. */
  async replace() {
    const [[last]] = (await rows('SELECT max(x) FROM replaced.t')) as [[number]];
    const next = last + 1;
    await writeFiles(store, 'replaced', 'replace', [file('a', next, 5), file('b', next, 5)], writerOptions);
    return String(next);
  },
  async append(round) {
    const source = `${name}-${process.pid}-${round}`;
    await writeFiles(store, 'appended', 'append', [file(source, round, 3)], writerOptions);
    return source;
  },
  async ingest() {
    await database.ingest('ingested', rootFiles, { mode: 'replace-files', threads: 0, ...writerOptions });
    return 'ingested';
  },
  async gc() {
    const { objectsRemoved } = await collectGarbage(store, { grace: 0 });
    return String(objectsRemoved);
  },
  async read() {
    const replaced = (await rows('SELECT x FROM replaced.t')).map(([x]) => x as number);
    check(replaced.length === 10 && new Set(replaced).size === 1, `half a commit: ${replaced}`);
    check(replaced[0]! >= newest, `went back from ${newest} to ${replaced[0]}`);
    newest = replaced[0]!;
    const appended = await rows('SELECT _file, count(*) AS n FROM appended.t GROUP BY _file');
    check(
      appended.every(([, n]) => n === 3n),
      `part of a file: ${appended}`,
    );
    check(appended.length >= reads, `files were lost: ${appended.length} of ${reads}`);
    reads = appended.length;
    const [[n, sum]] = (await rows('SELECT count(*), sum(n) FROM ingested."Events"')) as [[bigint, bigint]];
    check(n === 11n && sum === 32787n, `ingested: ${n} rows, ${sum}`);
    return `${newest}`;
  },
};

for (let round = 0; round < 10_000 && !(await store.stat('stop')); round++) {
  try {
    console.log(await roles[role!]!(round));
  } catch (error) {
    // Writers may be overtaken, and are told so; readers and `gc` never fail.
    const overtaken = error instanceof DiagnosticError && error.code === '40001';
    if (!overtaken || role === 'read' || role === 'gc') throw error;
  }
}
await database.close();
