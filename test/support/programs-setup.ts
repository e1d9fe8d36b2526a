// Before all tests: the command and the child processes of tests, bundled as `npm run build` does it. So they start in a tenth of the time
// that compiling 300 files takes, and what is tested is what users run.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { bundleCommand } from '../../scripts/bundle.js';

declare module 'vitest' {
  interface ProvidedContext {
    programs: string;
  }
}

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export default async function setup(project: TestProject): Promise<() => void> {
  // Inside the project, where packages and kernel.wasm are found.
  mkdirSync(at('build'), { recursive: true });
  const folder = mkdtempSync(at('build/test-programs-'));
  // Some tests run it as another user.
  chmodSync(folder, 0o755);
  await bundleCommand(folder, {
    'append-child': at('test/store/append-child.ts'),
    'busy-child': at('test/store/busy-child.ts'),
    replay: at('scripts/replay.ts'),
  });
  project.provide('programs', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
