#!/usr/bin/env node
// The command line: runs one command, prints what went wrong, sets the exit code.
import { CommanderError } from 'commander';
import { DiagnosticError, printDiagnostic } from '../core/index.js';
import { currentStatement, exitCodes, interruption } from './command-context.js';
import { makeProgram } from './program.js';

process.once('SIGINT', () => interruption.abort());
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await makeProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
  else if (error instanceof DiagnosticError) {
    const { text, door } = currentStatement();
    console.error(printDiagnostic(error.diagnostic, text, door));
    process.exitCode = interruption.signal.aborted ? exitCodes.interrupted : exitCodes.failure;
  } else {
    console.error('This is a bug in skyhook:', error);
    process.exitCode = exitCodes.failure;
  }
}
