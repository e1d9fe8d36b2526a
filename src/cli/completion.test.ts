import { describe, expect, it } from 'vitest';
import { candidates, type StoreNames } from './completion.js';
import { makeProgram } from './program.js';

const asked: (string | undefined)[] = [];
const names: StoreNames = {
  datasets: async (store) => {
    asked.push(store);
    return ['aod', 'aod2', 'run3'];
  },
  tables: async () => ['aod.Events'],
};
const complete = async (line: string) => {
  const { words, files } = await candidates(makeProgram(), line.split(' ').slice(1), names);
  return files ? ':files' : words.map((w) => w.value);
};

describe('completion', () => {
  it('offers commands, and options of the command and of the program', async () => {
    expect(await complete('skyhook de')).toEqual(['describe']);
    expect(await complete('skyhook ')).not.toContain('__complete');
    expect(await complete('skyhook ceph ')).toEqual(['check', 'init', 'help']);
    expect(await complete('skyhook ceph init --us')).toEqual(['--user']);
    expect(await complete('skyhook query --f')).toEqual(['--file', '--format']);
    expect(await complete('skyhook query --s')).toEqual(['--store']);
    expect(await complete('skyhook nonsense --form')).toEqual([]);
  });

  it('offers what an option or argument takes', async () => {
    expect(await complete('skyhook query --format ')).toEqual(['table', 'csv', 'json', 'arrow']);
    expect(await complete('skyhook query --dataset ao')).toEqual(['aod', 'aod2']);
    expect(await complete('skyhook query -d run')).toEqual(['run3']);
    expect(await complete('skyhook drop ')).toEqual(['aod', 'aod2', 'run3']);
    expect(await complete('skyhook describe aod.')).toEqual(['aod.Events']);
    expect(await complete('skyhook completion ')).toEqual(['bash', 'zsh', 'fish']);
    expect(await complete('skyhook drop aod ')).toEqual([]);
  });

  it('leaves names of files to the shell', async () => {
    expect(await complete('skyhook ingest aod sam')).toBe(':files');
    expect(await complete('skyhook ingest --append --threads 2 aod a.root ')).toBe(':files');
    expect(await complete('skyhook serve --tls-cert ce')).toBe(':files');
    expect(await complete('skyhook ceph init rados://p --keyring ')).toBe(':files');
    expect(await complete('skyhook serve --drain ')).toEqual([]);
  });

  it('asks the store that the line names', async () => {
    asked.length = 0;
    await complete('skyhook --store file:/a drop ');
    await complete('skyhook drop --store=file:/b ');
    await complete('skyhook drop ');
    expect(asked).toEqual(['file:/a', 'file:/b', undefined]);
  });
});
