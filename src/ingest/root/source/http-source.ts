// A file behind HTTP(S): range requests; a server that refuses them gets one download into a temporary file.
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type DiagnosticError, fail } from '../../../core/index.js';
import type { ByteSource } from './byte-source.js';
import { FileSource } from './file-source.js';

const attempts = 4;
const timeoutMs = 30_000;

/** Credentials in a URL never reach a message. */
function shown(url: string): string {
  const copy = new URL(url);
  copy.username = '';
  copy.password = '';
  return copy.href;
}

function headersFor(url: URL): Record<string, string> {
  if (!url.username) return {};
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** Retries what may pass: broken connections, 429 and 5xx. */
async function request(url: string, headers: Record<string, string>): Promise<Response> {
  const target = new URL(url);
  const extra = headersFor(target);
  target.username = '';
  target.password = '';
  let last: unknown;
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 100 * 4 ** (attempt - 1)));
    try {
      const response = await fetch(target, {
        headers: { ...extra, ...headers, 'accept-encoding': 'identity' },
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (response.status === 429 || response.status >= 500) {
        await response.body?.cancel();
        last = new Error(`HTTP status ${response.status}`);
        continue;
      }
      if (response.status === 404 || response.status === 410) {
        await response.body?.cancel();
        throw fail('undefined_file', `"${shown(url)}" does not exist (HTTP status ${response.status})`);
      }
      if (!response.ok && response.status !== 416) {
        await response.body?.cancel();
        throw fail('io_error', `could not read "${shown(url)}": HTTP status ${response.status}`);
      }
      return response;
    } catch (error) {
      if (error instanceof Error && error.name === 'DiagnosticError') throw error;
      last = error;
    }
  }
  throw unreachable(url, last);
}

function unreachable(url: string, error: unknown): DiagnosticError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return fail(
    'connection_failure',
    `could not read "${shown(url)}": ${cause instanceof Error ? cause.message : String(cause)}`,
    {
      cause: error,
    },
  );
}

export async function openHttpSource(url: string): Promise<ByteSource> {
  const response = await request(url, { range: 'bytes=0-0' });
  if (response.status === 206) {
    await response.body?.cancel();
    const size = Number(/\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1] ?? Number.NaN);
    if (Number.isSafeInteger(size)) return new HttpSource(url, size, validator(response));
  } else if (response.status === 416) {
    await response.body?.cancel();
    return new HttpSource(url, 0, undefined);
  }
  return download(url, response.status === 206 ? await request(url, {}) : response);
}

function validator(response: Response): string | undefined {
  return response.headers.get('etag') ?? response.headers.get('last-modified') ?? undefined;
}

async function download(url: string, response: Response): Promise<ByteSource> {
  if (!response.body) throw fail('io_error', `"${shown(url)}" answered without a body`);
  const folder = await mkdtemp(join(tmpdir(), 'skyhook-download-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'file.root');
    await pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), createWriteStream(path));
    const announced = Number(response.headers.get('content-length') ?? Number.NaN);
    const source = await FileSource.open(
      path,
      shown(url),
      [`${shown(url)}: the server does not serve byte ranges; the whole file was downloaded`],
      remove,
    );
    if (Number.isFinite(announced) && announced !== source.size) {
      await source.close();
      throw fail('connection_failure', `"${shown(url)}" broke off after ${source.size} of ${announced} bytes`);
    }
    return source;
  } catch (error) {
    await remove();
    if (error instanceof Error && error.name === 'DiagnosticError') throw error;
    throw unreachable(url, error);
  }
}

class HttpSource implements ByteSource {
  readonly url: string;
  readonly size: number;
  readonly notices: readonly string[] = [];
  readonly worthSkipping = 1 << 20;
  readonly parallel = 6;
  readonly #address: string;
  readonly #validator: string | undefined;

  constructor(address: string, size: number, validator: string | undefined) {
    this.#address = address;
    this.url = shown(address);
    this.size = size;
    this.#validator = validator;
  }

  async read(offset: number, length: number): Promise<Buffer> {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.size)) {
      throw fail(
        'data_corrupted',
        `"${this.url}": bytes ${offset} to ${offset + length} are wanted, it has ${this.size}`,
      );
    }
    if (length === 0) return Buffer.alloc(0);
    let last: unknown;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const response = await request(this.#address, { range: `bytes=${offset}-${offset + length - 1}` });
      try {
        const bytes = Buffer.from(await response.arrayBuffer());
        if (response.status !== 206 || validator(response) !== this.#validator) {
          throw fail('object_in_use', `"${this.url}" changed while it was being read`);
        }
        if (bytes.length === length) return bytes;
        last = new Error(`${bytes.length} of ${length} bytes arrived`);
      } catch (error) {
        if (error instanceof Error && error.name === 'DiagnosticError') throw error;
        last = error;
      }
    }
    throw unreachable(this.#address, last);
  }

  async close(): Promise<void> {}
}
