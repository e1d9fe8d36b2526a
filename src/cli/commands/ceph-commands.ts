// `skyhook ceph check` and `skyhook ceph init`: for those who run the cluster.
import { type Command, InvalidArgumentError } from 'commander';
import { fail } from '../../core/index.js';
import { examples, exitCodes } from '../command-context.js';
import { standardOutput } from '../output/index.js';

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('A number is expected.');
  return value;
}

const marks = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ' } as const;

/** The argument, or the store of the command line. */
function addressOf(command: Command, given: string | undefined): string {
  const url = given ?? (command.optsWithGlobals() as { readonly store: string }).store;
  if (/^rados:/i.test(url)) return url;
  throw fail('invalid_parameter_value', `"${url}" is no pool of a Ceph cluster`, {
    hint: 'name one: rados://POOL, rados://POOL/NAMESPACE?id=USER',
  });
}

export function addCephCommand(program: Command): void {
  const ceph = program.command('ceph').description('look after datasets in a Ceph cluster');
  ceph
    .command('check [pool]')
    .description('say whether a pool can hold datasets, and whether its storage daemons run parts of queries')
    .addHelpText(
      'after',
      examples('skyhook ceph check rados://skyhook', "skyhook ceph check 'rados://skyhook?id=analysis'"),
    )
    .action(async (given: string | undefined, _: unknown, command: Command) => {
      const { checkPool } = await import('../../session/index.js');
      for await (const { state, what, hint } of checkPool(addressOf(command, given))) {
        await standardOutput.write(`${marks[state]} ${what}\n`);
        if (hint !== undefined) await standardOutput.write(`        = hint: ${hint}\n`);
        if (state === 'failed') process.exitCode = exitCodes.failure;
      }
    });
  ceph
    .command('init [pool]')
    .description('make a pool for datasets, and a key that may use it')
    .option('--copies <n>', "copies of each object (by default the cluster's)", count)
    .option('--pgs <n>', "placement groups (by default the cluster's)", count)
    .option('--user <name>', 'make client.NAME, with rights on the pool alone')
    .option('--read-only', 'that key may query, not ingest')
    .option('--keyring <path>', 'write that key to a file')
    .addHelpText(
      'after',
      examples('skyhook ceph init rados://skyhook --user skyhook --keyring /etc/ceph/ceph.client.skyhook.keyring'),
    )
    .action(async (given: string | undefined, options: Record<string, unknown>, command: Command) => {
      const { initPool } = await import('../../session/index.js');
      const { copies, pgs, user, readOnly, keyring } = options as {
        readonly copies?: number;
        readonly pgs?: number;
        readonly user?: string;
        readonly readOnly?: boolean;
        readonly keyring?: string;
      };
      if (user === undefined && (readOnly || keyring !== undefined))
        throw fail('invalid_parameter_value', '--read-only and --keyring are about a key: --user says whose');
      const done = initPool(addressOf(command, given), { copies, placementGroups: pgs, user, readOnly, keyring });
      for await (const line of done) await standardOutput.write(`${line}\n`);
    });
}
