// How fast a store reads and runs fragments, and how fast this machine runs them, as seen while queries run. Storage that is busy gets
// fewer fragments, while a query runs and after it.
import {
  type FragmentCost,
  type FragmentSpec,
  type Pace,
  type StoreSpeed,
  storageShare,
  typicalSpeed,
} from '../../planner/index.js';

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

  /** Of what was seen, the latest counting 1. */
  get weight(): number {
    return this.#weight * 2 ** (-Math.max(0, this.now() - this.#last) / halfLife);
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
    const kept = this.#weight === 0 ? 0 : this.weight / this.#weight;
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

/** Of all that a store does. */
export class MeasuredSpeed implements StoreSpeed {
  readonly read: MeasuredPace;
  readonly call: MeasuredPace;
  readonly here: MeasuredPace;
  readonly #now: () => number;
  readonly #fragments = new WeakMap<FragmentSpec, FragmentSpeed>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.read = new MeasuredPace(typicalSpeed.read, now);
    this.call = new MeasuredPace(typicalSpeed.call, now);
    this.here = new MeasuredPace(typicalSpeed.here, now);
  }

  /** Some fragments compute more than others: each is compared with itself at the other place. */
  of(fragment: FragmentSpec): FragmentSpeed {
    let speed = this.#fragments.get(fragment);
    if (!speed) {
      speed = new FragmentSpeed(this, this.#now);
      this.#fragments.set(fragment, speed);
    }
    return speed;
  }
}

/** Of one fragment over its partitions; before it has been seen, what all fragments take stands for it. */
export class FragmentSpeed implements StoreSpeed {
  readonly read: Pace;
  readonly #call: MeasuredPace;
  readonly #here: MeasuredPace;
  readonly #all: MeasuredSpeed;
  #credit = 0;

  constructor(all: MeasuredSpeed, now: () => number) {
    this.#all = all;
    this.read = all.read;
    this.#call = new MeasuredPace(all.call, now);
    this.#here = new MeasuredPace(all.here, now);
  }

  get call(): Pace {
    return this.#call;
  }

  get here(): Pace {
    return this.#here;
  }

  /** Whether it has run here lately. */
  get isKnownHere(): boolean {
    return this.#here.weight > 0.5;
  }

  /** @param answer bytes that came back, whose way here is not the call's */
  called(bytes: number, answer: number, milliseconds: number): void {
    const took = Math.max(0, milliseconds - answer * this.read.perByte);
    this.#call.add(bytes, took);
    this.#all.call.add(bytes, took);
  }

  ranHere(bytes: number, milliseconds: number): void {
    this.#here.add(bytes, milliseconds);
    this.#all.here.add(bytes, milliseconds);
  }

  /** What part of such fragments storage is given. */
  share(cost: FragmentCost): number {
    return storageShare(cost, this);
  }

  /** Whether storage gets this one. */
  takeTurn(cost: FragmentCost): boolean {
    this.#credit += this.share(cost);
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
