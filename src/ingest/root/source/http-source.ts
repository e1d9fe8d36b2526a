// A file behind HTTP(S): range requests; a server that refuses them gets one download into a temporary file.
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DiagnosticError, fail } from '../../../core/index.js';
import type { ByteSource } from './byte-source.js';
import { FileSource } from './file-source.js';

const attempts = 4;
const idleMs = 30_000;

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

/** An answer whose body is still to come. Reading stops with an error once nothing has arrived for {@link idleMs}. */
class Answer {
  readonly response: Response;
  readonly #timer: NodeJS.Timeout;

  constructor(response: Response, timer: NodeJS.Timeout) {
    this.response = response;
    this.#timer = timer;
  }

  get status(): number {
    return this.response.status;
  }

  header(name: string): string | undefined {
    return this.response.headers.get(name) ?? undefined;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of this.response.body ?? []) {
        this.#timer.refresh();
        yield chunk as Uint8Array;
      }
    } finally {
      clearTimeout(this.#timer);
    }
  }

  async discard(): Promise<void> {
    clearTimeout(this.#timer);
    await this.response.body?.cancel().catch(() => {});
  }
}

/** Retries what may pass: broken connections, 429 and 5xx. */
async function request(url: string, headers: Record<string, string>): Promise<Answer> {
  const target = new URL(url);
  const extra = headersFor(target);
  target.username = '';
  target.password = '';
  let last: unknown;
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 100 * 4 ** (attempt - 1)));
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(new Error(`no answer for ${idleMs / 1000} s`)), idleMs);
    timer.unref();
    let response: Response;
    try {
      response = await fetch(target, {
        headers: { ...extra, ...headers, 'accept-encoding': 'identity' },
        signal: controller.signal,
      });
    } catch (error) {
      clearTimeout(timer);
      if (isDistrusted(error)) throw unreachable(url, error);
      last = error;
      continue;
    }
    const answer = new Answer(response, timer);
    if (response.ok || response.status === 416) return answer;
    await answer.discard();
    const { status } = response;
    last = new Error(`HTTP status ${status}`);
    if (status === 429 || status >= 500) continue;
    if (status === 404 || status === 410)
      throw fail('undefined_file', `"${shown(url)}" does not exist (HTTP status ${status})`);
    if (status === 401 || status === 403)
      throw fail('insufficient_privilege', `permission denied for "${shown(url)}" (HTTP status ${status})`);
    throw fail('io_error', `could not read "${shown(url)}": HTTP status ${status}`);
  }
  throw unreachable(url, last);
}

/** A certificate that is not accepted is no better the second time. */
function isDistrusted(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && /CERT|UNABLE_TO_|HOSTNAME_MISMATCH/.test(String(cause.code));
}

function unreachable(url: string, error: unknown): DiagnosticError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return fail(
    'connection_failure',
    `could not read "${shown(url)}": ${cause instanceof Error ? cause.message : String(cause)}`,
    {
      ...(isDistrusted(error) && {
        hint: 'NODE_EXTRA_CA_CERTS=FILE makes the certificate of an authority of your own known',
      }),
      cause: error,
    },
  );
}

export async function openHttpSource(url: string): Promise<ByteSource> {
  const answer = await request(url, { range: 'bytes=0-0' });
  if (answer.status === 200) return download(url, answer);
  await answer.discard();
  if (answer.status === 416) return new HttpSource(url, 0, undefined);
  const size = contentRange(answer)?.size ?? Number.NaN;
  if (Number.isSafeInteger(size)) return new HttpSource(url, size, validator(answer));
  return download(url, await request(url, {}));
}

/** `Content-Range: bytes 0-99/1234` */
function contentRange(answer: Answer): { start: number; size: number } | undefined {
  const match = /^bytes (\d+)-\d+\/(\d+)$/.exec(answer.header('content-range') ?? '');
  return match ? { start: Number(match[1]), size: Number(match[2]) } : undefined;
}

function validator(answer: Answer): string | undefined {
  return answer.header('etag') ?? answer.header('last-modified');
}

async function download(url: string, answer: Answer): Promise<ByteSource> {
  const folder = await mkdtemp(join(tmpdir(), 'skyhook-download-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'file.root');
    await pipeline(answer.chunks(), createWriteStream(path));
    const source = await FileSource.open(
      path,
      shown(url),
      ['the server does not serve byte ranges; the whole file was downloaded'],
      remove,
    );
    const announced = Number(answer.header('content-length') ?? source.size);
    if (announced !== source.size) {
      await source.close();
      throw fail('connection_failure', `"${shown(url)}" broke off after ${source.size} of ${announced} bytes`);
    }
    return source;
  } catch (error) {
    await remove();
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC')
      throw fail('disk_full', `no room for a copy of "${shown(url)}" in ${tmpdir()}`, { cause: error });
    if (error instanceof DiagnosticError) throw error;
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

  async read(offset: number, length: number, into?: Buffer): Promise<Buffer> {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.size)) {
      throw fail(
        'data_corrupted',
        `"${this.url}": bytes ${offset} to ${offset + length} are wanted, it has ${this.size}`,
      );
    }
    if (length === 0) return Buffer.alloc(0);
    let last: unknown;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const answer = await request(this.#address, { range: `bytes=${offset}-${offset + length - 1}` });
      const range = contentRange(answer);
      if (answer.status !== 206 || range?.size !== this.size || validator(answer) !== this.#validator) {
        await answer.discard();
        throw fail('object_in_use', `"${this.url}" changed while it was being read`);
      }
      try {
        const buffer = into ?? Buffer.allocUnsafe(length);
        let filled = 0;
        for await (const chunk of answer.chunks()) {
          if (filled + chunk.length > length) break;
          buffer.set(chunk, filled);
          filled += chunk.length;
        }
        if (filled === length && range.start === offset) return buffer;
        last = new Error(`${filled} of ${length} bytes arrived`);
      } catch (error) {
        last = error;
      }
    }
    throw unreachable(this.#address, last);
  }

  async close(): Promise<void> {}
}
