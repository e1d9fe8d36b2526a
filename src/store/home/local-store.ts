// `file:PATH`: objects as files below one folder. The default home; needs no server.
import { constants, type Dirent, read as readFile } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { DiagnosticError, fail } from '../../core/index.js';
import type { ByteRange, ObjectStat, ObjectStore } from '../object-store.js';
import { OpenFiles } from './open-files.js';

const read = promisify(readFile);

/** Where objects are written before they get their name; listed like any object, so `gc` finds what a crash left. */
export const stagingPrefix = 'tmp/';

/** The one file in the folder that an object is where the file system has no hard links. */
const wholeFile = '@';

let staged = 0;

export interface LocalStoreOptions {
  /** For tests: stands in for `fs.link`. */
  readonly link?: (existing: string, made: string) => Promise<void>;
}

export class LocalStore implements ObjectStore {
  readonly url: string;
  readonly #root: string;
  /** Folders known to exist and to be durable. */
  readonly #folders = new Set<string>();

  /** Of partitions and segments, which never change. */
  readonly #files = new OpenFiles();

  readonly #link: (existing: string, made: string) => Promise<void>;

  /** `root` is an absolute path; it is made at the first write. */
  constructor(root: string, options: LocalStoreOptions = {}) {
    this.#root = root;
    this.#link = options.link ?? fs.link;
    this.url = `file:${root}`;
  }

  #path(name: string): string {
    return path.join(this.#root, ...name.split('/'));
  }

  async read(name: string, options: { signal?: AbortSignal } = {}): Promise<Uint8Array> {
    const target = this.#path(name);
    try {
      return await fs.readFile(target, options).catch((error: unknown) => {
        if (codeOf(error) !== 'EISDIR') throw error;
        return fs.readFile(path.join(target, wholeFile), options);
      });
    } catch (error) {
      throw readFailure(error, name, this.url, options.signal);
    }
  }

  async readRanges(
    name: string,
    ranges: readonly ByteRange[],
    options: { signal?: AbortSignal } = {},
  ): Promise<Uint8Array[]> {
    const target = this.#path(name);
    try {
      return await this.#files.use(target, path.join(target, wholeFile), async (file) => {
        const parts: Uint8Array[] = [];
        for (const { offset, length } of ranges) {
          options.signal?.throwIfAborted();
          const part = new Uint8Array(length);
          let filled = 0;
          while (filled < length) {
            const { bytesRead } = await read(file, part, filled, length - filled, offset + filled);
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
      });
    } catch (error) {
      throw readFailure(error, name, this.url, options.signal);
    }
  }

  async stat(name: string): Promise<ObjectStat | undefined> {
    try {
      const target = this.#path(name);
      let found = await fs.stat(target);
      if (found.isDirectory()) found = await fs.stat(path.join(target, wholeFile));
      const { size, mtimeMs } = found;
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
        await fs.rename(source, target).catch(async (error: unknown) => {
          const whole = path.join(target, wholeFile);
          if (codeOf(error) !== 'EISDIR' || !(await isThere(whole))) throw error;
          await fs.rename(source, whole);
        });
      } catch (error) {
        await fs.rm(source, { force: true });
        throw error;
      }
      this.#files.forget(target);
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
        await this.#link(source, target);
      } catch (error) {
        const code = codeOf(error);
        if (code === 'EEXIST') return false;
        if (!code || !withoutLinks.has(code)) throw error;
        if (!(await this.#createByFolder(source, target))) return false;
      } finally {
        await fs.rm(source, { force: true });
      }
      await syncFolder(path.dirname(target));
      return true;
    } catch (error) {
      throw writeFailure(error, name, this.url);
    }
  }

  /**
   * `create` without hard links: a folder is renamed, which no more than a link replaces what is there (a folder that holds
   * something, or a file), and appears with the one file it holds.
   */
  async #createByFolder(source: string, target: string): Promise<boolean> {
    if (await isThere(target)) {
      if (!(await fs.stat(target)).isDirectory() || (await isThere(path.join(target, wholeFile)))) return false;
    }
    const folder = `${source}.d`;
    await fs.mkdir(folder);
    try {
      await fs.rename(source, path.join(folder, wholeFile));
      await syncFolder(folder);
      await fs.rename(folder, target);
      return true;
    } catch (error) {
      if (['EEXIST', 'ENOTEMPTY', 'ENOTDIR'].includes(codeOf(error) ?? '')) return false;
      throw error;
    } finally {
      await fs.rm(folder, { force: true, recursive: true });
    }
  }

  async delete(name: string): Promise<void> {
    const target = this.#path(name);
    this.#files.forget(target);
    try {
      await fs.unlink(target).catch(async (error: unknown) => {
        // Linux says EISDIR, POSIX EPERM.
        const whole = path.join(target, wholeFile);
        if (!['EISDIR', 'EPERM'].includes(codeOf(error) ?? '') || !(await isThere(whole))) throw error;
        await fs.unlink(whole);
        // An empty folder is no object, and does not stand in the way of one.
        await fs.rmdir(target).catch(() => undefined);
      });
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
      if (entry.name === wholeFile) {
        yield folder.slice(0, -1);
        continue;
      }
      const name = folder + entry.name;
      if (entry.isDirectory()) yield* this.#walk(`${name}/`);
      else yield name;
    }
  }

  async close(): Promise<void> {
    await this.#files.close();
  }

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
    // Not Node's recursive mkdir, which never ends where a folder exists and yet cannot hold another (/proc).
    try {
      await makeOne(folder);
    } catch (error) {
      const parent = path.dirname(folder);
      if (codeOf(error) !== 'ENOENT' || parent === folder) throw error;
      await this.#makeFolder(parent);
      await makeOne(folder);
    }
    this.#folders.add(folder);
  }
}

async function makeOne(folder: string): Promise<void> {
  try {
    await fs.mkdir(folder);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    if (!(await fs.stat(folder)).isDirectory()) throw error;
    return;
  }
  await syncFolder(path.dirname(folder));
}

/** What `link` says on a file system that has no hard links, or no more of them. */
const withoutLinks: ReadonlySet<string> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EINVAL',
  'EXDEV',
]);

async function isThere(target: string): Promise<boolean> {
  return fs.lstat(target).then(
    () => true,
    () => false,
  );
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
  if (['EACCES', 'EPERM'].includes(codeOf(error) ?? ''))
    return fail('insufficient_privilege', `permission denied to read object "${name}" of store ${url}`, {
      cause: error,
    });
  return fail('io_error', `cannot read object "${name}" of store ${url}: ${reasonOf(error)}`, { cause: error });
}

function writeFailure(error: unknown, name: string, url: string): unknown {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return fail('disk_full', `no space left to write object "${name}" of store ${url}: ${reasonOf(error)}`, {
        cause: error,
      });
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
