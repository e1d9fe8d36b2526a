// The queries of all golden files over datasets in Ceph: the answers that the golden files hold.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, SessionSettings } from '../../src/session/index.js';
import { MeteredStore, openStore } from '../../src/store/index.js';
import { sharedCluster } from '../support/ceph.js';
import { openFixtures } from './fixtures.js';
import { parseGolden } from './golden-file.js';
import { answer, isOrdered, queriesOf } from './golden-query.js';

const folder = new URL('.', import.meta.url).pathname;
const names = readdirSync(folder).filter((name) => name.endsWith('.golden'));
const settings: readonly Partial<SessionSettings>[] = [
  { pushdown: 'auto' },
  { pushdown: 'on' },
  { pushdown: 'off' },
  { kernel: 'off' },
];

const ceph = await sharedCluster();

describe.runIf(ceph).each(['replicated', 'erasureCoded'] as const)('golden queries in a pool that is %s', (pool) => {
  let store: MeteredStore;
  let database: Database;
  beforeAll(async () => {
    store = new MeteredStore(await openStore(ceph!.freshUrl(pool)));
    database = await openFixtures(store);
  });
  afterAll(async () => {
    // Fragments did run in the storage daemons, or did not.
    if (pool === 'replicated') expect(store.traffic.fragments).toBeGreaterThan(300);
    else expect(store.traffic.fragments).toBe(0);
    await database?.close();
  });

  it.each(names)('%s', async (name) => {
    const golden = parseGolden(readFileSync(join(folder, name), 'utf8'));
    const queries = queriesOf(golden);
    const ordered = queries.some(isOrdered);
    const [labels, ...rows] = golden.sections.get(ordered ? 'result' : 'result rowsort')!.split('\n');
    for (const query of queries)
      for (const setting of settings) {
        const [ourLabels, ...ours] = await answer(database, query, setting);
        expect([ourLabels, ...(ordered ? ours : ours.sort())], JSON.stringify(setting)).toEqual([labels, ...rows]);
      }
  });
});
