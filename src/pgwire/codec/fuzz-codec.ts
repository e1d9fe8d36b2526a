// Feeds the codec what no client should send: mutated, cut and joined messages in random pieces. `npm run fuzz:wire` runs a million.
import { DiagnosticError } from '../../core/index.js';
import { decodeFrontend, decodeStartup } from './decode-frontend.js';
import { FrameReader, FramingError, startupPacket } from './frame-reader.js';

const seeds = [
  'Q\0\0\0\rselect 1\0',
  'P\0\0\0\x19stmt\0select $1\0\0\x01\0\0\0\x17',
  'B\0\0\0\x1dp\0s\0\0\x01\0\x01\0\x02\0\0\0\x02ab\xff\xff\xff\xff\0\x01\0\x01',
  'D\0\0\0\x07Ss\0',
  'C\0\0\0\x07Pp\0',
  'E\0\0\0\x0ap\0\0\0\0\x05',
  'H\0\0\0\x04',
  'S\0\0\0\x04',
  'd\0\0\0\x09a\tb\n\0',
  'f\0\0\0\x09oops\0',
  'Q\0\0\0\x0a\xc3\xa4\xf0\x9f\x98\0',
].map((text) => Buffer.from(text, 'latin1'));
const startup = Buffer.from('\0\0\0\x16\0\x03\0\0user\0tester\0\0\0', 'latin1');
startup.writeInt32BE(startup.length);

export interface FuzzReport {
  readonly frames: number;
  readonly refused: number;
  readonly lost: number;
}

/** @throws whatever but a DiagnosticError or FramingError the codec throws; and where it holds more than it was given */
export function fuzzCodec(messages: number, seed: number): FuzzReport {
  let state = seed >>> 0 || 1;
  const random = (below: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
  const report = { frames: 0, refused: 0, lost: 0 };
  const longest = 1 << 16;
  let sent = 0;
  while (sent < messages) {
    const reader = new FrameReader(longest);
    if (random(4) > 0) reader.phase = 'messages';
    const stream: Buffer[] = [];
    for (let i = 1 + random(12); i > 0; i--, sent++) {
      const message = Buffer.from(reader.phase === 'startup' ? startup : seeds[random(seeds.length)]!);
      for (let flips = random(3); flips > 0; flips--) message[random(message.length)] = random(256);
      stream.push(random(8) === 0 ? message.subarray(0, random(message.length)) : message);
    }
    const bytes = Buffer.concat(stream);
    try {
      for (let at = 0; at < bytes.length; ) {
        const end = at + 1 + random(40);
        reader.push(bytes.subarray(at, end));
        at = end;
        for (let frame = reader.next(); frame; frame = reader.next()) {
          report.frames++;
          try {
            if (frame.type === startupPacket) decodeStartup(frame.body);
            else decodeFrontend(frame);
          } catch (error) {
            if (!(error instanceof DiagnosticError)) throw error;
            report.refused++;
          }
        }
        if (reader.pending > bytes.length) throw new Error('the reader holds more than it was given');
      }
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      report.lost++;
    }
  }
  return report;
}
