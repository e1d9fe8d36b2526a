// The fragment contract: types, encoding, decoding, results.
export * from './column-layout.js';
export * from './decode-fragment.js';
export { encodeFragment, encodeProgram } from './encode-fragment.js';
export * from './fragment.js';
export * from './fragment-result.js';
export {
  comparable,
  isColumnType,
  isFragmentType,
  isOpcode,
  kernelCasts,
  kernelSupports,
  type Opcode,
  opcodes,
} from './opcodes.js';
export * from './state-types.js';
