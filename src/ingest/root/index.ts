// The public face of ROOT reading.
export type { ColumnReader, RefusedBranch, RootColumn, RootNodeInfo } from './column-reader.js';
export { type OpenRootFileOptions, openRootFile, type RootFile } from './root-file.js';
