// `skyhook completion SHELL`, and the hidden command that its scripts ask.
import { Argument, type Command } from 'commander';
import { examples, withDatabase } from '../command-context.js';
import { candidates, type StoreNames, shellScripts } from '../completion.js';

/** Where the store cannot be opened there is nothing to suggest, and no place to say so. */
const silently = async (read: () => Promise<readonly string[]>): Promise<readonly string[]> => {
  try {
    return await read();
  } catch {
    return [];
  }
};

export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .description('print a script that completes skyhook command lines')
    .addArgument(new Argument('<shell>').choices(Object.keys(shellScripts)))
    .addHelpText('after', examples('source <(skyhook completion bash)', 'skyhook completion fish | source'))
    .action((shell: keyof typeof shellScripts) => {
      process.stdout.write(shellScripts[shell]);
    });
  program
    .command('__complete', { hidden: true })
    .argument('[word...]')
    .action(async (words: readonly string[], _flags: unknown, command: Command) => {
      const inStore = (store: string | undefined, read: Parameters<typeof withDatabase<readonly string[]>>[1]) => {
        if (store !== undefined) program.setOptionValue('store', store);
        return silently(() => withDatabase(command, read));
      };
      const names: StoreNames = {
        datasets: (store) => inStore(store, ({ catalog }) => catalog.datasetNames()),
        tables: (store) =>
          inStore(store, async ({ catalog }) => {
            const datasets = await Promise.all((await catalog.datasetNames()).map((name) => catalog.dataset(name)));
            return datasets.flatMap(({ name, tables }) => [...new Set(tables.map((t) => `${name}.${t.path}`))]);
          }),
      };
      const found = await candidates(program, words, names);
      for (const { value, description } of found.words) console.log(`${value}\t${description}`);
      if (found.files) console.log(':files');
    });
}
