// Datasets, tables and statistics as the planner sees them.
export { quantileCount, quantileLevels, quantileScale } from '../store/index.js';
export {
  type CatalogOptions,
  type DatasetCatalog,
  type DatasetSizes,
  type FileDetails,
  type HeldSnapshot,
  openCatalog,
} from './open-catalog.js';
export { typeOidByName } from './pg-catalog/base-types.js';
export { relationOid } from './pg-catalog/object-ids.js';
export { type Backend, SystemCatalog } from './pg-catalog/system-catalog.js';
export { type SystemColumn, type SystemRow, type SystemTable, systemSchemaOf } from './pg-catalog/system-table.js';
export type * from './table.js';
