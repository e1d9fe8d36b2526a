// Datasets, tables and statistics as the planner sees them.
export type * from './table.js';
