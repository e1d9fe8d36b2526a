#!/usr/bin/env node
// The command line: runs one command, prints what went wrong, sets the exit code.
import { CommanderError } from 'commander';
import { DiagnosticError, printDiagnostic } from '../core/index.js';
import { currentStatement, exitCodes, interruption } from './command-context.js';
import { withShell } from './commands/shell-command.js';
import { makeProgram } from './program.js';

process.once('SIGINT', () => interruption.abort());
/** `skyhook query … | head`: the reader has had enough. The command ends as one that was interrupted does, its pins let go. */
let unread = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  unread = true;
  interruption.abort();
  setTimeout(() => process.exit(0), 5000).unref();
});

try {
  await makeProgram().parseAsync(withShell(process.argv));
} catch (error) {
  if (unread) process.exitCode = 0;
  else if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
  else if (error instanceof DiagnosticError) {
    const { text, door } = currentStatement();
    console.error(printDiagnostic(error.diagnostic, text, door));
    process.exitCode = interruption.signal.aborted ? exitCodes.interrupted : exitCodes.failure;
  } else {
    console.error('This is a bug in skyhook:', error);
    process.exitCode = exitCodes.failure;
  }
}
