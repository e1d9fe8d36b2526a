// `skyhook ls`, `describe`, `drop` and `gc`.
import { type Command, InvalidArgumentError } from 'commander';
import { fail, printSqlType, suggest } from '../../core/index.js';
import type { Database } from '../../session/index.js';
import { examples, withDatabase } from '../command-context.js';
import { type Output, standardOutput } from '../output/index.js';
import { printBytes } from '../progress.js';

/** Columns padded to their widest cell. */
async function print(rows: readonly (readonly string[])[], out: Output): Promise<void> {
  const widths: number[] = [];
  for (const row of rows) for (const [i, text] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, text.length);
  for (const row of rows)
    await out.write(
      `${row
        .map((text, i) => text.padEnd(widths[i]!))
        .join('  ')
        .trimEnd()}\n`,
    );
}

const tableName = (table: { path: string; cycle: number | undefined }): string =>
  table.cycle === undefined ? table.path : `${table.path};${table.cycle}`;

export async function listDatasets(database: Database, name: string | undefined, out: Output): Promise<void> {
  const { catalog } = database;
  if (name !== undefined) {
    const dataset = await catalog.dataset(name);
    await print(
      [['FILE', 'SIZE', 'SOURCE'], ...dataset.files.map((f) => [f.name, printBytes(f.bytes), f.source])],
      out,
    );
    await out.write('\n');
    const tables = dataset.tables.map((t) => [
      tableName(t),
      String(t.rows),
      String(t.columns.length),
      String(t.partitionCount),
      t.title,
    ]);
    await print([['TABLE', 'ROWS', 'COLUMNS', 'PARTITIONS', 'TITLE'], ...tables], out);
    return;
  }
  const names = await catalog.datasetNames();
  if (names.length === 0) {
    await out.write('no datasets yet: skyhook ingest DATASET FILE…\n');
    return;
  }
  const rows = [['DATASET', 'FILES', 'SIZE', 'TABLES']];
  for (const each of names) {
    const dataset = await catalog.dataset(each);
    const bytes = dataset.files.reduce((sum, f) => sum + f.bytes, 0);
    const tables = dataset.tables.filter((t) => t.cycle === undefined).map((t) => t.path);
    rows.push([each, String(dataset.files.length), printBytes(bytes), tables.join(', ')]);
  }
  await print(rows, out);
}

export async function describeDataset(database: Database, name: string, out: Output): Promise<void> {
  const { catalog } = database;
  const names = await catalog.datasetNames();
  // Dataset names may hold dots, so the longest one that fits counts.
  const owner = names.filter((n) => name === n || name.startsWith(`${n}.`)).sort((a, b) => b.length - a.length)[0];
  const dataset = await catalog.dataset(owner ?? name);
  const tree = owner === undefined ? '' : name.slice(owner.length + 1);
  const tables = dataset.tables.filter((t) => (tree === '' ? t.cycle === undefined : tableName(t) === tree));
  if (tables.length === 0) {
    const near = suggest(tree, dataset.tables.map(tableName));
    throw fail(
      'undefined_table',
      `dataset "${dataset.name}" has no table "${tree}"`,
      near === undefined ? {} : { hint: `perhaps "${near}"?` },
    );
  }
  for (const table of tables) {
    await out.write(
      `${dataset.name}."${tableName(table)}": ${table.rows} rows in ${table.files.length} ${table.files.length === 1 ? 'file' : 'files'}${table.title ? `, ${table.title}` : ''}\n`,
    );
    await print(
      [['COLUMN', 'TYPE', 'TITLE'], ...table.columns.map((c) => [c.name, printSqlType(c.type), c.title])],
      out,
    );
  }
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new InvalidArgumentError('Seconds are expected.');
  return value;
}

export function addCatalogCommands(program: Command): void {
  program
    .command('ls')
    .description('list datasets, or the files and tables of one')
    .argument('[dataset]')
    .addHelpText('after', examples('skyhook ls', 'skyhook ls aod'))
    .action((name: string | undefined, _flags: unknown, command: Command) =>
      withDatabase(command, (database) => listDatasets(database, name, standardOutput)),
    );
  program
    .command('describe')
    .description('show the columns of a table: their types and titles')
    .argument('<table>', 'DATASET, or DATASET.TREE')
    .addHelpText('after', examples('skyhook describe aod', "skyhook describe 'aod.Events;75'"))
    .action((name: string, _flags: unknown, command: Command) =>
      withDatabase(command, (database) => describeDataset(database, name, standardOutput)),
    );
  program
    .command('drop')
    .description('remove a dataset; `skyhook gc` frees its space')
    .argument('<dataset>')
    .addHelpText('after', examples('skyhook drop aod'))
    .action(async (name: string, _flags: unknown, command: Command) => {
      await withDatabase(command, (database) => database.drop(name));
      console.log(`dropped ${name}; its space is freed by: skyhook gc`);
    });
  program
    .command('gc')
    .description('delete objects that no version in use refers to')
    .option('--grace <seconds>', 'spare versions younger than this (an hour by default)', seconds)
    .addHelpText('after', examples('skyhook gc', 'skyhook gc --grace 0'))
    .action(async (flags: { readonly grace?: number }, command: Command) => {
      const report = await withDatabase(command, (database) =>
        database.collectGarbage(flags.grace === undefined ? {} : { grace: flags.grace * 1000 }),
      );
      console.log(`${report.objectsRemoved} objects removed, ${printBytes(report.bytesFreed)} freed`);
    });
}
