import { expect, test } from 'vitest';
import { fuzzCodec } from './fuzz-codec.js';
import { decodeFrontend, decodeStartup, type Frame, FrameReader, FramingError, MessageWriter } from './index.js';

const frame = (type: string, body: string | Buffer): Frame => ({ type: type.charCodeAt(0), body: Buffer.from(body) });

test('messages of a client', () => {
  expect(decodeFrontend(frame('Q', 'select 1\0'))).toEqual({ kind: 'query', text: 'select 1' });
  expect(decodeFrontend(frame('P', 's\0select $1\0\0\x01\0\0\0\x17'))).toEqual({
    kind: 'parse',
    name: 's',
    text: 'select $1',
    parameterTypes: [23],
  });
  const bind = Buffer.from('p\0s\0\0\x01\0\x01\0\x02\0\0\0\x02ab\xff\xff\xff\xff\0\x01\0\0', 'latin1');
  expect(decodeFrontend(frame('B', bind))).toEqual({
    kind: 'bind',
    portal: 'p',
    statement: 's',
    parameterFormats: ['binary'],
    parameters: [Buffer.from('ab'), null],
    resultFormats: ['text'],
  });
  expect(decodeFrontend(frame('D', 'Ss\0'))).toEqual({ kind: 'describe', target: 'statement', name: 's' });
  expect(decodeFrontend(frame('C', 'Pp\0'))).toEqual({ kind: 'close', target: 'portal', name: 'p' });
  expect(decodeFrontend(frame('E', 'p\0\0\0\0\x05'))).toEqual({ kind: 'execute', portal: 'p', maxRows: 5 });
});

test('malformed bodies are 08P01, bad UTF-8 is 22021', () => {
  const code = (f: Frame) => {
    try {
      decodeFrontend(f);
    } catch (error) {
      return `${(error as { code: string }).code} ${(error as Error).message}`;
    }
  };
  expect(code(frame('Q', 'select 1'))).toBe('08P01 invalid string in message');
  expect(code(frame('Q', 'a\0b\0'))).toBe('08P01 invalid message format');
  expect(code(frame('E', 'p\0\0'))).toBe('08P01 insufficient data left in message');
  expect(code(frame('D', 'Xs\0'))).toBe('08P01 invalid DESCRIBE message subtype 88');
  expect(code(frame('B', 'p\0s\0\0\x01\0\x07\0\0\0\0'))).toBe('22023 unsupported format code: 7');
  expect(code(frame('B', 'p\0s\0\0\0\0\x01\x7f\0\0\0'))).toBe('08P01 insufficient data left in message');
  expect(code(frame('Q', Buffer.from([0x61, 0xc3, 0x28, 0])))).toBe(
    '22021 invalid byte sequence for encoding "UTF8": 0xc3 0x28',
  );
  expect(decodeFrontend(frame('Q', 'ok \ufffd\0'))).toEqual({ kind: 'query', text: 'ok \ufffd' });
});

test('a startup packet', () => {
  const body = Buffer.concat([Buffer.of(0, 3, 0, 2), Buffer.from('user\0u\0database\0d\0\0')]);
  expect(decodeStartup(body)).toEqual({
    kind: 'startup',
    major: 3,
    minor: 2,
    parameters: new Map([
      ['user', 'u'],
      ['database', 'd'],
    ]),
  });
  expect(() => decodeStartup(Buffer.concat([Buffer.of(0, 3, 0, 0), Buffer.from('user\0u\0')]))).toThrow(
    'expected terminator as last byte',
  );
});

test('frames in pieces are never overwritten', () => {
  const reader = new FrameReader(1 << 20);
  reader.phase = 'messages';
  const text = (n: number) => `${n}`.padStart(700, 'x');
  const bytes = Buffer.concat(
    Array.from({ length: 40 }, (_, n) => {
      const out = Buffer.alloc(705);
      out.write('Q');
      out.writeInt32BE(704, 1);
      out.write(text(n), 5);
      return out;
    }),
  );
  const bodies: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 333) {
    reader.push(Buffer.from(bytes.subarray(at, at + 333)));
    for (let next = reader.next(); next; next = reader.next()) bodies.push(next.body);
  }
  expect(bodies.map(String)).toEqual(Array.from({ length: 40 }, (_, n) => text(n)));
});

test('sizes are capped before and after authentication', () => {
  const head = (type: string, length: number) => {
    const out = Buffer.alloc(5);
    out.write(type);
    out.writeUInt32BE(length, 1);
    return out;
  };
  const reader = (phase: 'startup' | 'authentication' | 'messages', bytes: Buffer) => {
    const made = new FrameReader(1 << 20);
    made.phase = phase;
    made.push(bytes);
    return () => made.next();
  };
  expect(reader('startup', Buffer.of(0, 0, 0x27, 0x11))).toThrow(FramingError);
  expect(reader('startup', Buffer.of(0, 0, 0, 7))).toThrow(FramingError);
  expect(reader('authentication', head('p', 65_536))).toThrow(FramingError);
  expect(reader('messages', head('E', 10_001))).toThrow(FramingError);
  expect(reader('messages', head('Q', (1 << 20) + 1))).toThrow(FramingError);
  expect(reader('messages', head('Q', 3))).toThrow(FramingError);
  expect(reader('messages', head('Q', 1 << 20))()).toBeUndefined();
});

test('messages of the server', () => {
  const out = new MessageWriter();
  out.commandComplete('SELECT 1');
  out.rowDescription([{ name: 'ä', type: 23, size: 4, modifier: -1, format: 'binary' }]);
  const first = out.take();
  out.readyForQuery('T');
  expect(first.toString('hex')).toBe(
    '430000000d53454c4543542031005400000' + '01b0001c3a4000000000000000000001700' + '04ffffffff0001',
  );
  expect(out.take().toString('hex')).toBe('5a0000000554');
});

test('mutated and cut messages', () => {
  expect(fuzzCodec(5_000, 1).frames).toBeGreaterThan(1_000);
});
