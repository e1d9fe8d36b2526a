// Clients that do not speak UTF-8: texts both ways, in every place that holds one, byte for byte as a real PostgreSQL 15.
import { describe, expect, test } from 'vitest';
import { bothServers } from './both-servers.js';
import { fields, message, say, WireClient } from './wire-client.js';

const both = bothServers();

const single = [
  ...Array.from({ length: 10 }, (_, i) => `LATIN${i + 1}`),
  ...[5, 6, 7, 8].map((part) => `ISO_8859_${part}`),
  ...Array.from({ length: 9 }, (_, i) => `WIN${1250 + i}`),
  ...['KOI8R', 'KOI8U', 'WIN866', 'WIN874'],
];
const many = '漢字仮名かなカナ한국어中文文字Aé€';
// Where the library's table has more than PostgreSQL's: letters of both.
const multi = [
  ...['EUC_JP', 'SJIS', 'GBK', 'GB18030', 'EUC_KR', 'UHC'].map((name) => [name, many]),
  ['EUC_CN', '字名中文한어Aé'],
  ['BIG5', '漢字名中文한어Aé'],
] as [name: string, letters: string][];

/** All that came, each byte as one character. */
function answers(client: WireClient): string[] {
  return client.replies.map(({ type, body }) => {
    if (type === 'T') return `T ${names(body)}`;
    if (type !== 'E' && type !== 'N') return `${type} ${body.toString('latin1')}`;
    const f = fields(Buffer.from(body.toString('latin1')));
    return `${type} ${f['C']} ${f['M']}`;
  });
}

function names(body: Buffer): string {
  const found: string[] = [];
  for (let at = 2; at < body.length; ) {
    const end = body.indexOf(0, at);
    found.push(body.toString('latin1', at, end));
    at = end + 19;
  }
  return found.join();
}

/** @param before a statement that comes first */
async function bothAnswer(before: string, parts: readonly Buffer[]) {
  const ready = parts.filter((part) => 'QS'.includes(String.fromCharCode(part[0]!))).length;
  const found: string[][] = [];
  const clients = await both().more();
  for (const client of clients) {
    await client.ask([say.query(before)]);
    await client.ask(parts, ready);
    found.push(answers(client));
    client.end();
  }
  const [ours, theirs] = found;
  expect(ours!.length).toBeGreaterThan(ready);
  if (theirs) expect(ours).toEqual(theirs);
  return ours!;
}

const bytes = (text: string) => Buffer.from(text, 'latin1');
const query = (text: Buffer) => message('Q', Buffer.concat([text, Buffer.of(0)]));
const letters = 'AÄßéøñçščžłőđŽŒœ€¤¦¨ŁąşğİıЖжЮЯёЄїΑΩαω־אתشكกฮ–—„“”‘’•…™№₪₫°±µ·';

describe.each(single)('%s', (name) => {
  test('each byte as a parameter', async () => {
    // PostgreSQL's table is older than that letter.
    const isNew = (byte: number) => name === 'WIN1255' && byte === 0xca;
    const all = Array.from({ length: 255 }, (_, i) => i + 1).filter((byte) => !isNew(byte));
    const shown = await bothAnswer(`set client_encoding = ${name}`, [
      say.parse('s', 'select $1::text, length($1), ascii($1)', [25]),
      say.sync,
      ...all.flatMap((byte) => [say.bind('', 's', [Buffer.of(byte)], [], [byte % 2]), say.execute(''), say.sync]),
    ]);
    expect(shown.filter((line) => line.startsWith('D ')).length).toBeGreaterThan(200);
  });

  test('letters of many scripts as results, those that it lacks as errors', async () => {
    const codes = [...letters].map((c) => c.codePointAt(0)!);
    await bothAnswer(
      `set names '${name.toLowerCase()}'`,
      codes.map((code) => say.query(`select chr(${code}), array[chr(${code}), 'x']`)),
    );
  });
});

test.each(multi)('%s', async (name, letters) => {
  await bothAnswer(
    `set client_encoding = '${name}'`,
    [...letters].map((c) => say.query(`select '${escaped(c)}'`)),
  );
  // What a client sends in it is what it gets back, whatever piece of a COPY it is cut into.
  const client = (await both().more())[0]!;
  const plain = '日本 x';
  await client.ask([say.query(`create temp table t (a text); set client_encoding = '${name}'`)]);
  await client.ask([say.query(`select '${escaped(plain)}'`)]);
  const sent = client.replies.find(({ type }) => type === 'D')!.body.subarray(6);
  await client.ask(
    [
      say.query('copy t from stdin'),
      ...[...sent].map((byte) => message('d', Buffer.of(byte))),
      message('c'),
      query(Buffer.concat([bytes("select a = '"), sent, bytes("', a from t")])),
    ],
    2,
  );
  expect(client.rows().map(([same]) => same)).toEqual(['t']);
  expect(client.replies.find(({ type }) => type === 'D')!.body.includes(sent)).toBe(true);
  client.end();
});

/** As `U&'…'` has it. */
function escaped(text: string): string {
  return [...text]
    .map((c) => (c < '\x7f' ? c : `'||U&'\\${c.codePointAt(0)!.toString(16).padStart(4, '0')}'||'`))
    .join('');
}

test('every place that holds a text', async () => {
  const json = '{"k": "ü"}';
  await bothAnswer('set client_encoding = LATIN1', [
    query(bytes('create temp table "tä" ("ö" text default \'ß\', j jsonb, a text[])')),
    query(bytes("insert into \"tä\" values ('é', '{\"ü\": \"ÿ\"}', array['à', 'b']) returning *")),
    query(bytes('select "ü" from "tä"')),
    query(bytes("select 'ä' || nothing")),
    query(bytes('select * from "tä"')),
    query(bytes('copy "tä" from stdin')),
    message('d', bytes('å\t{"a": "ø"}\t{ñ,"ü x"}\n\\N\t\\N\t\\N\n')),
    message('c'),
    query(bytes('copy "tä" to stdout (format csv, header)')),
    query(bytes('copy "tä" to stdout (format csv, encoding "utf8")')),
    query(bytes('copy "tä" to stdout (encoding latin9)')),
    query(bytes('copy "tä" to stdout (format binary)')),
    query(bytes('copy "tä" to stdout (encoding "klingon")')),
    query(bytes("declare c cursor with hold for select 'ç'")),
    query(bytes('fetch all from c')),
    query(bytes("select 'é'::name, row('ä', 1), pg_client_encoding(), current_setting('client_encoding')")),
    query(bytes('show client_encoding')),
    query(bytes('savepoint "ä"')),
    say.parse('pä', ''),
    say.sync,
    message('P', Buffer.concat([bytes('sä\0select $1::text as "ä", $2::jsonb, $3::text[]\0'), Buffer.of(0, 0)])),
    message('D', bytes('Ssä\0')),
    message(
      'B',
      Buffer.concat([
        bytes('pö\0sä\0'),
        Buffer.of(0, 1, 0, 1, 0, 3),
        ...[bytes('ä'), Buffer.concat([Buffer.of(1), bytes(json)]), textArray(['é', 'z'])].flatMap((value) => [
          Buffer.of(0, 0, 0, value.length),
          value,
        ]),
        Buffer.of(0, 1, 0, 1),
      ]),
    ),
    message('D', bytes('Ppö\0')),
    message('E', Buffer.concat([bytes('pö\0'), Buffer.alloc(4)])),
    say.sync,
    message('E', Buffer.concat([bytes('nö\0'), Buffer.alloc(4)])),
    say.sync,
    query(bytes("set client_encoding = utf8; select 'ä'")),
    say.query("select 'ä'"),
  ]);
});

/** One dimension, no NULLs, in LATIN1. */
function textArray(values: readonly string[]): Buffer {
  const head = Buffer.alloc(20);
  head.writeInt32BE(1, 0);
  head.writeInt32BE(25, 8);
  head.writeInt32BE(values.length, 12);
  head.writeInt32BE(1, 16);
  return Buffer.concat([head, ...values.flatMap((value) => [Buffer.of(0, 0, 0, value.length), bytes(value)])]);
}

test('a startup that names an encoding has it; one that is none is an error', async () => {
  const { server, postgres } = both();
  const user = { user: 'skyhook', database: 'postgres' };
  const clients = [await WireClient.ready(server.port, { user: 'skyhook', client_encoding: 'latin1' })];
  if (postgres) clients.push(await WireClient.ready(postgres.port, { ...user, client_encoding: 'latin1' }));
  for (const client of clients) {
    await client.ask([query(bytes("select length('ä'), 'ü'"))]);
    expect(client.replies.find(({ type }) => type === 'D')?.body).toEqual(
      Buffer.from([0, 2, 0, 0, 0, 1, 0x31, 0, 0, 0, 1, 0xfc]),
    );
    await client.ask([say.query("set client_encoding = 'klingon'"), say.query('reset client_encoding')], 2);
    expect(client.shown()).toContain('E:ERROR 22023 invalid value for parameter "client_encoding": "klingon"');
    client.end();
  }
});
