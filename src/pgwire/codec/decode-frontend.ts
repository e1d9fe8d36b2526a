// Frames → messages of a client. Throws 08P01 where a body is malformed; the framing is then still intact.
import { type ClientEncoding, fail } from '../../core/index.js';
import { BodyReader } from './body-reader.js';
import type { Frame } from './frame-reader.js';
import type { Bind, Format, FrontendMessage, Parse, StartupMessage } from './frontend-message.js';

const requests = { cancel: 80877102, ssl: 80877103, gssenc: 80877104 } as const;

/** @throws DiagnosticError 08P01 */
export function decodeStartup(body: Buffer): StartupMessage {
  const reader = new BodyReader(body);
  const code = reader.uint32();
  switch (code) {
    case requests.ssl:
      return { kind: 'ssl_request' };
    case requests.gssenc:
      return { kind: 'gssenc_request' };
    case requests.cancel:
      // Nobody is told whether it was one: a short one has no key that fits.
      if (reader.left < 4) return { kind: 'cancel_request', processId: 0, secret: reader.rest() };
      return { kind: 'cancel_request', processId: reader.uint32(), secret: reader.rest() };
  }
  const major = code >>> 16;
  const parameters = new Map<string, string>();
  if (major === 3) {
    const invalid = () => fail('protocol_violation', 'invalid startup packet layout: expected terminator as last byte');
    for (;;) {
      if (reader.left < 1) throw invalid();
      const name = reader.string();
      if (name === '') break;
      if (reader.left < 1) throw invalid();
      parameters.set(name, reader.string());
    }
    if (reader.left > 0) throw invalid();
  }
  return { kind: 'startup', major, minor: code & 0xffff, parameters };
}

/** @throws DiagnosticError 08P01, 22021, 22P05 */
export function decodeFrontend({ type, body }: Frame, encoding?: ClientEncoding): FrontendMessage {
  const reader = new BodyReader(body, encoding);
  const message = decode(String.fromCharCode(type), reader);
  reader.finish();
  return message;
}

function decode(type: string, reader: BodyReader): FrontendMessage {
  switch (type) {
    case 'Q':
      return { kind: 'query', text: reader.string() };
    case 'P':
      return parse(reader);
    case 'B':
      return bind(reader);
    case 'D':
      return { kind: 'describe', ...target(reader, 'DESCRIBE') };
    case 'C':
      return { kind: 'close', ...target(reader, 'CLOSE') };
    case 'E':
      return { kind: 'execute', portal: reader.string(), maxRows: Math.max(0, reader.int32()) };
    case 'H':
      return { kind: 'flush' };
    case 'S':
      return { kind: 'sync' };
    case 'X':
      // As PostgreSQL, whatever it carries.
      reader.rest();
      return { kind: 'terminate' };
    case 'F':
      reader.rest();
      return { kind: 'function_call' };
    case 'd':
      return { kind: 'copy_data', data: reader.rest() };
    case 'c':
      reader.rest();
      return { kind: 'copy_done' };
    case 'f':
      return { kind: 'copy_fail', reason: reader.string() };
    default:
      throw fail('protocol_violation', `invalid frontend message type ${type.charCodeAt(0)}`);
  }
}

function parse(reader: BodyReader): Parse {
  const name = reader.string();
  const text = reader.string();
  const parameterTypes: number[] = [];
  for (let count = reader.uint16(); count > 0; count--) parameterTypes.push(reader.uint32());
  return { kind: 'parse', name, text, parameterTypes };
}

function bind(reader: BodyReader): Bind {
  const portal = reader.string();
  const statement = reader.string();
  const parameterFormats = formats(reader);
  const parameters: (Buffer | null)[] = [];
  const count = reader.uint16();
  if (parameterFormats.length > 1 && parameterFormats.length !== count)
    throw fail(
      'protocol_violation',
      `bind message has ${parameterFormats.length} parameter formats but ${count} parameters`,
    );
  for (let i = 0; i < count; i++) {
    const length = reader.int32();
    parameters.push(length === -1 ? null : reader.bytes(length));
  }
  return { kind: 'bind', portal, statement, parameterFormats, parameters, resultFormats: formats(reader) };
}

function formats(reader: BodyReader): Format[] {
  const found: Format[] = [];
  for (let count = reader.uint16(); count > 0; count--) {
    const code = reader.uint16();
    if (code > 1) throw fail('invalid_parameter_value', `unsupported format code: ${code}`);
    found.push(code === 1 ? 'binary' : 'text');
  }
  return found;
}

function target(reader: BodyReader, what: string): { target: 'statement' | 'portal'; name: string } {
  const kind = reader.byte();
  const name = reader.string();
  reader.finish();
  if (kind !== 0x53 && kind !== 0x50) throw fail('protocol_violation', `invalid ${what} message subtype ${kind}`);
  return { target: kind === 0x53 ? 'statement' : 'portal', name };
}

/** A password or SASL message, whose layout depends on what was asked for. */
export const passwordBody = {
  password(body: Buffer): string {
    const reader = new BodyReader(body);
    const text = reader.string();
    reader.finish();
    return text;
  },
  saslInitial(body: Buffer, offered: readonly string[]): { mechanism: string; data: Buffer | undefined } {
    const reader = new BodyReader(body);
    const mechanism = reader.string();
    if (!offered.includes(mechanism))
      throw fail('protocol_violation', 'client selected an invalid SASL authentication mechanism');
    const length = reader.int32();
    const data = length === -1 ? undefined : reader.bytes(length);
    reader.finish();
    return { mechanism, data };
  },
};
