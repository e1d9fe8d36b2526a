// DuckDB-WASM: the worker pool, and plans as its SQL.

export { optimizersOff } from './optimizers-off.js';
export { type DuckDbLease, DuckDbPool, type DuckDbPoolOptions } from './pool.js';
export { nothing, renderQuery } from './render-plan.js';
export { columnName } from './render-scalar.js';
export { isRowWise } from './row-wise.js';
export { DuckDbSession } from './session.js';
