// Objects, partitions and manifests.
export type * from './object-store.js';
