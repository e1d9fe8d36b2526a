// Text to AST: `parseSql` and `parseNative`.
export { keywords } from '../../grammar/index.js';
export type * from './ast.js';
export { type Candidate, type Completion, complete, type KnownTable } from './complete.js';
export { parseExpression, parseNative, parseSql } from './parse.js';
export { printExpr } from './print-expr.js';
export { printQuery } from './print-query.js';
export { printStatement } from './print-statement.js';
export type * from './statement-ast.js';
export { maxSpine, maxTreeDepth } from './tree-depth.js';
