// The sample that comes with the package.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package is laid out differently as source, as modules and as one bundled file: the sample is above all of them. */
function find(): string {
  const name = join('samples', 'events.root');
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, name)) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, name);
}

export const sampleFile = find();
