// The leaf every room may use.
export * from './array-type.js';
export * from './diagnostic.js';
export * from './fragment/index.js';
export * from './registry/index.js';
export * from './span.js';
export * from './spawn-worker.js';
export * from './sql-type.js';
export * from './suggest.js';
export * from './time-modifier.js';
export * from './tree-printer.js';
export * from './type-oid.js';
export * from './value/index.js';
