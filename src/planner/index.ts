// AST to logical plan to physical plan: pure and synchronous.
export { bindInsert, type InsertSource, type InsertTarget } from './bind/bind-insert.js';
export { bindStatement, namesMentioned, relationsMentioned } from './bind/bind-query.js';
export { bindTypeName } from './bind/bind-type-name.js';
export { bindUpdate, type UpdateSource } from './bind/bind-update.js';
export { catalogMacros } from './bind/catalog-macros.js';
export { type BindEnvironment, findRelation, foldName, temporarySchema } from './bind/environment.js';
export { ParameterTypes } from './bind/parameter-types.js';
export type * from './bind/scalar.js';
export type * from './logical/logical-plan.js';
export { printLogicalPlan } from './logical/print-logical-plan.js';
export { outputColumns } from './logical/walk-plan.js';
export type { FiguresOf, NodeFigures } from './physical/describe-plan.js';
export { physicalColumns } from './physical/physical-columns.js';
export type * from './physical/physical-plan.js';
export { type PhysicalEnvironment, planPhysical } from './physical/plan-physical.js';
export { physicalPlanToJson, printPhysicalPlan } from './physical/print-physical-plan.js';
export { type StatsNeeded, statsNeeded } from './physical/stats-needed.js';
export { type Optimized, optimize, rules } from './rules/optimize.js';
