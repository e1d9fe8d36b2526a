// Bytes → text; what is no UTF-8 is an error that shows it.
import { isUtf8 } from 'node:buffer';
import { fail } from '../../core/index.js';

/** @throws DiagnosticError 22021 where the bytes are not UTF-8 */
export function decodeText(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (text.includes('\ufffd') && !isUtf8(bytes)) {
    const at = validLength(bytes);
    const lead = bytes[at]!;
    const size = lead >= 0xf8 || lead < 0xc0 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    const shown = [...bytes.subarray(at, at + size)].map((b) => `0x${b.toString(16).padStart(2, '0')}`).join(' ');
    throw fail('character_not_in_repertoire', `invalid byte sequence for encoding "UTF8": ${shown}`);
  }
  return text;
}

/** The longest valid beginning ends here. A cut character at the end is within three bytes of it. */
export function validLength(bytes: Buffer): number {
  let low = 0;
  let high = bytes.length;
  const valid = (end: number) => {
    for (let cut = end; cut >= Math.max(0, end - 3); cut--) if (isUtf8(bytes.subarray(0, cut))) return cut;
    return -1;
  };
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const reached = valid(middle);
    if (reached < 0) high = middle - 1;
    else low = middle;
  }
  return Math.max(0, valid(low));
}
