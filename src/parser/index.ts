// Text to AST: `parseSql` and `parseNative`.
export type * from './ast.js';
export { parseExpression, parseNative, parseSql } from './parse.js';
export { printExpr } from './print-expr.js';
export { printQuery, printStatement } from './print-query.js';
export { maxSpine, maxTreeDepth } from './tree-depth.js';
