// Reads what a plan needs of segments: heads, statistics and places of single columns, partition indexes; checked and cached.
import { crc32 } from '../crc32.js';
import type { ObjectStore } from '../object-store.js';
import { corrupted } from '../sealed.js';
import { ByteLru } from './byte-lru.js';
import { unpackIndex, unpackPlaces, unpackStats } from './sections.js';
import type {
  ColumnStats,
  DetailsPlace,
  PartitionIndex,
  PlacesBlock,
  SectionPlace,
  SegmentColumn,
  SegmentHead,
  SegmentRef,
  SegmentTable,
} from './segment.js';

export const defaultManifestCacheBytes = 512 << 20;

type Decode<T> = (bytes: Uint8Array) => T;

export class SegmentReader {
  readonly store: ObjectStore;
  readonly cache: ByteLru;

  constructor(store: ObjectStore, cacheBytes = defaultManifestCacheBytes) {
    this.store = store;
    this.cache = new ByteLru(cacheBytes);
  }

  head(segment: SegmentRef): Promise<SegmentHead> {
    return this.#section(
      segment,
      segment.head,
      (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as SegmentHead,
      3,
    );
  }

  index(segment: SegmentRef, table: SegmentTable): Promise<PartitionIndex> {
    return this.#section(segment, table.index, unpackIndex);
  }

  async stats(segment: SegmentRef, columns: readonly SegmentColumn[]): Promise<readonly ColumnStats[]> {
    return this.#sections(
      segment,
      columns.map((column) => column.stats),
      unpackStats,
    );
  }

  /** Blocks of `placesPerBlock` partitions, by their number. */
  async places(segment: SegmentRef, column: SegmentColumn, blocks: readonly number[]): Promise<readonly PlacesBlock[]> {
    return this.#sections(
      segment,
      blocks.map((block) => column.places[block]!),
      unpackPlaces,
    );
  }

  /** A file's details; not cached, they are asked for one at a time. */
  async details<T>({ object, offset, length, checksum }: DetailsPlace): Promise<T> {
    const [bytes] = await this.store.readRanges(object, [{ offset, length }]);
    if (crc32(bytes!) !== checksum) throw corrupted(object, this.store, 'the details of a file fail their checksum');
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  }

  async #section<T>(segment: SegmentRef, place: SectionPlace, decode: Decode<T>, weight = 1): Promise<T> {
    const [value] = await this.#sections(segment, [place], decode, weight);
    return value!;
  }

  /** Those not in the cache are read with one operation per object. `weight`: bytes in memory per byte stored. */
  async #sections<T>(
    segment: SegmentRef,
    places: readonly SectionPlace[],
    decode: Decode<T>,
    weight = 2,
  ): Promise<readonly T[]> {
    const keyOf = (place: SectionPlace) => `${segment.objects[place[0]]}@${place[1]}`;
    const found = new Map<string, T>();
    const missing = new Map<number, SectionPlace[]>();
    for (const place of places) {
      const key = keyOf(place);
      const known = this.cache.peek<T>(key);
      if (known !== undefined) found.set(key, known);
      else if (!missing.get(place[0])?.some((other) => other[1] === place[1]))
        missing.set(place[0], [...(missing.get(place[0]) ?? []), place]);
    }
    await Promise.all(
      [...missing].map(async ([object, wanted]) => {
        const name = segment.objects[object]!;
        const parts = await this.store.readRanges(
          name,
          wanted.map(([, offset, length]) => ({ offset, length })),
        );
        for (const [i, place] of wanted.entries()) {
          const bytes = parts[i]!;
          if (crc32(bytes) !== place[3])
            throw corrupted(name, this.store, `the manifest section at byte ${place[1]} fails its checksum`);
          found.set(keyOf(place), this.cache.set(keyOf(place), decode(bytes), weight * bytes.length + 64));
        }
      }),
    );
    return places.map((place) => found.get(keyOf(place))!);
  }
}
