// What results of fragments take that wait for their readers, over all queries of an engine. Where it is much, no fragment runs ahead of
// its reader, so that many slow clients do not fill the memory.

export class ReadAhead {
  #bytes = 0;

  constructor(private readonly most: number) {}

  get isFull(): boolean {
    return this.#bytes >= this.most;
  }

  /** @param bytes an estimate, until the result is there */
  hold(bytes: number): HeldResult {
    const held = new HeldResult((change) => {
      this.#bytes += change;
    });
    held.become(bytes);
    return held;
  }
}

export class HeldResult {
  #bytes = 0;

  constructor(private readonly count: (change: number) => void) {}

  become(bytes: number): void {
    this.count(bytes - this.#bytes);
    this.#bytes = bytes;
  }
}
