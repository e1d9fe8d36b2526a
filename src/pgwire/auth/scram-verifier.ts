// What is stored of a password: enough to check it, not enough to log in with. PostgreSQL's own form, so that its tools' output can be used.
import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

export interface ScramVerifier {
  readonly iterations: number;
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

const derive = promisify(pbkdf2);
export const hmac = (key: Buffer, data: string | Buffer): Buffer => createHmac('sha256', key).update(data).digest();
export const sha256 = (data: Buffer): Buffer => createHash('sha256').update(data).digest();

const defaultIterations = 4096;

/** RFC 4013 as far as it can change what is typed: compatibility forms, and spaces of other kinds. */
export function normalizePassword(password: string): string {
  return password.replaceAll(/[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g, ' ').normalize('NFKC');
}

export async function makeVerifier(
  password: string,
  salt = randomBytes(16),
  iterations = defaultIterations,
): Promise<ScramVerifier> {
  const salted = await derive(normalizePassword(password), salt, iterations, 32, 'sha256');
  return {
    iterations,
    salt,
    storedKey: sha256(hmac(salted, 'Client Key')),
    serverKey: hmac(salted, 'Server Key'),
  };
}

/** `SCRAM-SHA-256$4096:SALT$STOREDKEY:SERVERKEY`, as in `pg_authid.rolpassword`. */
export function printVerifier({ iterations, salt, storedKey, serverKey }: ScramVerifier): string {
  const [s, k, v] = [salt, storedKey, serverKey].map((bytes) => bytes.toString('base64'));
  return `SCRAM-SHA-256$${iterations}:${s}$${k}:${v}`;
}

const form = /^SCRAM-SHA-256\$(\d{1,9}):([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)$/;

export function parseVerifier(text: string): ScramVerifier | undefined {
  const match = form.exec(text);
  if (!match) return undefined;
  const [salt, storedKey, serverKey] = [match[2]!, match[3]!, match[4]!].map((part) => Buffer.from(part, 'base64'));
  if (storedKey!.length !== 32 || serverKey!.length !== 32) return undefined;
  return { iterations: Number(match[1]), salt: salt!, storedKey: storedKey!, serverKey: serverKey! };
}
