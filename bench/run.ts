// `npm run bench -- NAME [ARGS]`: runs bench/NAME/bench.ts, ours and the peer alternately, and prints the ratio.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('.', import.meta.url);
const [name, ...rest] = process.argv.slice(2);
const script = (bench: string) => fileURLToPath(new URL(`${bench}/bench.ts`, folder));
const names = readdirSync(folder).filter((entry) => existsSync(script(entry)));
if (!name || !names.includes(name)) {
  console.error(`usage: npm run bench -- NAME      NAME is one of: ${names.join(', ')}`);
  process.exit(2);
}
process.exitCode =
  spawnSync(process.execPath, ['--import', 'tsx', script(name), ...rest], { stdio: 'inherit' }).status ?? 1;
