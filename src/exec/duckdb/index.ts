// DuckDB-WASM: the worker pool, and plans as its SQL.

export { type DuckDbLease, DuckDbPool, type DuckDbPoolOptions } from './pool.js';
export { queryOptions } from './query-options.js';
export { nothing, renderQuery } from './render-plan.js';
export { columnName } from './render-scalar.js';
export { isRowWise } from './row-wise.js';
export { Displaced, DuckDbSession, type QueryOptions } from './session.js';
