// PostgreSQL's text and binary forms of values: rows straight from Arrow buffers, and back.
export type { CellFormat } from './cell-encoder.js';
export { decodeCell } from './decode-cell.js';
export { decodeText, validLength } from './decode-text.js';
export { RowEncoder } from './row-encoder.js';
