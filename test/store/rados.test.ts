// `rados://` stores on a real cluster.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type ObjectStore, openStore } from '../../src/store/index.js';
import { pools, sharedCluster } from '../support/ceph.js';
import { until } from '../support/until.js';
import { bytes, describeStore, text } from './store-contract.js';

const run = promisify(execFile);
const ceph = await sharedCluster();

describe.runIf(ceph)('rados', () => {
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
  afterAll(async () => {
    for (const name of ['reader', 'stranger', 'doomed']) await command('auth', 'rm', `client.${name}`);
  });
  const command = async (...args: string[]) =>
    (await run('ceph', ['-c', conf, ...args], { maxBuffer: 1 << 29 })).stdout;
  const rados = async (...args: string[]) => (await run('rados', ['-c', conf, ...args])).stdout;
  const namespaceOf = (store: ObjectStore) => new URL(store.url).pathname.slice(1);

  const keyring = (name: string) => join(dirname(conf), `${name}.keyring`);
  async function key(name: string, ...caps: string[]): Promise<string> {
    await writeFile(keyring(name), await command('auth', 'get-or-create', `client.${name}`, ...caps));
    return keyring(name);
  }

  describeStore('a replicated pool', () => opened());
  describeStore('an erasure-coded pool', () => opened(freshUrl('erasureCoded')));
  describeStore('reads from any copy', () => opened(freshUrl('replicated', '&reads=balance')));

  test('objects are what Ceph’s own tools see, and namespaces do not see each other', async () => {
    const [one, two] = [await opened(), await opened()];
    await one.write('a/b', [bytes('hello '), bytes('world')]);
    const tool = ['-p', pools.replicated, '-N', namespaceOf(one)];
    expect(await rados(...tool, 'ls')).toBe('a/b\n');
    expect(await rados(...tool, 'get', 'a/b', '-')).toBe('hello world');
    expect(await two.stat('a/b')).toBeUndefined();
    for await (const name of two.list('')) expect.unreachable(name);
    const age = Date.now() - (await one.stat('a/b'))!.modified;
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(100_000);
  });

  describe.each(['replicated', 'erasureCoded'] as const)('large objects, %s', (pool) => {
    test('80 MiB in parts, whole and by ranges; more than a cluster takes is refused', async () => {
      const store = await opened(freshUrl(pool));
      const part = new Uint8Array(20 << 20);
      for (let i = 0; i < part.length; i += 4096) part[i] = i >> 12;
      await store.write('big', [part, part, part.subarray(0, 12345), part, part]);
      const whole = await store.read('big');
      expect(whole.length).toBe(4 * part.length + 12345);
      expect(Buffer.compare(whole.subarray(2 * part.length + 12345, 3 * part.length + 12345), part)).toBe(0);
      const ranges = Array.from({ length: 3000 }, (_, i) => ({ offset: 4096 * i, length: 1 + (i % 3) }));
      const read = await store.readRanges('big', ranges);
      expect(read.map((r) => r.length)).toEqual(ranges.map((r) => r.length));
      expect(read.every((r, i) => r[0] === (i & 255))).toBe(true);
      await expect(store.write('bigger', new Uint8Array(120 << 20))).rejects.toMatchObject({
        code: '54000',
        message: expect.stringContaining('"bigger"'),
      });
      expect(await store.stat('bigger')).toBeUndefined();
    });
  });

  test('more is asked for than may be under way', async () => {
    const store = await opened();
    const part = new Uint8Array(4 << 20).map((_, i) => i >> 8);
    await Promise.all(Array.from({ length: 40 }, (_, i) => store.write(`o${i}`, [part, bytes(String(i))])));
    const read = await Promise.all(Array.from({ length: 40 }, (_, i) => store.read(`o${i}`)));
    for (const [i, object] of read.entries()) {
      expect(text(object.subarray(part.length))).toBe(String(i));
      expect(Buffer.compare(object.subarray(0, part.length), part)).toBe(0);
    }
  });

  /** The operations of each request for an object with all of `words` in its name that daemons remember, by daemon. */
  async function requests(kind: string, ...words: string[]): Promise<{ osd: number; operations: string }[]> {
    const found: { osd: number; operations: string }[] = [];
    for (const osd of [0, 1, 2]) {
      const { ops } = JSON.parse(await command('tell', `osd.${osd}`, 'dump_historic_ops', '-f', 'json')) as {
        readonly ops: readonly { readonly description: string }[];
      };
      for (const { description } of ops) {
        const operations = /\[(.*?)\]/.exec(description)?.[1] ?? '';
        if (operations.includes(kind) && words.every((word) => description.includes(word)))
          found.push({ osd, operations });
      }
    }
    return found;
  }

  test('all ranges of a read are one request', async () => {
    const store = await opened();
    await store.write('a', new Uint8Array(100_000));
    const ranges = Array.from({ length: 7 }, (_, i) => ({ offset: 10_000 * i, length: 10 + i }));
    // Daemons forget quick requests when others come.
    let reads: Awaited<ReturnType<typeof requests>> = [];
    await until(async () => {
      await store.readRanges('a', ranges);
      reads = await requests('read', namespaceOf(store));
      return reads.length > 0;
    });
    for (const { operations } of reads)
      for (const { offset, length } of ranges) expect(operations).toContain(`read ${offset}~${length}`);
  });

  test('reads=balance asks any copy of what never changes; all else is read from the first', async () => {
    const store = await opened(freshUrl('replicated', '&reads=balance'));
    const asked = new Map<string, Set<number>>();
    async function copiesRead(name: string): Promise<number> {
      const osds = asked.get(name) ?? new Set();
      asked.set(name, osds);
      await store.write(name, new Uint8Array(100));
      // Copies answer once they have heard, with a later write to their placement group, that all have it.
      await Promise.all(Array.from({ length: 300 }, (_, i) => store.write(`x${i}`, bytes('1'))));
      for (let i = 0; i < 30; i++) await store.readRanges(name, [{ offset: i, length: 1 }]);
      for (const { osd } of await requests('read', namespaceOf(store), name.split('/').at(-1)!)) osds.add(osd);
      return osds.size;
    }
    await until(async () => (await copiesRead('datasets/d/data/writer/p123')) === 2);
    await until(async () => (await copiesRead('datasets/d/root-hint')) > 0);
    for (let i = 0; i < 3; i++) expect(await copiesRead('datasets/d/root-hint')).toBe(1);
  });

  test('thousands of names are listed', async () => {
    const store = await opened();
    const names = Array.from({ length: 2500 }, (_, i) => `x/${i}`);
    await Promise.all(names.map((name) => store.write(name, bytes(name))));
    const listed: string[] = [];
    for await (const name of store.list('x/')) listed.push(name);
    expect(new Set(listed)).toEqual(new Set(names));
    expect(listed).toHaveLength(names.length);
  });

  test('a cancelled read', async () => {
    const store = await opened();
    await store.write('a', new Uint8Array(32 << 20));
    for (const after of [0, 1, 3]) {
      const stop = new AbortController();
      const reading = store.readRanges('a', [{ offset: 0, length: 32 << 20 }], { signal: stop.signal });
      setTimeout(() => stop.abort(), after);
      const outcome = await reading.catch((error: unknown) => error);
      if (!Array.isArray(outcome)) expect(outcome).toMatchObject({ code: '57014' });
    }
    const stopped = AbortSignal.abort();
    await expect(store.read('a', { signal: stopped })).rejects.toMatchObject({ code: '57014' });
    expect((await store.read('a')).length).toBe(32 << 20);
  });

  test('an object that was shortened, and one that is gone', async () => {
    const store = await opened();
    await store.write('a', bytes('0123456789'));
    await rados('-p', pools.replicated, '-N', namespaceOf(store), 'truncate', 'a', '5');
    await expect(store.readRanges('a', [{ offset: 3, length: 4 }])).rejects.toMatchObject({
      code: 'XX001',
      message: expect.stringMatching(/"a".*truncated/),
    });
    await rados('-p', pools.replicated, '-N', namespaceOf(store), 'rm', 'a');
    await expect(store.read('a')).rejects.toMatchObject({ code: '58P01' });
  });

  test('a connection on the block list is replaced', async () => {
    const file = await key('doomed', 'mon', 'allow r', 'osd', `allow rw pool=${pools.replicated}`);
    const store = await opened(`${freshUrl()}&id=doomed&keyring=${encodeURIComponent(file)}`);
    await store.write('a', bytes('1'));
    /** Instances of the client that the monitor knows, by nonce. */
    const instances = async () => {
      const sessions = JSON.parse(await command('tell', 'mon.a', 'sessions', '-f', 'json')) as {
        readonly entity_name: string;
        readonly addrs: { readonly addrvec: readonly { readonly nonce: number }[] };
      }[];
      const ours = sessions.filter(({ entity_name }) => entity_name === 'client.doomed');
      return new Set(ours.flatMap(({ addrs }) => addrs.addrvec.map(({ nonce }) => nonce)));
    };
    const before = await instances();
    expect(before.size).toBe(1);
    const [nonce] = before;
    await command('osd', 'blocklist', 'add', `127.0.0.1:0/${nonce}`, '600');
    // The daemons refuse the client from the map on that lists it, and a busy one learns of it late.
    const { epoch, osds } = JSON.parse(await command('osd', 'dump', '-f', 'json')) as {
      readonly epoch: number;
      readonly osds: readonly { readonly osd: number }[];
    };
    for (const { osd } of osds)
      await expect
        .poll(async () => JSON.parse(await command('tell', `osd.${osd}`, 'status', '-f', 'json')).newest_map, {
          timeout: 200_000,
        })
        .toBeGreaterThanOrEqual(epoch);
    expect(text(await store.read('a'))).toBe('1');
    await store.write('b', bytes('2'));
    expect(await store.create('c', bytes('3'))).toBe(true);
    expect(await store.create('c', bytes('4'))).toBe(false);
    // The old connection takes leave of the monitor in its own time.
    await expect
      .poll(async () => [...(await instances())].filter((n) => n === nonce), { timeout: 200_000 })
      .toEqual([]);
    expect((await instances()).size).toBe(1);
    await command('osd', 'blocklist', 'rm', `127.0.0.1:0/${nonce}`);
  });

  describe('who may do what', () => {
    test('a key that may only read', async () => {
      const store = await opened();
      await store.write('a', bytes('1'));
      const file = await key('reader', 'mon', 'allow r', 'osd', `allow r pool=${pools.replicated}`);
      const reader = await opened(`${store.url}&id=reader&keyring=${encodeURIComponent(file)}`);
      expect(text(await reader.read('a'))).toBe('1');
      await expect(reader.write('b', bytes('2'))).rejects.toMatchObject({ code: '25006' });
      await expect(reader.create('c', bytes('2'))).rejects.toMatchObject({ code: '25006' });
    });

    test('a key for another pool', async () => {
      const file = await key('stranger', 'mon', 'allow r', 'osd', 'allow rw pool=elsewhere');
      const store = await opened(`${freshUrl()}&id=stranger&keyring=${encodeURIComponent(file)}`);
      await expect(store.read('a')).rejects.toMatchObject({ code: '42501' });
    });

    test('a key that the cluster does not know, and none', async () => {
      const file = keyring('forged');
      await run('ceph-authtool', [file, '--create-keyring', '--gen-key', '-n', 'client.admin']);
      await expect(openStore(`${freshUrl()}&keyring=${encodeURIComponent(file)}`)).rejects.toMatchObject({
        code: '28000',
        message: expect.stringContaining('client.admin'),
      });
      await expect(openStore(`${freshUrl()}&keyring=/nowhere`)).rejects.toMatchObject({ code: '28000' });
      await expect(openStore(`${freshUrl()}&id=nobody`)).rejects.toMatchObject({ code: '28000' });
    });

    test('CEPH_ARGS and CEPH_CONF, as Ceph’s tools have them', async () => {
      const file = await key('reader', 'mon', 'allow r', 'osd', `allow r pool=${pools.replicated}`);
      const before = { ...process.env };
      try {
        process.env['CEPH_CONF'] = conf;
        const store = await opened(`rados://${pools.replicated}/environment`);
        await store.write('a', bytes('1'));
        process.env['CEPH_ARGS'] = `--id reader --keyring=${file}`;
        await expect((await opened(store.url)).write('b', bytes('1'))).rejects.toMatchObject({ code: '25006' });
      } finally {
        process.env['CEPH_CONF'] = before['CEPH_CONF'] ?? '';
        process.env['CEPH_ARGS'] = before['CEPH_ARGS'] ?? '';
        if (before['CEPH_CONF'] === undefined) delete process.env['CEPH_CONF'];
        if (before['CEPH_ARGS'] === undefined) delete process.env['CEPH_ARGS'];
      }
    });
  });

  test('what is not there is said', async () => {
    const parameter = `?conf=${encodeURIComponent(conf)}`;
    await expect(openStore(`rados://elsewhere${parameter}`)).rejects.toMatchObject({
      code: '42704',
      message: expect.stringContaining('"elsewhere"'),
    });
    await expect(openStore('rados://skyhook?conf=/nowhere/ceph.conf')).rejects.toMatchObject({
      code: '58P01',
      message: expect.stringContaining('/nowhere/ceph.conf'),
    });
    const lost = join(dirname(conf), 'lost.conf');
    await writeFile(lost, `[global]\nmon host = v2:127.0.0.1:1\nkeyring = ${join(dirname(conf), 'keyring')}\n`);
    const started = performance.now();
    await expect(openStore(`rados://skyhook?conf=${lost}&timeout=2`)).rejects.toMatchObject({ code: '08006' });
    // Not the 30 s that monitors are waited for as a rule.
    expect(performance.now() - started).toBeLessThan(25_000);
    const store = await opened();
    await store.close();
    await expect(store.read('a')).rejects.toMatchObject({ code: '08006', message: expect.stringContaining('closed') });
  });

  test('a pool at its quota refuses writes, not reads and deletions', async () => {
    await command('osd', 'pool', 'create', 'full', '4');
    await command('osd', 'pool', 'set', 'full', 'pg_autoscale_mode', 'off');
    await command('osd', 'pool', 'set-quota', 'full', 'max_objects', '2');
    const store = await opened(`rados://full?conf=${encodeURIComponent(conf)}`);
    await store.write('a', bytes('1'));
    // Full is what the daemons' last counts say, and counts of a pool whose groups are split come and go.
    const refusal = async (write: (name: string) => Promise<unknown>) => {
      let refused: unknown;
      let written = 0;
      await until(async () => {
        await write(`b${written++}`).catch((error: unknown) => {
          refused = error;
        });
        return refused !== undefined;
      }, 100);
      return refused;
    };
    const full = { code: '53100', message: expect.stringContaining('no space left') };
    expect(await refusal((name) => store.write(name, bytes('1')))).toMatchObject(full);
    expect(await refusal((name) => store.create(`c${name}`, bytes('1')))).toMatchObject(full);
    expect(text(await store.read('a'))).toBe('1');
    await store.delete('a');
    expect(await store.stat('a')).toBeUndefined();
  });
});
