// `file:PATH`: objects as files below one folder. The default home; needs no server.
import { constants, type Dirent } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { DiagnosticError, fail } from '../../core/index.js';
import type { ByteRange, ObjectStat, ObjectStore } from '../object-store.js';

/** Where objects are written before they get their name; listed like any object, so `gc` finds what a crash left. */
export const stagingPrefix = 'tmp/';

let staged = 0;

export class LocalStore implements ObjectStore {
  readonly url: string;
  readonly #root: string;
  /** Folders known to exist and to be durable. */
  readonly #folders = new Set<string>();

  /** `root` is an absolute path; it is made at the first write. */
  constructor(root: string) {
    this.#root = root;
    this.url = `file:${root}`;
  }

  #path(name: string): string {
    return path.join(this.#root, ...name.split('/'));
  }

  async read(name: string, options: { signal?: AbortSignal } = {}): Promise<Uint8Array> {
    try {
      return await fs.readFile(this.#path(name), options);
    } catch (error) {
      throw readFailure(error, name, this.url, options.signal);
    }
  }

  async readRanges(
    name: string,
    ranges: readonly ByteRange[],
    options: { signal?: AbortSignal } = {},
  ): Promise<Uint8Array[]> {
    let file: fs.FileHandle | undefined;
    try {
      file = await fs.open(this.#path(name), constants.O_RDONLY);
      const parts: Uint8Array[] = [];
      for (const { offset, length } of ranges) {
        options.signal?.throwIfAborted();
        const part = new Uint8Array(length);
        let filled = 0;
        while (filled < length) {
          const { bytesRead } = await file.read(part, filled, length - filled, offset + filled);
          if (bytesRead === 0)
            throw fail(
              'data_corrupted',
              `object "${name}" of store ${this.url} ends before byte ${offset + length}: it is truncated`,
            );
          filled += bytesRead;
        }
        parts.push(part);
      }
      return parts;
    } catch (error) {
      throw readFailure(error, name, this.url, options.signal);
    } finally {
      await file?.close();
    }
  }

  async stat(name: string): Promise<ObjectStat | undefined> {
    try {
      const { size, mtimeMs } = await fs.stat(this.#path(name));
      return { size, modified: mtimeMs };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw readFailure(error, name, this.url);
    }
  }

  async write(name: string, bytes: Uint8Array | readonly Uint8Array[]): Promise<void> {
    const target = this.#path(name);
    try {
      const source = await this.#stage(bytes instanceof Uint8Array ? [bytes] : bytes);
      try {
        await this.#makeFolder(path.dirname(target));
        await fs.rename(source, target);
      } catch (error) {
        await fs.rm(source, { force: true });
        throw error;
      }
      await syncFolder(path.dirname(target));
    } catch (error) {
      throw writeFailure(error, name, this.url);
    }
  }

  async create(name: string, bytes: Uint8Array): Promise<boolean> {
    const target = this.#path(name);
    try {
      const source = await this.#stage([bytes]);
      try {
        await this.#makeFolder(path.dirname(target));
        // A link appears whole or not at all and never replaces: the compare-and-swap of a file system.
        await fs.link(source, target);
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return false;
        throw error;
      } finally {
        await fs.rm(source, { force: true });
      }
      await syncFolder(path.dirname(target));
      return true;
    } catch (error) {
      throw writeFailure(error, name, this.url);
    }
  }

  async delete(name: string): Promise<void> {
    try {
      await fs.unlink(this.#path(name));
    } catch (error) {
      if (!isMissing(error)) throw writeFailure(error, name, this.url);
    }
  }

  async *list(prefix: string): AsyncIterable<string> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    for await (const name of this.#walk(folder)) if (name.startsWith(prefix)) yield name;
  }

  async *#walk(folder: string): AsyncIterable<string> {
    let entries: Dirent[];
    try {
      entries = await fs.readdir(this.#path(folder), { withFileTypes: true });
    } catch (error) {
      if (isMissing(error)) return;
      throw readFailure(error, folder, this.url);
    }
    for (const entry of entries) {
      const name = folder + entry.name;
      if (entry.isDirectory()) yield* this.#walk(`${name}/`);
      else yield name;
    }
  }

  async close(): Promise<void> {}

  /** Writes a durable file without a name yet and returns its path. */
  async #stage(parts: readonly Uint8Array[]): Promise<string> {
    const folder = path.join(this.#root, stagingPrefix);
    await this.#makeFolder(folder);
    const source = path.join(folder, `${process.pid}-${Date.now().toString(36)}-${staged++}`);
    const file = await fs.open(source, 'wx');
    try {
      for (const part of parts) {
        let written = 0;
        while (written < part.length) {
          const { bytesWritten } = await file.write(part, written, Math.min(part.length - written, 1 << 30));
          written += bytesWritten;
        }
      }
      await file.sync();
    } catch (error) {
      await file.close();
      await fs.rm(source, { force: true });
      throw error;
    }
    await file.close();
    return source;
  }

  async #makeFolder(folder: string): Promise<void> {
    if (this.#folders.has(folder)) return;
    const first = await fs.mkdir(folder, { recursive: true });
    if (first !== undefined)
      for (let made = folder; made.length >= first.length; made = path.dirname(made))
        await syncFolder(path.dirname(made));
    this.#folders.add(folder);
  }
}

/** Makes a rename, link or new folder survive a power failure. */
async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder, and journals the rename itself.
  if (process.platform === 'win32') return;
  const handle = await fs.open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function readFailure(error: unknown, name: string, url: string, signal?: AbortSignal): unknown {
  if (error instanceof DiagnosticError) return error;
  if (signal?.aborted) return fail('query_canceled', 'canceled while reading from the store', { cause: error });
  if (isMissing(error)) return fail('undefined_file', `object "${name}" is not in store ${url}`, { cause: error });
  return fail('io_error', `cannot read object "${name}" of store ${url}: ${reasonOf(error)}`, { cause: error });
}

function writeFailure(error: unknown, name: string, url: string): unknown {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return fail('disk_full', `no space left to write object "${name}" of store ${url}`, { cause: error });
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return fail(
        'read_only_sql_transaction',
        `store ${url} cannot be written (object "${name}"): ${reasonOf(error)}`,
        {
          cause: error,
        },
      );
    default:
      return fail('io_error', `cannot write object "${name}" of store ${url}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
