// The rows of COPY TO, with what comes before and behind them, as PostgreSQL writes them.
import * as arrow from 'apache-arrow';
import { type DateTimeStyle, types } from '../../core/index.js';
import {
  type CellFormat,
  fromUtf8,
  type Recode,
  RowEncoder,
  type RowLayout,
  recodeMessages,
  recodeTuples,
} from '../cells/index.js';
import type { ResultColumn } from '../query-result.js';
import type { CopyFormat } from './copy-options.js';

const binarySignature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const unchanged: Recode = (bytes) => bytes;
const endOfTuples = Buffer.from([0xff, 0xff]);

export class CopyWriter {
  readonly #format: CopyFormat;
  readonly #labels: readonly string[];
  readonly #framed: boolean;
  readonly #encoder: RowEncoder;
  /** In binary CopyData messages the signature is in that of the first row, as there are clients that rely on it. */
  #isBegun = true;
  readonly #recodeText: Recode = unchanged;
  /** What the encoder wrote. */
  readonly #recodeRows: Recode = unchanged;

  /** @param framed each row is a CopyData message */
  constructor(format: CopyFormat, columns: readonly ResultColumn[], framed: boolean, style?: DateTimeStyle) {
    this.#format = format;
    this.#labels = columns.map(({ label }) => label);
    this.#framed = framed;
    const { forceQuote } = format;
    const forced = this.#labels.map((label) => forceQuote === '*' || forceQuote.includes(label));
    const cells: CellFormat = format.format === 'binary' ? 'binary' : 'text';
    const formats = columns.map(() => cells);
    this.#encoder = new RowEncoder(columns, formats, style, layoutOf(format, framed, forced));
    const recode = format.encoding && fromUtf8(format.encoding);
    if (!recode) return;
    const types = columns.map(({ type }) => type);
    this.#recodeText = recode;
    this.#recodeRows =
      cells === 'binary'
        ? (chunk) => recodeTuples(chunk, { types, formats, framed }, recode)
        : framed
          ? (chunk) => recodeMessages(chunk, recode)
          : recode;
  }

  /** What comes before the rows. */
  begin(): Buffer | undefined {
    if (this.#format.format === 'binary') {
      if (!this.#framed) return binarySignature;
      this.#isBegun = false;
      return undefined;
    }
    if (!this.#format.header) return undefined;
    const labels = this.#labels;
    const header = new RowEncoder(
      labels.map(() => ({ type: types.text })),
      labels.map(() => 'text'),
      undefined,
      layoutOf(this.#format, false, []),
    );
    return this.#recodeText(Buffer.concat([...header.encode(rowOfTexts(labels))]));
  }

  end(): Buffer | undefined {
    if (this.#format.format !== 'binary') return undefined;
    return this.#isBegun ? endOfTuples : Buffer.concat([binarySignature, endOfTuples]);
  }

  /** Chunks of whole rows, `from` to `to` of a batch. */
  *encode(batch: arrow.RecordBatch, from?: number, to?: number): Iterable<Buffer> {
    for (const encoded of this.#encoder.encode(batch, from, to)) {
      const chunk = this.#recodeRows(encoded);
      yield this.#isBegun ? chunk : withSignature(chunk);
      this.#isBegun = true;
    }
  }
}

function layoutOf(format: CopyFormat, framed: boolean, forced: readonly boolean[]): RowLayout {
  if (format.format === 'binary') return { kind: 'binary', framed };
  const line = {
    delimiter: format.delimiter.charCodeAt(0),
    quote: format.quote.charCodeAt(0),
    escape: format.escape.charCodeAt(0),
    nullText: Buffer.from(format.nullText),
    forced,
  };
  return { kind: format.format, framed, line };
}

function rowOfTexts(texts: readonly string[]): arrow.RecordBatch {
  const columns = texts.map((text, i) => [`${i}`, arrow.vectorFromArray([text], new arrow.Utf8())] as const);
  return new arrow.Table(Object.fromEntries(columns)).batches[0]!;
}

/** CopyData messages of rows with the signature in the first of them. */
function withSignature(chunk: Buffer): Buffer {
  const out = Buffer.concat([chunk.subarray(0, 5), binarySignature, chunk.subarray(5)]);
  out.writeInt32BE(chunk.readInt32BE(1) + binarySignature.length, 1);
  return out;
}
