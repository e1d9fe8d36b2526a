// The hash of a certificate that binds SCRAM to its TLS connection: tls-server-end-point of RFC 5929.
import { createHash, X509Certificate } from 'node:crypto';

/** Hash functions by the object identifiers of signatures (DER, without tag and length); MD5 and SHA-1 count as SHA-256. */
const hashes: Readonly<Record<string, string>> = {
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
};

interface Element {
  readonly start: number;
  readonly end: number;
}

function element(der: Buffer, at: number): Element {
  let length = der[at + 1]!;
  let start = at + 2;
  if (length > 0x80) {
    const bytes = length - 0x80;
    length = der.readUIntBE(start, bytes);
    start += bytes;
  }
  return { start, end: start + length };
}

export function tlsServerEndPoint(certificate: string | Buffer): Buffer {
  const der = new X509Certificate(certificate).raw;
  // Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm ::= SEQUENCE { OBJECT IDENTIFIER, … }, … }
  const toBeSigned = element(der, element(der, 0).start);
  const algorithm = element(der, toBeSigned.end);
  const identifier = element(der, algorithm.start);
  const hash = hashes[der.subarray(identifier.start, identifier.end).toString('hex')] ?? 'sha256';
  return createHash(hash).update(der).digest();
}
