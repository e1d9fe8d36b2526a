// The function registry.
export type * from './overload.js';
