// What every home of objects does alike.
import { describe, expect, test } from 'vitest';
import type { ObjectStore } from '../../src/store/index.js';

export const bytes = (text: string) => new TextEncoder().encode(text);
export const text = (data: Uint8Array) => new TextDecoder().decode(data);

/** `open` makes an empty store. */
export function describeStore(home: string, open: () => ObjectStore | Promise<ObjectStore>): void {
  describe(home, () => {
    test('objects are written whole, replaced whole, and read by ranges', async () => {
      const store = await open();
      await store.write('a/b/c', [bytes('hello '), bytes('world')]);
      expect(text(await store.read('a/b/c'))).toBe('hello world');
      const ranges = [
        { offset: 6, length: 5 },
        { offset: 0, length: 1 },
        { offset: 3, length: 0 },
      ];
      expect((await store.readRanges('a/b/c', ranges)).map(text)).toEqual(['world', 'h', '']);
      expect((await store.stat('a/b/c'))!.size).toBe(11);
      await store.write('a/b/c', bytes('!'));
      expect(text(await store.read('a/b/c'))).toBe('!');
    });

    test('creation succeeds once', async () => {
      const store = await open();
      const won = await Promise.all(['1', '2', '3', '4'].map((t) => store.create('root/1', bytes(t))));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(text(await store.read('root/1'))).toBe(String(won.indexOf(true) + 1));
    });

    test('what was created can be read, listed, replaced, deleted and created again', async () => {
      const store = await open();
      expect(await store.create('root/1', bytes('one'))).toBe(true);
      expect(await store.create('root/1', bytes('two'))).toBe(false);
      expect(text((await store.readRanges('root/1', [{ offset: 1, length: 2 }]))[0]!)).toBe('ne');
      expect((await store.stat('root/1'))!.size).toBe(3);
      await store.write('root/1', bytes('marked'));
      expect(text(await store.read('root/1'))).toBe('marked');
      const names: string[] = [];
      for await (const name of store.list('')) names.push(name);
      expect(names).toEqual(['root/1']);
      await store.delete('root/1');
      expect(await store.stat('root/1')).toBeUndefined();
      expect(await store.create('root/1', bytes('three'))).toBe(true);
      expect(text(await store.read('root/1'))).toBe('three');
    });

    test('listing by prefix, deletion, absence', async () => {
      const store = await open();
      for (const name of ['x/1', 'x/2/3', 'xy', 'z']) await store.write(name, bytes(name));
      const listed = async (prefix: string) => {
        const names: string[] = [];
        for await (const name of store.list(prefix)) names.push(name);
        return names.sort();
      };
      expect(await listed('x/')).toEqual(['x/1', 'x/2/3']);
      expect(await listed('x')).toEqual(['x/1', 'x/2/3', 'xy']);
      await store.delete('x/1');
      await store.delete('x/1');
      expect(await listed('x/')).toEqual(['x/2/3']);
      expect(await listed('none/')).toEqual([]);
      expect(await store.stat('x/1')).toBeUndefined();
      await expect(store.read('x/1')).rejects.toMatchObject({
        code: '58P01',
        message: expect.stringContaining('"x/1"'),
      });
      await expect(store.readRanges('x/1', [{ offset: 0, length: 1 }])).rejects.toMatchObject({ code: '58P01' });
    });

    test('a range past the end is damage', async () => {
      const store = await open();
      await store.write('a', bytes('abc'));
      await expect(store.readRanges('a', [{ offset: 2, length: 2 }])).rejects.toMatchObject({ code: 'XX001' });
    });

    test('what a reader gets is its own', async () => {
      const store = await open();
      await store.write('a', bytes('abc'));
      (await store.read('a'))[0] = 0;
      (await store.readRanges('a', [{ offset: 0, length: 3 }]))[0]![0] = 0;
      expect(text(await store.read('a'))).toBe('abc');
    });
  });
}
