// Datasets, tables and statistics as the planner sees them.
export { type DatasetCatalog, type DatasetSizes, type FileDetails, openCatalog } from './open-catalog.js';
export type * from './table.js';
