// Messages of the server → bytes, gathered in one buffer until they are taken. Last step of the wire codec; pure.
import type { ClientEncoding } from '../../core/index.js';
import type { Format } from './frontend-message.js';

export interface FieldDescription {
  readonly name: string;
  /** Oid of the table and number of the column it comes from; 0 where from none. */
  readonly table?: number;
  readonly column?: number;
  readonly type: number;
  readonly size: number;
  readonly modifier: number;
  readonly format: Format;
}

/** `S` severity, `V` the same untranslated, `C` SQLSTATE, `M` message, `D` detail, `H` hint, `P` position, …. */
export type ErrorFields = ReadonlyMap<string, string>;

export type TransactionStatus = 'I' | 'T' | 'E';

const initial = 8192;
const code = (letter: string) => letter.charCodeAt(0);

export class MessageWriter {
  #buffer = Buffer.allocUnsafe(initial);
  #at = 0;
  /** Of texts, where it is not UTF-8: as the session's setting is now. */
  encodingOf: () => ClientEncoding | undefined = () => undefined;
  /** Where the message under way begins. */
  #start = 0;

  get encoding(): ClientEncoding | undefined {
    return this.encodingOf();
  }

  get length(): number {
    return this.#at;
  }

  /** What was written since the last call. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#at);
    // The rest of the buffer serves what comes next; what was taken is never touched again.
    this.#buffer =
      this.#buffer.length - this.#at >= 1024 ? this.#buffer.subarray(this.#at) : Buffer.allocUnsafe(initial);
    this.#at = 0;
    return taken;
  }

  /** Whole messages. */
  raw(bytes: Uint8Array): void {
    this.#bytes(bytes);
  }

  // ---- connection ----------------------------------------------------------------------------------------------------

  authentication(kind: number, body: Buffer = Buffer.alloc(0)): void {
    this.#begin('R');
    this.#int32(kind);
    this.#bytes(body);
    this.#end();
  }

  /** AuthenticationSASL with the mechanisms on offer. */
  authenticationSasl(mechanisms: readonly string[]): void {
    this.authentication(10, Buffer.from(`${mechanisms.join('\0')}\0\0`, 'latin1'));
  }

  parameterStatus(name: string, value: string): void {
    this.#begin('S');
    this.#string(name);
    this.#string(value);
    this.#end();
  }

  backendKeyData(processId: number, secret: Buffer): void {
    this.#begin('K');
    this.#int32(processId);
    this.#bytes(secret);
    this.#end();
  }

  /** The newest minor version that the server speaks, and the options it does not know. */
  negotiateProtocolVersion(version: number, unknownOptions: readonly string[]): void {
    this.#begin('v');
    this.#int32(version);
    this.#int32(unknownOptions.length);
    for (const option of unknownOptions) this.#string(option);
    this.#end();
  }

  readyForQuery(status: TransactionStatus): void {
    this.#begin('Z');
    this.#byte(code(status));
    this.#end();
  }

  // ---- answers -------------------------------------------------------------------------------------------------------

  parseComplete = (): void => this.#empty('1');
  bindComplete = (): void => this.#empty('2');
  closeComplete = (): void => this.#empty('3');
  noData = (): void => this.#empty('n');
  portalSuspended = (): void => this.#empty('s');
  emptyQueryResponse = (): void => this.#empty('I');
  copyDone = (): void => this.#empty('c');

  parameterDescription(oids: readonly number[]): void {
    this.#begin('t');
    this.#int16(oids.length);
    for (const oid of oids) this.#int32(oid);
    this.#end();
  }

  rowDescription(fields: readonly FieldDescription[]): void {
    this.#begin('T');
    this.#int16(fields.length);
    for (const field of fields) {
      this.#string(field.name);
      this.#int32(field.table ?? 0);
      this.#int16(field.column ?? 0);
      this.#int32(field.type);
      this.#int16(field.size);
      this.#int32(field.modifier);
      this.#int16(field.format === 'binary' ? 1 : 0);
    }
    this.#end();
  }

  commandComplete(tag: string): void {
    this.#begin('C');
    this.#string(tag);
    this.#end();
  }

  error(fields: ErrorFields): void {
    this.#fields('E', fields);
  }

  notice(fields: ErrorFields): void {
    this.#fields('N', fields);
  }

  notification(processId: number, channel: string, payload: string): void {
    this.#begin('A');
    this.#int32(processId);
    this.#string(channel);
    this.#string(payload);
    this.#end();
  }

  copyResponse(direction: 'in' | 'out', format: Format, columns: number): void {
    this.#begin(direction === 'in' ? 'G' : 'H');
    this.#byte(format === 'binary' ? 1 : 0);
    this.#int16(columns);
    for (let i = 0; i < columns; i++) this.#int16(format === 'binary' ? 1 : 0);
    this.#end();
  }

  copyData(data: Uint8Array): void {
    this.#begin('d');
    this.#bytes(data);
    this.#end();
  }

  // ---- fields --------------------------------------------------------------------------------------------------------

  #fields(type: string, fields: ErrorFields): void {
    this.#begin(type);
    for (const [key, value] of fields) {
      this.#byte(code(key));
      this.#string(value);
    }
    this.#byte(0);
    this.#end();
  }

  #empty(type: string): void {
    this.#begin(type);
    this.#end();
  }

  #begin(type: string): void {
    this.#reserve(5);
    this.#start = this.#at;
    this.#buffer[this.#at] = code(type);
    this.#at += 5;
  }

  #end(): void {
    this.#buffer.writeInt32BE(this.#at - this.#start - 1, this.#start + 1);
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(initial, 2 * (this.#at + bytes)));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#at++] = value;
  }

  #int16(value: number): void {
    this.#reserve(2);
    this.#at = this.#buffer.writeUInt16BE(value & 0xffff, this.#at);
  }

  #int32(value: number): void {
    this.#reserve(4);
    this.#at = this.#buffer.writeInt32BE(value | 0, this.#at);
  }

  #bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#at);
    this.#at += value.length;
  }

  /** A zero byte ends the text, so none can stand in it. */
  #string(value: string): void {
    const clean = value.includes('\0') ? value.slice(0, value.indexOf('\0')) : value;
    const { encoding } = this;
    if (encoding) this.#bytes(encoding.encodeRoughly(clean));
    else {
      this.#reserve(3 * clean.length);
      this.#at += this.#buffer.write(clean, this.#at, 'utf8');
    }
    this.#byte(0);
  }
}
