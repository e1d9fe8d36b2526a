// `npx tsx scripts/kernel-corpus.ts FOLDER [N]`: what libFuzzer starts from (kernel/native/fuzz.cc): random fragments with their partitions.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random, randomFragment, randomPartition } from '../test/fragment/random-fragment.js';

const [folder = 'kernel/build/corpus', count = '2000'] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
for (let i = 0; i < Number(count); i++) {
  const random = new Random(i + 1);
  const wild = random.chance(0.5);
  const partition = randomPartition(random, random.pick([0, 1, 3, 9]), wild);
  const fragment = randomFragment(random, partition, wild);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(fragment.length);
  writeFileSync(join(folder, `${i}`), Buffer.concat([size, fragment, partition.object]));
}
