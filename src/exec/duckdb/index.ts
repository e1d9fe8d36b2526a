// DuckDB-WASM: the worker pool, and plans as its SQL.
export * from './pool.js';
export * from './session.js';
