// `npm run bench -- slow-client [MILLION ROWS] [CLIENTS]`: what `skyhook serve` takes while a client reads ten million rows slowly: it dawdles
// for some seconds, then reads to the end. Resident memory of the server's process, as the system's kernel counts it.
import { setTimeout as sleep } from 'node:timers/promises';
import { ServedProcess } from '../../test/support/served-process.js';
import { SlowClient, wireMessage } from '../../test/support/slow-client.js';

const millions = Number(process.argv[2] ?? 10);
const many = Number(process.argv[3] ?? 20);
const rows = millions * 1_000_000;
const dawdling = 6000;
const query = 'select id, x, y, label, good from bench.t';

const simple = (text: string) => wireMessage('Q', `${text}\0`);
const execute = (count: number) => {
  const body = Buffer.alloc(5);
  body.writeInt32BE(count, 1);
  return wireMessage('E', body);
};
const parse = wireMessage('P', Buffer.concat([Buffer.from(`\0${query}\0`), Buffer.alloc(2)]));
const bind = wireMessage('B', Buffer.alloc(8));
const [flush, sync] = [wireMessage('H'), wireMessage('S')];
const suspended = 's'.charCodeAt(0);

type Way = (client: SlowClient) => Promise<void>;

/** A little of it, then all of it. */
const dawdled =
  (...messages: readonly Buffer[]): Way =>
  async (client) => {
    client.send(...messages);
    await client.dawdle(dawdling, 64 << 10, 20);
    await client.until();
  };

const ways: Readonly<Record<string, Way>> = {
  'simple query': dawdled(simple(query)),
  'COPY text': dawdled(simple(`copy (${query}) to stdout`)),
  'COPY binary': dawdled(simple(`copy (${query}) to stdout (format binary)`)),
  'extended, all rows': dawdled(parse, bind, execute(0), sync),
  'portal, 20,000 rows at once': async (client) => {
    client.send(parse, bind);
    for (let left = rows; left > 0; left -= 20_000) {
      client.send(execute(20_000), flush);
      await client.until(suspended);
      if (left > rows - 1_000_000) await sleep(100);
    }
    client.send(sync);
    await client.until();
  },
  'cursor, 20,000 rows at once': async (client) => {
    client.send(simple('begin'));
    await client.until();
    client.send(simple(`declare c cursor for ${query}`));
    await client.until();
    for (let left = rows; left > 0; left -= 20_000) {
      client.send(simple('fetch 20000 from c'));
      await client.until();
      if (left > rows - 1_000_000) await sleep(100);
    }
    client.send(simple('commit'));
    await client.until();
  },
};

const server = await ServedProcess.start();
try {
  const connect = () => SlowClient.connect(server.port, 'bench', 'skyhook');
  const first = await connect();
  for (const text of [
    'create schema bench',
    `create table bench.t as select i::int4 as id, i / 7::float8 as x, (i % 100003)::real / 3 as y, 'event ' || i as label,
       i % 3 = 0 as good from generate_series(1, ${rows}) as g(i)`,
  ]) {
    first.send(simple(text));
    await first.until();
  }
  first.end();
  await server.restart();
  // What stays after a first query is there already.
  const warm = await connect();
  warm.send(simple('select count(*), sum(x) from bench.t'));
  await warm.until();
  warm.end();

  const mega = (bytes: number) => (bytes / 2 ** 20).toFixed(0).padStart(8);
  console.log(
    `${millions} million rows x 5 columns to clients that dawdle for ${dawdling / 1000} s first; resident memory in MiB`,
  );
  console.log(`${''.padEnd(30)}  before    peak   added  MB sent  seconds`);
  const measure = async (name: string, clients: readonly SlowClient[], way: Way, wanted: number | undefined) => {
    await sleep(3000);
    server.forgetPeak();
    const before = server.memory().now;
    const started = performance.now();
    await Promise.all(clients.map(way));
    const seconds = (performance.now() - started) / 1000;
    const { peak } = server.memory();
    for (const client of clients)
      if (wanted && client.rows !== wanted && client.rows !== wanted + 1)
        throw new Error(`${name}: ${client.rows} rows came`);
    const sent = clients.reduce((sum, client) => sum + client.bytes, 0);
    console.log(
      `${name.padEnd(30)}${mega(before)}${mega(peak)}${mega(peak - before)}${(sent / 1e6).toFixed(0).padStart(9)}${seconds.toFixed(1).padStart(9)}`,
    );
    for (const client of clients) client.end();
  };
  const only = process.argv[4];
  for (const [name, way] of Object.entries(ways))
    if (!only || name.includes(only)) await measure(name, [await connect()], way, rows);

  const clients: SlowClient[] = [];
  while (clients.length < many) clients.push(await connect());
  // They leave before the end: what is measured is what the server holds for all of them at once.
  await measure(
    `${many} clients, simple query`,
    clients,
    async (client) => {
      client.send(simple(query));
      await client.dawdle(2 * dawdling, 64 << 10, 20);
    },
    undefined,
  );
} finally {
  await server.stop();
}
