// Before all tests: where the cluster that they share is going to be. The first test that needs it starts it; it ends after the last.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { stopSharedCluster } from './ceph.js';

declare module 'vitest' {
  interface ProvidedContext {
    cephFolder: string;
    runPid: number;
  }
}

export default function setup(project: TestProject): () => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'skyhook-ceph-'));
  project.provide('cephFolder', folder);
  project.provide('runPid', process.pid);
  return async () => {
    const crashes = crashesIn(join(folder, 'c'));
    await stopSharedCluster(folder);
    rmSync(folder, { recursive: true, force: true });
    if (crashes.length === 0) return;
    // What is thrown here is only printed.
    process.exitCode = 1;
    throw new Error(`daemons of the cluster went down under the tests:\n${crashes.join('\n')}`);
  };
}

/** What daemons logged that died by themselves: nothing that a test does may take one down. */
function crashesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const logs = readdirSync(folder).filter((name) => /^(?:osd|mon)\.\w+\.log$/.test(name));
  return logs.flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter((line) => /\*\*\* Caught signal|ceph_assert|suicide/.test(line))
      .slice(0, 3)
      .map((line) => `${name}: ${line}`),
  );
}
