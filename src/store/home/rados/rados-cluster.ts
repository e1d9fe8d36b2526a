// A connection to a Ceph cluster: configuration and key as Ceph's own tools find them, and commands to the monitors.
import { type Handle, type HandleOut, type Librados, loadLibrados } from './librados.js';
import type { RadosAddress } from './rados-address.js';
import { connectFailure, noConfiguration, RadosError } from './rados-failure.js';

/** Seconds until an operation fails, where neither the address nor ceph.conf says. A storage daemon that dies is noticed in some 25. */
const defaultTimeout = 60;
/** Seconds to find a monitor; librados would take 300. */
const defaultConnectTimeout = 30;

export class RadosCluster {
  private constructor(
    readonly lib: Librados,
    readonly handle: Handle,
    /** Seconds until an operation fails; 0 waits for ever. */
    readonly timeout: number,
  ) {}

  /** @throws DiagnosticError where librados, configuration, key or monitors are missing */
  static async open(address: RadosAddress): Promise<RadosCluster> {
    const lib = await loadLibrados();
    const { conf, id, keyring } = address;
    const out: HandleOut = [0];
    const made = lib.create2(out, address.cluster, `client.${id}`, 0);
    if (made < 0) throw connectFailure(-made, address, 0);
    const [cluster] = out;
    try {
      // What librados has to say comes as our error.
      for (const option of ['log_to_stderr', 'err_to_stderr']) lib.conf_set(cluster, option, 'false');
      const read = lib.conf_read_file(cluster, conf ?? null);
      if (read < 0) throw noConfiguration(conf, -read);
      lib.conf_parse_env(cluster, null);
      if (keyring !== undefined) lib.conf_set(cluster, 'keyring', keyring);
      const asConfigured = (option: string) => {
        const value = new Uint8Array(64);
        const code = lib.conf_get(cluster, option, value, value.length);
        return code < 0 ? 0 : Number.parseFloat(new TextDecoder().decode(value));
      };
      const timeout = address.timeout ?? (asConfigured('rados_osd_op_timeout') || defaultTimeout);
      lib.conf_set(cluster, 'rados_osd_op_timeout', String(timeout));
      if (!asConfigured('rados_mon_op_timeout')) lib.conf_set(cluster, 'rados_mon_op_timeout', String(timeout));
      let toConnect = asConfigured('client_mount_timeout');
      if (toConnect === 0 || toConnect >= 300) {
        toConnect = address.timeout ? Math.min(address.timeout, defaultConnectTimeout) : defaultConnectTimeout;
        lib.conf_set(cluster, 'client_mount_timeout', String(toConnect));
      }
      const code = await lib.connect(cluster);
      if (code < 0) throw connectFailure(-code, address, toConnect);
      return new RadosCluster(lib, cluster, timeout);
    } catch (error) {
      await lib.shutdown(cluster);
      throw error;
    }
  }

  /** The answer of the monitors to a command, as JSON. @throws RadosError */
  async monitorCommand(command: Readonly<Record<string, unknown>>): Promise<unknown> {
    const [output, length, status, statusLength]: [HandleOut, HandleOut, HandleOut, HandleOut] = [[0], [0], [0], [0]];
    const text = JSON.stringify({ format: 'json', ...command });
    const nothing = new Uint8Array(1);
    const code = await this.lib.mon_command(this.handle, [text], 1, nothing, 0, output, length, status, statusLength);
    const taken = (buffer: HandleOut, bytes: HandleOut): string => {
      if (Number(buffer[0]) === 0) return '';
      const text = new TextDecoder().decode(this.lib.copyOf(buffer[0], Number(bytes[0])));
      this.lib.buffer_free(buffer[0]);
      return text;
    };
    const answer = taken(output, length);
    const said = taken(status, statusLength);
    if (code < 0) throw new RadosError(-code, said);
    return answer === '' ? undefined : JSON.parse(answer);
  }

  async close(): Promise<void> {
    await this.lib.shutdown(this.handle);
  }
}
