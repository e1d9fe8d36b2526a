// COPY … FROM STDIN on the wire: the bytes between CopyInResponse and CopyDone.
import { fail } from '../../core/index.js';
import type { CopyIn } from '../../session/index.js';
import { decodeFrontend, isKnownType } from '../codec/index.js';
import type { Channel } from './channel.js';

/** Takes the client's rows. @returns the command's tag */
export async function copyIn(channel: Channel, { format, columns, run }: CopyIn, signal: AbortSignal): Promise<string> {
  channel.out.copyResponse('in', format === 'binary' ? 'binary' : 'text', columns);
  channel.flush();
  let isLost = false;
  const bytes = bytesOf(channel, signal, () => {
    isLost = true;
  });
  try {
    return (await run(bytes)).tag;
  } catch (error) {
    throw isLost ? new LostSynchronization(error) : error;
  }
}

/** The client speaks of something else: after the error there is no going on with it. */
export class LostSynchronization extends Error {
  constructor(cause: unknown) {
    super('terminating connection because protocol synchronization was lost', { cause });
  }
}

/** What is not asked for stays with the client: see `Channel`. */
async function* bytesOf(channel: Channel, signal: AbortSignal, onLost: () => void): AsyncGenerator<Uint8Array> {
  for (;;) {
    const frame = channel.tryNext() ?? (await channel.next(signal));
    // Who stopped it knows why.
    if (!frame) throw fail('query_canceled', 'canceling statement due to user request');
    const type = String.fromCharCode(frame.type);
    if (!isKnownType(frame.type) || !'dcfHS'.includes(type)) {
      onLost();
      throw fail(
        'protocol_violation',
        `unexpected message type 0x${frame.type.toString(16).toUpperCase().padStart(2, '0')} during COPY from stdin`,
      );
    }
    const message = decodeFrontend(frame, channel.out.encoding);
    switch (message.kind) {
      case 'copy_data':
        yield message.data;
        break;
      case 'copy_done':
        return;
      case 'copy_fail':
        throw fail('query_canceled', `COPY from stdin failed: ${message.reason}`);
      default:
      // Flush and Sync: a client sends them behind its Execute before it knows that rows are wanted.
    }
  }
}
