// Files held open between reads: a scan reads the same objects again and again, and to open one costs more than to read from it.
import * as fs from 'node:fs';
import { promisify } from 'node:util';

const open = promisify(fs.open);
const stat = promisify(fs.fstat);
const close = promisify(fs.close);

interface OpenFile {
  /** Rejects where the file cannot be opened. */
  readonly descriptor: Promise<number>;
  users: number;
  /** Closed when the last user leaves. */
  dropped: boolean;
}

/** Descriptors kept though nobody reads. */
const kept = 64;
/** How long; a file deleted by another process keeps its space until then. */
const idleMillis = 1000;

export class OpenFiles {
  /** The least recently used first. */
  private readonly files = new Map<string, OpenFile>();
  private timer: NodeJS.Timeout | undefined;

  /** `inside` is the file to read where `path` is a folder. */
  async use<T>(path: string, inside: string, read: (descriptor: number) => Promise<T>): Promise<T> {
    const file = this.files.get(path) ?? { descriptor: openFile(path, inside), users: 0, dropped: false };
    this.files.delete(path);
    this.files.set(path, file);
    file.users++;
    try {
      return await read(await file.descriptor);
    } catch (error) {
      this.forget(path);
      throw error;
    } finally {
      file.users--;
      if (file.users === 0 && file.dropped) await closeFile(file);
      else this.trim();
    }
  }

  /** The next read opens the file anew. */
  forget(path: string): void {
    const file = this.files.get(path);
    if (file) void this.drop(path, file);
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await Promise.all([...this.files].map(([path, file]) => this.drop(path, file)));
  }

  private async drop(path: string, file: OpenFile): Promise<void> {
    this.files.delete(path);
    file.dropped = true;
    if (file.users === 0) await closeFile(file);
  }

  private trim(): void {
    for (const [path, file] of this.files) {
      if (this.files.size <= kept) break;
      if (file.users === 0) void this.drop(path, file);
    }
    if (this.timer) this.timer.refresh();
    else this.timer = setTimeout(() => void this.close(), idleMillis).unref();
  }
}

async function openFile(path: string, inside: string): Promise<number> {
  const descriptor = await open(path, fs.constants.O_RDONLY);
  try {
    if (!(await stat(descriptor)).isDirectory()) return descriptor;
  } catch (error) {
    await close(descriptor);
    throw error;
  }
  await close(descriptor);
  return open(inside, fs.constants.O_RDONLY);
}

async function closeFile({ descriptor }: OpenFile): Promise<void> {
  await descriptor.then(close).catch(() => undefined);
}
