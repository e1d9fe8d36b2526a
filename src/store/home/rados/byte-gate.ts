// How much may be under way at once: those who come when it is full wait in line.

interface Waiting {
  readonly bytes: number;
  readonly enter: () => void;
}

export class ByteGate {
  #bytes = 0;
  #entered = 0;
  readonly #line: Waiting[] = [];

  constructor(
    private readonly mostBytes: number,
    private readonly most: number,
  ) {}

  /** Runs when there is room; one that is larger than all there is runs alone. */
  async through<T>(bytes: number, run: () => Promise<T>): Promise<T> {
    if (this.#line.length > 0 || !this.#fits(bytes)) {
      await new Promise<void>((enter) => {
        this.#line.push({ bytes, enter });
      });
    } else this.#enter(bytes);
    try {
      return await run();
    } finally {
      this.#bytes -= bytes;
      this.#entered--;
      for (let next = this.#line[0]; next && this.#fits(next.bytes); next = this.#line[0]) {
        this.#line.shift();
        this.#enter(next.bytes);
        next.enter();
      }
    }
  }

  #fits(bytes: number): boolean {
    return this.#entered === 0 || (this.#entered < this.most && this.#bytes + bytes <= this.mostBytes);
  }

  #enter(bytes: number): void {
    this.#bytes += bytes;
    this.#entered++;
  }
}
