import { defineConfig } from 'vitest/config';

// Three projects: `fast` is the inner loop (no worker threads, no processes, no sample corpus), `full` the rest.
export default defineConfig({
  test: {
    reporters: process.env['CI'] === 'true' ? ['default'] : ['dot'],
    projects: [
      { test: { name: 'fast', include: ['grammar/**/*.test.ts', 'src/**/*.test.ts'], testTimeout: 10_000 } },
      { test: { name: 'full', include: ['test/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 } },
    ],
  },
});
