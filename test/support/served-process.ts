// `skyhook serve` as users run it: the built command in a process of its own, over a store in a folder.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bundleCommand } from '../../scripts/bundle.js';

export class ServedProcess {
  #port = 0;
  #process: ChildProcess | undefined;
  readonly #folder = mkdtempSync(join(tmpdir(), 'skyhook-serve-'));

  /** @param nodeOptions of node itself */
  static async start(nodeOptions: readonly string[] = []): Promise<ServedProcess> {
    const served = new ServedProcess();
    for (const part of ['node_modules', 'kernel'])
      symlinkSync(fileURLToPath(new URL(`../../${part}`, import.meta.url)), join(served.#folder, part));
    await bundleCommand(join(served.#folder, 'bin'));
    await served.#start(nodeOptions);
    return served;
  }

  get port(): number {
    return this.#port;
  }

  /** Another process over the same store. */
  async restart(): Promise<void> {
    await this.#end();
    await this.#start([]);
  }

  async #start(nodeOptions: readonly string[]): Promise<void> {
    const folder = this.#folder;
    const serve = ['--store', `file:${join(folder, 'store')}`, 'serve', '--listen', '127.0.0.1:0'];
    const server = spawn(process.execPath, [...nodeOptions, join(folder, 'bin/skyhook.js'), ...serve], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    for await (const line of createInterface({ input: server.stderr! })) {
      const { event, port } = JSON.parse(line) as { event: string; port: number };
      if (event !== 'listening') continue;
      server.stderr!.resume();
      this.#port = port;
      this.#process = server;
      return;
    }
    throw new Error('the server did not start');
  }

  /** Bytes of memory that are resident now, and the most since {@link forgetPeak}; as the kernel of the system counts. */
  memory(): { now: number; peak: number } {
    const status = readFileSync(`/proc/${this.#process!.pid}/status`, 'latin1');
    const kilobytes = (name: string) => 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)![1]);
    return { now: kilobytes('VmRSS'), peak: kilobytes('VmHWM') };
  }

  forgetPeak(): void {
    writeFileSync(`/proc/${this.#process!.pid}/clear_refs`, '5');
  }

  /** Until it has nothing to do, or nothing that it may do: a second in which it hardly computes. */
  async settled(): Promise<void> {
    for (let before = this.#ticks(); ; ) {
      await sleep(1000);
      const now = this.#ticks();
      if (now - before <= 3) return;
      before = now;
    }
  }

  /** Hundredths of a second that its threads have computed. */
  #ticks(): number {
    const fields = readFileSync(`/proc/${this.#process!.pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
    return Number(fields[11]) + Number(fields[12]);
  }

  async #end(): Promise<void> {
    const gone = once(this.#process!, 'exit');
    this.#process!.kill('SIGTERM');
    await gone;
  }

  async stop(): Promise<void> {
    await this.#end();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
