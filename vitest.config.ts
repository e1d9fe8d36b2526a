import { defineConfig } from 'vitest/config';
import LongestFirst from './test/support/longest-first.js';

// Two projects: `fast` is the inner loop (no worker threads, no processes, no sample corpus), `full` the rest.
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    reporters: process.env['CI'] === 'true' ? ['default'] : ['dot'],
    projects: [
      // Files of the inner loop share their threads and modules: they keep no state that another could see.
      {
        test: {
          name: 'fast',
          include: ['grammar/**/*.test.ts', 'src/**/*.test.ts'],
          testTimeout: 60_000,
          pool: 'threads',
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'full',
          include: ['test/**/*.test.ts'],
          globalSetup: ['test/support/ceph-setup.ts', 'test/support/programs-setup.ts'],
          // One more than CI has cores: some files wait for daemons most of the time.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          // Many times what any test takes: a timeout finds what hangs, not what a busy machine makes wait.
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
