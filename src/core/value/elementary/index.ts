// Elementary functions of our own: the same bits in every home of a fragment and in every version of Node, whose Math functions change.
// docs/architecture/fragment.md says what another implementation has to keep to.
export { acos, asin, atan, atan2, cos, sin, tan } from './circular.js';
export { exp, expm1 } from './exponential.js';
export { acosh, asinh, atanh, cosh, sinh, tanh } from './hyperbolic.js';
export { log, log1p, log2, log10 } from './logarithm.js';
export { cbrt, pow } from './power.js';
