// `skyhook query` and `skyhook explain`.
import { text as readAll } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import { fail } from '../../core/index.js';
import type { NativeTarget, Session } from '../../session/index.js';
import { examples, interruption, setStatement, withDatabase } from '../command-context.js';
import { type Format, formats, standardOutput, writeResult } from '../output/index.js';

interface StatementFlags {
  readonly dataset?: string;
  readonly file?: string;
  readonly pushdown: 'auto' | 'on' | 'off';
}
interface QueryFlags extends StatementFlags {
  readonly format: Format;
  readonly expanded?: boolean;
}
interface ExplainFlags extends StatementFlags {
  readonly analyze?: boolean;
  readonly verbose?: boolean;
}

/** The statement itself, or with `-` what standard input holds. */
async function statementText(argument: string, flags: StatementFlags): Promise<string> {
  const text = argument === '-' ? await readAll(process.stdin) : argument;
  setStatement(text, flags.dataset === undefined ? 'sql' : 'query');
  return text;
}

/** Where a native query goes; undefined for SQL. */
function nativeTarget({ dataset, file }: StatementFlags): NativeTarget | undefined {
  if (dataset !== undefined) return { dataset, ...(file !== undefined && { file }) };
  if (file !== undefined) throw fail('invalid_parameter_value', '--file goes with --dataset');
  return undefined;
}

const statement = (command: Command): Command =>
  command
    .argument('<text>', 'the statement, or - to read it from standard input')
    .option('-d, --dataset <name>', 'ask in the native language, over this dataset')
    .option('-f, --file <name>', 'only this file of the dataset: its name, source or position from 0')
    .addOption(new Option('--pushdown <mode>', 'let storage compute').choices(['auto', 'on', 'off']).default('auto'));

export function addQueryCommand(program: Command): void {
  statement(program.command('query').description('run a SQL statement, or with --dataset a native query'))
    .addOption(new Option('--format <format>', 'how to print').choices(formats).default('table'))
    .option('-x, --expanded', 'a record per row, a line per column')
    .addHelpText(
      'after',
      examples(
        `skyhook query --dataset aod 'select event_id>5, project Events;75.Muon_phi'`,
        `skyhook query --dataset aod 'select list_any(Muon_pt > 20), project Events.Muon_*'`,
        `skyhook query 'select "nMuon", count(*) from aod."Events" group by 1 order by 1'`,
        `skyhook query --format csv - < report.sql > report.csv`,
        `skyhook query 'copy mine.t from stdin csv header' < t.csv`,
      ),
    )
    .action(async (argument: string, flags: QueryFlags, command: Command) => {
      const text = await statementText(argument, flags);
      await withDatabase(command, async (database) => {
        const session = database.session({ pushdown: flags.pushdown });
        session.onNotice = ({ severity, message }) => console.error(`${severity.toLowerCase()}: ${message}`);
        const options = { signal: interruption.signal };
        const target = nativeTarget(flags);
        const [copy, ...others] = target ? [] : session.parse(text);
        if (copy?.kind === 'copy' && others.length === 0) return runCopy(session, text, copy.direction);
        const result = target ? await session.native(text, target, options) : await session.sql(text, options);
        await writeResult(result, flags.format, standardOutput, { expanded: flags.expanded });
      });
    });
}

/** COPY reads standard input, or writes standard output. */
async function runCopy(session: Session, text: string, direction: 'from' | 'to'): Promise<void> {
  if (direction === 'from') {
    await standardOutput.write(`${await session.copyIn(text, standardInput())}\n`);
    return;
  }
  const { bytes } = await session.copyOut(text);
  for await (const chunk of bytes) {
    if (interruption.signal.aborted) throw canceled();
    await standardOutput.write(chunk);
  }
}

const canceled = () => fail('query_canceled', 'canceling statement due to user request');

async function* standardInput(): AsyncGenerator<Uint8Array> {
  const { signal } = interruption;
  const stop = () => process.stdin.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    yield* process.stdin as AsyncIterable<Buffer>;
  } catch (error) {
    throw signal.aborted ? canceled() : error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  if (signal.aborted) throw canceled();
}

export function addExplainCommand(program: Command): void {
  statement(
    program.command('explain').description('show the plan of a SQL statement, or with --dataset of a native query'),
  )
    .option('--analyze', 'run it, and count rows, bytes and time')
    .option('--verbose', 'show the logical plan too')
    .addHelpText(
      'after',
      examples(
        `skyhook explain 'select "MET_pt" from aod."Events" where list_any("Muon_pt" > 50)'`,
        `skyhook explain --analyze --dataset aod 'select event_id>5, project Events;75.Muon_phi'`,
      ),
    )
    .action(async (argument: string, flags: ExplainFlags, command: Command) => {
      const text = await statementText(argument, flags);
      await withDatabase(command, async (database) => {
        const session = database.session({ pushdown: flags.pushdown });
        const { analyze = false, verbose = false } = flags;
        const lines = await session.explain(text, nativeTarget(flags), {
          analyze,
          verbose,
          signal: interruption.signal,
        });
        for (const line of lines) console.log(line);
      });
    });
}
