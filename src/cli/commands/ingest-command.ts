// `skyhook ingest`.
import { type Command, InvalidArgumentError } from 'commander';
import { examples, interruption, withDatabase } from '../command-context.js';
import { printBytes, progressBar } from '../progress.js';

interface IngestFlags {
  readonly append?: boolean;
  readonly replace?: boolean;
  readonly allCycles?: boolean;
  readonly threads?: number;
  readonly memory?: number;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('A whole number from 1 is expected.');
  return value;
}

/** `512MB`, `1GiB`, or plain bytes. */
export function parseBytes(text: string): number {
  const [, digits, prefix = '', binary] = /^\s*(\d+(?:\.\d+)?)\s*(?:([kmgt]?)(i)?b?)\s*$/i.exec(text) ?? [];
  const power = ['', 'k', 'm', 'g', 't'].indexOf(prefix.toLowerCase());
  const bytes = digits === undefined ? 0 : Math.round(Number(digits) * (binary ? 1024 : 1000) ** power);
  if (bytes <= 0) throw new InvalidArgumentError('A size is expected, as 512MB or 1GiB.');
  return bytes;
}

export function addIngestCommand(program: Command): void {
  program
    .command('ingest')
    .description('read ROOT files into a dataset; the files themselves are only read')
    .argument('<dataset>', 'its name: the schema in SQL')
    .argument('<file...>', 'local paths or http(s) URLs')
    .option('--append', 'add the files to a dataset that exists')
    .option('--replace', 'replace the dataset, or with --append the files that are there already')
    .option('--all-cycles', 'ingest every cycle of each tree, not only the highest')
    .option('--threads <n>', 'worker threads', positive)
    .option('--memory <size>', 'memory that reading may add, as 512MB or 1GiB (1GiB by default)', parseBytes)
    .addHelpText(
      'after',
      examples(
        'skyhook ingest aod samples/events.root',
        'skyhook ingest aod --append run2.root https://host/run3.root',
        'skyhook ingest aod --replace --memory 512MB run1.root',
      ),
    )
    .action(async (dataset: string, files: string[], flags: IngestFlags, command: Command) => {
      const mode = flags.append ? (flags.replace ? 'replace-files' : 'append') : flags.replace ? 'replace' : 'create';
      const progress = progressBar();
      await withDatabase(command, async (database) => {
        const report = await database
          .ingest(dataset, files, {
            mode,
            ...(flags.allCycles && { allCycles: true }),
            ...(flags.threads && { threads: flags.threads }),
            signal: interruption.signal,
            ...(flags.memory && { memoryBudget: flags.memory }),
            onProgress: progress.update,
          })
          .finally(() => progress.finish());
        for (const notice of report.notices) console.error(`notice: ${notice}`);
        for (const { tree, branch, reason } of report.refused) console.error(`left out: ${tree} ${branch}: ${reason}`);
        const rate = report.bytesRead / Math.max(report.seconds, 1e-3);
        console.log(
          `${dataset}: ${report.files} ${report.files === 1 ? 'file' : 'files'}, ${report.rows} rows, ${printBytes(report.bytesRead)} of ROOT as ${printBytes(report.bytesWritten)} of Arrow in ${report.seconds.toFixed(2)} s (${printBytes(rate)}/s)`,
        );
      });
    });
}
