// PostgreSQL's text and binary forms of values, their oids, and rows straight from Arrow buffers.
export { decodeParameter } from './decode-parameter.js';
export { describeType, oidOf, sqlTypeOfOid, type TypeDescription } from './oid.js';
export { RowEncoder } from './row-encoder.js';
