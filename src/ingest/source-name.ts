// What a file is called inside a dataset: the value of `_file`, and the key by which it is found again.
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail } from '../core/index.js';

/** Absolute path of a local file (`file:` URLs too); a URL without credentials, query string kept. */
export function sourceName(source: string): string {
  if (source === '') throw fail('invalid_parameter_value', 'the name of a file is empty');
  if (/^file:/i.test(source)) {
    if (!/^file:\/\//i.test(source)) return path.resolve(source.slice('file:'.length));
    try {
      return fileURLToPath(source);
    } catch (error) {
      throw fail('invalid_parameter_value', `"${source}" is not a local file`, { cause: error });
    }
  }
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(source)) return path.resolve(source);
  if (!URL.canParse(source)) throw fail('invalid_parameter_value', `"${source}" is not a URL`);
  const url = new URL(source);
  url.username = '';
  url.password = '';
  url.hash = '';
  return url.href;
}

/** Last component, without query string. */
export function fileName(source: string): string {
  const plain = URL.canParse(source) && /^[a-z][a-z0-9+.-]*:\/\//i.test(source) ? new URL(source).pathname : source;
  return path.basename(plain) || source;
}
