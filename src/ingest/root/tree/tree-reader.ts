// A TTree as columns: names, types, which baskets an entry range needs, and decoding them.
import { type Data, DataType } from 'apache-arrow';
import { DiagnosticError, fail } from '../../../core/index.js';
import type { ColumnReader, RefusedBranch, RootColumn, RootNodeInfo } from '../column-reader.js';
import { Malformed } from '../container/malformed.js';
import { itemsOf, type RootObject } from '../object/object-reader.js';
import type { StreamerInfos } from '../object/streamer-info.js';
import { type ByteSource, readRanges } from '../source/byte-source.js';
import { type Basket, readBasket, readEmbeddedBasket } from './basket.js';
import { type Branch, branchType, toBranch } from './branch.js';
import type { Chunk, Decoder } from './decoder.js';
import { type Interpretation, interpret } from './interpretation.js';
import { Unsupported } from './value-factory.js';
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
          const as = this.#binary.has(column) ? interpret(branch, infos.asBinary)[0]! : meaning;
          const decoder = await this.#choose(branch, baskets, as).catch((error: unknown) => {
            if (!(error instanceof NotUtf8)) throw error;
            return this.#choose(branch, baskets, interpret(branch, infos.asBinary)[0]!);
          });
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
    decoder: Decoder,
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
    if (place.embedded) return readEmbeddedBasket(place.embedded);
    const { offset, length } = this.#range(branch, place);
    return readBasket(await this.#source.read(offset, length));
  }

  async read(columns: readonly RootColumn[], start: number, stop: number): Promise<Data[]> {
    if (!(start >= 0 && start <= stop && stop <= this.entries))
      throw new RangeError(`entries ${start} to ${stop} of ${this.entries}`);
    const result = new Array<Data>(columns.length);
    const batches = batchesOf(this.#group(columns), start, stop);
    const counters: Counters = new Map();
    const fetch = (batch: readonly Wanted[] | undefined) =>
      batch &&
      readRanges(
        this.#source,
        batch.flatMap((w) => w.places.filter(isStored).map((p) => this.#range(w.branch, p))),
      );
    let fetched = fetch(batches[0]);
    for (const [i, batch] of batches.entries()) {
      const records = await fetched!;
      // The next batch is on its way while this one is decoded.
      fetched = fetch(batches[i + 1]);
      fetched?.catch(() => {});
      let next = 0;
      for (const { branch, places, members } of batch) {
        const own = new Map(places.filter(isStored).map((p) => [p, records[next++]!]));
        const chunks = this.#chunks(branch, places, own, start, stop);
        for (const { column, index } of members) {
          result[index] = await this.#decode(column, chunks, counters);
        }
      }
    }
    return result;
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

  #range(branch: Branch, place: BasketPlace): { offset: number; length: number } {
    const offset = branch.basketSeek[place.index]!;
    const length = branch.basketBytes[place.index] ?? 0;
    if (!(offset > 0 && length > 0 && offset + length <= this.#source.size)) {
      throw this.#corrupt(
        branch,
        `basket ${place.index} lies at bytes ${offset} to ${offset + length}, the file has ${this.#source.size}`,
      );
    }
    return { offset, length };
  }

  #corrupt(branch: Branch, message: string, cause?: unknown): DiagnosticError {
    const where = `file "${this.#source.url}", tree "${this.path};${this.cycle}", branch "${branch.path}"`;
    return fail('data_corrupted', `${where}: ${message}`, { cause });
  }

  #chunks(
    branch: Branch,
    places: readonly BasketPlace[],
    records: ReadonlyMap<BasketPlace, Buffer>,
    start: number,
    stop: number,
  ): Chunk[] {
    return places.map((place) => {
      try {
        const basket = decodeBasket(place, records.get(place));
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

  async #decode(column: Column, chunks: readonly Chunk[], counters: Counters): Promise<Data> {
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
      if (error instanceof NotUtf8) {
        throw fail(
          'character_not_in_repertoire',
          `file "${this.#source.url}", tree "${this.path};${this.cycle}", column "${column.name}" holds text that is not UTF-8`,
          { hint: 'Open the file with this column named in `binary`: it is then read as bytes.' },
        );
      }
      if (!isDamage(error)) throw error;
      throw this.#corrupt(source, decodingPlace(decoder, chunks) + error.message, error);
    }
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

/** A branch, the baskets of it that an entry range needs, and the columns that come from it with their places in the result. */
interface Wanted {
  readonly branch: Branch;
  readonly places: readonly BasketPlace[];
  readonly members: readonly { readonly column: Column; readonly index: number }[];
}

const isStored = (place: BasketPlace): boolean => place.embedded === undefined;

const isCorruption = (error: unknown): boolean =>
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

function decodeBasket(place: BasketPlace, record: Buffer | undefined): Basket {
  return place.embedded ? readEmbeddedBasket(place.embedded) : readBasket(record!);
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
