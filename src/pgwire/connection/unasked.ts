// What a client is told without having asked: settings that have changed, and what other sessions notify it of.
import type { Notification, Session } from '../../session/index.js';
import type { Channel } from './channel.js';

export class Unasked {
  readonly #channel: Channel;
  readonly #session: Session;
  /** Settings as the client knows them. */
  readonly #told = new Map<string, string>();
  #toldVersion = -1;
  /** Heard while it was not its time: until the next ReadyForQuery outside a block. */
  #heard: Notification[] = [];
  /** Between ReadyForQuery outside a block and the next message. */
  #isWaiting = false;

  constructor(channel: Channel, session: Session) {
    this.#channel = channel;
    this.#session = session;
    session.notifications.onNotification = (notification) => this.#notified(notification);
  }

  tellSettings(): void {
    if (this.#toldVersion === this.#session.variables.version) return;
    this.#toldVersion = this.#session.variables.version;
    for (const [name, value] of this.#session.variables.reported()) {
      if (this.#told.get(name) === value) continue;
      this.#told.set(name, value);
      this.#channel.out.parameterStatus(name, value);
    }
  }

  /** A setting that the client knows already. */
  probe(): void {
    const [known] = this.#told;
    if (known) this.#channel.out.parameterStatus(...known);
    this.#channel.flush();
  }

  /** Before ReadyForQuery. */
  beforeReady(): void {
    this.tellSettings();
    this.#isWaiting = this.#session.transaction.status === 'idle';
    if (this.#isWaiting) this.#tellHeard();
  }

  /** The client has sent something: it hears no more until that is answered. */
  hold(): void {
    this.#isWaiting = false;
  }

  /** At once where the client waits outside a block; else before it is told that it may go on there. */
  #notified(notification: Notification): void {
    this.#heard.push(notification);
    if (!this.#isWaiting) return;
    this.#tellHeard();
    this.#channel.flush();
  }

  #tellHeard(): void {
    const heard = this.#heard;
    if (heard.length === 0) return;
    this.#heard = [];
    for (const { processId, channel, payload } of heard) this.#channel.out.notification(processId, channel, payload);
  }
}
