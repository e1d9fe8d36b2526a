// PostgreSQL's wire protocol: what `psql` and its like speak to.
export { parseAccess, readAccess, readPasswords, writePassword } from './auth/index.js';
export { defaultServerOptions, type ServerEvent, type ServerOptions, type WireServer } from './connection/index.js';
export { serve, tlsOptions } from './serve.js';
