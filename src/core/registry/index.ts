// The function registry.
export { nativeCall } from './define.js';
export { bindArguments, bindNames } from './duckdb/bind-arguments.js';
export { duckDbType, fieldNames } from './duckdb/duckdb-type.js';
export { diagnosticOfDuckDbError, quoteDuckDbText, raise } from './duckdb/errors.js';
export { comparableSql, plainSql } from './duckdb/numeric-text.js';
export { renderCast } from './duckdb/render-cast.js';
export type * from './overload.js';
export { allFunctions, isLambdaArgument, lookupFunction, lookupOperator } from './registry.js';
export { namingOverload, styledOverload } from './styled-overload.js';
