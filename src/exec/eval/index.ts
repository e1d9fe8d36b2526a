// The evaluator of bound expressions over vectors.
export { fromArrow, toArrow } from './arrow-vec.js';
export { compileEval, evaluateConstant, evalValues } from './evaluate.js';
