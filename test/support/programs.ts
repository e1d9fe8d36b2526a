// Where the programs are that tests start: see programs-setup.ts.
import { join } from 'node:path';
import { inject } from 'vitest';

/** Arguments for `process.execPath`. */
export const program = (name: string): string => join(inject('programs'), `${name}.js`);

/** The command `skyhook`. */
export const skyhookCommand = (...args: string[]): string[] => [program('skyhook'), ...args];
