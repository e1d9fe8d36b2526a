// Objects, partitions and manifests.
export { crc32 } from './crc32.js';
export { MeteredStore, type StoreTraffic } from './home/metered-store.js';
export { defaultStoreUrl, openStore } from './home/open-store.js';
export type * from './object-store.js';
export {
  largestPartitionBytes,
  type PartitionColumn,
  PartitionEncoder,
  type PartitionRecord,
  targetPartitionBytes,
} from './partition/partition-encoder.js';
export {
  type BufferPlace,
  type ColumnPlaces,
  readBuffers,
  readColumns,
  type WantedColumn,
} from './partition/read-columns.js';
