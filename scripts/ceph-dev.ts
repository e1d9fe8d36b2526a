// `npm run ceph:dev`: a Ceph cluster to develop with and to try out, until Ctrl-C.
import { randomBytes } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildClass, CephCluster, missingPrograms } from '../test/support/ceph-cluster.js';

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: join(tmpdir(), `skyhook-ceph-${randomBytes(3).toString('hex')}`) },
    osds: { type: 'string', default: '3' },
    copies: { type: 'string', default: '2' },
    /** Pools to make; one that starts with `ec-` is erasure-coded. */
    pool: { type: 'string', multiple: true, default: ['skyhook'] },
    /** A file that is written when all is up; for programs that start this one. */
    ready: { type: 'string' },
    /** The class with what tests alone need. */
    'test-methods': { type: 'boolean', default: false },
    /** The cluster ends with this process. */
    'until-pid': { type: 'string' },
  },
});

const missing = missingPrograms();
if (missing.length > 0) {
  console.error(`Ceph is not installed here (missing: ${missing.join(', ')}).`);
  console.error('Debian: apt-get install --no-install-recommends ceph-mon ceph-osd ceph-mgr ceph-common librados2');
  process.exit(1);
}

let ending = false;
async function start(): Promise<CephCluster> {
  const classFolder = await buildClass({ testMethods: values['test-methods'] });
  if (classFolder === undefined) {
    console.warn(
      'The class "skyhook" is not installed in this cluster: building it needs g++, rados-objclass-dev and libradospp-dev.',
    );
  }
  return CephCluster.start(values.folder, {
    osds: Number(values.osds),
    copies: Number(values.copies),
    ...(classFolder !== undefined && { classFolder }),
  });
}
const starting = start();
async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  await starting.then((cluster) => cluster.stop()).catch(() => undefined);
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));
const parent = values['until-pid'];
if (parent !== undefined)
  setInterval(() => {
    try {
      process.kill(Number(parent), 0);
    } catch {
      void end(0);
    }
  }, 500);

/** Whole at once, for who waits for it. */
function ready(answer: { readonly conf: string } | { readonly failed: string }): void {
  if (values.ready === undefined) return;
  writeFileSync(`${values.ready}.new`, JSON.stringify(answer));
  renameSync(`${values.ready}.new`, values.ready);
}

try {
  const cluster = await starting;
  for (const pool of values.pool) await cluster.createPool(pool, { erasureCoded: pool.startsWith('ec-') });
  ready({ conf: cluster.conf });
  console.log(`A Ceph cluster of ${values.osds} storage daemons runs in ${values.folder}. Ctrl-C ends it and takes it away.

  export CEPH_CONF=${cluster.conf}
  ceph -s
  npm run skyhook -- --store rados://${values.pool[0]} ingest aod samples/events.root
  npm run skyhook -- --store rados://${values.pool[0]} query 'SELECT count(*) FROM aod."Events"'`);
  setInterval(() => {}, 2 ** 30);
} catch (error) {
  console.error(error);
  ready({ failed: String(error) });
  await end(1);
}
