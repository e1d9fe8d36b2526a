// Runs physical plans: fragments over partitions, the evaluator, and DuckDB for the rest.
export { coalesce } from './coalesce.js';
export { createEngine, type Engine, type EngineOptions, type FileResult } from './engine.js';
export { compileScalars, evaluateConstant, fromArrow, fromBatch, toBatch } from './eval/index.js';
export { fromValues, gather, type Vec, valueAt } from './eval/vec.js';
export type { ExecuteOptions, ResultStream } from './execution.js';
export { kernelFile } from './fragment/kernel.js';
export type { GatherMetrics, NodeMetrics } from './metrics.js';
