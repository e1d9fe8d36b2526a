// Objects, partitions and manifests.
export { catalogueOf } from './commit/catalogue.js';
export { changeDataset, type DatasetChange, restoreVersion } from './commit/change-dataset.js';
export {
  collectGarbage,
  defaultGrace,
  type GarbageOptions,
  type GarbageReport,
} from './commit/collect-garbage.js';
export {
  type ColumnDefinition,
  type Comment,
  type ConstraintDefinition,
  type DatasetDefinitions,
  type ForeignKey,
  type IndexDefinition,
  noDefinitions,
  type SequenceDefinition,
  type TableDefinition,
  type ViewDefinition,
} from './commit/dataset-definitions.js';
export { newestRoot } from './commit/dataset-root.js';
export { DatasetWriter, type WriteMode, type WriterOptions } from './commit/dataset-writer.js';
export { dropDataset } from './commit/drop-dataset.js';
export { type Pin, pinVersion } from './commit/pin-version.js';
export { crc32 } from './crc32.js';
export type * from './file-record.js';
export { checkPool, initPool } from './home/administer-pool.js';
export { MeteredStore, type StoreTraffic } from './home/metered-store.js';
export { defaultStoreUrl, openStore } from './home/open-store.js';
export type { Finding } from './home/rados/check-pool.js';
export type { InitOptions } from './home/rados/init-pool.js';
export { RoutedStore } from './home/routed-store.js';
export { SharedObject } from './home/shared-object.js';
export { gatherIndex, gatherPlaces, gatherStats } from './manifest/gather-columns.js';
export { loadManifest, type Manifest, type ManifestFile } from './manifest/manifest.js';
export {
  type ColumnStats,
  type FileAttributes,
  type PartitionIndex,
  placesPerBlock,
  type SegmentFile,
} from './manifest/segment.js';
export {
  SegmentBuilder,
  type WrittenColumn,
  type WrittenPartition,
  type WrittenTree,
} from './manifest/segment-builder.js';
export { SegmentReader } from './manifest/segment-reader.js';
export type { UnitedTable } from './manifest/unite-tables.js';
export { isDatasetName, isTemporaryDataset, partitionName, temporaryPrefix } from './object-names.js';
export type * from './object-store.js';
export { buffersOf, flattenData } from './partition/flat-array.js';
export {
  type EncodedPartition,
  largestPartitionBytes,
  type PartitionColumn,
  PartitionEncoder,
  type PartitionRecord,
  targetPartitionBytes,
} from './partition/partition-encoder.js';
export { quantileCount, quantileLevels, quantileScale } from './partition/quantiles.js';
export {
  type BufferPlace,
  type ColumnPlaces,
  dataFromBuffers,
  readBuffers,
  readColumns,
  type WantedColumn,
} from './partition/read-columns.js';
export { corrupted } from './sealed.js';
