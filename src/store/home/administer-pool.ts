// What the command line does with a Ceph pool as a whole; loaded when it is asked for, as the store itself.
import type { Finding } from './rados/check-pool.js';
import type { InitOptions } from './rados/init-pool.js';

export async function* checkPool(url: string): AsyncGenerator<Finding> {
  yield* (await import('./rados/check-pool.js')).checkPool(url);
}

export async function* initPool(url: string, options: InitOptions): AsyncGenerator<string> {
  yield* (await import('./rados/init-pool.js')).initPool(url, options);
}
