// How a connection ends with an error: the client is told why, and nothing after it.
import type { Condition } from '../../core/index.js';
import type { Channel } from './channel.js';
import { errorFields } from './error-fields.js';

/** The client has had its last words, or is gone. */
export class FatalError extends Error {}

export function lastWords(channel: Channel, condition: Condition, message: string): never {
  channel.out.error(errorFields({ condition, message }, 'FATAL'));
  throw new FatalError();
}
