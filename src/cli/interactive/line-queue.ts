// Lines that are typed, or come from a pipe, as the bytes that COPY reads: who adds waits while what is there has not been read.

const mostWaiting = 256 << 10;

export class LineQueue implements AsyncIterable<Uint8Array> {
  #waiting: Buffer[] = [];
  #bytes = 0;
  #isOver = false;
  #wake: (() => void)[] = [];

  async add(line: string): Promise<void> {
    if (this.#isOver) return;
    const bytes = Buffer.from(`${line}\n`);
    this.#waiting.push(bytes);
    this.#bytes += bytes.length;
    this.#changed();
    while (this.#bytes > mostWaiting && !this.#isOver) await this.#change();
  }

  /** There are no more, or nobody reads on. */
  end(): void {
    this.#isOver = true;
    this.#changed();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (this.#waiting.length > 0) {
        const bytes = Buffer.concat(this.#waiting);
        this.#waiting = [];
        this.#bytes = 0;
        this.#changed();
        yield bytes;
      } else if (this.#isOver) return;
      else await this.#change();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}
