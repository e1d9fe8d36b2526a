// How fast storage answers fragments beside this machine: storage that is busy gets fewer of them, while a query runs and after it.

/** A moving average's weight of the newest figure. */
const newest = 0.2;
/** Storage that takes more than so many milliseconds per MiB is compared with this machine: some fragments run here. */
const slow = 20;
/** One in ten is asked of storage however slow it was, to see whether that has changed. */
const least = 0.1;

export class StorageLoad {
  private storage: number | undefined;
  private local: number | undefined;
  private credit = 0;

  /** What part of the fragments that storage could answer it is given. */
  get share(): number {
    const { storage, local } = this;
    if (storage === undefined || storage <= slow) return 1;
    if (local === undefined) return 0.75;
    return Math.min(1, Math.max(least, local / storage));
  }

  /** Whether storage gets the next one. */
  takeTurn(): boolean {
    this.credit += this.share;
    if (this.credit < 1) return false;
    this.credit -= 1;
    return true;
  }

  /** @param bytes that the fragment may have read */
  answered(where: 'storage' | 'local', bytes: number, milliseconds: number): void {
    // A small one is all latency.
    const each = milliseconds / Math.max(1, bytes / (1 << 20));
    const before = this[where];
    this[where] = before === undefined ? each : before + newest * (each - before);
  }

  refused(): void {
    this.answered('storage', 1 << 20, 1000);
  }
}
