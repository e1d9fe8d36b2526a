// COPY TO STDOUT, byte for byte as a real PostgreSQL 15 sends it.
import { expect, test } from 'vitest';
import { bothServers } from './both-servers.js';
import { message, say, type WireClient } from './wire-client.js';

const both = bothServers();

async function copied(client: WireClient, text: string): Promise<string[]> {
  await client.ask([say.query(text)]);
  return client.replies
    .filter((r) => r.type !== 'S')
    .map(({ type, body }) =>
      type === 'E' ? `E ${/\0C([^\0]*)/.exec(body.toString())?.[1]}` : `${type} ${body.toString('latin1')}`,
    );
}

const rows = String.raw`(values (1, 1.5::float8, 'plain', true), (null, null, null, null), (-2, 0.1, E'tab\tnew\nline\\back,"quoted"', false), (3, 'NaN', '', true), (4, 1e20, '\N', true), (5, 2, 'ä€😀', null)) v(a, b, c, d)`;

test.each([
  `copy (select * from ${rows}) to stdout`,
  `copy (select * from ${rows}) to stdout (format csv, header)`,
  `copy (select * from ${rows}) to stdout with csv delimiter ';' null 'NULL' quote '''' force quote c`,
  `copy (select * from ${rows}) to stdout (format csv, force_quote *, escape '\\')`,
  `copy (select * from ${rows}) to stdout (delimiter '|', null '-', header true)`,
  `copy (select * from ${rows}) to stdout (format binary)`,
  `copy (select * from ${rows}) to stdout binary`,
  `copy (select 1 where false) to stdout binary`,
  `copy (select c from ${rows}) to stdout csv`,
  String.raw`copy (select '\.') to stdout csv`,
  `copy (select 1 where false) to stdout csv header`,
  `copy (select 1) to stdout (format nope)`,
  `copy (select 1) to stdout (nope)`,
  `copy (select 1) to stdout (quote '"')`,
  `copy (select 1) to stdout (delimiter 'ab')`,
  `copy (select nope) to stdout`,
  `copy nope to stdout`,
])('%s', async (text) => {
  const { ours, theirs } = both();
  if (!theirs) return;
  const [mine, wanted] = [await copied(ours, text), await copied(theirs, text)];
  expect(mine).toEqual(wanted);
});

/** Rows in COPY's binary form: bits at random, so that floats of all sizes and denormals are among them; there is one NaN, PostgreSQL's. */
function randomRows(count: number): Buffer {
  let state = 4711;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const bytes = (size: number) => Buffer.from(Array.from({ length: size }, () => random(256)));
  const int32 = (n: number) => Buffer.of(n >>> 24, n >>> 16, n >>> 8, n);
  // Often a few characters that COPY writes in another way, within longer and shorter texts.
  const alphabet = [
    'a',
    'bc',
    'ä',
    '€',
    '😀',
    ',',
    '"',
    '\\',
    '\t',
    '\n',
    '\r',
    '\b',
    "'",
    'N',
    '.',
    ' plain text of some length',
  ];
  const text = () => Buffer.from(Array.from({ length: random(6) }, () => alphabet[random(alphabet.length)]).join(''));
  const short = () => Buffer.concat([Buffer.alloc(random(4)), Buffer.alloc(4)]).fill(bytes(4));
  const float4 = () => {
    const out = bytes(4);
    if (Number.isNaN(out.readFloatBE())) out.writeFloatBE(Number.NaN);
    return out;
  };
  const float8 = () => {
    const out = bytes(8);
    if (random(50) === 0) out.writeDoubleBE([Number.NaN, Infinity, -0][random(3)]!);
    // Half of them in the range that is written without an exponent.
    if (random(2)) out.writeDoubleBE((random(2 ** 32) - 2 ** 31) / 10 ** random(12));
    return out;
  };
  const list = () => {
    const n = random(5);
    if (n === 0) return Buffer.concat([int32(0), int32(0), int32(700)]);
    const cells = Array.from({ length: n }, () => (random(8) ? Buffer.concat([int32(4), float4()]) : int32(-1)));
    return Buffer.concat([int32(1), int32(1), int32(700), int32(n), int32(1), ...cells]);
  };
  const makers = [float8, float4, () => bytes(8), () => bytes(4), () => bytes(2), text, short];
  let row = 0;
  const columns = [() => int32(row++), ...makers, () => Buffer.of(random(2)), list];
  const rows = Array.from({ length: count }, () => {
    const cells = columns.map((make) => {
      const cell = make();
      return make === columns[0] || random(9) ? Buffer.concat([int32(cell.length), cell]) : int32(-1);
    });
    return Buffer.concat([Buffer.of(0, columns.length), ...cells]);
  });
  return Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1'), ...rows, Buffer.of(0xff, 0xff)]);
}

test('values at random, in every form', async () => {
  const { ours, theirs } = both();
  if (!theirs) return;
  const rows = randomRows(5000);
  for (const client of [ours, theirs]) {
    await client.ask([
      say.query(
        'create temp table r (n int4, a float8, b float4, c int8, d int4, e int2, f text, g bytea, h bool, i float4[])',
      ),
    ]);
    const shown = await client.ask([say.query('copy r from stdin binary'), message('d', rows), message('c')]);
    expect(shown).toContain('COPY 5000');
  }
  for (const form of [
    '',
    'csv',
    'binary',
    "(format csv, delimiter ';', null 'NULL', force_quote (f, b))",
    "(delimiter ',')",
  ])
    for (const columns of ['*', 'i, h, f', 'b']) {
      // PostgreSQL fills its pages in an order of its own.
      const text = `copy (select ${columns} from r order by n) to stdout ${form}`;
      const [mine, wanted] = [await copied(ours, text), await copied(theirs, text)];
      const at = mine.findIndex((row, i) => row !== wanted[i]);
      if (at >= 0) expect(`${text}: ${mine[at]}`).toBe(`${text}: ${wanted[at]}`);
      expect(mine.length).toBe(wanted.length);
    }
  for (const format of [0, 1]) {
    const parts = [
      say.parse('', 'select * from r order by n'),
      say.bind('', '', [], [], [format]),
      say.execute(''),
      say.sync,
    ];
    const answers: string[][] = [];
    for (const client of [ours, theirs]) {
      await client.ask(parts);
      answers.push(client.replies.filter(({ type }) => type === 'D').map(({ body }) => body.toString('hex')));
    }
    expect(answers[0]!.length).toBe(5000);
    expect(answers[0]).toEqual(answers[1]);
  }
});
