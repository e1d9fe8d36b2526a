// Who a client is: SCRAM exchanges, the password file, the hash that binds both to TLS.
export { type AccessRules, parseAccess, readAccess } from './access-file.js';
export { type Passwords, readPasswords, writePassword } from './password-file.js';
export { ScramExchange } from './scram-exchange.js';
export { makeVerifier, parseVerifier, printVerifier, type ScramVerifier } from './scram-verifier.js';
export { tlsServerEndPoint } from './tls-end-point.js';
