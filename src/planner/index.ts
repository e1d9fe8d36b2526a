// AST to logical plan to physical plan: pure and synchronous.
export type * from './bind/scalar.js';
export type * from './logical/logical-plan.js';
export type * from './physical/physical-plan.js';
