// Listens, lets clients in one by one, and lets them go.
import { createServer, type Server, type Socket } from 'node:net';
import { type Diagnostic, DiagnosticError, fail } from '../../core/index.js';
import type { Backend, Session } from '../../session/index.js';
import { FramingError } from '../codec/index.js';
import { CancelKeys } from './cancel-keys.js';
import { Channel } from './channel.js';
import { Connection } from './connection.js';
import { errorFields, toDiagnostic } from './error-fields.js';
import { checkServerOptions, type ServerOptions } from './server-options.js';
import { ClientGone, type LoggedIn, OldProtocol, startUp } from './startup.js';

export interface ServerEvent {
  readonly event: 'listening' | 'connected' | 'disconnected' | 'refused' | 'bug' | 'shutdown';
  readonly [field: string]: unknown;
}

export interface ServerContext {
  readonly session: (user: LoggedIn) => Session;
  readonly log: (event: ServerEvent) => void;
}

export class WireServer {
  readonly #options: ServerOptions;
  readonly #context: ServerContext;
  readonly #server: Server;
  readonly #channels = new Set<Channel>();
  readonly #connections = new Set<Connection>();
  readonly #keys = new CancelKeys();
  #closing = false;
  #ended: (() => void) | undefined;

  /** @throws DiagnosticError where the options are unsafe */
  constructor(options: ServerOptions, context: ServerContext) {
    checkServerOptions(options);
    this.#options = options;
    this.#context = context;
    this.#server = createServer({ allowHalfOpen: true }, (socket) => void this.#accept(socket));
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  get connections(): number {
    return this.#channels.size;
  }

  /** @throws DiagnosticError where the place is taken or not allowed */
  listen(): Promise<void> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          fail('object_in_use', `cannot listen on ${host}:${port}: ${error.code ?? error.message}`, { cause: error }),
        ),
      );
      this.#server.listen(port, host, () => {
        this.#context.log({ event: 'listening', host, port: this.port });
        resolve();
      });
    });
  }

  /** No new clients; idle ones are told 57P01, others after their statement, or when `graceMs` are over. */
  async close(graceMs = 0): Promise<void> {
    this.#closing = true;
    this.#context.log({ event: 'shutdown', connections: this.connections });
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const connection of this.#connections) connection.shutDown(graceMs > 0);
    const timer = setTimeout(() => {
      for (const connection of this.#connections) connection.shutDown(false);
    }, graceMs);
    // Whoever does not even take its last words.
    const last = setTimeout(() => {
      for (const channel of this.#channels) channel.destroy();
    }, graceMs + 3000);
    await new Promise<void>((resolve) => {
      this.#ended = resolve;
      if (this.#channels.size === 0) resolve();
    });
    clearTimeout(timer);
    clearTimeout(last);
    await closed;
  }

  async #accept(socket: Socket): Promise<void> {
    const channel = new Channel(socket, this.#options.maxMessageBytes);
    this.#channels.add(channel);
    const from = `${socket.remoteAddress}:${socket.remotePort}`;
    try {
      await this.#serve(channel, from);
    } catch (error) {
      this.#refuse(channel, error, from);
    } finally {
      channel.end();
      this.#channels.delete(channel);
      if (this.#channels.size === 0) this.#ended?.();
    }
  }

  async #serve(channel: Channel, from: string): Promise<void> {
    const { log } = this.#context;
    const deadline = setTimeout(() => channel.destroy(), this.#options.authenticationTimeoutMs);
    let user: LoggedIn | undefined;
    let session: Session;
    try {
      user = await startUp(channel, { options: this.#options, cancel: (id, secret) => this.#keys.cancel(id, secret) });
      if (!user) return;
      if (this.#closing) throw fail('cannot_connect_now', 'the database system is shutting down');
      if (this.#connections.size >= this.#options.maxConnections)
        throw fail('too_many_connections', 'sorry, too many clients already');
      session = this.#context.session(user);
    } finally {
      clearTimeout(deadline);
    }
    const connection = new Connection(channel, session, {
      bug: (error, text) =>
        log({ event: 'bug', from, text, error: error instanceof Error ? error.stack : String(error) }),
    });
    const key = this.#keys.issue({
      cancel: () => connection.cancel(),
      terminate: () => connection.shutDown(false),
      user: user.user,
    });
    session.processId = key.processId;
    const { user: role } = user;
    session.signal = (processId, what) => this.#keys.signal(processId, what, role);
    const { backends } = session.database;
    backends.set(key.processId, backendOf(connection, session, user, channel.socket));
    this.#connections.add(connection);
    log({ event: 'connected', from, user: user.user, database: user.database, tls: channel.isEncrypted });
    try {
      channel.out.backendKeyData(key.processId, key.secret);
      await connection.serve();
    } finally {
      this.#keys.revoke(key.processId);
      backends.delete(key.processId);
      this.#connections.delete(connection);
      log({ event: 'disconnected', from });
    }
  }

  /** Last words to a client that is not let in, as far as there are any. */
  #refuse(channel: Channel, error: unknown, from: string): void {
    if (error instanceof ClientGone || error instanceof FramingError) return;
    if (error instanceof OldProtocol) {
      if (channel.socket.writable) channel.socket.write(`EFATAL:  ${error.message}\n\0`);
      return;
    }
    // A socket or TLS handshake that failed is the network's affair.
    if (channel.ended && !(error instanceof DiagnosticError)) return;
    const diagnostic: Diagnostic = toDiagnostic(error);
    const isBug = !(error instanceof DiagnosticError);
    this.#context.log({
      event: isBug ? 'bug' : 'refused',
      from,
      message: diagnostic.message,
      ...(isBug && { error: error instanceof Error ? error.stack : String(error) }),
    });
    channel.out.error(errorFields(diagnostic, 'FATAL'));
  }
}

function backendOf(connection: Connection, session: Session, { user, database }: LoggedIn, socket: Socket): Backend {
  const { processId } = session;
  return {
    processId,
    user,
    database,
    get applicationName() {
      return session.variables.get('application_name');
    },
    address: socket.remoteAddress ?? '',
    port: socket.remotePort ?? -1,
    startMicros: BigInt(Date.now()) * 1000n,
    get state() {
      if (!connection.isIdle) return 'active';
      const { status } = session.transaction;
      if (status === 'idle') return 'idle';
      return status === 'failed' ? 'idle in transaction (aborted)' : 'idle in transaction';
    },
    get query() {
      return connection.lastText;
    },
  };
}
