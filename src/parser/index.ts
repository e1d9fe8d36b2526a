// Text to AST: `parseSql` and `parseNative`.
export type * from './ast.js';
