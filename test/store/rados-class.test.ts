// Fragments in storage daemons: the object class on a real cluster, and what happens where it cannot run.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { type ObjectStore, openStore } from '../../src/store/index.js';
import { pools, sharedCluster } from '../support/ceph.js';
import { bytes } from './store-contract.js';

const run = promisify(execFile);
const ceph = await sharedCluster();

describe.runIf(ceph)('the class', () => {
  const { conf, freshUrl } = ceph!;
  const open: ObjectStore[] = [];
  async function opened(url = freshUrl()): Promise<ObjectStore> {
    const store = await openStore(url);
    open.push(store);
    return store;
  }
  afterEach(async () => {
    for (const store of open.splice(0)) await store.close();
  });

  test('answers nonsense with an error in the payload', async () => {
    const store = await opened();
    await store.write('a', bytes('0123456789'));
    const answer = await store.execute!('a', bytes('no fragment'));
    expect(Buffer.from(answer).toString('latin1')).toMatch(/^SKYR/);
    await expect(store.execute!('b', bytes('no fragment'))).rejects.toMatchObject({ code: '58P01' });
  });

  test('is not there in an erasure-coded pool', async () => {
    const store = await opened(freshUrl('erasureCoded'));
    await store.write('a', bytes('0123456789'));
    console.log(await store.execute!('a', bytes('no fragment')).catch(e=>e));
  });
  void run; void pools; void conf;
});
