// PostgreSQL's text and binary forms of values: rows straight from Arrow buffers, and back.
export type { CellFormat } from './cell-source.js';
export { decodeCell, typeOfCell } from './decode-cell.js';
export { decodeText, validLength } from './decode-text.js';
export { fromUtf8, type Recode, recodeCell, recodeMessages, recodeTuples, toUtf8 } from './recode.js';
export { RowEncoder } from './row-encoder.js';
export type { RowLayout } from './row-kernel.js';
