// Sockets and state: startup, queries, portals, cancellation, shutdown.
export { type ServerContext, type ServerEvent, WireServer } from './server.js';
export { defaultServerOptions, type ServerOptions, type TlsOptions } from './server-options.js';
export type { LoggedIn } from './startup.js';
