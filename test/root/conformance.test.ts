// The floor under ROOT reading: what an independent reader saw in real files is what we see, and nothing is silently wrong.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkFile, checkFolder, totals } from '../../scripts/conformance.js';

const samples = join(import.meta.dirname, '..', '..', '..', 'shared', 'root-samples');
const floor = 0.99;

test('the fixtures of every codec and layout are read and equal', async () => {
  const results = await checkFolder(join(import.meta.dirname, 'fixtures'));
  expect(results.flatMap((r) => [...r.different, ...r.refused])).toEqual([]);
  expect(totals(results)).toEqual({ branches: 58, equal: 58, refused: 0, different: 0 });
});

test('real files: at least 99 % of branches are read and equal, none differs', async (context) => {
  if (!existsSync(samples)) {
    console.warn(`skipped: ${samples} is not here`);
    return context.skip();
  }
  const results = await checkFolder(samples);
  expect(results.flatMap((r) => r.different)).toEqual([]);
  const { branches, equal } = totals(results);
  expect(branches).toBeGreaterThan(31_000);
  expect(equal / branches).toBeGreaterThan(floor);
});

test('char* and char x[n] members of classes are text', async (context) => {
  if (!existsSync(samples)) return context.skip();
  for (const name of ['uproot-issue31', 'uproot-issue283']) {
    const { refused, different } = await checkFile(samples, name);
    expect([name, refused, different]).toEqual([name, [], []]);
  }
});
