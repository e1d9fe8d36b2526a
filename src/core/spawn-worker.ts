// Worker threads, the same from TypeScript sources (tests, development) and from the built package.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts the module `relative` (written with its `.js` ending) next to the caller as a worker thread.
 * From sources the thread loads TypeScript through tsx, a development dependency; the built package needs nothing.
 */
export function spawnWorker(relative: string, callerUrl: string, options: WorkerOptions = {}): Worker {
  const url = new URL(relative, callerUrl);
  if (!callerUrl.endsWith('.ts')) return new Worker(url, options);
  // Node 20 ignores `--import` in a worker's execArgv, so the loader is registered by a line of its own.
  const loader = new URL('dist/esm/api/index.mjs', pathToFileURL(createRequire(callerUrl).resolve('tsx/package.json')))
    .href;
  const source = url.href.replace(/\.js$/, '.ts');
  const boot = `import(${JSON.stringify(loader)}).then((tsx) => { tsx.register(); return import(${JSON.stringify(source)}); })`;
  return new Worker(boot, { ...options, eval: true });
}
