// How fast a store reads and runs fragments, and how fast this machine runs them, as seen while queries run. Storage that is busy gets
// fewer fragments, while a query runs and after it.
import { type FragmentCost, type Pace, type StoreSpeed, storageShare, typicalSpeed } from '../../planner/index.js';

/** What was seen counts half after so many milliseconds, and a fifth less with each further observation. */
const halfLife = 60_000;
const newest = 0.2;
/** Of what is typical, beside an observation of now; it stands for two, of nothing and of a megabyte. */
const priorWeight = 0.1;
const megabyte = 1 << 20;

/** A line through what was seen, latency and time per byte: least squares, the latest counting most. */
class MeasuredPace implements Pace {
  #weight = 0;
  #bytes = 0;
  #time = 0;
  #bytesBytes = 0;
  #bytesTime = 0;
  #last = 0;

  constructor(
    private readonly typical: Pace,
    private readonly now: () => number,
  ) {}

  add(bytes: number, milliseconds: number): void {
    const now = this.now();
    const kept = (1 - newest) * 2 ** (-Math.max(0, now - this.#last) / halfLife);
    this.#last = now;
    this.#weight = kept * this.#weight + 1;
    this.#bytes = kept * this.#bytes + bytes;
    this.#time = kept * this.#time + milliseconds;
    this.#bytesBytes = kept * this.#bytesBytes + bytes * bytes;
    this.#bytesTime = kept * this.#bytesTime + bytes * milliseconds;
  }

  get latency(): number {
    return this.#line().latency;
  }

  get perByte(): number {
    return this.#line().perByte;
  }

  #line(): Pace {
    const { latency, perByte } = this.typical;
    // What is old counts less beside what is typical.
    const kept = 2 ** (-Math.max(0, this.now() - this.#last) / halfLife);
    const far = latency + perByte * megabyte;
    const weight = kept * this.#weight + 2 * priorWeight;
    const bytes = kept * this.#bytes + priorWeight * megabyte;
    const time = kept * this.#time + priorWeight * (latency + far);
    const bytesBytes = kept * this.#bytesBytes + priorWeight * megabyte * megabyte;
    const bytesTime = kept * this.#bytesTime + priorWeight * megabyte * far;
    const slope = (weight * bytesTime - bytes * time) / (weight * bytesBytes - bytes * bytes);
    if (!(slope > 0)) return { latency: time / weight, perByte: 0 };
    const start = (time - slope * bytes) / weight;
    return start > 0 ? { latency: start, perByte: slope } : { latency: 0, perByte: bytesTime / bytesBytes };
  }
}

export class MeasuredSpeed implements StoreSpeed {
  readonly read: MeasuredPace;
  readonly call: MeasuredPace;
  readonly here: MeasuredPace;
  #credit = 0;

  constructor(now: () => number = () => performance.now()) {
    this.read = new MeasuredPace(typicalSpeed.read, now);
    this.call = new MeasuredPace(typicalSpeed.call, now);
    this.here = new MeasuredPace(typicalSpeed.here, now);
  }

  /** Whether storage gets this one. */
  takeTurn(cost: FragmentCost): boolean {
    this.#credit += storageShare(cost, this);
    if (this.#credit < 1) return false;
    this.#credit -= 1;
    return true;
  }
}

/** How many of something are under way: time that several share is divided among them. */
export class UnderWay {
  #count = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @returns milliseconds, as if it had run alone; what fails gives none */
  async time<T>(run: () => Promise<T>): Promise<{ readonly value: T; readonly milliseconds: number }> {
    const before = ++this.#count;
    const started = this.now();
    try {
      const value = await run();
      return { value, milliseconds: (this.now() - started) / ((before + this.#count) / 2) };
    } finally {
      this.#count--;
    }
  }
}
