import { expect, test } from 'vitest';
import { ByteGate } from './byte-gate.js';

/** Work that ends when it is told to, and what is under way. */
function works(gate: ByteGate) {
  const underWay = new Map<string, (error?: Error) => void>();
  const start = (name: string, bytes: number) =>
    gate
      .through(
        bytes,
        () =>
          new Promise<void>((resolve, reject) => {
            underWay.set(name, (error) => (error ? reject(error) : resolve()));
          }),
      )
      .finally(() => underWay.delete(name))
      .catch(() => undefined);
  const names = async () => {
    await new Promise(setImmediate);
    return [...underWay.keys()].join(' ');
  };
  return { start, names, end: (name: string, error?: Error) => underWay.get(name)!(error) };
}

test('so many bytes at once, in the order of asking; what fails makes room as well', async () => {
  const { start, names, end } = works(new ByteGate(100, 10));
  void start('a', 60);
  void start('b', 40);
  void start('c', 50);
  // It would fit, but not before those who came earlier.
  void start('d', 1);
  expect(await names()).toBe('a b');
  end('b');
  expect(await names()).toBe('a');
  end('a', new Error('failed'));
  expect(await names()).toBe('c d');
});

test('so many operations at once', async () => {
  const { start, names, end } = works(new ByteGate(100, 2));
  for (const name of ['a', 'b', 'c']) void start(name, 1);
  expect(await names()).toBe('a b');
  end('a');
  expect(await names()).toBe('b c');
});

test('what is larger than all there is runs alone', async () => {
  const { start, names, end } = works(new ByteGate(100, 10));
  void start('a', 1);
  void start('large', 1000);
  void start('b', 1);
  expect(await names()).toBe('a');
  end('a');
  expect(await names()).toBe('large');
  end('large');
  expect(await names()).toBe('b');
});
