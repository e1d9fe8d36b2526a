// From what the user wrote to bytes: a path, a `file:` URL or an http(s) URL.
import { fileURLToPath } from 'node:url';
import { fail } from '../../../core/index.js';
import type { ByteSource } from './byte-source.js';
import { FileSource } from './file-source.js';
import { openHttpSource } from './http-source.js';

export async function openSource(url: string): Promise<ByteSource> {
  if (/^https?:/i.test(url)) return openHttpSource(url);
  if (/^file:/i.test(url)) return FileSource.open(fileURLToPath(url), url);
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(url);
  if (scheme) {
    throw fail('feature_not_supported', `cannot read from "${scheme[1]}:" addresses`, {
      hint: 'Use a local path, or an http(s) URL.',
    });
  }
  return FileSource.open(url);
}
