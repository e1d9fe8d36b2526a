// Datasets, tables and statistics as the planner sees them.
export {
  type CatalogOptions,
  type DatasetCatalog,
  type DatasetSizes,
  type FileDetails,
  type HeldSnapshot,
  openCatalog,
} from './open-catalog.js';
export type * from './table.js';
