// Conversations cut, garbled and split at random points end here as they end on PostgreSQL 15. `npm run fuzz:wire` sends a million messages.
import { expect, test } from 'vitest';
import { bothServers, theirUser } from './both-servers.js';
import { fields, message, say, WireClient } from './wire-client.js';

const both = bothServers();

const parts: readonly Buffer[] = [
  ...['select 1', '', 'select 1; select 2', 'begin', 'rollback', 'selec', 'copy (values (1)) to stdout'].map(say.query),
  say.parse('s', 'select $1::int4', [23]),
  say.parse('', 'select $1::text', [25]),
  say.parse('', 'select 1'),
  say.parse('', ''),
  say.bind('p', 's', ['5']),
  say.bind('', 's', [Buffer.of(0, 0, 0, 7)], [1], [1]),
  say.bind('', '', ['x']),
  say.bind('', '', [null]),
  ...(['S', 'P'] as const).flatMap((kind) => ['', 's', 'p'].map((name) => say.describe(kind, name))),
  say.execute('p'),
  say.execute('', 1),
  say.close('S', 's'),
  say.close('P', 'p'),
  say.flush,
  say.sync,
  say.sync,
  ...['d', 'c', 'p', 'z'].map((type) => message(type, 'x')),
  message('f', 'no\0'),
];

const seeds = 40;
const perSeed = 15;

test.each(Array.from({ length: seeds }, (_, i) => i + 1))('seed %i', async (seed) => {
  const { theirs, server, postgres } = both();
  if (!theirs) return;
  const random = randomOf(seed);
  await Promise.all(
    Array.from({ length: perSeed }, () => broken(random)).map(async ({ bytes, splits }) => {
      // In one piece: what comes after PostgreSQL has closed makes the system throw its last words away.
      const expected = await ending(await WireClient.ready(postgres!.port, theirUser), bytes, []);
      const ours = await ending(await WireClient.ready(server.port), bytes, splits, expected.length);
      expect(ours, JSON.stringify(bytes.toString('latin1'))).toEqual(expected);
    }),
  );
});

function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}

/** Some messages, of which some have another type or length, up to a cut; and where they are torn on their way. */
function broken(random: (below: number) => number): { bytes: Buffer; splits: number[] } {
  const lengths = [0, 1, 3, 4, 5, 6, 7, 255, 70_000, 0x7fffffff, -1];
  const sent: Buffer[] = [];
  for (let count = 1 + random(8); count > 0; count--) {
    const copy = Buffer.from(parts[random(parts.length)]!);
    // PostgreSQL looks for a Bind's statement before it reads the rest.
    if (random(12) === 0 && copy[0] !== 0x42) copy.writeInt32BE(lengths[random(lengths.length)]!, 1);
    // All types but FunctionCall, which is refused.
    if (random(20) === 0) copy[0] = [random(256), 0x51].find((type) => type !== 0x46)!;
    sent.push(copy);
  }
  const whole = Buffer.concat(sent);
  const bytes = random(3) === 0 ? whole.subarray(0, 1 + random(whole.length)) : whole;
  const splits = Array.from({ length: random(4) }, () => random(bytes.length + 1)).sort((a, b) => a - b);
  return { bytes, splits };
}

/**
 * What comes up to the end of the connection; what is behind the last error or ReadyForQuery a server may keep.
 * @param answers that are waited for before the client goes, which here ends what runs
 */
async function ending(client: WireClient, bytes: Buffer, splits: readonly number[], answers = 0): Promise<string[]> {
  let at = 0;
  for (const split of splits) {
    client.socket.write(bytes.subarray(at, split));
    at = split;
    await new Promise((resolve) => setImmediate(resolve));
  }
  client.socket.write(bytes.subarray(at));
  await client.until((replies) => replies.length >= answers);
  client.socket.end();
  await client.until(() => false);
  const shown = client.replies.map(({ type, body }) => {
    if (type !== 'E' && type !== 'N') return `${type} ${body.toString('hex')}`;
    const { S, C, M } = fields(body);
    return `${type} ${S} ${C} ${M}`;
  });
  return shown.slice(0, shown.findLastIndex((line) => /^[EZ]/.test(line)) + 1);
}
