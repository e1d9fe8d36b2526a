// ROOT files and Arrow tables into datasets.
export { type IngestOptions, type IngestProgress, type IngestReport, ingest } from './ingest.js';
export { type TableBatches, type WriteTableOptions, writeTable } from './write-table.js';
