// A local file as a byte source.
import { type FileHandle, open } from 'node:fs/promises';
import { fail } from '../../../core/index.js';
import type { ByteSource } from './byte-source.js';

export class FileSource implements ByteSource {
  readonly url: string;
  readonly size: number;
  readonly notices: readonly string[];
  readonly worthSkipping = 64 << 10;
  readonly parallel = 2;
  readonly #handle: FileHandle;
  readonly #modified: number;
  readonly #onClose: (() => Promise<void>) | undefined;

  private constructor(
    url: string,
    handle: FileHandle,
    size: number,
    modified: number,
    notices: readonly string[],
    onClose: (() => Promise<void>) | undefined,
  ) {
    this.url = url;
    this.size = size;
    this.notices = notices;
    this.#handle = handle;
    this.#modified = modified;
    this.#onClose = onClose;
  }

  /** `url` is only for messages; `onClose` runs after the file is closed (a temporary copy removes itself). */
  static async open(
    path: string,
    url = path,
    notices: readonly string[] = [],
    onClose?: () => Promise<void>,
  ): Promise<FileSource> {
    let handle: FileHandle;
    try {
      handle = await open(path, 'r');
    } catch (error) {
      throw openFailure(url, error);
    }
    const stat = await handle.stat();
    if (!stat.isFile()) {
      await handle.close();
      throw fail('wrong_object_type', `"${url}" is not a file`);
    }
    return new FileSource(url, handle, stat.size, stat.mtimeMs, notices, onClose);
  }

  async read(offset: number, length: number, into?: Buffer): Promise<Buffer> {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.size)) {
      throw fail(
        'data_corrupted',
        `file "${this.url}": bytes ${offset} to ${offset + length} are wanted, it has ${this.size}`,
      );
    }
    const buffer = into ?? Buffer.allocUnsafe(length);
    let done = 0;
    try {
      while (done < length) {
        const { bytesRead } = await this.#handle.read(buffer, done, length - done, offset + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      const stat = await this.#handle.stat();
      if (done < length || stat.size !== this.size || stat.mtimeMs !== this.#modified) {
        throw fail('object_in_use', `file "${this.url}" changed while it was being read`);
      }
    } catch (error) {
      if (error instanceof Error && 'errno' in error) {
        throw fail('io_error', `could not read file "${this.url}": ${error.message}`, { cause: error });
      }
      throw error;
    }
    return buffer;
  }

  async close(): Promise<void> {
    await this.#handle.close();
    await this.#onClose?.();
  }
}

function openFailure(url: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return fail('undefined_file', `file "${url}" does not exist`, { cause: error });
  if (code === 'EACCES' || code === 'EPERM') {
    return fail('insufficient_privilege', `permission denied for file "${url}"`, { cause: error });
  }
  return fail('io_error', `could not open file "${url}": ${error instanceof Error ? error.message : String(error)}`, {
    cause: error,
  });
}
