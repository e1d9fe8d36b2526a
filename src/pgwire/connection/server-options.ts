// What a server is told: where it listens, whom it lets in, and its limits.
import { isIP } from 'node:net';
import type { SecureContext } from 'node:tls';
import { fail } from '../../core/index.js';
import type { AccessRules, Passwords } from '../auth/index.js';

export interface TlsOptions {
  readonly context: SecureContext;
  /** See `tlsServerEndPoint`. */
  readonly endPoint: Buffer;
}

export interface ServerOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly auth: 'trust' | 'scram-sha-256';
  /** Read anew for every login. */
  readonly passwords?: () => Promise<Passwords>;
  /** Read anew for every login; without it, whoever comes in may do everything. */
  readonly access?: () => Promise<AccessRules>;
  readonly tls?: TlsOptions;
  /** Refuses clients that do not speak TLS. */
  readonly requireTls?: boolean;
  /** Listens beyond loopback without authentication. */
  readonly allowTrustEverywhere?: boolean;
  readonly maxConnections: number;
  readonly authenticationTimeoutMs: number;
  /** Bytes of a message after authentication. */
  readonly maxMessageBytes: number;
  /** Names under which the store is known, beside the role's own. */
  readonly databaseNames: readonly string[];
}

export const defaultServerOptions = {
  host: '127.0.0.1',
  port: 5433,
  auth: 'trust',
  maxConnections: 100,
  authenticationTimeoutMs: 60_000,
  maxMessageBytes: 64 << 20,
  databaseNames: ['skyhook', 'postgres'],
} as const satisfies ServerOptions;

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/** @throws DiagnosticError 28000 where everybody could come in from everywhere */
export function checkServerOptions(options: ServerOptions): void {
  if (options.auth === 'trust' && !isLoopback(options.host) && !options.allowTrustEverywhere)
    throw fail('invalid_authorization_specification', `refusing to listen on ${options.host} without authentication`, {
      hint: 'Use --auth scram-sha-256 with --password-file, or --insecure-trust if the network is yours alone.',
    });
  if (options.auth === 'scram-sha-256' && !options.passwords)
    throw fail('invalid_parameter_value', 'scram-sha-256 needs a password file');
  if (options.requireTls && !options.tls)
    throw fail('invalid_parameter_value', 'TLS cannot be required without a certificate');
}
