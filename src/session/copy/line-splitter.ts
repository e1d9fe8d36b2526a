// Bytes of COPY's text and CSV → lines. A line of CSV goes on through line ends in quotes. Line ends are what the first one is.
import { fail } from '../../core/index.js';
import { decodeText, validLength } from '../cells/index.js';
import type { CopyFormat } from './copy-options.js';

export interface Lines {
  readonly texts: readonly string[];
  /** Of each line: of its last, where it has several. */
  readonly numbers: readonly number[];
}

/** Characters of one line. */
const longestLine = 256 << 20;

export class LineSplitter {
  readonly #csv: boolean;
  readonly #quote: number;
  /** Where it is another character than the quote. */
  readonly #escape: number;
  #bytes: Buffer = Buffer.alloc(0);
  #text = '';
  /** Characters of `#text` that were looked at. */
  #at = 0;
  #inQuotes = false;
  #afterEscape = false;
  #end: '\n' | '\r' | '\r\n' | undefined;
  #number = 0;
  /** `\.` was there: nothing counts after it. */
  #over = false;

  constructor({ format, quote, escape: mark }: CopyFormat) {
    this.#csv = format === 'csv';
    this.#quote = quote.charCodeAt(0);
    this.#escape = mark === quote ? -1 : mark.charCodeAt(0);
  }

  /** The number of the line that is being read. */
  get number(): number {
    return this.#number + 1;
  }

  /** Whole lines in what has come so far. @throws DiagnosticError 22P04, 22021 */
  push(chunk: Uint8Array): Lines {
    if (this.#over) return { texts: [], numbers: [] };
    const bytes =
      this.#bytes.length === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
        : Buffer.concat([this.#bytes, chunk]);
    const whole = wholeCharacters(bytes);
    this.#bytes = Buffer.from(bytes.subarray(whole));
    return this.#takeBytes(bytes.subarray(0, whole), false);
  }

  /** What is left at the end. */
  finish(): Lines {
    return this.#over ? { texts: [], numbers: [] } : this.#takeBytes(this.#bytes, true);
  }

  #takeBytes(bytes: Buffer, last: boolean): Lines {
    let text: string;
    try {
      text = decodeText(bytes);
    } catch (error) {
      // The lines before it are good.
      this.#failed = error;
      return this.#take(bytes.toString('utf8', 0, validLength(bytes)), false);
    }
    return this.#take(text, last);
  }

  #take(more: string, last: boolean): Lines {
    const texts: string[] = [];
    const numbers: number[] = [];
    this.#text += more;
    const text = this.#text;
    let start = 0;
    try {
      if (this.#isPlain(text)) start = this.#plainLines(text, last, texts, numbers);
      else start = this.#lines(last, texts, numbers);
    } catch (error) {
      if (texts.length === 0) throw error;
      this.#failed = error;
    }
    this.#text = text.slice(start);
    this.#at -= start;
    if (this.#text.length > longestLine)
      throw fail('program_limit_exceeded', `a line has more than ${longestLine} characters`);
    return { texts, numbers };
  }

  /** An error behind lines that were good. */
  #failed: unknown;

  /** Throws what went wrong behind the lines that were given out. */
  check(): void {
    if (this.#failed !== undefined) throw this.#failed;
  }

  /** Nothing but line feeds means anything. */
  #isPlain(text: string): boolean {
    return (
      !this.#inQuotes &&
      (this.#end === undefined || this.#end === '\n') &&
      !text.includes('\\') &&
      !text.includes('\r') &&
      !(this.#csv && text.includes(String.fromCharCode(this.#quote)))
    );
  }

  #plainLines(text: string, last: boolean, texts: string[], numbers: number[]): number {
    let start = 0;
    for (;;) {
      const end = text.indexOf('\n', Math.max(start, this.#at));
      if (end < 0) break;
      this.#end = '\n';
      texts.push(text.slice(start, end));
      numbers.push(++this.#number);
      start = end + 1;
      this.#at = start;
    }
    this.#at = text.length;
    if (!last || start === text.length) return start;
    texts.push(text.slice(start));
    numbers.push(++this.#number);
    return text.length;
  }

  #lines(last: boolean, texts: string[], numbers: number[]): number {
    const text = this.#text;
    let start = 0;
    let at = this.#at;
    const line = (end: number, next: number) => {
      texts.push(text.slice(start, end));
      numbers.push(++this.#number);
      start = next;
      at = next;
      this.#afterEscape = false;
    };
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (this.#csv) {
        if (this.#inQuotes && code === this.#escape) this.#afterEscape = !this.#afterEscape;
        if (code === this.#quote && !this.#afterEscape) this.#inQuotes = !this.#inQuotes;
        if (code !== this.#escape) this.#afterEscape = false;
        if (this.#inQuotes) {
          // Before the first line's end is known, PostgreSQL counts carriage returns.
          if (code === (this.#end === '\n' ? 10 : 13)) this.#number++;
          at++;
          continue;
        }
      }
      if (code === 13) {
        if (at + 1 >= text.length && !last) break;
        const pair = text.charCodeAt(at + 1) === 10;
        if (this.#end === '\n' || (this.#end === '\r\n' && !pair)) throw this.#stray('carriage return', '\\r');
        if (this.#end === undefined) this.#end = pair ? '\r\n' : '\r';
        line(at, at + (this.#end === '\r\n' ? 2 : 1));
        continue;
      }
      if (code === 10) {
        if (this.#end === '\r' || this.#end === '\r\n') throw this.#stray('newline', '\\n');
        this.#end = '\n';
        line(at, at + 1);
        continue;
      }
      if (code === 92 && (!this.#csv || at === start)) {
        if (at + 3 >= text.length && !last) break;
        if (text[at + 1] === '.') {
          const rest = /^(?:\r\n|\n|\r)?/.exec(text.slice(at + 2, at + 4))![0];
          const ends = rest !== '';
          if (!ends && !this.#csv) throw fail('bad_copy_file_format', 'end-of-copy marker corrupt');
          if (ends) {
            if (this.#end !== undefined && rest !== this.#end)
              throw fail('bad_copy_file_format', 'end-of-copy marker does not match previous newline style');
            if (at > start) line(at, text.length);
            this.#over = true;
            return text.length;
          }
        }
        // The character behind it is data, a line end too.
        at += this.#csv ? 1 : 2;
        continue;
      }
      at++;
    }
    this.#at = Math.min(at, text.length);
    if (!last || start >= text.length) return start;
    if (at > text.length) at = text.length;
    line(text.length, text.length);
    return text.length;
  }

  #stray(what: string, sign: string) {
    return this.#csv
      ? fail('bad_copy_file_format', `unquoted ${what} found in data`, {
          hint: `Use quoted CSV field to represent ${what}.`,
        })
      : fail('bad_copy_file_format', `literal ${what} found in data`, { hint: `Use "${sign}" to represent ${what}.` });
  }
}

/** Bytes before a character that is not all there. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return bytes.length;
    if (byte < 0xc0) continue;
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return size > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
