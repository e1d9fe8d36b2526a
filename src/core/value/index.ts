// Values outside Arrow buffers: their order, arithmetic, casts and text.
export * from './array.js';
export { literalDimensions } from './array-literal.js';
export { bitsOf, bytesOfBits } from './bit-string.js';
export * from './calendar.js';
export * from './cast.js';
export * from './cast-kind.js';
export * from './compare.js';
export * from './compare-text.js';
export {
  currentStyle,
  type DateTimeStyle,
  defaultStyle,
  isDefaultStyle,
  styleOf,
  withStyle,
} from './date-time-style.js';
export { dateInfinity, splitTimestamp, timestampInfinity } from './datetime.js';
export { type ClientEncoding, clientEncoding, encodingName } from './encoding.js';
export * from './equality-key.js';
export * from './exact-sum.js';
export * from './float.js';
export * from './integer.js';
export * from './like.js';
export * from './math.js';
export * from './number-type.js';
export {
  absBigInt,
  absNumeric,
  addNumeric,
  compareNumeric,
  divideNumeric,
  modNumeric,
  multiplyNumeric,
  negateNumeric,
  numericToFloat,
  parseNumeric,
  printNumeric,
  roundNumeric,
  signOf,
  subtractNumeric,
  toNumeric,
} from './numeric.js';
export * from './numeric-type.js';
export { isProcedureName, type ObjectNames, objectTypeOf, procedureOid } from './object-names.js';
export * from './print.js';
export { quoteIdent } from './quote.js';
export { parseInterval } from './read-interval.js';
export { canonicalTimeZone, offsetAt, offsetZone, toLocal, zonesAt } from './time-zone.js';
export { parseTimetzText, printTimetz } from './timetz.js';
