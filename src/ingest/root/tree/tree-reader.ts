// A TTree as columns: names, types, which baskets an entry range needs, and decoding them.
import { type Data, DataType } from 'apache-arrow';
import { DiagnosticError, fail } from '../../../core/index.js';
import type { ColumnReader, RefusedBranch, RootColumn, RootNodeInfo, TakeColumn } from '../column-reader.js';
import { Malformed } from '../container/malformed.js';
import { itemsOf, type RootObject } from '../object/object-reader.js';
import type { StreamerInfos } from '../object/streamer-info.js';
import { type ByteRange, type ByteSource, ReusedBuffer, readRanges } from '../source/byte-source.js';
import { type Basket, readBasket, readEmbeddedBasket } from './basket.js';
import { type Branch, branchType, toBranch } from './branch.js';
import type { Chunk, Decoder } from './decoder.js';
import { type Interpretation, interpret } from './interpretation.js';
import { Unsupported } from './unsupported.js';
import { NotUtf8 } from './value-node.js';

interface BasketPlace {
  readonly index: number;
  readonly start: number;
  readonly stop: number;
  readonly embedded: Buffer | undefined;
}

interface Column extends RootColumn {
  readonly source: Branch;
  readonly baskets: readonly BasketPlace[];
  readonly decoder: Decoder;
  /** The same bytes, text taken as such: for a column of text that turns out not to be UTF-8. */
  readonly binary: Decoder | undefined;
}

/** Entries that a probe decodes to tell layouts apart. Text is looked at basket-wide: it may turn out to be no UTF-8. */
const probeEntries = 32;
/** Basket bytes that are in memory at once while columns are read. */
const batchBytes = 8 << 20;

export interface TreePlace {
  readonly path: string;
  readonly cycle: number;
  readonly classType: string;
  /** Text columns to be read as bytes. */
  readonly binary: ReadonlySet<string>;
}

export class TreeReader implements ColumnReader {
  readonly path: string;
  readonly cycle: number;
  readonly title: string;
  readonly classType: string;
  readonly entries: number;
  readonly columns: readonly RootColumn[];
  readonly refused: readonly RefusedBranch[];
  readonly clusterStarts: readonly number[];
  readonly layout: RootNodeInfo;
  readonly #columns = new Map<RootColumn, Column>();
  readonly #counters = new Map<string, Column>();
  readonly #source: ByteSource;
  readonly #binary: ReadonlySet<string>;
  /** Kept from call to call, since what is freed in large pieces the allocator keeps. */
  readonly #idle: ReusedBuffer[] = [];

  private constructor(source: ByteSource, where: TreePlace, object: RootObject) {
    this.#source = source;
    this.#binary = where.binary;
    this.path = where.path;
    this.cycle = where.cycle;
    this.classType = where.classType;
    this.title = String(object.members.get('fTitle') ?? '');
    this.entries = Number(object.members.get('fEntries') ?? 0);
    this.columns = [];
    this.refused = [];
    this.clusterStarts = [];
    this.layout = { name: where.path.split('/').at(-1)!, classType: where.classType, cycle: where.cycle, children: [] };
  }

  static async open(
    source: ByteSource,
    where: TreePlace,
    object: RootObject,
    infos: StreamerInfos,
  ): Promise<TreeReader> {
    const reader = new TreeReader(source, where, object);
    if (!(reader.entries >= 0 && Number.isSafeInteger(reader.entries)))
      throw new Malformed(`a tree of ${reader.entries} entries`);
    const seen = new Set<RootObject>();
    const branches = itemsOf(object.members.get('fBranches')).flatMap((b) => (b ? [toBranch(b, '', seen)] : []));
    await reader.#addBranches(branches, '', infos, new Set());
    const byBranch = reader.#byBranch();
    const children = branches.map((b) => describe(b, byBranch));
    Object.assign(reader, {
      clusterStarts: reader.#clusters(),
      layout: { ...reader.layout, title: reader.title, children },
    });
    return reader;
  }

  async #addBranches(
    branches: readonly Branch[],
    parent: string,
    infos: StreamerInfos,
    taken: Set<string>,
  ): Promise<void> {
    for (const branch of branches) {
      const name = columnName(branch.name, parent);
      if (branch.children.length > 0) {
        await this.#addBranches(branch.children, name, infos, taken);
        continue;
      }
      if (isObjectNode(branch)) continue; // an object without members of its own
      try {
        const baskets = basketPlaces(branch, this.entries);
        const covered = baskets.at(-1)?.stop ?? 0;
        if (covered < this.entries)
          throw new Unsupported(`its baskets hold ${covered} of the tree's ${this.entries} entries`);
        for (const meaning of interpret(branch, infos)) {
          const column = meaning.leaf ? `${name}.${meaning.leaf}` : name;
          const asBinary = meaning.decoders.some(({ type }) => hasText(type))
            ? interpret(branch, infos.asBinary)[0]
            : undefined;
          const as = (this.#binary.has(column) && asBinary) || meaning;
          const choice = await this.#choose(branch, baskets, as).catch((error: unknown) => {
            if (!(error instanceof NotUtf8 && asBinary)) throw error;
            return this.#choose(branch, baskets, asBinary);
          });
          const place = as.decoders.indexOf(choice);
          const decoder = { decoder: choice, binary: place < 0 ? undefined : asBinary?.decoders[place] };
          this.#addColumn(branch, baskets, meaning, decoder, column, taken);
        }
      } catch (error) {
        if (!(error instanceof Unsupported || error instanceof Malformed || error instanceof RangeError)) throw error;
        (this.refused as RefusedBranch[]).push({ name: branch.path, reason: error.message });
      }
    }
  }

  #addColumn(
    branch: Branch,
    baskets: BasketPlace[],
    meaning: Interpretation,
    { decoder, binary }: Pick<Column, 'decoder' | 'binary'>,
    name: string,
    taken: Set<string>,
  ): void {
    let unique = name;
    for (let n = 2; taken.has(unique); n++) unique = `${name}#${n}`;
    taken.add(unique);
    const column: Column = {
      name: unique,
      type: decoder.type,
      title: branch.title,
      dataType: meaning.dataType,
      branch: branch.path,
      compressedBytes: branch.compressedBytes,
      uncompressedBytes: branch.uncompressedBytes,
      source: branch,
      baskets,
      decoder,
      binary,
    };
    this.#columns.set(column, column);
    (this.columns as RootColumn[]).push(column);
    for (const leaf of branch.leaves) if (!this.#counters.has(leaf.name)) this.#counters.set(leaf.name, column);
  }

  /** The first decoder that can read the first entries exactly. */
  async #choose(branch: Branch, baskets: readonly BasketPlace[], meaning: Interpretation): Promise<Decoder> {
    const [first, ...others] = meaning.decoders;
    if (!first) throw new Unsupported('it has no known layout');
    const place = baskets.find((b) => b.stop > b.start);
    // Plain numbers have one layout, whose lengths are checked when they are read; a probe would cost a basket for nothing.
    if (!place || (others.length === 0 && !needsProbe(branch))) return first;
    const basket = await this.#load(branch, place).catch((error: unknown) => {
      if (!(error instanceof Malformed || isCorruption(error))) throw error;
    });
    // Damage is reported when the column is read.
    if (!basket) return first;
    let reason = '';
    for (const decoder of meaning.decoders) {
      try {
        decoder.decode([
          {
            basket: basket!,
            index: place.index,
            start: place.start,
            from: 0,
            to: hasText(decoder.type) ? basket!.entries : Math.min(basket!.entries, probeEntries),
          },
        ]);
        return decoder;
      } catch (error) {
        if (!(error instanceof Malformed)) throw error;
        reason ||= error.message;
      }
    }
    throw new Unsupported(`its ${meaning.dataType} has an unknown layout: ${reason}`);
  }

  #byBranch(): Map<Branch, Column[]> {
    const columns = new Map<Branch, Column[]>();
    for (const column of this.#columns.values()) {
      const same = columns.get(column.source);
      if (same) same.push(column);
      else columns.set(column.source, [column]);
    }
    return columns;
  }

  #clusters(): number[] {
    const starts = new Map<number, number>();
    const columns = [...this.#columns.values()];
    for (const column of columns)
      for (const { start } of column.baskets) starts.set(start, (starts.get(start) ?? 0) + 1);
    const common = [...starts].filter(([, n]) => n * 2 > columns.length).map(([start]) => start);
    return [...new Set([0, ...common])].filter((start) => start < this.entries).sort((a, b) => a - b);
  }

  async #load(branch: Branch, place: BasketPlace): Promise<Basket> {
    const range = isStored(place) ? this.#range(branch, place) : undefined;
    if (range === undefined || typeof range === 'string') return this.#basket(branch, place, undefined);
    return readBasket(await this.#source.read(range.offset, range.length));
  }

  async read(columns: readonly RootColumn[], start: number, stop: number): Promise<Data[]> {
    const result = new Array<Data>(columns.length);
    await this.readEach(columns, start, stop, (index, data) => {
      if (data instanceof DiagnosticError) throw data;
      const column = columns[index]!;
      if (hasText(column.type) && !hasText(data.type)) throw this.#notUtf8(column.name);
      result[index] = data;
      return true;
    });
    return result;
  }

  async readEach(columns: readonly RootColumn[], start: number, stop: number, take: TakeColumn): Promise<void> {
    if (!(start >= 0 && start <= stop && stop <= this.entries))
      throw new RangeError(`entries ${start} to ${stop} of ${this.entries}`);
    const batches = batchesOf(this.#group(columns), start, stop);
    const counters: Counters = new Map();
    // A call within this one (a counter's) finds others, or makes its own.
    const buffers = [this.#idle.pop() ?? new ReusedBuffer(), this.#idle.pop() ?? new ReusedBuffer()];
    const fetch = (i: number): Promise<Fetched> | undefined => batches[i] && this.#fetch(batches[i], buffers[i % 2]!);
    let fetched = fetch(0);
    try {
      for (const [i, batch] of batches.entries()) {
        const records = await fetched!;
        // The next batch is on its way while this one is decoded, into the buffer of the one before.
        fetched = fetch(i + 1);
        fetched?.catch(() => {});
        for (const wanted of batch)
          if (!(await this.#decodeBranch(wanted, records, start, stop, counters, take))) return;
      }
    } finally {
      await fetched?.catch(() => {});
      this.#idle.push(...buffers);
    }
  }

  async #fetch(batch: readonly Wanted[], buffer: ReusedBuffer): Promise<Fetched> {
    const places: BasketPlace[] = [];
    const ranges: ByteRange[] = [];
    for (const { branch, places: all } of batch) {
      for (const place of all.filter(isStored)) {
        const range = this.#range(branch, place);
        if (typeof range === 'string') continue; // told when the branch is decoded
        places.push(place);
        ranges.push(range);
      }
    }
    const records = await readRanges(this.#source, ranges, buffer);
    return new Map(places.map((place, i) => [place, records[i]!]));
  }

  /** Expands a branch's baskets, once for all of its columns; false where `take` wants no more. */
  async #decodeBranch(
    { branch, places, members }: Wanted,
    records: Fetched,
    start: number,
    stop: number,
    counters: Counters,
    take: TakeColumn,
  ): Promise<boolean> {
    let chunks: Chunk[] | DiagnosticError;
    try {
      chunks = this.#chunks(branch, places, records, start, stop);
    } catch (error) {
      if (!isCorruption(error)) throw error;
      chunks = error;
    }
    for (const { column, index } of members) {
      const data = chunks instanceof DiagnosticError ? chunks : await this.#decode(column, chunks, counters);
      if (!take(index, data)) return false;
    }
    return true;
  }

  /** Columns by branch, in the order asked for: the leaves of a leaf list share their baskets. */
  #group(columns: readonly RootColumn[]): Omit<Wanted, 'places'>[] {
    const groups = new Map<Branch, { branch: Branch; members: { column: Column; index: number }[] }>();
    for (const [index, wanted] of columns.entries()) {
      const column = this.#columns.get(wanted);
      if (!column) throw new Error(`column ${wanted.name} is not of tree ${this.path}`);
      const group = groups.get(column.source);
      if (group) group.members.push({ column, index });
      else groups.set(column.source, { branch: column.source, members: [{ column, index }] });
    }
    return [...groups.values()];
  }

  /** Where a basket lies; in words, what is wrong with that. */
  #range(branch: Branch, place: BasketPlace): ByteRange | string {
    const offset = branch.basketSeek[place.index]!;
    const length = branch.basketBytes[place.index] ?? 0;
    if (offset > 0 && length > 0 && offset + length <= this.#source.size) return { offset, length };
    return `it lies at bytes ${offset} to ${offset + length}, the file has ${this.#source.size}`;
  }

  #corrupt(branch: Branch, message: string, cause?: unknown): DiagnosticError {
    const where = `file "${this.#source.url}", tree "${this.path};${this.cycle}", branch "${branch.path}"`;
    return fail('data_corrupted', `${where}: ${message}`, { cause });
  }

  #chunks(branch: Branch, places: readonly BasketPlace[], records: Fetched, start: number, stop: number): Chunk[] {
    return places.map((place) => {
      try {
        const basket = this.#basket(branch, place, records.get(place));
        if (basket.entries !== place.stop - place.start) {
          throw new Malformed(`it holds ${basket.entries} entries, the tree says ${place.stop - place.start}`);
        }
        return {
          basket,
          index: place.index,
          start: place.start,
          from: Math.max(start, place.start) - place.start,
          to: Math.min(stop, place.stop) - place.start,
        };
      } catch (error) {
        if (!isDamage(error)) throw error;
        throw this.#corrupt(branch, `basket ${place.index}: ${error.message}`, error);
      }
    });
  }

  #basket(branch: Branch, place: BasketPlace, record: Buffer | undefined): Basket {
    if (place.embedded) return readEmbeddedBasket(place.embedded);
    if (record) return readBasket(record);
    throw new Malformed(String(this.#range(branch, place)));
  }

  /** What this column cannot give comes back as the error; others (of reading the file) are thrown. */
  async #decode(column: Column, chunks: readonly Chunk[], counters: Counters): Promise<Data | DiagnosticError> {
    const { decoder, source } = column;
    try {
      if (decoder.counter === undefined || chunks.every((c) => c.basket.offsets)) return decoder.decode(chunks);
      const first = chunks[0]!.start;
      const last = chunks.at(-1)!;
      const counts = await this.#counts(decoder.counter, first, last.start + last.to, counters);
      return decoder.decode(
        chunks.map((c) => ({ ...c, counts: counts.subarray(c.start - first, c.start - first + c.to) })),
      );
    } catch (error) {
      if (error instanceof NotUtf8) return column.binary?.decode(chunks) ?? this.#notUtf8(column.name);
      if (error instanceof DiagnosticError && isCorruption(error)) return error;
      if (!isDamage(error)) throw error;
      return this.#corrupt(source, decodingPlace(decoder, chunks) + error.message, error);
    }
  }

  #notUtf8(column: string): DiagnosticError {
    return fail(
      'character_not_in_repertoire',
      `file "${this.#source.url}", tree "${this.path};${this.cycle}", column "${column}" holds text that is not UTF-8`,
      { hint: 'Open the file with this column named in `binary`: it is then read as bytes.' },
    );
  }

  /** Each counter is read once per call, however many arrays it counts. */
  async #counts(counter: string, start: number, stop: number, known: Counters): Promise<Int32Array> {
    const column = this.#counters.get(counter);
    if (!column) throw new Malformed(`its counter "${counter}" is not in the tree`);
    const key = `${counter} ${start} ${stop}`;
    let counts = known.get(key);
    if (!counts) {
      const [data] = await this.read([column], start, stop);
      counts = Int32Array.from(data!.values as Int32Array);
      if (counts.some((n) => n < 0)) throw new Malformed(`its counter "${counter}" is negative`);
      known.set(key, counts);
    }
    return counts;
  }
}

type Counters = Map<string, Int32Array>;
type Fetched = ReadonlyMap<BasketPlace, Buffer>;

/** A branch, the baskets of it that an entry range needs, and the columns that come from it with their places in the result. */
interface Wanted {
  readonly branch: Branch;
  readonly places: readonly BasketPlace[];
  readonly members: readonly { readonly column: Column; readonly index: number }[];
}

const isStored = (place: BasketPlace): boolean => place.embedded === undefined;

const isCorruption = (error: unknown): error is DiagnosticError =>
  error instanceof DiagnosticError && error.diagnostic.condition === 'data_corrupted';

const isDamage = (error: unknown): error is Error => error instanceof Malformed || error instanceof RangeError;

/** As many branches at a time as fit, so that neighbouring baskets are read in one go. */
function batchesOf(groups: readonly Omit<Wanted, 'places'>[], start: number, stop: number): Wanted[][] {
  const batches: Wanted[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const group of groups) {
    const { baskets } = group.members[0]!.column;
    const places = start === stop ? [] : baskets.filter((b) => b.start < stop && b.stop > start);
    if (bytes > batchBytes) {
      batches.push([]);
      bytes = 0;
    }
    for (const p of places) if (isStored(p)) bytes += group.branch.basketBytes[p.index] ?? 0;
    batches.at(-1)!.push({ ...group, places });
  }
  return batches;
}

/** Which basket breaks: found by decoding them one by one, once it is known that one does. */
function decodingPlace(decoder: Decoder, chunks: readonly Chunk[]): string {
  for (const chunk of chunks) {
    try {
      decoder.decode([chunk]);
    } catch (error) {
      if (isDamage(error)) return `basket ${chunk.index}: `;
    }
  }
  return '';
}

function describe(branch: Branch, columns: ReadonlyMap<Branch, readonly Column[]>): RootNodeInfo {
  const own = columns.get(branch) ?? [];
  return {
    name: branch.name,
    classType: branch.className,
    ...(own[0] && { dataType: own[0].dataType }),
    ...(branch.title && { title: branch.title }),
    children:
      own.length > 1
        ? own.map((c) => ({ name: c.name.split('.').at(-1)!, classType: 'TLeaf', dataType: c.dataType, children: [] }))
        : branch.children.map((child) => describe(child, columns)),
  };
}

function isObjectNode(branch: Branch): boolean {
  return (
    branch.className === 'TBranchElement' && (branch.type === branchType.object || branch.type === branchType.base)
  );
}

function hasText(type: DataType): boolean {
  return DataType.isUtf8(type) || (type.children ?? []).some((field) => hasText(field.type));
}

function needsProbe(branch: Branch): boolean {
  return (
    branch.className === 'TBranchObject' ||
    branch.leaves[0]?.className === 'TLeafC' ||
    (branch.className === 'TBranchElement' && !(branch.streamerType > 0 && branch.streamerType < 60))
  );
}

/** `Muon.` and `Muon.pt[3]` make `Muon.pt`. */
function columnName(name: string, parent: string): string {
  const bare = name.replace(/(?:\[[^\]]*\])+$/, '').replace(/\.$/, '');
  return parent === '' || bare === parent || bare.startsWith(`${parent}.`) ? bare : `${parent}.${bare}`;
}

function basketPlaces(branch: Branch, treeEntries: number): BasketPlace[] {
  const places: BasketPlace[] = [];
  const entries = Math.min(branch.entries, treeEntries);
  let start = 0;
  const last = Math.max(branch.basketSeek.length, ...[...branch.embedded.keys()].map((i) => i + 1));
  for (let index = 0; index < last && start < entries; index++) {
    // Some writers leave an empty basket in the tree beside the one in the file.
    const embedded = branch.basketSeek[index] ? undefined : branch.embedded.get(index);
    if (!embedded && !branch.basketSeek[index]) continue;
    const next = index < branch.writeBasket ? branch.basketEntry[index + 1] : undefined;
    const stop = embedded
      ? start + readEmbeddedBasket(embedded).entries
      : next !== undefined && next >= start
        ? next
        : entries;
    places.push({ index, start, stop: Math.min(stop, entries), embedded });
    start = stop;
  }
  return places;
}
