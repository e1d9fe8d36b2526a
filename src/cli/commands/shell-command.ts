// `skyhook` without a command: statements typed in a terminal, or read from a pipe.
import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { examples, exitCodes, withDatabase } from '../command-context.js';
import { standardOutput } from '../output/index.js';

const historyFile = () => process.env.SKYHOOK_HISTORY ?? join(homedir(), '.skyhook_history');
const longestHistory = 1000;

function readHistory(): string[] {
  try {
    return readFileSync(historyFile(), 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

function writeHistory(lines: readonly string[]): void {
  try {
    writeFileSync(historyFile(), `${lines.join('\n')}\n`, { mode: 0o600 });
  } catch {
    // A home that cannot be written to costs the history, not the session.
  }
}

export function addShellCommand(program: Command): void {
  program
    .command('shell')
    .description('ask interactively; also `skyhook` alone')
    .addHelpText('after', examples('skyhook', 'skyhook < report.sql'))
    .action((_flags: unknown, command: Command) =>
      withDatabase(command, async (database) => {
        const { Shell } = await import('../interactive/shell.js');
        const shell = new Shell(database, standardOutput);
        const terminal = process.stdin.isTTY === true;
        let history = terminal ? readHistory() : [];
        const lines = createInterface({
          input: process.stdin,
          terminal,
          ...(terminal && {
            output: process.stdout,
            history,
            historySize: longestHistory,
            completer: (line: string, done: (error: Error | null, found: [string[], string]) => void) => {
              shell.complete(line).then(
                (found) => done(null, found),
                () => done(null, [[], line]),
              );
            },
          }),
        });
        lines.on('history', (kept: string[]) => {
          history = kept;
        });
        const ask = () => {
          if (!terminal) return;
          lines.setPrompt(shell.prompt);
          lines.prompt();
        };
        lines.on('SIGINT', () => {
          const isRunning = shell.interrupt();
          process.stdout.write('\n');
          if (!isRunning) ask();
        });
        if (terminal) await standardOutput.write('Skyhook. \\? for help, \\q to leave.\n');
        ask();
        for await (const line of lines) {
          await shell.line(line);
          if (shell.isOver) break;
          ask();
        }
        await shell.flush(true);
        lines.close();
        await shell.close();
        if (terminal) writeHistory(history);
        else if (shell.failures > 0) process.exitCode = exitCodes.failure;
      }),
    );
}

/** The arguments of a call that names no command. */
export function withShell(argv: readonly string[]): readonly string[] {
  const rest = argv.slice(2);
  const isBare =
    rest.length === 0 ||
    (rest.length === 1 && rest[0]!.startsWith('--store=')) ||
    (rest.length === 2 && (rest[0] === '-s' || rest[0] === '--store'));
  return isBare ? [...argv, 'shell'] : argv;
}
