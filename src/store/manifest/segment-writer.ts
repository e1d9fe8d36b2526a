// Writes one segment: sections into as many objects as they fill, the head at the end of the last.
import { crc32 } from '../crc32.js';
import type { ObjectStore } from '../object-store.js';
import { packIndex, packPlaces, packStats } from './sections.js';
import {
  type ColumnStats,
  type PartitionIndex,
  type PlacesBlock,
  placesPerBlock,
  type SectionPlace,
  type SegmentColumn,
  type SegmentFile,
  type SegmentHead,
  type SegmentRef,
  type SegmentTable,
} from './segment.js';

const sectionObjectBytes = 32 << 20;

/** One column of a table to be written; the figures are asked for when it is its turn, so only one column is in memory. */
export interface ColumnSource extends Pick<SegmentColumn, 'name' | 'title' | 'type'> {
  stats(): Promise<ColumnStats>;
  /** Places of partitions `first` to `stop - 1`. */
  places(first: number, stop: number): Promise<PlacesBlock>;
}

export interface TableSource
  extends Pick<SegmentTable, 'path' | 'cycle' | 'title' | 'classType' | 'variants' | 'files'> {
  readonly columns: readonly ColumnSource[];
  readonly index: PartitionIndex;
}

export interface SegmentSource {
  readonly files: readonly SegmentFile[];
  readonly writers: readonly string[];
  readonly tables: readonly TableSource[];
}

/** `objectName` gives a fresh name at each call. */
export async function writeSegment(
  store: ObjectStore,
  objectName: () => string,
  source: SegmentSource,
): Promise<SegmentRef> {
  const sink = new SectionSink(store, objectName);
  const tables: SegmentTable[] = [];
  for (const { columns, index, ...table } of source.tables) {
    const partitions = index.rows.length;
    const indexPlace = await sink.add(packIndex(index));
    const written: SegmentColumn[] = [];
    // Statistics of neighbouring columns lie side by side, apart from places: a plan reads the former only.
    for (const { name, title, type, stats } of columns)
      written.push({ name, title, type, stats: await sink.add(packStats(await stats())), places: [] });
    for (const [c, column] of columns.entries()) {
      const places: SectionPlace[] = [];
      for (let first = 0; first < partitions; first += placesPerBlock)
        places.push(
          await sink.add(packPlaces(await column.places(first, Math.min(partitions, first + placesPerBlock)))),
        );
      written[c] = { ...written[c]!, places };
    }
    tables.push({ ...table, columns: written, partitions, index: indexPlace });
  }
  const head: SegmentHead = { format: 1, files: source.files, tables, writers: source.writers };
  const place = await sink.add(new TextEncoder().encode(JSON.stringify(head)));
  return {
    objects: await sink.finish(),
    head: place,
    files: source.files.length,
    partitions: tables.reduce((sum, table) => sum + table.partitions, 0),
  };
}

class SectionSink {
  readonly #store: ObjectStore;
  readonly #objectName: () => string;
  readonly #objects: string[] = [];
  #parts: Uint8Array[] = [];
  #length = 0;

  constructor(store: ObjectStore, objectName: () => string) {
    this.#store = store;
    this.#objectName = objectName;
  }

  async add(section: Uint8Array): Promise<SectionPlace> {
    if (this.#length > 0 && this.#length + section.length > sectionObjectBytes) await this.#flush();
    const place: SectionPlace = [this.#objects.length, this.#length, section.length, crc32(section)];
    this.#parts.push(section);
    this.#length += section.length;
    return place;
  }

  async finish(): Promise<readonly string[]> {
    await this.#flush();
    return this.#objects;
  }

  async #flush(): Promise<void> {
    const name = this.#objectName();
    await this.#store.write(name, this.#parts);
    this.#objects.push(name);
    this.#parts = [];
    this.#length = 0;
  }
}
