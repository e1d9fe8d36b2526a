// Skyhook as a library.
export { DiagnosticError, printDiagnostic } from '../core/index.js';
export { Dataset, File, type FileAttributes, type FileSchema } from './dataset.js';
export type { Parameter } from './parameter.js';
export { RootNode } from './root-node.js';
export { type RunOptions, SkyhookDM, toTable } from './skyhook-dm.js';
