// Text to AST: `parseSql` and `parseNative`.
export type * from './ast.js';
export { type IsLambdaArgument, isLambdaArgument, lambdaArguments } from './lambda-arguments.js';
export { parseExpression, parseNative, parseSql } from './parse.js';
export { maxSpine, maxTreeDepth } from './tree-depth.js';
