// The command line's commands and options, without running anything.
import { Command } from 'commander';
import { examples } from './command-context.js';
import { addCatalogCommands } from './commands/catalog-commands.js';
import { addCephCommand } from './commands/ceph-commands.js';
import { addCompletionCommand } from './commands/completion-command.js';
import { addIngestCommand } from './commands/ingest-command.js';
import { addExplainCommand, addQueryCommand } from './commands/query-commands.js';
import { addPasswdCommand, addServeCommand } from './commands/serve-command.js';
import { addShellCommand } from './commands/shell-command.js';

/** As `Database.open` has it; repeated here because help must not load the engine. */
const defaultStore = 'file:./.skyhook';

export function makeProgram(): Command {
  const program = new Command('skyhook')
    .description('Query ROOT data where it lies: ingest once, ask in native query strings or in SQL.')
    .option(
      '-s, --store <url>',
      'where datasets are kept: file:PATH, rados://POOL or memory:',
      process.env.SKYHOOK_STORE ?? defaultStore,
    )
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(skyhook --help shows what there is)')
    .exitOverride()
    .addHelpText(
      'after',
      `${examples(
        'skyhook ingest aod samples/events.root',
        `skyhook query --dataset aod 'select event_id>5, project Events;75.Muon_phi'`,
        `skyhook query 'select "nMuon", count(*) from aod."Events" group by 1 order by 1'`,
        `skyhook explain 'select "MET_pt" from aod."Events" where list_any("Muon_pt" > 50)'`,
        `skyhook query --format csv 'select * from aod."Events" limit 10' > events.csv`,
      )}

SKYHOOK_STORE names the store where --store does not.
Exit codes: 0 done, 1 the statement or the data was at fault, 2 the command line was, 130 interrupted.`,
    );
  addIngestCommand(program);
  addQueryCommand(program);
  addExplainCommand(program);
  addCatalogCommands(program);
  addCephCommand(program);
  addServeCommand(program);
  addPasswdCommand(program);
  addShellCommand(program);
  addCompletionCommand(program);
  for (const command of program.commands)
    command.showHelpAfterError(`(skyhook ${command.name()} --help shows what it takes)`);
  return program;
}
