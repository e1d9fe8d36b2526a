// LISTEN and NOTIFY between the sessions of one database. What a transaction says counts, and is heard, when it has committed.
import { fail } from '../core/index.js';

export interface Notification {
  /** Of the session that said it. */
  readonly processId: number;
  readonly channel: string;
  readonly payload: string;
}

type Action =
  | { readonly kind: 'listen'; readonly channel: string }
  | { readonly kind: 'unlisten'; readonly channel?: string }
  | { readonly kind: 'notify'; readonly channel: string; readonly payload: string };

/** Bytes, as PostgreSQL's queue takes them. */
const longestPayload = 8000;
const longestName = 64;

/** Who listens. */
export class NotificationHub {
  readonly #sessions = new Set<Notifications>();

  join(session: Notifications): void {
    this.#sessions.add(session);
  }

  leave(session: Notifications): void {
    this.#sessions.delete(session);
  }

  tell(notifications: readonly Notification[]): void {
    for (const session of this.#sessions) session.hear(notifications);
  }
}

/** One session's part in it. */
export class Notifications {
  readonly #hub: NotificationHub;
  readonly #processId: () => number;
  #channels: ReadonlySet<string> = new Set();
  /** Of the transaction under way. */
  #pending: Action[] = [];
  #savepoints: { readonly name: string; readonly count: number }[] = [];
  /** Called with each that the session listens for. */
  onNotification: (notification: Notification) => void = () => undefined;

  constructor(hub: NotificationHub, processId: () => number) {
    this.#hub = hub;
    this.#processId = processId;
  }

  /** That it listens to, in the order in which it began to. */
  get channels(): readonly string[] {
    return [...this.#channels];
  }

  listen(channel: string): void {
    this.#pending.push({ kind: 'listen', channel });
  }

  /** @param channel absent for all */
  unlisten(channel?: string): void {
    this.#pending.push({ kind: 'unlisten', ...(channel !== undefined && { channel }) });
  }

  /** @throws DiagnosticError 22023 */
  notify(channel: string, payload: string): void {
    const wrong = (message: string) => fail('invalid_parameter_value', message);
    if (channel === '') throw wrong('channel name cannot be empty');
    if (Buffer.byteLength(channel) >= longestName) throw wrong('channel name too long');
    if (Buffer.byteLength(payload) >= longestPayload) throw wrong('payload string too long');
    this.#pending.push({ kind: 'notify', channel, payload });
  }

  mark(name: string): void {
    this.#savepoints.push({ name, count: this.#pending.length });
  }

  release(name: string): void {
    this.#savepoints.length = this.#savepoints.findLastIndex((s) => s.name === name);
  }

  rollbackTo(name: string): void {
    const at = this.#savepoints.findLastIndex((s) => s.name === name);
    this.#pending.length = this.#savepoints[at]!.count;
    this.#savepoints.length = at + 1;
  }

  rollback(): void {
    this.#pending = [];
    this.#savepoints = [];
  }

  /** The same words on the same channel are said once. */
  commit(): void {
    const actions = this.#pending;
    this.rollback();
    if (actions.length === 0) return;
    const channels = new Set(this.#channels);
    const said = new Map<string, Notification>();
    for (const action of actions) {
      if (action.kind === 'listen') channels.add(action.channel);
      else if (action.kind === 'notify') {
        const { channel, payload } = action;
        const key = `${channel}\0${payload}`;
        if (!said.has(key)) said.set(key, { processId: this.#processId(), channel, payload });
      } else if (action.channel === undefined) channels.clear();
      else channels.delete(action.channel);
    }
    this.#channels = channels;
    if (channels.size > 0) this.#hub.join(this);
    else this.#hub.leave(this);
    if (said.size > 0) this.#hub.tell([...said.values()]);
  }

  hear(notifications: readonly Notification[]): void {
    for (const notification of notifications)
      if (this.#channels.has(notification.channel)) this.onNotification(notification);
  }

  /** The session ends. */
  close(): void {
    this.rollback();
    this.#hub.leave(this);
  }
}
