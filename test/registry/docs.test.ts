// The committed list of functions is what the registry holds.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { renderFunctionDocs } from '../../scripts/docs-functions.js';
import { allFunctions } from '../../src/core/index.js';

test('docs/functions.md is current (npx tsx scripts/docs-functions.ts)', () => {
  expect(readFileSync(new URL('../../docs/functions.md', import.meta.url), 'utf8')).toBe(
    renderFunctionDocs(allFunctions()),
  );
});
