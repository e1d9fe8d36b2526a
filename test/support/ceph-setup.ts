// Before all tests: where the cluster that they share is going to be. The first test that needs it starts it; it ends after the last.
import { mkdtempSync, rmSync } from 'node:fs';
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
    await stopSharedCluster(folder);
    rmSync(folder, { recursive: true, force: true });
  };
}
