// PostgreSQL's text and binary forms of values, their oids, and rows straight from Arrow buffers.
export { decodeParameter } from './decode-parameter.js';
export { RowEncoder } from './row-encoder.js';
