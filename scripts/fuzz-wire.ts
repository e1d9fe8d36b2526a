// `npm run fuzz:wire [-- MESSAGES]`: a million malformed messages through the codec, then hundreds of connections to a live server that are
// dropped, cut and confused at random points. The process must stay up and let go of everything.
import { connect } from 'node:net';
import { fuzzCodec } from '../src/pgwire/codec/fuzz-codec.js';
import { defaultServerOptions, serve } from '../src/pgwire/index.js';
import { Database } from '../src/session/index.js';

const messages = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? 1);
const started = performance.now();
const report = fuzzCodec(messages, seed);
console.log(
  `codec: ${messages} messages, ${report.frames} frames, ${report.refused} refused, ${report.lost} streams lost, ${((performance.now() - started) / 1000).toFixed(1)} s`,
);

const database = await Database.open('memory:');
let bugs = 0;
const server = await serve(database, { ...defaultServerOptions, port: 0, maxConnections: 1000 }, (event) => {
  if (event.event !== 'bug') return;
  bugs++;
  console.error(event);
});
let state = seed;
const random = (below: number) => {
  state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
  return (state >>> 8) % below;
};
const text = (type: string, body: string) => {
  const out = Buffer.alloc(5 + Buffer.byteLength(body));
  out.write(type);
  out.writeInt32BE(out.length - 1, 1);
  out.write(body, 5);
  return out;
};
const startup = Buffer.from('\0\0\0\x13\0\x03\0\0user\0tester\0\0', 'latin1');
startup.writeInt32BE(startup.length);
const conversation = Buffer.concat([
  startup,
  text('Q', 'begin; declare c cursor for select * from generate_series(1, 100000); fetch 10 from c\0'),
  text('P', 's\0select $1::int, * from generate_series(1, 1000)\0\0\0'),
  text('B', 'p\0s\0\0\0\0\x01\0\0\0\x015\0\0'),
  text('E', 'p\0\0\0\0\x05'),
  text('H', ''),
  text('E', 'p\0\0\0\0\0'),
  text('S', ''),
  text('Q', 'select count(*) from generate_series(1, 3000) a, generate_series(1, 3000) b\0'),
]);
const connections = 500;
async function once(): Promise<void> {
  const cut = 1 + random(conversation.length);
  const bytes = Buffer.from(conversation.subarray(0, cut));
  if (random(2) === 0) bytes[random(bytes.length)] = random(256);
  const patience = random(60);
  const polite = random(2) === 0;
  await new Promise<void>((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.write(bytes);
      setTimeout(() => (polite ? socket.end() : socket.destroy()), patience);
    });
    socket.on('error', () => resolve());
    socket.on('close', () => resolve());
    socket.resume();
  });
}
const memory = () => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};
await once();
const before = memory();
for (let i = 0; i < connections; i += 20) await Promise.all(Array.from({ length: 20 }, once));
for (let i = 0; i < 100 && server.connections > 0; i++) await new Promise((resolve) => setTimeout(resolve, 100));
console.log(
  `server: ${connections} connections, ${server.connections} left open, ${bugs} bugs, heap grew by ${((memory() - before) / 1e6).toFixed(1)} MB`,
);
if (server.connections > 0 || bugs > 0) process.exitCode = 1;
await server.close();
await database.close();
