// Child process of the crash and two-writer tests: `append-child.ts STORE FILE VALUE [DIE-AT]` appends one file, and kills
// itself at the given store operation (counted before and after each).
import { types } from '../../src/core/index.js';
import { openStore } from '../../src/store/index.js';
import { faultyStore } from './faulty-store.js';
import { writeFiles } from './write-files.js';

const [url, source, value, dieAt] = process.argv.slice(2);
let moments = 0;
const store = faultyStore(await openStore(url), () => {
  if (++moments === Number(dieAt)) process.kill(process.pid, 'SIGKILL');
});
await writeFiles(store, 'aod', 'append', [
  {
    source: source!,
    trees: [
      {
        path: 'Events',
        rows: 2,
        columns: [{ name: 'x', type: types.int4, values: [1, 2, 3].map((i) => i * Number(value)) }],
      },
    ],
  },
]);
console.log(moments);
