// Compares what our ROOT reader sees with what an independent reader saw: `npm run conformance -- DIR`,
// DIR holding files/*.root and expected/*.json.gz (see its README). Exit code 1 where a value differs.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Data, DataType } from 'apache-arrow';
import { DiagnosticError } from '../src/core/index.js';
import { type ColumnReader, openRootFile, type RootColumn } from '../src/ingest/root/index.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

interface ExpectedBranch {
  type: string;
  head: Json[];
  entries_checked: number;
  values?: number;
  sum?: number | null;
  min?: number;
  max?: number;
}
interface Expected {
  trees: {
    path: string;
    class: string;
    entries: number;
    branches: Record<string, ExpectedBranch>;
    unreadable: string[];
  }[];
}

export interface FileResult {
  readonly file: string;
  readonly branches: number;
  readonly equal: number;
  readonly refused: readonly { branch: string; reason: string }[];
  readonly different: readonly { branch: string; what: string }[];
}

type Getter = (row: number) => Json;

/** Rows as the expectation spells them: 64-bit integers as strings, NaN and infinities as strings. */
function getter(data: Data): Getter {
  const { type, values, offset } = data;
  if (DataType.isBool(type))
    return (row) => (((values as Uint8Array)[(row + offset) >> 3]! >> ((row + offset) & 7)) & 1) === 1;
  if (DataType.isInt(type)) {
    if (type.bitWidth === 64) return (row) => String((values as BigInt64Array)[row]);
    return (row) => (values as Int32Array)[row]!;
  }
  if (DataType.isFloat(type)) {
    return (row) => {
      const value = (values as Float64Array)[row]!;
      return Number.isFinite(value) ? value : String(value);
    };
  }
  if (DataType.isUtf8(type)) {
    const { buffer, byteOffset, byteLength } = values as Uint8Array;
    const text = Buffer.from(buffer, byteOffset, byteLength);
    return (row) => text.toString('utf8', data.valueOffsets[row], data.valueOffsets[row + 1]);
  }
  if (DataType.isList(type)) {
    const child = getter(data.children[0]!);
    return (row) => {
      const list: Json[] = [];
      for (let i = data.valueOffsets[row]!; i < data.valueOffsets[row + 1]!; i++) list.push(child(i));
      return list;
    };
  }
  const children = data.children.map(getter);
  const names = (type as DataType).children.map((f) => f.name);
  return (row) => Object.fromEntries(names.map((name, i) => [name, children[i]!(row)]));
}

/** The independent reader tells maps as pairs, and 64-bit integers as strings only where its type says so. */
function same(ours: Json | undefined, theirs: Json): boolean {
  if (Array.isArray(theirs)) {
    if (ours !== null && typeof ours === 'object' && !Array.isArray(ours)) return same(Object.values(ours), theirs);
    return Array.isArray(ours) && ours.length === theirs.length && theirs.every((value, i) => same(ours[i], value));
  }
  if (theirs !== null && typeof theirs === 'object') {
    if (ours === null || typeof ours !== 'object' || Array.isArray(ours)) return false;
    return Object.entries(theirs).every(([key, value]) => key.startsWith('@') || same(ours[key], value));
  }
  if (typeof theirs === 'number' && typeof ours === 'number') return Object.is(ours, theirs) || ours === theirs;
  if (typeof theirs === 'string' || typeof ours === 'string') return String(ours) === String(theirs);
  return ours === theirs;
}

/**
 * Packed floats: ROOT divides by `steps / (max - min)`, with 2^32 - 1 steps for 32 bits (TStreamerElement's GetRange,
 * TBufferFile::ReadDouble32); the independent reader multiplies by the inverse, with 2^32. We follow ROOT, so that these
 * differ in the last bits, by less than one step.
 */
const packed = /^(?:Double32|Float16)_t/;

function nearly(ours: Json | undefined, theirs: Json): boolean {
  if (Array.isArray(ours) && Array.isArray(theirs))
    return ours.length === theirs.length && theirs.every((value, i) => nearly(ours[i], value));
  return typeof ours === 'number' && typeof theirs === 'number' && close(ours, theirs, 3.5);
}

interface Sums {
  values: number;
  sum: number;
  min: number;
  max: number;
}

function summarise(data: Data): Sums {
  let leaf = data;
  while (DataType.isList(leaf.type)) leaf = leaf.children[0]!;
  const read = getter(leaf);
  const sums = { values: leaf.length, sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
  if (DataType.isUtf8(leaf.type) || DataType.isStruct(leaf.type)) return sums;
  for (let i = 0; i < leaf.length; i++) {
    const value = Number(read(i));
    if (!Number.isFinite(value)) continue;
    sums.sum += value;
    sums.min = Math.min(sums.min, value);
    sums.max = Math.max(sums.max, value);
  }
  return sums;
}

function close(ours: number, theirs: number, scale: number): boolean {
  return Math.abs(ours - theirs) <= 1e-9 * Math.max(scale, Math.abs(theirs), 1e-300);
}

/** The element type, in the words of the expectation, innermost. */
function storageWord(type: DataType): string | undefined {
  if (DataType.isList(type)) return storageWord(type.valueType);
  if (DataType.isBool(type)) return 'bool';
  if (DataType.isInt(type)) return `${type.isSigned ? '' : 'u'}int${type.bitWidth}`;
  if (DataType.isFloat(type)) return type.precision === 1 ? 'float32' : 'float64';
  return undefined;
}

/** `char x[n]` of a class is text here, up to its first NUL; the independent reader shows the bytes as numbers. */
function sameText(ours: Json | undefined, theirs: Json): boolean {
  if (typeof ours !== 'string' || !Array.isArray(theirs)) return false;
  const end = theirs.indexOf(0);
  const bytes = theirs.slice(0, end < 0 ? theirs.length : end) as number[];
  return Buffer.from(Int8Array.from(bytes).buffer).toString() === ours;
}

/** What differs, or undefined. */
function compare(columns: readonly RootColumn[], datas: readonly Data[], expected: ExpectedBranch): string | undefined {
  const [data] = datas;
  const read: Getter =
    columns.length === 1
      ? getter(data!)
      : (row) => Object.fromEntries(columns.map((c, i) => [c.name.split('.').at(-1)!, getter(datas[i]!)(row)]));
  const characters = /^(?:char|Char_t)\[\d+\]$/.test(columns[0]!.dataType) && DataType.isUtf8(data!.type);
  for (const [row, value] of expected.head.entries()) {
    const ours = read(row);
    // Of an array of objects in a class, the independent reader makes an array within a list of one.
    if (Array.isArray(value) && value.length === 1 && /\]$/.test(columns[0]!.dataType) && same(ours, value[0]!))
      continue;
    if (packed.test(columns[0]!.dataType) && nearly(ours, value)) continue;
    if (characters && sameText(ours, value)) continue;
    if (!same(ours, value))
      return `entry ${row}: ${JSON.stringify(ours)?.slice(0, 60)} instead of ${JSON.stringify(value).slice(0, 60)}`;
  }
  const theirs = /(?:^|\* )(bool|u?int\d+|float\d+)$/.exec(expected.type)?.[1];
  if (columns.length > 1 || !theirs || characters) return undefined;
  const word = storageWord(data!.type);
  // The independent reader takes every counter member for unsigned, where the file says `int`.
  const counter = word === 'int32' && theirs === 'uint32' && /^(?:int|Int_t)$/.test(columns[0]!.dataType);
  if (word !== theirs && !counter) return `type ${word} instead of ${theirs}`;
  const sums = summarise(data!);
  if (expected.values !== undefined && sums.values !== expected.values)
    return `${sums.values} values instead of ${expected.values}`;
  if (typeof expected.sum === 'number') {
    const scale = Math.max(Math.abs(sums.min), Math.abs(sums.max)) * sums.values;
    if (!close(sums.sum, expected.sum, scale)) return `sum ${sums.sum} instead of ${expected.sum}`;
    const exact = !packed.test(columns[0]!.dataType);
    if (exact && (sums.min !== expected.min || sums.max !== expected.max))
      return `range ${sums.min}..${sums.max} instead of ${expected.min}..${expected.max}`;
  }
  return undefined;
}

async function checkTree(
  tree: ColumnReader,
  expected: Expected['trees'][number],
  result: {
    branches: number;
    equal: number;
    refused: FileResult['refused'][number][];
    different: FileResult['different'][number][];
  },
) {
  const byBranch = new Map<string, RootColumn[]>();
  for (const column of tree.columns) byBranch.set(column.branch, [...(byBranch.get(column.branch) ?? []), column]);
  const refused = new Map(tree.refused.map((r) => [r.name, r.reason]));
  for (const [branch, want] of Object.entries(expected.branches)) {
    result.branches++;
    const columns = byBranch.get(branch);
    const name = `${expected.path} ${branch}`;
    if (!columns) {
      result.refused.push({ branch: name, reason: refused.get(branch) ?? 'it is not listed' });
      continue;
    }
    try {
      const datas = await tree.read(columns, 0, Math.min(want.entries_checked, tree.entries));
      // Branches of the same name: any of ours may be the one.
      const candidates =
        columns.length > 1 && !want.type.startsWith('{')
          ? columns.map((c, i) => [[c], [datas[i]!]] as const)
          : [[columns, datas] as const];
      const what = candidates.map(([c, d]) => compare(c, d, want));
      if (what.includes(undefined)) result.equal++;
      else result.different.push({ branch: name, what: what[0]! });
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      result.refused.push({ branch: name, reason: error.message });
    }
  }
}

async function readExpected(folder: string, name: string): Promise<Expected> {
  const text = gunzipSync(await readFile(join(folder, 'expected', `${name}.json.gz`))).toString();
  // Python writes sums that overflow as bare words, which JSON has no place for.
  return JSON.parse(text.replaceAll(/("(?:sum|min|max)":)(?:-?Infinity|NaN)/g, '$1null')) as Expected;
}

export async function checkFile(folder: string, name: string): Promise<FileResult> {
  const expected = await readExpected(folder, name);
  const result = {
    file: name,
    branches: 0,
    equal: 0,
    refused: [] as { branch: string; reason: string }[],
    different: [] as { branch: string; what: string }[],
  };
  const trees = expected.trees.filter((t) => t.class !== 'ROOT::RNTuple');
  if (trees.length === 0) return result;
  const file = await openRootFile(join(folder, 'files', `${name}.root`));
  for (const tree of trees) {
    const ours = file.trees.find((t) => `${t.path};${t.cycle}` === tree.path);
    if (ours && ours.entries !== tree.entries)
      result.different.push({ branch: tree.path, what: `${ours.entries} entries instead of ${tree.entries}` });
    if (ours) await checkTree(ours, tree, result);
    else {
      const missing = Object.keys(tree.branches);
      result.branches += missing.length;
      result.refused.push(
        ...missing.map((branch) => ({ branch: `${tree.path} ${branch}`, reason: 'its tree is not listed' })),
      );
    }
  }
  await file.close();
  return result;
}

export async function checkFolder(folder: string): Promise<FileResult[]> {
  const names = (await readdir(join(folder, 'expected')))
    .filter((n) => n.endsWith('.json.gz'))
    .map((n) => n.slice(0, -'.json.gz'.length));
  const results: FileResult[] = [];
  for (const name of names.sort()) {
    try {
      results.push(await checkFile(folder, name));
    } catch (error) {
      if (!(error instanceof DiagnosticError))
        throw new Error(`${name}: ${error instanceof Error ? error.stack : String(error)}`);
      const expected = await readExpected(folder, name);
      const branches = expected.trees
        .filter((t) => t.class !== 'ROOT::RNTuple')
        .flatMap((t) => Object.keys(t.branches));
      results.push({
        file: name,
        branches: branches.length,
        equal: 0,
        refused: branches.map((branch) => ({ branch, reason: error.message })),
        different: [],
      });
    }
  }
  return results;
}

export function totals(results: readonly FileResult[]): {
  branches: number;
  equal: number;
  refused: number;
  different: number;
} {
  const sum = (of: (r: FileResult) => number) => results.reduce((total, r) => total + of(r), 0);
  return {
    branches: sum((r) => r.branches),
    equal: sum((r) => r.equal),
    refused: sum((r) => r.refused.length),
    different: sum((r) => r.different.length),
  };
}

if (process.argv[1]?.endsWith('conformance.ts')) {
  const folder = process.argv[2];
  if (!folder) {
    console.error('usage: npm run conformance -- DIR      (DIR/files/*.root, DIR/expected/*.json.gz)');
    process.exit(2);
  }
  const results = await checkFolder(folder);
  const width = Math.max(...results.map((r) => r.file.length));
  console.log(`${'file'.padEnd(width)}  branches   equal  refused  different`);
  for (const r of results) {
    console.log(
      `${r.file.padEnd(width)}  ${String(r.branches).padStart(8)}  ${String(r.equal).padStart(6)}  ${String(r.refused.length).padStart(7)}  ${String(r.different.length).padStart(9)}`,
    );
    const reasons = new Map<string, string[]>();
    for (const { branch, reason } of r.refused) reasons.set(reason, [...(reasons.get(reason) ?? []), branch]);
    for (const [reason, branches] of reasons)
      console.log(
        `  refused ${branches[0]}${branches.length > 1 ? ` and ${branches.length - 1} more` : ''}: ${reason}`,
      );
    for (const { branch, what } of r.different.slice(0, 5)) console.log(`  DIFFERENT ${branch}: ${what}`);
  }
  const t = totals(results);
  console.log(
    `\n${t.equal} of ${t.branches} equal (${((100 * t.equal) / t.branches).toFixed(2)} %), ${t.refused} refused, ${t.different} different`,
  );
  process.exitCode = t.different > 0 ? 1 : 0;
}
