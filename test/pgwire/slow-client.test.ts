// A client that does not read holds up its query, not the memory of the server: 300 MB of rows through a process that may take a part of that.
import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServedProcess } from '../support/served-process.js';
import { SlowClient, wireMessage } from '../support/slow-client.js';

const rows = 300_000;
const query = `select repeat('x', 990) || i from generate_series(1, ${rows}) as g(i)`;
/** Garbage that is not collected yet, mostly. */
const most = 160 << 20;

let server: ServedProcess;
const simple = (text: string) => wireMessage('Q', `${text}\0`);
const connect = () => SlowClient.connect(server.port, 'tester', 'skyhook');

beforeAll(async () => {
  server = await ServedProcess.start();
  const client = await connect();
  // What stays after a first query is there already.
  client.send(simple(`${query} limit 1000`));
  await client.until();
  client.end();
});
afterAll(() => server.stop());

const parse = wireMessage('P', Buffer.concat([Buffer.from(`\0${query}\0`), Buffer.alloc(2)]));
const bind = wireMessage('B', Buffer.alloc(8));
const execute = wireMessage('E', Buffer.alloc(5));

test.each([
  ['a query', [simple(query)]],
  ['COPY', [simple(`copy (${query}) to stdout`)]],
  ['a portal', [parse, bind, execute, wireMessage('S')]],
  ['FETCH ALL', [simple(`begin; declare c cursor for ${query}; fetch all from c`)]],
])('%s', async (_name, messages) => {
  const client = await connect();
  server.forgetPeak();
  const before = server.memory().now;
  client.send(...messages);
  // Were nobody to hold them up, all the rows would be made.
  await client.read(1 << 20);
  await server.settled();
  expect(server.memory().peak - before).toBeLessThan(most);
  await client.until();
  expect(client.rows).toBe(rows);
  expect(client.bytes).toBeGreaterThan(rows * 990);
  expect(server.memory().peak - before).toBeLessThan(most);
  client.end();
});

/** Joins are DuckDB's: each of these holds a place in one of its threads for as long as nobody reads. */
test('more clients that do not read than DuckDB has threads: others are answered, also by DuckDB', async () => {
  const joined = `select a.i, repeat('x', 990) || a.i from generate_series(1, ${rows}) as a(i)
    join generate_series(1, ${rows}) as b(i) on a.i = b.i`;
  const slow = await Promise.all(Array.from({ length: availableParallelism() + 2 }, connect));
  for (const client of slow) {
    client.send(simple(joined));
    await client.read(1 << 20);
  }
  const other = await connect();
  for (const text of [
    'select 1',
    'select count(*) from generate_series(1, 9) a join generate_series(1, 9) b on a = b',
  ]) {
    other.send(simple(text));
    await other.until();
  }
  expect(other.rows).toBe(2);
  // Theirs were held up meanwhile, and none was given up.
  for (const client of slow) expect(client.rows).toBeLessThan(rows / 2);
  await slow[0]!.until();
  expect(slow[0]!.rows).toBe(rows);
  for (const client of [...slow, other]) client.end();
});
