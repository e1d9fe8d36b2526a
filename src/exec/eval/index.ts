// The evaluator of bound expressions over vectors.
export { fromArrow, toArrow } from './arrow-vec.js';
export { compileEval, compileScalars, evaluateConstant, evalValues, fromBatch, toBatch } from './evaluate.js';
