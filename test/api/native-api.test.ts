// The native API on the bundled sample and on a real NanoAOD file: the documented calls, against what uproot sees.
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Table, tableFromArrays } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dataset, DiagnosticError, type File, type Parameter, SkyhookDM } from '../../src/api/index.js';
import { sharedCluster } from '../support/ceph.js';

const expected = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8'));
const sample = new URL('../../samples/events.root', import.meta.url).pathname;
const samples = new URL('../../../shared/root-samples/', import.meta.url);

const folder = mkdtempSync(join(tmpdir(), 'skyhook-api-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A column as plain values: lists as arrays, 64-bit integers as they come. */
function column(table: Table, name: string): unknown[] {
  const vector = table.getChild(name);
  if (!vector) throw new Error(`no column ${name}`);
  return Array.from(vector, (v) =>
    v !== null && typeof v === 'object' && 'toArray' in v ? Array.from(v as Iterable<unknown>) : v,
  );
}

async function failure(work: Promise<unknown>): Promise<DiagnosticError> {
  const error = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(DiagnosticError);
  return error as DiagnosticError;
}

const ceph = await sharedCluster();
const addresses = [{ store: 'memory:' }, ...(ceph ? [{ store: ceph.freshUrl() }] : [])];

describe.each(addresses)('the native API on the sample, $store', ({ store }) => {
  const sk = new SkyhookDM();
  let dst: Dataset;
  let file: File;

  beforeAll(async () => {
    await sk.connect(store);
    const report = await sk.writeDataset([sample], 'aod');
    expect(report).toMatchObject({ files: 1, rows: expected.entries, refused: [], notices: [] });
    dst = await sk.getDataset('aod');
    file = dst.getFiles()[0]!;
  });
  afterAll(() => sk.close());

  it('runs the documented query on a file', async () => {
    const table = await sk.runQuery(file, 'select event_id>5, project Events;75.Muon_phi');
    expect(table.schema.fields.map((f) => f.name)).toEqual(['Muon_phi']);
    expect(table.numRows).toBe(expected.muon_phi_after_5.rows);
    const values = column(table, 'Muon_phi') as number[][];
    expect(values.slice(0, 20)).toEqual(expected.muon_phi_after_5.head);
    expect(values.flat().length).toBe(expected.muon_phi_after_5.values);
  });

  it('gives a list of tables for a dataset, one column per branch', async () => {
    const tables = await sk.runQuery(
      dst,
      'select event_id>5, project Events;75.Muon_eta,Events;75.Muon_phi,Events;75.Muon_mass',
    );
    expect(tables).toHaveLength(1);
    expect(tables[0]!.schema.fields.map((f) => f.name)).toEqual(['Muon_eta', 'Muon_phi', 'Muon_mass']);
    expect(tables[0]!.numRows).toBe(expected.muon_phi_after_5.rows);
  });

  it('takes * for no predicate and keeps storage types', async () => {
    const table = await sk.runQuery(file, 'select *, project Events;75.nMuon, Events;75.event');
    expect(column(table, 'nMuon').slice(0, 20)).toEqual(expected.nMuon);
    expect(String(table.schema.fields[1]!.type)).toBe('Uint64');
    expect(column(table, 'event').slice(0, 20).map(String)).toEqual(expected.event);
  });

  it('asks about lists', async () => {
    const table = await sk.runQuery(
      file,
      'select list_any(Muon_pt > 50 and abs(Muon_eta) < 1), project Events.MET_pt, Events.nMuon',
    );
    expect(table.numRows).toBe(expected.hard_central_muon.rows);
    expect(column(table, 'MET_pt').slice(0, 20)).toEqual(expected.hard_central_muon.MET_pt);
  });

  it('answers SQL with parameters', async () => {
    const table = await sk.sql('SELECT count(*) AS n FROM aod."Events" WHERE "MET_pt" > $1', [50]);
    expect(Number(column(table, 'n')[0])).toBe(expected.MET_over_50);
    const groups = await sk.sql('SELECT "nMuon", count(*) AS n FROM aod."Events" GROUP BY "nMuon" ORDER BY "nMuon"');
    const counted = Object.fromEntries(
      column(groups, 'nMuon').map((n, i) => [String(n), Number(column(groups, 'n')[i])]),
    );
    expect(counted).toEqual(expected.events_by_nMuon);
  });

  it('takes parameters of every kind, arrays included', async () => {
    const one = async (text: string, ...parameters: Parameter[]) => {
      const table = await sk.sql(text, parameters);
      return [String(table.schema.fields[0]!.type), column(table, table.schema.fields[0]!.name)[0]];
    };
    const seven = 'SELECT count(*) AS n FROM aod."Events" WHERE event_id = ANY ($1)';
    expect(await one(seven, [0, 3, 7, 2 ** 40])).toEqual(['Int64', 3n]);
    expect(await one(seven, new BigInt64Array([1n, 2n]))).toEqual(['Int64', 2n]);
    expect(await one('SELECT $1 + 1', 2 ** 31 - 2)).toEqual(['Int32', 2 ** 31 - 1]);
    expect(await one('SELECT $1 + 1', 2 ** 31)).toEqual(['Int64', 2n ** 31n + 1n]);
    expect(await one('SELECT $1 + 1', '41')).toEqual(['Int32', 42]);
    expect(await one('SELECT $1', [1, 2.5, null])).toEqual(['List<Float64>', [1, 2.5, null]]);
    expect(await one('SELECT $1[2]', new Float32Array([1.5, 2.5]))).toEqual(['Float32', 2.5]);
    expect(await one('SELECT ($1)[1]', ['a', "it's"])).toEqual(['Utf8', 'a']);
    expect(await one('SELECT $1 IS NULL', null)).toEqual(['Bool', true]);
    expect(await one("SELECT $1 = timestamptz '2024-05-01 12:00:00+00'", new Date('2024-05-01T12:00:00Z'))).toEqual([
      'Bool',
      true,
    ]);
    expect((await failure(sk.sql('SELECT $1', [['a', 1]]))).code).toBe('42804');
    expect((await failure(sk.sql('SELECT $2', [1]))).code).toBe('42P02');
    // Arrow's decimal has 38 digits: numerics of any digits are text.
    expect(await one('SELECT $1', [10n ** 40n])).toEqual(['List<Utf8>', [String(10n ** 40n)]]);
  });

  it('describes dataset, file and layout without waiting', () => {
    expect(dst).toBeInstanceOf(Dataset);
    const attributes = file.getAttributes();
    expect(attributes.name).toBe('events.root');
    expect(dst.getSize()).toBe(attributes.size);
    expect(attributes.modified_time).toBeGreaterThan(1.6e9);
    const tree = file.getRoot().getChildren()[0]!;
    expect([tree.getName(), tree.getClassType(), tree.getDataType()]).toEqual(['Events;75', 'TTree', null]);
    expect(tree.getChildren().map((b) => b.getName())).toEqual(expected.branches);
    expect(tree.getChildren()[0]!.getParent()).toBe(tree);
    expect(file.getSchema().children[0]!.children[0]).toMatchObject({
      name: expected.branches[0],
      classtype: 'TBranch',
      children: [],
    });
  });

  it('writes datasets in every mode, and tables', async () => {
    const again = join(folder, 'again.root');
    copyFileSync(sample, again);
    const sizes = async () => {
      const tables = await sk.runQuery(await sk.getDataset('two'), 'select *, project Events.nMuon');
      return tables.map(({ numRows }) => numRows);
    };
    const all = expected.entries;
    await sk.writeDataset([sample], 'two', { mode: 'create' });
    await sk.writeDataset([again], 'two', { mode: 'append', threads: 1, memoryBudget: 512 << 20 });
    expect(await sizes()).toEqual([all, all]);
    expect((await failure(sk.writeDataset([again], 'two', { mode: 'append' }))).code).toBe('42710');
    await sk.writeDataset([again], 'two', { mode: 'replace-files', allCycles: true });
    expect(await sizes()).toEqual([all, all]);
    const seen: unknown[] = [];
    await sk.writeDataset([again], 'two', { mode: 'replace', onProgress: (progress) => seen.push(progress) });
    expect(await sizes()).toEqual([all]);
    expect(seen.length).toBeGreaterThan(0);
    await sk.write(tableFromArrays({ a: Int32Array.of(1, 2, 3) }), 'made');
    expect(column(await sk.sql('SELECT a FROM made.made ORDER BY a DESC'), 'a')).toEqual([3, 2, 1]);
    const stopped = { signal: AbortSignal.abort() };
    expect((await failure(sk.runQuery(file, 'select *, project Events.nMuon', stopped))).code).toBe('57014');
  });

  it('refuses what it cannot mean, with a place and a hint', async () => {
    const branch = await failure(sk.runQuery(file, 'select event_id>5, project Events;75.muon_ph'));
    expect([branch.code, branch.diagnostic.hint]).toEqual(['42703', 'perhaps "Muon_phi"?']);
    const list = await failure(sk.runQuery(file, 'select Muon_pt > 20, project Events.nMuon'));
    expect([list.code, list.diagnostic.hint]).toEqual(['42804', 'list_any(Muon_pt > 20)']);
    expect((await failure(sk.runQuery(file, 'select *, project Events;9.nMuon'))).code).toBe('42P01');
    expect((await failure(sk.getDataset('aodd'))).code).toBe('3F000');
    expect((await failure(new SkyhookDM().connect('128.105.144.226'))).diagnostic.hint).toContain('file:');
    expect((await failure(sk.writeDataset([sample], 'aod'))).code).toBe('42P07');
  });
});

describe.runIf(existsSync(samples))('the native API on nano_aod.root', () => {
  const sk = new SkyhookDM();
  let file: File;
  beforeAll(async () => {
    await sk.connect('memory:');
    await sk.writeDataset([new URL('files/nano_aod.root', samples).pathname], 'nano');
    file = (await sk.getDataset('nano')).getFiles()[0]!;
  });
  afterAll(() => sk.close());

  it('runs the documented queries', async () => {
    const known = JSON.parse(gunzipSync(readFileSync(new URL('expected/nano_aod.json.gz', samples))).toString());
    const branches = known.trees.find((t: { path: string }) => t.path === 'Events;1').branches;
    const table = await sk.runQuery(file, 'select *, project Events;1.nMuon, Events;1.Muon_pt');
    expect(column(table, 'nMuon')).toEqual(branches.nMuon.head);
    expect(column(table, 'Muon_pt')).toEqual(branches.Muon_pt.head);
    const several = await sk.runQuery(
      file,
      'select *, project Events;1.Muon_dzErr,Events;1.SV_x,Events;1.Jet_puId,Events;1.HLT_AK8PFHT900_TrimMass50,Events;1.FatJet_n3b1',
    );
    expect(several.numCols).toBe(5);
    expect(column(several, 'Jet_puId')).toEqual(branches.Jet_puId.head);
    const later = await sk.runQuery(file, 'select event_id>5, project Events;1.Muon_phi');
    expect(column(later, 'Muon_phi')).toEqual(branches.Muon_phi.head.slice(6));
  });
});

if (!existsSync(samples)) console.warn('skipped: nano_aod.root is not here (../shared/root-samples)');
