// A private Ceph cluster on this machine, of Debian's packages: one monitor, one manager, storage daemons; all in one folder, on
// loopback, gone afterwards. For tests, benchmarks and `npm run ceph:dev`.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, openSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const neededPrograms = [
  'ceph',
  'ceph-authtool',
  'ceph-mon',
  'ceph-mgr',
  'ceph-osd',
  'monmaptool',
  'rados',
] as const;

/** What of Ceph is not installed here. */
export function missingPrograms(): string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return neededPrograms.filter((program) => !folders.some((folder) => existsSync(join(folder, program))));
}

const kernel = fileURLToPath(new URL('../../kernel/cls/', import.meta.url));

/**
 * Builds the object class, if it is not there, and returns its folder; `undefined` where what is needed for that is not installed.
 * @param testMethods with what tests alone need: an object can make the class sleep
 */
export async function buildClass({ testMethods = false } = {}): Promise<string | undefined> {
  if (!existsSync('/usr/include/rados/objclass.h') || !existsSync('/usr/include/rados/buffer.h')) return undefined;
  const folder = join(kernel, 'build', testMethods ? 'test' : 'release');
  const flags = testMethods ? ['--test-methods'] : [];
  await run(join(kernel, 'build.sh'), [join(folder, 'libcls_skyhook.so'), ...flags], { timeout: 300_000 });
  return folder;
}

export interface ClusterOptions {
  readonly osds?: number;
  readonly objectStore?: 'bluestore' | 'memstore';
  /** Copies of an object in a new pool. */
  readonly copies?: number;
  /** The daemon that counts what is stored; quotas need it. */
  readonly manager?: boolean;
  /** Where `libcls_skyhook.so` is; Ceph's own classes are not loaded then. */
  readonly classFolder?: string;
  /** Lines for ceph.conf. */
  readonly settings?: Readonly<Record<string, string>>;
}

export class CephCluster {
  readonly conf: string;
  readonly #daemons = new Map<string, ChildProcess>();
  readonly #osds: number;

  private constructor(
    readonly folder: string,
    private readonly options: ClusterOptions,
  ) {
    this.conf = join(folder, 'ceph.conf');
    this.#osds = options.osds ?? 3;
  }

  /** `folder` is made; it must be short, for sockets have their names in it. */
  static async start(folder: string, options: ClusterOptions = {}): Promise<CephCluster> {
    const cluster = new CephCluster(folder, options);
    try {
      await cluster.#make();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Runs Ceph's command line. */
  async ceph(...args: string[]): Promise<string> {
    return (await run('ceph', ['-c', this.conf, '--connect-timeout', '30', ...args], { timeout: 200_000 })).stdout;
  }

  /** What a daemon itself says to a command, over its own socket: `perf dump`, `injectdataerr`. */
  async ask(name: string, prefix: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const socket = connect(join(this.folder, `${name}.${this.daemon(name).pid}.asok`));
    socket.write(`${JSON.stringify({ prefix, format: 'json', ...parameters })}\0`);
    const parts: Buffer[] = [];
    for await (const part of socket) parts.push(part as Buffer);
    // Behind its length.
    const answer = Buffer.concat(parts).subarray(4).toString();
    try {
      return JSON.parse(answer);
    } catch {
      return answer;
    }
  }

  /** A daemon's process: `mon.a`, `mgr.x`, `osd.0`. */
  daemon(name: string): ChildProcess {
    return this.#daemons.get(name)!;
  }

  async kill(name: string, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const daemon = this.#daemons.get(name);
    this.#daemons.delete(name);
    if (!daemon || daemon.exitCode !== null || daemon.signalCode !== null) return;
    const gone = new Promise((resolve) => daemon.once('exit', resolve));
    daemon.kill(signal);
    await gone;
  }

  /** A daemon that was killed, again. */
  startDaemon(name: string): void {
    const [kind, id] = name.split('.') as [string, string];
    const log = openSync(join(this.folder, `${name}.out`), 'a');
    const daemon = spawn(`ceph-${kind}`, ['-f', '-i', id, '-c', this.conf], { stdio: ['ignore', log, log] });
    this.#daemons.set(name, daemon);
  }

  /** Makes a pool and waits until it takes objects. */
  async createPool(name: string, { erasureCoded = false } = {}): Promise<void> {
    if (erasureCoded) {
      const profile = ['k=2', 'm=1', 'crush-failure-domain=osd'];
      await this.ceph('osd', 'erasure-code-profile', 'set', 'small', ...profile, '--force');
      await this.ceph('osd', 'pool', 'create', name, '8', '8', 'erasure', 'small');
    } else await this.ceph('osd', 'pool', 'create', name, '16');
    await this.ceph('osd', 'pool', 'application', 'enable', name, 'skyhook');
    const probe = ['-c', this.conf, '-p', name, 'create', 'probe'];
    await run('rados', probe, { timeout: 200_000 });
    await run('rados', ['-c', this.conf, '-p', name, 'rm', 'probe'], { timeout: 200_000 });
  }

  /** Ends the daemons, and takes everything away. */
  async stop(): Promise<void> {
    await Promise.all([...this.#daemons.keys()].map((name) => this.kill(name)));
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #make(): Promise<void> {
    const { folder } = this;
    await mkdir(folder, { recursive: true });
    const [port, oldPort] = await freePorts();
    const address = `[v2:127.0.0.1:${port},v1:127.0.0.1:${oldPort}]`;
    const id = randomUUID();
    await writeFile(this.conf, this.#configuration(id, address));
    const keyring = join(folder, 'keyring');
    const authtool = (...args: string[]) => run('ceph-authtool', [keyring, ...args]);
    await authtool('--create-keyring', '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *');
    const all = ['mon', 'osd', 'mgr'].flatMap((daemon) => ['--cap', daemon, 'allow *']);
    await authtool('--gen-key', '-n', 'client.admin', ...all);
    await authtool('--gen-key', '-n', 'mgr.x', '--cap', 'mon', 'allow profile mgr', '--cap', 'osd', 'allow *');
    const map = join(folder, 'monmap');
    await run('monmaptool', ['--create', '--addv', 'a', address, '--fsid', id, map]);
    await run('ceph-mon', ['-c', this.conf, '--mkfs', '-i', 'a', '--monmap', map, '--keyring', keyring]);
    this.startDaemon('mon.a');
    if (this.options.manager ?? true) {
      await mkdir(join(folder, 'mgr.x'));
      this.startDaemon('mgr.x');
    }
    // Numbers are given out in order.
    for (let osd = 0; osd < this.#osds; osd++) await this.#makeOsd(osd, keyring);
    await Promise.all(Array.from({ length: this.#osds }, (_, osd) => this.#startOsd(osd)));
  }

  async #makeOsd(osd: number, keyring: string): Promise<void> {
    const key = (await run('ceph-authtool', ['--gen-print-key'])).stdout.trim();
    const secrets = join(this.folder, `osd.${osd}.secrets`);
    await writeFile(secrets, JSON.stringify({ cephx_secret: key }));
    const uuid = randomUUID();
    await writeFile(join(this.folder, `osd.${osd}.uuid`), uuid);
    const given = (await this.ceph('osd', 'new', uuid, '-i', secrets)).trim();
    if (given !== String(osd)) throw new Error(`the monitor calls osd.${osd} osd.${given}`);
    const caps = { mon: 'allow profile osd', osd: 'allow *', mgr: 'allow profile osd' };
    const args = Object.entries(caps).flatMap(([daemon, cap]) => ['--cap', daemon, cap]);
    await run('ceph-authtool', [keyring, '-n', `osd.${osd}`, '--add-key', key, ...args]);
  }

  async #startOsd(osd: number): Promise<void> {
    await mkdir(join(this.folder, `osd.${osd}`));
    const uuid = await readFile(join(this.folder, `osd.${osd}.uuid`), 'utf8');
    await run('ceph-osd', ['-c', this.conf, '-i', String(osd), '--mkfs', '--osd-uuid', uuid], { timeout: 200_000 });
    this.startDaemon(`osd.${osd}`);
  }

  #configuration(id: string, address: string): string {
    const { folder } = this;
    const settings: Record<string, string> = {
      fsid: id,
      'mon host': address.slice(1, -1),
      'auth cluster required': 'cephx',
      'auth service required': 'cephx',
      'auth client required': 'cephx',
      'auth allow insecure global id reclaim': 'false',
      'ms bind ip': '127.0.0.1',
      'run dir': folder,
      'admin socket': `${folder}/$name.$pid.asok`,
      'log file': `${folder}/$name.log`,
      'mon data': `${folder}/mon.$id`,
      'osd data': `${folder}/osd.$id`,
      'mgr data': `${folder}/mgr.$id`,
      keyring: `${folder}/keyring`,
      'mon allow pool delete': 'true',
      'mon allow pool size one': 'true',
      'mon warn on pool no redundancy': 'false',
      'mon data avail crit': '1',
      'mon data avail warn': '2',
      'osd crush chooseleaf type': '0',
      'osd pool default size': String(this.options.copies ?? 2),
      'osd pool default min size': '1',
      'osd pool default pg autoscale mode': 'off',
      'osd objectstore': this.options.objectStore ?? 'bluestore',
      'osd memory target': '939524096',
      // What daemons tell one another every few seconds, to spare large clusters, is waited for here.
      'paxos propose interval': '0.1',
      'mgr stats period': '1',
      'mgr tick period': '1',
      'osd mon report interval': '1',
      'osd heartbeat interval': '2',
      // Tests ask what was done with an object.
      'osd op history duration': '60',
      'osd op history size': '20000',
      // A disk that turns would be spared between two objects.
      'osd recovery sleep': '0.001',
      'osd recovery sleep hdd': '0',
      'memstore device bytes': '4294967296',
      // A sparse file.
      'bluestore block size': '8589934592',
      ...(this.options.classFolder !== undefined && { 'osd class dir': this.options.classFolder }),
      'osd class load list': '*',
      'osd class default list': '*',
      ...this.options.settings,
    };
    return `[global]\n${Object.entries(settings)
      .map(([key, value]) => `${key} = ${value}\n`)
      .join('')}`;
  }
}

/** Two that nobody listens on. Taken together, so that they differ. */
async function freePorts(): Promise<number[]> {
  const servers = [0, 1].map(() => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            if (address && typeof address === 'object') resolve(address.port);
            else reject(new Error('no port'));
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}
