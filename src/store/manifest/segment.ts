// A segment: the immutable part of a manifest that one commit adds. Its head (JSON) says what there is and where each
// column's sections lie; the sections hold the numbers, column by column.
import type { SqlType } from '../../core/index.js';

/** Index into `SegmentRef.objects`, offset, length, CRC-32. */
export type SectionPlace = readonly [object: number, offset: number, length: number, checksum: number];

/** How the root points to a segment. */
export interface SegmentRef {
  /** Names of its objects, in order; the head is at the end of the last. */
  readonly objects: readonly string[];
  readonly head: SectionPlace;
  readonly files: number;
  readonly partitions: number;
}

/** Where the layout, the refused branches and the notices of one file are. */
export interface DetailsPlace {
  readonly object: string;
  readonly offset: number;
  readonly length: number;
  readonly checksum: number;
}

export interface FileAttributes {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch; 0 where unknown (a URL without a date). */
  readonly accessed: number;
  readonly modified: number;
  readonly changed: number;
}

export interface SegmentFile {
  readonly source: string;
  readonly name: string;
  readonly attributes: FileAttributes;
  readonly details: DetailsPlace;
  /** Sum of its partitions' sizes. */
  readonly storedBytes: number;
}

export interface SegmentColumn {
  readonly name: string;
  readonly title: string;
  /** Wide enough for all variants of this segment. */
  readonly type: SqlType;
  readonly stats: SectionPlace;
  /** One section per {@link placesPerBlock} partitions. */
  readonly places: readonly SectionPlace[];
}

/** One tree under one cycle, over this segment's files. */
export interface SegmentTable {
  readonly path: string;
  readonly cycle: number;
  readonly title: string;
  readonly classType: string;
  readonly columns: readonly SegmentColumn[];
  /** Distinct layouts, in stored order: position in `columns`, position in the partition object, type. */
  readonly variants: readonly (readonly SegmentVariantColumn[])[];
  /** Parallel arrays: position in the segment's `files`, in `variants`, entries, number of partitions. */
  readonly files: {
    readonly file: readonly number[];
    readonly variant: readonly number[];
    readonly entries: readonly number[];
    readonly partitions: readonly number[];
  };
  readonly partitions: number;
  readonly index: SectionPlace;
}

export type SegmentVariantColumn = readonly [column: number, stored: number, type: SqlType];

export interface SegmentHead {
  readonly format: 1;
  readonly files: readonly SegmentFile[];
  readonly tables: readonly SegmentTable[];
  /** Ids of the writers whose partitions this segment lists. */
  readonly writers: readonly string[];
}

export const placesPerBlock = 8192;

/** Bounds are conservative: a value outside [min, max] does not occur in the partition. Parallel arrays over partitions. */
export interface ColumnStats {
  /** NULL rows; all rows where the file lacks the column. */
  readonly nulls: Float64Array;
  /** Of the values, or of a list's innermost elements, as doubles rounded outward; NaN where there are none or they are not ordered numbers. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** 1 where a NaN occurs: it sorts above `max`. */
  readonly nan: Uint8Array;
  /** For text: byte-wise bounds, truncated outward to 16 characters; `undefined` where unknown. */
  readonly minText?: readonly (string | undefined)[];
  readonly maxText?: readonly (string | undefined)[];
  /** For lists: shortest and longest list, and the number of innermost elements. */
  readonly minLength?: Float64Array;
  readonly maxLength?: Float64Array;
  readonly elements?: Float64Array;
  /** Rough number of distinct values. */
  readonly distinct: Float64Array;
  /** Bytes of the column's buffers. */
  readonly bytes: Float64Array;
  /**
   * Small histograms, `quantileCount` positions per partition: of the values between `min` and `max`, of the lengths of lists between
   * `minLength` and `maxLength`. Absent where the type has none, and in segments that were written before there were any.
   */
  readonly quantiles?: Uint16Array;
  readonly lengthQuantiles?: Uint16Array;
}

/** Buffer places of one column over a run of partitions, buffer by buffer; length 0 where a partition lacks the column. */
export interface PlacesBlock {
  readonly buffers: readonly {
    readonly offset: Uint32Array;
    readonly length: Uint32Array;
    readonly checksum: Uint32Array;
    readonly codec: Uint8Array;
  }[];
}

/** What every partition of a table has, whatever its columns. */
export interface PartitionIndex {
  /** Index into `SegmentHead.writers`, and the partition's number: together its object. */
  readonly writer: Uint32Array;
  readonly number: Uint32Array;
  readonly firstEntry: Float64Array;
  readonly rows: Float64Array;
  /** Size of the object. */
  readonly bytes: Float64Array;
}
