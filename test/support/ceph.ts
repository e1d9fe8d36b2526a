// The Ceph cluster that all test files of a run share: 3 storage daemons, a replicated and an erasure-coded pool. Each test takes a
// namespace of its own.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inject } from 'vitest';
import { missingPrograms } from './ceph-cluster.js';

export const pools = { replicated: 'skyhook', erasureCoded: 'ec-skyhook' } as const;

export interface TestCeph {
  readonly conf: string;
  /** The address of an empty store. */
  freshUrl(pool?: keyof typeof pools, parameters?: string): string;
}

const patience = 240_000;
const script = fileURLToPath(new URL('../../scripts/ceph-dev.ts', import.meta.url));

/**
 * `undefined`, and a line that says so, where Ceph is not installed.
 * @throws Error there too where CI is set: a check that does not run must not pass
 */
export async function sharedCluster(): Promise<TestCeph | undefined> {
  if (!cephIsThere()) return undefined;
  const folder = inject('cephFolder');
  const ready = join(folder, 'ready.json');
  // Whoever makes this file starts the cluster.
  if (made(join(folder, 'starting'))) {
    const log = openSync(join(folder, 'cluster.log'), 'a');
    const poolArguments = Object.values(pools).flatMap((pool) => ['--pool', pool]);
    const starter = spawn(
      process.execPath,
      [
        '--import',
        tsx(),
        script,
        '--folder',
        join(folder, 'c'),
        '--ready',
        ready,
        '--until-pid',
        String(inject('runPid')),
        '--test-methods',
        ...poolArguments,
      ],
      { stdio: ['ignore', log, log], detached: true },
    );
    writeFileSync(join(folder, 'starter.pid'), String(starter.pid));
    starter.unref();
  }
  const deadline = Date.now() + patience;
  while (!existsSync(ready)) {
    if (Date.now() > deadline) throw new Error(`no cluster: ${readFileSync(join(folder, 'cluster.log'), 'utf8')}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const answer = JSON.parse(readFileSync(ready, 'utf8')) as { conf?: string; failed?: string };
  if (answer.conf === undefined) throw new Error(`the Ceph cluster did not start: ${answer.failed}`);
  const { conf } = answer;
  return {
    conf,
    freshUrl: (pool = 'replicated', parameters = '') =>
      `rados://${pools[pool]}/${randomBytes(6).toString('hex')}?conf=${encodeURIComponent(conf)}${parameters}`,
  };
}

export function cephIsThere(): boolean {
  const missing = missingPrograms();
  if (missing.length === 0) return true;
  const message = `Ceph is missing (${missing.join(', ')}; install ceph-mon ceph-osd ceph-mgr ceph-common librados2)`;
  if (process.env['CI'] === 'true') throw new Error(message);
  console.warn(`SKIPPED: ${message}`);
  return false;
}

export async function stopSharedCluster(folder: string): Promise<void> {
  const pidFile = join(folder, 'starter.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  const runs = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  if (runs()) process.kill(pid, 'SIGTERM');
  for (let waited = 0; runs() && waited < 100_000; waited += 50)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

function made(path: string): boolean {
  try {
    writeFileSync(path, '', { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

const tsx = () =>
  pathToFileURL(join(dirname(createRequire(import.meta.url).resolve('tsx/package.json')), 'dist/loader.mjs')).href;
