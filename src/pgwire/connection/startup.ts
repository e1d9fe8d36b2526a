// From the first byte to ReadyForQuery: TLS, the startup packet, authentication. What fails here is FATAL.

import { createHmac, randomBytes } from 'node:crypto';
import { fail } from '../../core/index.js';
import { allRights, type Rights } from '../../session/index.js';
import { ScramExchange, type ScramVerifier } from '../auth/index.js';
import { decodeStartup, passwordBody, type Startup } from '../codec/index.js';
import type { Channel } from './channel.js';
import type { ServerOptions } from './server-options.js';

export interface LoggedIn {
  readonly user: string;
  readonly database: string;
  readonly rights: Rights;
  /** Settings that the client asked for, in the order in which they apply. */
  readonly settings: readonly (readonly [name: string, value: string])[];
}

export interface StartupContext {
  readonly options: ServerOptions;
  readonly cancel: (processId: number, secret: Buffer) => void;
}

/** First byte of a TLS handshake: the client speaks TLS at once. */
const tlsHandshake = 0x16;
const latestMinor = 0;

/** `undefined` where the connection has served its purpose, or the client has gone. @throws DiagnosticError, FramingError */
export async function startUp(channel: Channel, context: StartupContext): Promise<LoggedIn | undefined> {
  const { options } = context;
  const first = await channel.firstByte();
  if (first === undefined) return undefined;
  if (first === tlsHandshake) {
    if (!options.tls) return undefined;
    const protocol = await channel.startTls(options.tls.context);
    if (protocol !== 'postgresql')
      throw fail(
        'protocol_violation',
        'received direct SSL connection request without ALPN protocol negotiation extension',
      );
  }
  let refusedTls = false;
  let refusedGss = false;
  for (;;) {
    const frame = await channel.next();
    if (!frame) return undefined;
    const message = decodeStartup(frame.body);
    switch (message.kind) {
      case 'ssl_request':
        // Asked a second time it is no request, but a version that there is not.
        if (channel.isEncrypted || refusedTls) throw unsupported('1234.5679');
        refusedTls = !options.tls;
        // What came behind the request was not protected by what it asks for.
        if (channel.pending > 0) throw fail('protocol_violation', 'received unencrypted data after SSL request');
        channel.sendByte(options.tls ? 'S' : 'N');
        if (options.tls) await channel.startTls(options.tls.context);
        continue;
      case 'gssenc_request':
        if (refusedGss) throw unsupported('1234.5680');
        if (channel.pending > 0)
          throw fail('protocol_violation', 'received unencrypted data after GSSAPI encryption request');
        refusedGss = true;
        channel.sendByte('N');
        continue;
      case 'cancel_request':
        context.cancel(message.processId, message.secret);
        return undefined;
      case 'startup':
        return logIn(channel, message, options);
    }
  }
}

const unsupported = (version: string) =>
  fail('feature_not_supported', `unsupported frontend protocol ${version}: server supports 3.0 to 3.${latestMinor}`);

async function logIn(channel: Channel, startup: Startup, options: ServerOptions): Promise<LoggedIn> {
  const { major, minor, parameters } = startup;
  if (major !== 3) {
    const error = unsupported(`${major}.${minor}`);
    throw major === 1 || major === 2 ? new OldProtocol(error.message) : error;
  }
  const extensions = [...parameters.keys()].filter((name) => name.startsWith('_pq_.'));
  if (minor > latestMinor || extensions.length > 0)
    channel.out.negotiateProtocolVersion((3 << 16) | Math.min(minor, latestMinor), extensions);
  const user = parameters.get('user') ?? '';
  if (user === '')
    throw fail('invalid_authorization_specification', 'no PostgreSQL user name specified in startup packet');
  if (options.requireTls && !channel.isEncrypted)
    throw fail('invalid_authorization_specification', `connections without SSL are not allowed for user "${user}"`);
  if (parameters.has('replication') && !/^(?:false|off|no|0)$/i.test(parameters.get('replication')!))
    throw fail('feature_not_supported', 'replication is not supported');
  const access = await options.access?.();
  access?.letIn({ user, address: channel.address, encrypted: channel.isEncrypted });
  channel.phase = 'authentication';
  if (options.auth === 'scram-sha-256') await authenticate(channel, user, options);
  else if (access && !access.knows(user))
    throw fail('invalid_authorization_specification', `role "${user}" does not exist`);
  channel.out.authentication(0);
  channel.phase = 'messages';
  const database = parameters.get('database') || user;
  if (database !== user && !options.databaseNames.includes(database))
    throw fail('invalid_catalog_name', `database "${database}" does not exist`);
  const settings: [string, string][] = [...commandLine(parameters.get('options') ?? '')];
  for (const [name, value] of parameters)
    if (!['user', 'database', 'options', 'replication'].includes(name) && !name.startsWith('_pq_.'))
      settings.push([name, value]);
  return { user, database, settings, rights: access?.rightsOf(user) ?? allRights };
}

/** `-c name=value` and `--name=value`, words separated by blanks; a backslash keeps one. */
function* commandLine(options: string): Iterable<[string, string]> {
  const words = [...options.matchAll(/(?:\\.|\S)+/g)].map(([word]) => word.replaceAll(/\\(.)/g, '$1'));
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const assignment =
      word === '-c'
        ? words[++i]
        : word.startsWith('-c')
          ? word.slice(2)
          : word.startsWith('--')
            ? word.slice(2)
            : undefined;
    const equals = assignment?.indexOf('=') ?? -1;
    if (assignment === undefined || equals < 1)
      throw fail('syntax_error', `invalid command-line argument for server process: ${word}`);
    yield [assignment.slice(0, equals).replaceAll('-', '_'), assignment.slice(equals + 1)];
  }
}

/** An unknown role takes the same path as a wrong password, so that nobody learns which roles there are. */
async function authenticate(channel: Channel, user: string, options: ServerOptions): Promise<void> {
  const known = (await options.passwords!()).get(user);
  const exchange = new ScramExchange(known ?? mock(user), channel.isEncrypted ? options.tls?.endPoint : undefined);
  const { out } = channel;
  out.authenticationSasl(exchange.mechanisms);
  channel.flush();
  const { mechanism, data } = passwordBody.saslInitial(await answer(channel), exchange.mechanisms);
  if (!data) {
    out.authentication(11);
    channel.flush();
  }
  const reply = data ?? (await answer(channel));
  out.authentication(11, exchange.first(mechanism, reply));
  channel.flush();
  const final = exchange.final(await answer(channel));
  if (!final || !known) throw fail('invalid_password', `password authentication failed for user "${user}"`);
  out.authentication(12, final);
}

const mockSecret = randomBytes(32);

/** What an unknown role is asked: the same salt each time, as a known one's. */
function mock(user: string): ScramVerifier {
  const derive = (what: string) => createHmac('sha256', mockSecret).update(`${what}:${user}`).digest();
  return {
    iterations: 4096,
    salt: derive('salt').subarray(0, 16),
    storedKey: derive('stored'),
    serverKey: derive('server'),
  };
}

async function answer(channel: Channel): Promise<Buffer> {
  const frame = await channel.next();
  if (!frame) throw new ClientGone();
  if (frame.type !== 'p'.charCodeAt(0))
    throw fail('protocol_violation', `expected SASL response, got message type ${frame.type}`);
  return frame.body;
}

export class ClientGone extends Error {}

/** Protocol 2 and its like: the answer has a form of its own. */
export class OldProtocol extends Error {}
