// The server's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677, RFC 5929). Pure: messages in, messages out.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { fail } from '../../core/index.js';
import { hmac, type ScramVerifier, sha256 } from './scram-verifier.js';

export const scramMechanisms = { plain: 'SCRAM-SHA-256', plus: 'SCRAM-SHA-256-PLUS' } as const;

const malformed = (detail: string) => fail('protocol_violation', 'malformed SCRAM message', { detail });

export class ScramExchange {
  readonly #verifier: ScramVerifier;
  /** Hash of the server's certificate where TLS is spoken. */
  readonly #endPoint: Buffer | undefined;
  #header = '';
  #clientFirst = '';
  #serverFirst = '';
  #nonce = '';
  #isPlus = false;

  constructor(verifier: ScramVerifier, endPoint: Buffer | undefined) {
    this.#verifier = verifier;
    this.#endPoint = endPoint;
  }

  get mechanisms(): string[] {
    return this.#endPoint ? [scramMechanisms.plus, scramMechanisms.plain] : [scramMechanisms.plain];
  }

  /** client-first-message → server-first-message. @throws DiagnosticError 08P01 */
  first(mechanism: string, data: Buffer): Buffer {
    this.#isPlus = mechanism === scramMechanisms.plus;
    const match = /^((?:([ny])|p=([^,]*)),(?:a=[^,]*)?,)((?:m=|n=)[\s\S]*)$/.exec(data.toString('utf8'));
    if (!match) throw malformed('The message is not a client-first-message.');
    const [, header, flag, binding, bare] = match;
    if (this.#isPlus && binding !== 'tls-server-end-point')
      throw fail('protocol_violation', `unsupported SCRAM channel-binding type "${binding ?? ''}"`);
    if (!this.#isPlus && binding !== undefined)
      throw malformed(
        'The client selected SCRAM-SHA-256 without channel binding, but the message includes channel binding data.',
      );
    // The client believes that we have no channel binding, though we offered it: somebody stands between us.
    if (flag === 'y' && this.#endPoint)
      throw fail('invalid_authorization_specification', 'SCRAM channel binding negotiation error', {
        detail: 'The client supports SCRAM channel binding but thinks the server does not.',
      });
    const fields = /^n=[^,]*,r=([\x21-\x2b\x2d-\x7e]+)$/.exec(bare!);
    if (!fields) throw malformed('Attributes are missing or unknown.');
    this.#header = header!;
    this.#clientFirst = bare!;
    this.#nonce = fields[1]! + randomBytes(18).toString('base64');
    this.#serverFirst = `r=${this.#nonce},s=${this.#verifier.salt.toString('base64')},i=${this.#verifier.iterations}`;
    return Buffer.from(this.#serverFirst);
  }

  /** client-final-message → server-final-message; `undefined` where the password is wrong. @throws DiagnosticError 08P01 */
  final(data: Buffer): Buffer | undefined {
    const match = /^(c=([A-Za-z0-9+/=]*),r=([^,]*)(?:,[\s\S]*)?),p=([A-Za-z0-9+/=]+)$/.exec(data.toString('utf8'));
    if (!match) throw malformed('The message is not a client-final-message.');
    const [, withoutProof, channel, nonce, proofText] = match;
    if (nonce !== this.#nonce) throw malformed('Nonce does not match.');
    const expected = Buffer.concat([Buffer.from(this.#header), this.#isPlus ? this.#endPoint! : Buffer.alloc(0)]);
    if (channel !== expected.toString('base64'))
      throw fail('invalid_authorization_specification', 'SCRAM channel binding check failed');
    const proof = Buffer.from(proofText!, 'base64');
    const message = `${this.#clientFirst},${this.#serverFirst},${withoutProof}`;
    const signature = hmac(this.#verifier.storedKey, message);
    if (proof.length !== signature.length) return undefined;
    const clientKey = Buffer.from(proof.map((byte, i) => byte ^ signature[i]!));
    if (!timingSafeEqual(sha256(clientKey), this.#verifier.storedKey)) return undefined;
    return Buffer.from(`v=${hmac(this.#verifier.serverKey, message).toString('base64')}`);
  }
}
