#!/usr/bin/env node
// The command line: `skyhook ingest | query | explain | ls | describe | drop | gc`.
import { once } from 'node:events';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { DiagnosticError, fail, printDiagnostic, suggest } from '../core/index.js';
import { Database, defaultStore, type QueryResult } from '../session/index.js';
import { describeDataset, listDatasets } from './catalog-commands.js';
import { type Format, formats, type Output, writeResult } from './output.js';
import { printBytes, progressBar } from './progress.js';

/** 0 done, 1 the statement or data was at fault, 2 the command line was, 130 interrupted. */
const exitCodes = { failure: 1, usage: 2, interrupted: 130 } as const;

const standardOutput: Output = {
  width: process.stdout.isTTY ? process.stdout.columns : undefined,
  async write(chunk) {
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
  },
};

interface StoreOption {
  readonly store: string;
}
interface QueryFlags extends StoreOption {
  readonly dataset?: string;
  readonly file?: string;
  readonly format: Format;
  readonly pushdown: 'auto' | 'on' | 'off';
  readonly analyze?: boolean;
  readonly verbose?: boolean;
}

const interruption = new AbortController();

async function withDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await Database.open(url);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** `text` stands in messages about places; kept for the printer at the bottom. */
let statement: { text: string; door: string } = { text: '', door: 'query' };

async function runText(database: Database, text: string, flags: QueryFlags): Promise<QueryResult> {
  const session = database.session({ pushdown: flags.pushdown });
  const options = { signal: interruption.signal };
  if (flags.dataset === undefined) {
    if (flags.file !== undefined) throw fail('invalid_parameter_value', '--file goes with --dataset');
    statement = { text, door: 'sql' };
    return session.sql(text, options);
  }
  statement = { text, door: 'query' };
  const snapshot = await database.catalog.dataset(flags.dataset);
  if (flags.file === undefined) return session.native(text, { dataset: snapshot.name }, options);
  const wanted = flags.file;
  const file = snapshot.files.find((f) => f.source === wanted || f.name === wanted || String(f.ordinal) === wanted);
  if (!file) {
    const near = suggest(
      wanted,
      snapshot.files.map((f) => f.name),
    );
    throw fail(
      'undefined_file',
      `dataset "${snapshot.name}" has no file "${wanted}"`,
      near === undefined ? {} : { hint: `perhaps "${near}"?` },
    );
  }
  return session.native(text, { dataset: snapshot.name, file: file.ordinal }, options);
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('A whole number from 1 is expected.');
  return value;
}

const program = new Command('skyhook')
  .description('Query ROOT data where it lies: ingest once, ask in native query strings or in SQL.')
  .option(
    '-s, --store <url>',
    'where datasets are kept: file:PATH or memory:',
    process.env.SKYHOOK_STORE ?? defaultStore,
  )
  .showHelpAfterError('(skyhook --help shows what there is)')
  .exitOverride()
  .addHelpText(
    'after',
    `
Examples:
  $ skyhook ingest aod samples/events.root
  $ skyhook query --dataset aod 'select event_id>5, project Events;75.Muon_phi'
  $ skyhook query 'select "nMuon", count(*) from aod."Events" group by 1 order by 1'
  $ skyhook explain 'select "MET_pt" from aod."Events" where list_any("Muon_pt" > 50)'
  $ skyhook query --format csv 'select * from aod."Events" limit 10' > events.csv

SKYHOOK_STORE names the store where --store does not.`,
  );

const store = (command: Command): string => (command.optsWithGlobals() as StoreOption).store;

program
  .command('ingest')
  .description('read ROOT files into a dataset; the files themselves are only read')
  .argument('<dataset>', 'its name: the schema in SQL')
  .argument('<file...>', 'local paths or http(s) URLs')
  .option('--append', 'add the files to a dataset that exists')
  .option('--replace', 'replace the dataset, or with --append the files that are there already')
  .option('--all-cycles', 'ingest every cycle of each tree, not only the highest')
  .option('--threads <n>', 'worker threads', positive)
  .addHelpText('after', '\nExample:\n  $ skyhook ingest aod run1.root run2.root https://host/run3.root')
  .action(
    async (
      dataset: string,
      files: string[],
      flags: { append?: boolean; replace?: boolean; allCycles?: boolean; threads?: number },
      command: Command,
    ) => {
      const mode = flags.append ? (flags.replace ? 'replace-files' : 'append') : flags.replace ? 'replace' : 'create';
      const progress = progressBar();
      await withDatabase(store(command), async (database) => {
        const report = await database
          .ingest(dataset, files, {
            mode,
            ...(flags.allCycles && { allCycles: true }),
            ...(flags.threads && { threads: flags.threads }),
            signal: interruption.signal,
            onProgress: (p) => progress.update(p.bytesDone, p.bytesTotal, `${p.rowsDone} rows`),
          })
          .finally(() => progress.finish());
        for (const notice of report.notices) console.error(`notice: ${notice}`);
        for (const { tree, branch, reason } of report.refused) console.error(`left out: ${tree} ${branch}: ${reason}`);
        const rate = report.bytesRead / Math.max(report.seconds, 1e-3);
        console.log(
          `${dataset}: ${report.files} ${report.files === 1 ? 'file' : 'files'}, ${report.rows} rows, ${printBytes(report.bytesRead)} of ROOT as ${printBytes(report.bytesWritten)} of Arrow in ${report.seconds.toFixed(2)} s (${printBytes(rate)}/s)`,
        );
      });
    },
  );

const dataset = () => new Option('-d, --dataset <name>', 'ask in the native language, over this dataset');
const file = () =>
  new Option('-f, --file <name>', 'only this file of the dataset: its name, source or position from 0');
const pushdown = () =>
  new Option('--pushdown <mode>', 'let storage compute').choices(['auto', 'on', 'off']).default('auto');

program
  .command('query')
  .description('run a SQL statement, or with --dataset a native query')
  .argument('<text>')
  .addOption(dataset())
  .addOption(file())
  .addOption(new Option('--format <format>', 'how to print').choices(formats).default('table'))
  .addOption(pushdown())
  .addHelpText(
    'after',
    "\nExample:\n  $ skyhook query --dataset aod 'select list_any(Muon_pt > 20), project Events.Muon_*'",
  )
  .action(async (text: string, _flags: unknown, command: Command) => {
    const flags = command.optsWithGlobals() as QueryFlags;
    await withDatabase(flags.store, async (database) =>
      writeResult(await runText(database, text, flags), flags.format, standardOutput),
    );
  });

program
  .command('explain')
  .description('show the plan of a SQL statement, or with --dataset of a native query')
  .argument('<text>')
  .addOption(dataset())
  .addOption(file())
  .addOption(pushdown())
  .option('--analyze', 'run it and count')
  .option('--verbose', 'show the logical plan too')
  .action(async (text: string, _flags: unknown, command: Command) => {
    const flags = command.optsWithGlobals() as QueryFlags;
    await withDatabase(flags.store, async (database) => {
      const session = database.session({ pushdown: flags.pushdown });
      statement = { text, door: flags.dataset === undefined ? 'sql' : 'query' };
      const options = { analyze: flags.analyze ?? false, verbose: flags.verbose ?? false, signal: interruption.signal };
      for (const line of await session.explain(
        text,
        flags.dataset === undefined ? undefined : { dataset: flags.dataset },
        options,
      )) {
        console.log(line);
      }
    });
  });

program
  .command('ls')
  .description('list datasets, or the files and tables of one')
  .argument('[dataset]')
  .action(async (name: string | undefined, _flags: unknown, command: Command) => {
    await withDatabase(store(command), (database) => listDatasets(database, name, standardOutput));
  });

program
  .command('describe')
  .description('show the columns of a table: their types and titles')
  .argument('<table>', 'DATASET, or DATASET.TREE')
  .action(async (name: string, _flags: unknown, command: Command) => {
    await withDatabase(store(command), (database) => describeDataset(database, name, standardOutput));
  });

program
  .command('drop')
  .description('remove a dataset; `skyhook gc` frees its space')
  .argument('<dataset>')
  .action(async (name: string, _flags: unknown, command: Command) => {
    await withDatabase(store(command), (database) => database.drop(name));
    console.log(`dropped ${name}`);
  });

program
  .command('gc')
  .description('delete objects that no version in use refers to')
  .option('--grace <seconds>', 'spare versions younger than this')
  .action(async (flags: { grace?: string }, command: Command) => {
    const grace = flags.grace === undefined ? undefined : Number(flags.grace);
    if (grace !== undefined && !(grace >= 0))
      throw fail('invalid_parameter_value', `--grace takes seconds, not "${flags.grace}"`);
    const report = await withDatabase(store(command), (database) =>
      database.collectGarbage(grace === undefined ? {} : { grace: grace * 1000 }),
    );
    console.log(`${report.objectsRemoved} objects removed, ${printBytes(report.bytesFreed)} freed`);
  });

process.once('SIGINT', () => interruption.abort());
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
  else if (error instanceof DiagnosticError) {
    console.error(printDiagnostic(error.diagnostic, statement.text, statement.door));
    process.exitCode = interruption.signal.aborted ? exitCodes.interrupted : exitCodes.failure;
  } else {
    console.error('This is a bug in skyhook:', error);
    process.exitCode = exitCodes.failure;
  }
}
