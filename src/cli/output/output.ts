// Where a command prints: standard output, or in tests anything else.
import { once } from 'node:events';

export interface Output {
  write(chunk: string | Uint8Array): Promise<void>;
  /** Columns of a terminal; undefined where output goes elsewhere. */
  readonly width: number | undefined;
}

export const standardOutput: Output = {
  // A terminal may not know its own width.
  width: process.stdout.isTTY ? process.stdout.columns || 80 : undefined,
  async write(chunk) {
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
  },
};
