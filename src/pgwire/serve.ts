// A server over an opened store: one session per client.
import { createSecureContext } from 'node:tls';
import type { Database } from '../session/index.js';
import { tlsServerEndPoint } from './auth/index.js';
import { type ServerEvent, type ServerOptions, type TlsOptions, WireServer } from './connection/index.js';

/** @throws DiagnosticError where the place cannot be listened on, or the options are unsafe */
export async function serve(
  database: Database,
  options: ServerOptions,
  log: (event: ServerEvent) => void = () => undefined,
): Promise<WireServer> {
  const server = new WireServer(options, {
    log,
    session: ({ user, database: name, settings, rights }) => {
      const session = database.session({}, rights);
      session.variables.setDefault('session_authorization', user, true);
      session.databaseName = name;
      for (const [setting, value] of settings) session.variables.setDefault(setting, value);
      return session;
    },
  });
  await server.listen();
  return server;
}

/** TLS 1.2 and newer. @throws Error where certificate and key do not fit */
export function tlsOptions(certificate: string | Buffer, key: string | Buffer): TlsOptions {
  return {
    context: createSecureContext({ cert: certificate, key, minVersion: 'TLSv1.2' }),
    endPoint: tlsServerEndPoint(certificate),
  };
}
