// Roles and what is stored of their passwords: one line each, `name:SCRAM-SHA-256$…`. `skyhook passwd` writes it, the server reads it anew
// when it has changed.
import { randomBytes } from 'node:crypto';
import { chmod, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { fail } from '../../core/index.js';
import { makeVerifier, parseVerifier, printVerifier, type ScramVerifier } from './scram-verifier.js';

export type Passwords = ReadonlyMap<string, ScramVerifier>;

function parse(text: string, path: string): Map<string, ScramVerifier> {
  const found = new Map<string, ScramVerifier>();
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const colon = line.indexOf(':');
    const verifier = colon > 0 ? parseVerifier(line.slice(colon + 1).trim()) : undefined;
    if (!verifier)
      throw fail('invalid_parameter_value', `line ${i + 1} of ${path} is not NAME:SCRAM-SHA-256$…`, {
        hint: 'skyhook passwd writes such lines.',
      });
    found.set(line.slice(0, colon), verifier);
  }
  return found;
}

/** @throws DiagnosticError 58P01, 22023, and 42501 where others than the owner may read it */
export async function readPasswords(path: string): Promise<Passwords> {
  let text: string;
  try {
    const { mode } = await stat(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw fail('insufficient_privilege', `the password file ${path} may be read by others than its owner`, {
        hint: `chmod 600 ${path}`,
      });
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw fail('undefined_file', `the password file ${path} does not exist`, {
        hint: 'skyhook passwd FILE NAME makes it.',
      });
    throw error;
  }
  return parse(text, path);
}

/** Adds a role or changes its password; without a password it takes the role out. */
export async function writePassword(path: string, name: string, password: string | undefined): Promise<void> {
  if (name === '' || /[:\n\0]/.test(name) || name.startsWith('#'))
    throw fail('invalid_name', `a role cannot be called "${name}"`);
  let found: Map<string, ScramVerifier>;
  try {
    found = parse(await readFile(path, 'utf8'), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    found = new Map();
  }
  if (password === undefined) {
    if (!found.delete(name)) throw fail('undefined_object', `role "${name}" does not exist`);
  } else found.set(name, await makeVerifier(password));
  const text = [...found].map(([role, verifier]) => `${role}:${printVerifier(verifier)}\n`).join('');
  // Whole or not at all; and never readable by others, not even for a moment.
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  await writeFile(temporary, text, { mode: 0o600, flag: 'wx' });
  await chmod(temporary, 0o600);
  await rename(temporary, path);
}
