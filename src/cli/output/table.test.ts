import { Field, Float32, List, makeData, RecordBatch, Schema, Struct, Utf8, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { listOf, types } from '../../core/index.js';
import type { QueryResult } from '../../session/index.js';
import { writeTable } from './table.js';

const schema = new Schema([
  new Field('name', new Utf8(), true),
  new Field('pt', new List(new Field('item', new Float32(), true)), true),
]);

function result(rows: readonly (readonly [string | null, readonly number[] | null])[]): QueryResult {
  const columns = [
    vectorFromArray(
      rows.map((r) => r[0]),
      new Utf8(),
    ),
    vectorFromArray(
      rows.map((r) => r[1]),
      schema.fields[1]!.type,
    ),
  ];
  const data = makeData({
    type: new Struct(schema.fields),
    length: rows.length,
    children: columns.map((c) => c.data[0]!),
  });
  return {
    columns: [
      { label: 'name', type: types.text },
      { label: 'pt', type: listOf(types.float4) },
    ],
    schema,
    batches: (async function* () {
      yield new RecordBatch(schema, data);
    })(),
    close: async () => {},
  };
}

async function printed(rows: Parameters<typeof result>[0], width?: number, expanded?: boolean): Promise<string> {
  let text = '';
  const write = async (chunk: string | Uint8Array) => {
    text += String(chunk);
  };
  await writeTable(result(rows), { width, write }, expanded);
  return text;
}

const muons = Array.from({ length: 6 }, (_, i) => 10.5 + i);

describe('tables', () => {
  it('draws columns, NULL as nothing, an empty list as {}', async () => {
    expect(
      await printed([
        ['a', [1.5, 2]],
        [null, []],
      ]),
    ).toBe(' name │ pt\n──────┼─────────\n a    │ {1.5,2}\n      │ {}\n(2 rows)\n');
  });

  it('shortens wide cells until the table fits its terminal', async () => {
    const wide = await printed([['an event of some length', muons]], 45);
    for (const line of wide.split('\n')) expect(line.length).toBeLessThanOrEqual(45);
    expect(wide).toContain('{10.5,… 6 values}');
    expect(await printed([['an event of some length', muons]])).toContain('{10.5,11.5,12.5,13.5,14.5,15.5}');
  });

  it('prints records where no width is enough, or when asked', async () => {
    const narrow = await printed([['event', muons]], 20);
    expect(narrow).toMatch(/^─\[ 1 \]┬─+\nname │ event\npt {3}│ \{… 6 values\}\n\(1 row\)\n$/);
    expect(await printed([['event', [1]]], undefined, true)).toContain('pt   │ {1}\n');
    expect(await printed([['event', muons]], 20, false)).toContain(' name  │ pt\n');
  });

  it('prints a single column whole', async () => {
    const plan = 'Gather '.repeat(20);
    const text = { ...result([[plan, null]]) };
    const one = { ...text, columns: text.columns.slice(0, 1) };
    let out = '';
    await writeTable(one, {
      width: 40,
      write: async (chunk) => {
        out += String(chunk);
      },
    });
    expect(out).toContain(plan.trimEnd());
  });

  it('aligns wide characters and shows control characters', async () => {
    expect(
      await printed([
        ['粒子', [1]],
        ['a\u001b[2Jb\n', null],
      ]),
    ).toBe(' name        │ pt\n─────────────┼─────\n 粒子        │ {1}\n a\\x1b[2Jb\\n │\n(2 rows)\n');
  });
});
