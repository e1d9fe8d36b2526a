// The lasting homes of objects on which tests of processes, crashes and damage run: a folder, and where Ceph is installed a pool.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedCluster } from '../support/ceph.js';

export interface TestHome {
  readonly name: string;
  /** The address of an empty store. */
  freshUrl(): Promise<string>;
  /** Takes away what needs that. */
  clear(): Promise<void>;
}

export async function lastingHomes(): Promise<TestHome[]> {
  const folders: string[] = [];
  const folder: TestHome = {
    name: 'folder',
    async freshUrl() {
      const made = await mkdtemp(join(tmpdir(), 'skyhook-store-'));
      folders.push(made);
      return `file:${made}`;
    },
    async clear() {
      for (const made of folders.splice(0)) await rm(made, { recursive: true, maxRetries: 5 });
    },
  };
  const ceph = await sharedCluster();
  if (!ceph) return [folder];
  return [folder, { name: 'rados', freshUrl: async () => ceph.freshUrl(), clear: async () => {} }];
}
