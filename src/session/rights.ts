// What a session's user may do with datasets: read them, or change them too.
import { fail } from '../core/index.js';

export interface Rights {
  mayRead(dataset: string): boolean;
  mayWrite(dataset: string): boolean;
}

/** Of whoever holds the store itself: the command line, the API, a server without an access file. */
export const allRights: Rights = { mayRead: () => true, mayWrite: () => true };

export const denied = (dataset: string) => fail('insufficient_privilege', `permission denied for schema ${dataset}`);

export const refusedReadOnly = (command: string) =>
  fail('read_only_sql_transaction', `cannot execute ${command} in a read-only transaction`);
