// Values of every type, in text and binary, byte for byte as a real PostgreSQL 15 sends them; and parameters as it takes them.
import { describe, expect, test } from 'vitest';
import { bothServers } from './both-servers.js';
import { cells, say, type WireClient } from './wire-client.js';

const both = bothServers();

/** Oids, sizes and modifiers of columns, and cells in hexadecimal. */
async function answer(client: WireClient, parts: readonly Buffer[]) {
  const shown = await client.ask(parts);
  const columns = client.replies
    .filter((r) => r.type === 'T')
    .map(({ body }) => {
      const found: unknown[] = [];
      let at = 2;
      for (let i = 0; i < body.readInt16BE(); i++) {
        const end = body.indexOf(0, at);
        found.push({
          name: body.toString('utf8', at, end),
          oid: body.readInt32BE(end + 7),
          size: body.readInt16BE(end + 11),
          // The digits of a numeric expression are known here, and unknown to PostgreSQL.
          modifier: body.readInt32BE(end + 7) === 1700 ? undefined : body.readInt32BE(end + 13),
          format: body.readInt16BE(end + 17),
        });
        at = end + 19;
      }
      return found;
    });
  const rows = client.replies
    .filter((r) => r.type === 'D')
    .map(({ body }) => cells(body).map((cell) => cell?.toString('hex') ?? null));
  return { columns, rows, error: /E:\S+ (\S+)/.exec(shown)?.[1] };
}

const expressions = [
  `true, false, null::bool`,
  `(-32768)::int2, 32767::int2, 0::int2, null::int2`,
  `(-2147483648)::int4, 2147483647, 0, 10, 99, 100, 12345, 1000000000`,
  `(-9223372036854775808)::int8, 9223372036854775807, 0::int8, 4294967296, 9007199254740993, -9007199254740993, -4294967297, 1000000000::int8, 999999999::int8`,
  `1.5::float4, 0.1::float4, -0.0::float4, 1e-5::float4, 123456.7::float4, 1234567::float4, 16777216::float4, 1e20::float4, 'NaN'::float4, '-Infinity'::float4, 1e-45::float4, 3.4028235e38::float4, 100000::float4, 999999::float4, 0.0001::float4`,
  `1.5::float8, 0.1::float8, 1e15::float8, 1e14::float8, 123456789012345::float8, 1e-5::float8, 0.0001::float8, 1e300::float8, 'NaN'::float8, 'Infinity'::float8, 5e-324::float8, -0.0::float8, 1/3::float8, 1e23::float8, 18014398509481988::float8, 9.5e30::float8, 1e22::float8, 2e25::float8`,
  `0::numeric, 1.50, -12345.678, 0.00001, 10000.0, 99999999999999999999::numeric(20,0), 0.1::numeric(5,3), 1e10::numeric(12,0)`,
  `'abc'::text, ''::text, 'äöü€😀'::text, 'x'::varchar(10), 'ab'::char(4), null::text`,
  `'\\x00ff10'::bytea, ''::bytea`,
  `date '2024-02-29', date '0001-01-01', date 'infinity', date '-infinity', date '1999-12-31', '0044-03-15 BC'::date`,
  `time '00:00', time '23:59:59.999999', time '12:34:56.7'`,
  `timestamp '2024-02-29 12:34:56.789', timestamp 'infinity', timestamp '1999-12-31 23:59:59', timestamp '0001-01-01'`,
  `timestamptz '2024-02-29 12:34:56.789+02', timestamptz '-infinity'`,
  `interval '1 year 2 months 3 days 04:05:06.789', interval '-1 day', interval '0', interval '-00:00:00.5'`,
  `timetz '10:00+02', timetz '04:05:06.5-05:30', null::timetz`,
  `B'101', X'1F', B'', '10'::varbit, '101'::bit(3)`,
  `'550e8400-e29b-41d4-a716-446655440000'::uuid`,
  `'{"a": [1, 2]}'::json, '{"b": 1.50, "a": [1, 2]}'::jsonb, '$.a ? (@ > 1)'::jsonpath, array['{"b":1}'::jsonb, null], array['1'::json]`,
  `array[[1,2],[3,null]], '{{a,b},{c,d},{e,"f g"}}'::text[], array[[[0.5]]]::float8[], array[array[true,false]], array[]::int4[]`,
  `row('a'::text, 1, null::float8, 1.5), row(row(1, true), array[1,2]), array[row(1, 'ä'::text), null], row(), row(null::int)`,
  `array[1,2,3], array[1,null]::int4[], '{}'::int4[], array[1.5,2.5]::float8[], array['a b','c,d','', null]::text[], array[true,false], array[0.1]::float4[], array[1,2]::int8[], array['2024-01-01'::date]`,
];

describe.each(['text', 'binary'] as const)('%s', (format) => {
  test.each(expressions)('select %s', async (list) => {
    const { ours, theirs } = both();
    if (!theirs) return;
    const parts = [
      say.parse('', `select ${list}`),
      say.bind('', '', [], [], [format === 'binary' ? 1 : 0]),
      say.describe('P', ''),
      say.execute(''),
      say.sync,
    ];
    expect(await answer(ours, parts)).toEqual(await answer(theirs, parts));
  });
});

const styles = [
  `set timezone = 'America/New_York'`,
  `set timezone = 'Asia/Kolkata'`,
  `set datestyle = 'SQL, DMY'`,
  `set datestyle = 'Postgres, MDY'; set timezone = 'Europe/Berlin'`,
  `set intervalstyle = 'iso_8601'; set timezone = '-3'`,
];

test.each(styles)('times after %s', async (settings) => {
  const { ours, theirs } = both();
  if (!theirs) return;
  const list = `timestamptz '2024-07-15 12:00', date '2024-02-03', timestamp '2024-02-03 04:05', interval '1 day 02:03', $1::timestamptz, array[timestamptz '2024-01-15 12:00+00']`;
  const parts = [
    say.parse('', `select ${list}`, [1184]),
    say.bind('', '', ['02/03/2024 04:05'], [0], [0]),
    say.execute(''),
    say.sync,
  ];
  for (const client of [ours, theirs]) await client.ask([say.query(settings)]);
  try {
    expect(await answer(ours, parts)).toEqual(await answer(theirs, parts));
  } finally {
    for (const client of [ours, theirs]) await client.ask([say.query('reset all')]);
  }
});

test('floats at random', async () => {
  const { ours, theirs } = both();
  if (!theirs) return;
  const bytes = Buffer.alloc(8 * 400);
  let state = 7;
  for (let i = 0; i < bytes.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  for (const [oid, size, type] of [
    [700, 4, 'float4'],
    [701, 8, 'float8'],
  ] as const) {
    const values = Array.from({ length: 400 }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
    const list = values.map((_, i) => `$${i + 1}::${type}`).join(', ');
    const parts = [
      say.parse(
        '',
        `select ${list}`,
        values.map(() => oid),
      ),
      say.bind('', '', [...values], [1], [0]),
      say.execute(''),
      say.sync,
    ];
    expect((await answer(ours, parts)).rows).toEqual((await answer(theirs, parts)).rows);
  }
});

const parameters: readonly (readonly [type: string, oid: number, texts: readonly string[]])[] = [
  ['bool', 16, ['t', 'off', 'yes']],
  ['int2', 21, ['-5', ' 7 ']],
  ['int4', 23, ['-2147483648']],
  ['int8', 20, ['9223372036854775807']],
  ['float4', 700, ['1.1', 'NaN']],
  ['float8', 701, ['1e-300', '-Infinity']],
  ['numeric', 1700, ['123.4500', '-0.001']],
  ['text', 25, ['a\tb', '']],
  ['varchar', 1043, ['x']],
  ['bytea', 17, ['\\x00ff']],
  ['date', 1082, ['2024-02-29', 'infinity']],
  ['time', 1083, ['01:02:03.5']],
  ['timestamp', 1114, ['2024-02-29 01:02:03', '-infinity']],
  ['timestamptz', 1184, ['2024-02-29 01:02:03+01']],
  ['timetz', 1266, ['10:00+02', '04:05:06.5-05:30']],
  ['varbit', 1562, ['101', '']],
  ['interval', 1186, ['1 mon -2 days 00:00:01']],
  ['uuid', 2950, ['550e8400-e29b-41d4-a716-446655440000']],
  ['json', 114, ['[1]', '{ "b":1,  "a":2 }']],
  ['jsonb', 3802, ['{ "b":1.50,  "a":[2 ]}', '"\\u00e9"']],
  ['int4[]', 1007, ['{1,NULL,3}', '{}', '{{1,2},{NULL,4},{5,6}}', '[1:1][1:2]={{1,2}}']],
  ['text[]', 1009, ['{a,"b c",NULL}', '{{a,"b c"},{"{}",NULL}}']],
  ['float8[]', 1022, ['{1.5,-2}', '{{{1.5}},{{-2}}}']],
];

/** A text goes out, PostgreSQL's binary of it comes back and goes out again as a parameter. */
test.each(parameters)('parameters of type %s', async (type, oid, texts) => {
  const { ours, theirs } = both();
  for (const text of texts) {
    const parse = say.parse('', `select $1::${type}`, [oid]);
    const asText = [parse, say.bind('', '', [text], [0], [1]), say.execute(''), say.sync];
    const mine = await answer(ours, asText);
    if (theirs) expect(mine.rows).toEqual((await answer(theirs, asText)).rows);
    const binary = Buffer.from(mine.rows[0]![0]!, 'hex');
    const back = [parse, say.bind('', '', [binary], [1], [0]), say.execute(''), say.sync];
    const printed = await answer(ours, back);
    expect(printed.error).toBeUndefined();
    if (theirs) expect(printed.rows).toEqual((await answer(theirs, back)).rows);
    for (const damaged of [binary.subarray(0, -1), Buffer.concat([binary, Buffer.of(0)])]) {
      const bad = [parse, say.bind('', '', [damaged], [1], [0]), say.execute(''), say.sync];
      if (theirs) expect((await answer(ours, bad)).error).toBe((await answer(theirs, bad)).error);
    }
  }
});
