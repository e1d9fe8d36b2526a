// COPY FROM STDIN: the same bytes here and to a real PostgreSQL 15. What is in the table then, or the error with its line and column, is equal.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DiagnosticError } from '../../src/core/index.js';
import { Database, type Session } from '../../src/session/index.js';
import { fields, message, say, WireClient } from '../pgwire/wire-client.js';
import { type PostgresServer, startPostgres } from '../support/postgres.js';

let server: PostgresServer | undefined;
let theirs: WireClient | undefined;
let database: Database;
let session: Session;

const tables = [
  'CREATE TEMP TABLE t (a int, b text, c numeric(6,2), d date)',
  "CREATE TEMP TABLE r (id serial PRIMARY KEY, n int NOT NULL CHECK (n > 0), w varchar(4) DEFAULT 'w', g int GENERATED ALWAYS AS (n * 2) STORED)",
  'CREATE TEMP TABLE one (x text)',
  'CREATE TEMP TABLE k (i smallint, l bigint, f real, g double precision, b boolean, t timestamp, z timestamptz, u uuid, j jsonb, y bytea, v int[], e char(3), m time)',
];

beforeAll(async () => {
  server = await startPostgres();
  if (server) theirs = await WireClient.ready(server.port, { user: 'skyhook', database: 'postgres' });
  database = await Database.open('memory:');
  session = database.session();
  for (const table of tables) {
    await session.sql(table);
    await theirs?.ask([say.query(table)]);
  }
});
afterAll(async () => {
  theirs?.end();
  await server?.stop();
  await session.close();
  await database.close();
});

interface Answer {
  readonly error?: readonly (string | undefined)[];
  readonly tag?: string;
  readonly rows?: string;
}

/** In pieces of three bytes too: where chunks end has no meaning. */
async function* pieces(data: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}

async function ours(text: string, data: Buffer, size: number): Promise<Answer> {
  try {
    const tag = await session.copyIn(text, pieces(data, size));
    return { tag };
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return { error: [error.code, error.message, error.diagnostic.context] };
  }
}

async function their(text: string, data: Buffer): Promise<Answer> {
  const client = theirs!;
  client.replies.length = 0;
  await client.ask([say.query(text), message('d', data), message('c')]);
  const failed = client.replies.find(({ type }) => type === 'E');
  if (failed) {
    const { C, M, W } = fields(failed.body);
    // What its JSON parser adds is not ours.
    return { error: [C, M, W?.replace(/^JSON data, [^\n]*\n/, '')] };
  }
  const done = client.replies.find(({ type }) => type === 'C')!;
  return { tag: done.body.toString('utf8', 0, done.body.length - 1) };
}

async function content(text: string): Promise<[string, string]> {
  const table = /copy (\w+)/.exec(text)![1]!;
  const { bytes } = await session.copyOut(`COPY ${table} TO STDOUT`);
  const mine: Uint8Array[] = [];
  for await (const chunk of bytes) mine.push(chunk);
  const client = theirs!;
  client.replies.length = 0;
  await client.ask([say.query(`COPY ${table} TO STDOUT`)]);
  const rows = client.replies.filter(({ type }) => type === 'd').map(({ body }) => body);
  return [Buffer.concat(mine).toString(), Buffer.concat(rows).toString()];
}

const binary = (...rows: (string | null)[][]) =>
  Buffer.concat([
    Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1'),
    ...rows.flatMap((row) => [
      Buffer.from([0, row.length]),
      ...row.map((cell) =>
        cell === null
          ? Buffer.from([255, 255, 255, 255])
          : Buffer.concat([Buffer.from([0, 0, 0, cell.length]), Buffer.from(cell, 'latin1')]),
      ),
    ]),
    Buffer.from([255, 255]),
  ]);

const cases: readonly (readonly [text: string, data: string | Buffer])[] = [
  // Text.
  ['copy t from stdin', '1\tone\t1.5\t2024-01-02\n2\t\\N\t\\N\t\\N\n'],
  ['copy t from stdin', '3\ttab\\tnew\\nline\\\\back\t2\t2024-02-29'],
  ['copy t from stdin', ''],
  ['copy t from stdin', '4\tend\t1\t2024-01-01\n\\.\n5\tnot read\t1\t2024-01-01\n'],
  ['copy t from stdin', '4\tend\t1\t2024-01-01\n\\.'],
  ['copy t from stdin', '4\tend\\.\n'],
  ['copy t from stdin', '4\tcut\\.x\n'],
  ['copy t from stdin', '1\tx\t1.5\n'],
  ['copy t from stdin', '1\n'],
  ['copy t from stdin', '\n'],
  ['copy t from stdin', '1\tx\t1.5\t2024-01-01\t9\n'],
  ['copy t from stdin', '1\tx\t1.5\t2024-01-01\nz\tx\t1.5\t2024-01-01\n'],
  ['copy t from stdin', '1\tx\t1.5\t2024-13-01\n'],
  ['copy t from stdin', '1\tx\t123456\t2024-01-01\n'],
  ['copy t from stdin', `1\t${'x'.repeat(200)}\t1\n`],
  ['copy t from stdin', `${'9'.repeat(200)}\tx\t1\t2024-01-01\n`],
  ['copy t from stdin', '99999999999\tx\t1\t2024-01-01\n'],
  ['copy t from stdin', '6\t\\x41\\101\\b\\f\\v\\q\\\\N\t1\t2024-01-01\n'],
  ['copy t from stdin', '6\t\\xc3\\xa4 \\303\\244 ä€😀\t1\t2024-01-01\n'],
  ['copy t from stdin', '6\t\\xff\t1\t2024-01-01\n'],
  ['copy t from stdin', '6\t\\0\t1\t2024-01-01\n'],
  ['copy t from stdin', Buffer.from('6\tok\t1\t2024-01-01\n7\t\xff\xfe\t1\t2024-01-01\n', 'latin1')],
  ['copy t from stdin', '6\ta\\\nb\t1\t2024-01-01\n'],
  ['copy t from stdin', '6\tcrlf\t1\t2024-01-01\r\n7\tcrlf\t1\t2024-01-01\r\n'],
  ['copy t from stdin', '6\tcr\t1\t2024-01-01\r7\tcr\t1\t2024-01-01\r'],
  ['copy t from stdin', '6\tmix\t1\t2024-01-01\r\n7\tmix\t1\t2024-01-01\n'],
  ['copy t from stdin', '6\tmix\t1\t2024-01-01\n7\tmix\t1\t2024-01-01\r\n'],
  ['copy t from stdin', '6\tmix\t1\t2024-01-01\r7\tmix\t1\t2024-01-01\n'],
  ["copy t from stdin (delimiter '|', null 'null')", '8|null|null|null\n9|"q"|1|2024-01-01\n'],
  ["copy t from stdin (delimiter '|')", '8|a\\|b|1|2024-01-01\n'],
  ['copy t (b, a) from stdin', 'listed\t10\n'],
  ["copy t (a, b) from stdin with delimiter as E'\\t' null as ''", '11\t\n'],
  ['copy t (a, b) from stdin (header)', 'any\tthing\n12\tbehind header\n'],
  ['copy t (a, b) from stdin (header match)', 'a\tb\n13\tmatched\n'],
  ['copy t (a, b) from stdin (header match)', 'b\ta\n13\tmatched\n'],
  ['copy t (a, b) from stdin (header match)', 'a\tb\tc\n'],
  ['copy t (a, b) from stdin (header match)', 'a\t\\N\n'],
  ['copy t (a, b) from stdin where a > 20', '14\tout\n21\tin\n22\tin\n\\N\tout\n'],
  ["copy t (a, b) from stdin where b like 'i%' and a < 22", '21\tin\n22\tin\n'],
  ['copy t (a, b) from stdin where nope > 1', '1\tx\n'],
  ['copy t (a, b) from stdin where (select true)', '1\tx\n'],
  ['copy t (a, b) from stdin where sum(a) > 1', '1\tx\n'],
  ['copy t (a, nope) from stdin', '1\tx\n'],
  ['copy t (a, a) from stdin', '1\t1\n'],
  ['copy nosuch from stdin', '1\n'],
  ['copy one from stdin', '\\N\n\nempty\\tline\n \n'],
  // CSV.
  ['copy t from stdin csv', '30,one,1.5,2024-01-02\n31,,,\n32,"",2,\n'],
  ['copy t from stdin csv', '33,"quo""te, comma\nand line",1,2024-01-01\n'],
  ['copy t from stdin csv', '33,"open\n'],
  ['copy t from stdin csv', '33,a"b c"d,1,\n'],
  ['copy t from stdin csv', '33,"a" "b",1,\n'],
  ['copy t from stdin csv', '33,x,1,2024-01-01\r\n34,"cr\r\nlf",1,\r\n'],
  ['copy t from stdin csv', '33,x,1,\n34,y\r,1,\n'],
  ['copy t from stdin csv', '33,x,1,\r\n34,y\n,1,\r\n'],
  ['copy t from stdin csv', '35,x\n'],
  ['copy t from stdin csv', '35,"a\nb",x,\n36,y,1,\n'],
  ['copy t from stdin csv', '35,"a\nb",1,\nq,y,1,\n'],
  ['copy t from stdin csv', '35,x,1,2,3\n'],
  ['copy t from stdin csv header', 'whatever\n36,x,1,\n'],
  ['copy t from stdin (format csv, header match)', 'a,b,"c",d\n37,x,1,\n'],
  ['copy t from stdin (format csv, header match)', 'a,B,c,d\n37,x,1,\n'],
  ["copy t from stdin (format csv, null 'NULL')", '38,NULL,NULL,NULL\n39,"NULL",1,NULL\n40,,1,NULL\n'],
  ["copy t from stdin (format csv, delimiter ';', quote '''')", "41;'a;b''c\"';1;\n"],
  ["copy t from stdin (format csv, escape '\\')", '42,"a\\"b\\\\c\\d",1,\n'],
  ["copy t from stdin (format csv, escape '\\')", '42,a\\,1,\n'],
  ['copy t from stdin (format csv, force_not_null (b))', '43,,1,\n'],
  ['copy t from stdin (format csv, force_null (b, c))', '44,"","",\n'],
  ["copy t from stdin (format csv, force_null (b), force_not_null (b), null 'x')", '45,"x",1,x\n46,x,1,x\n'],
  ['copy t (a) from stdin (format csv, force_null (b))', '44\n'],
  ['copy t from stdin (format csv, force_null (nope))', '44,,,\n'],
  ['copy t from stdin csv', '47,"\\.",1,\n48,\\.,1,\n'],
  ['copy t from stdin csv', '47,x,1,\n\\.\nrubbish'],
  ['copy one from stdin csv', '\n""\n"a"\n\\.x\n'],
  ['copy t from stdin csv', '50,äöü€😀,1,2024-01-01\n'],
  ['copy t from stdin csv', '\n'],
  // Options.
  ['copy t from stdin (format nope)', ''],
  ['copy t from stdin (nope)', ''],
  ["copy t from stdin (delimiter 'ab')", ''],
  ["copy t from stdin (delimiter 'a')", ''],
  ["copy t from stdin (delimiter E'\\n')", ''],
  ["copy t from stdin (null E'a\\n')", ''],
  ["copy t from stdin (null 'a,b', delimiter ',')", ''],
  ["copy t from stdin (quote '\"')", ''],
  ["copy t from stdin (escape '\"')", ''],
  ["copy t from stdin (format csv, quote ',')", ''],
  ["copy t from stdin (format csv, null '\"')", ''],
  ["copy t from stdin (format csv, quote 'ab')", ''],
  ['copy t from stdin (force_null (a))', ''],
  ['copy t from stdin (force_not_null (a))', ''],
  ['copy t from stdin (format csv, force_quote (a))', ''],
  ['copy t from stdin (format csv, header perhaps)', ''],
  ["copy t from stdin (format binary, delimiter ',')", ''],
  ["copy t from stdin (format binary, null 'x')", ''],
  ['copy t from stdin (format binary, header)', ''],
  ["copy t from stdin (encoding 'nope')", ''],
  ["copy t (a) from stdin (encoding 'utf8')", '51\n'],
  ['copy t from stdin (format csv, format text)', ''],
  // Rules.
  ['copy r (n) from stdin', '1\n2\n'],
  ['copy r (n, w) from stdin', '3\tabcd\n4\t\\N\n'],
  ['copy r (n, w) from stdin', '3\tabcde\n'],
  ['copy r (n, w) from stdin', '3\tabcd  \n'],
  ['copy r (n) from stdin', '5\n\\N\n'],
  ['copy r (n) from stdin', '5\n0\nx\n'],
  ['copy r (n) from stdin', '5\nx\n0\n'],
  ['copy r (id, n) from stdin', '100\t1\n100\t2\n'],
  ['copy r (id, n) from stdin', '1\t1\n'],
  ['copy r (id, n) from stdin', '\\N\t1\n'],
  ['copy r (n, g) from stdin', '1\t1\n'],
  ['copy r from stdin', '200\t7\tseve\n'],
  ['copy r (n) from stdin where n > 0', '-1\n8\n'],
  // Types.
  [
    'copy k from stdin',
    '1\t9007199254740993\t1.5\t0.1\tt\t2024-01-01 12:34:56.789\t2024-01-01 12:00+02\t123e4567-e89b-12d3-a456-426614174000\t{"a": [1, 2]}\t\\\\x0102ff\t{1,NULL,3}\tab\t12:34:56\n',
  ],
  [
    'copy t (d) from stdin',
    '2024-02-29\n0099-12-31\n0100-01-01\n1969-12-31\n1582-10-10\n9999-12-31\n20240102\nJan 2 2024\n2024-1-2\n',
  ],
  ['copy t (d) from stdin', '2023-02-29\n'],
  ['copy t (d) from stdin', '2023-04-31\n'],
  ['copy t (d) from stdin', '0000-01-01\n'],
  [
    'copy k (t) from stdin',
    '2024-02-29 23:59:59.999999\n1969-12-31 23:59:59.5\n2024-01-01T00:00:00\n2024-01-01 24:00:00\n2024-01-01 1:02\n2024-01-01 00:00:60\n',
  ],
  ['copy k (t) from stdin', '2024-02-30 00:00:00\n'],
  ['copy k (i) from stdin', '40000\n'],
  ['copy k (i) from stdin', ' 7 \n'],
  ['copy k (i) from stdin', '1.5\n'],
  ['copy k (b) from stdin', 'yes\noff\n1\n'],
  ['copy k (b) from stdin', 'maybe\n'],
  ['copy k (f, g) from stdin', 'NaN\t-Infinity\n1e-50\t1\n'],
  ['copy k (u) from stdin', 'not-a-uuid\n'],
  ['copy k (j) from stdin', '{"a": }\n'],
  ['copy k (v) from stdin', '{1,x}\n'],
  ['copy k (e) from stdin', 'abcd\n'],
  ['copy k (t) from stdin', 'never\n'],
  // Binary.
  ['copy t (a, b) from stdin binary', binary(['\0\0\0\x3c', 'bin'], ['\0\0\0\x3d', null])],
  ['copy t (a, b) from stdin (format binary)', binary(['\0\0\0\x3c'])],
  ['copy t (a, b) from stdin (format binary)', binary(['\0\0\x3c', 'short'])],
  ['copy t (a, b) from stdin (format binary)', binary(['\0\0\0\0\x3c', 'long'])],
  ['copy t (a, b) from stdin (format binary)', Buffer.from('PGCOPX\n\xff\r\n\0\0\0\0\0\0\0\0\0\xff\xff', 'latin1')],
  ['copy t (a, b) from stdin (format binary)', binary(['\0\0\0\x3c', 'cut']).subarray(0, 30)],
  ['copy t (a, b) from stdin (format binary)', binary(['\0\0\0\x3c', 'cut']).subarray(0, 15)],
  ['copy t (a, b) from stdin (format binary)', Buffer.concat([binary(['\0\0\0\x3e', 'x']), Buffer.from('more')])],
  ['copy t (a, b) from stdin (format binary)', binary(['\0\0\0\x3f', '\xff'])],
];

it.each(cases)('%s %j', async (text, data) => {
  if (!theirs) return;
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  const wanted = await their(text, bytes);
  expect(await ours(text, bytes, 1 << 16)).toEqual(wanted);
  if (wanted.tag) {
    const [mine, others] = await content(text);
    expect(mine).toBe(others);
  }
});

it.each(cases.filter(([text]) => !text.includes('copy r')))('in pieces: %s %j', async (text, data) => {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  const whole = await ours(text, bytes, 1 << 16);
  expect(await ours(text, bytes, 3)).toEqual(whole);
});

it('a stream that fails leaves nothing behind', async () => {
  await session.sql('TRUNCATE one');
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a\nb\n');
    throw new Error('the client has gone');
  }
  await expect(session.copyIn('copy one from stdin', failing())).rejects.toThrow('the client has gone');
  const { bytes } = await session.copyOut('copy one to stdout');
  for await (const chunk of bytes) expect(chunk.length).toBe(0);
});

it('a file cannot be read on the server', async () => {
  await expect(session.copyIn("copy one from '/etc/passwd'", pieces(Buffer.alloc(0), 1))).rejects.toMatchObject({
    code: '42501',
  });
});
