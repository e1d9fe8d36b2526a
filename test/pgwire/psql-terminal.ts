// A real psql at a terminal: what its Tab key offers for an input.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Readline as plain as it can be: every candidate on a line of its own, no pager, no questions, no bells. */
const inputrc = `set show-all-if-ambiguous on
set completion-query-items 0
set page-completions off
set completion-display-width 0
set bell-style none
set enable-bracketed-paste off
set horizontal-scroll-mode off
set print-completions-horizontally off
set colored-stats off
`;

export class PsqlTerminal {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #folder: string;
  #output = '';
  #wake: () => void = () => undefined;
  #isOpen = true;

  private constructor(process: ChildProcessWithoutNullStreams, folder: string) {
    this.#process = process;
    this.#folder = folder;
    const take = (chunk: Buffer) => {
      this.#output += chunk.toString('utf8');
      this.#wake();
    };
    process.stdout.on('data', take);
    process.stderr.on('data', take);
    process.on('close', () => {
      this.#isOpen = false;
      this.#wake();
    });
  }

  /** @param arguments_ of psql, without blanks or quotes */
  static async open(psql: string, arguments_: readonly string[]): Promise<PsqlTerminal> {
    const folder = await mkdtemp(join(tmpdir(), 'skyhook-psql-'));
    await writeFile(join(folder, 'inputrc'), inputrc);
    const command = `stty rows 2000 cols 400; exec ${psql} -X ${arguments_.join(' ')}`;
    const process_ = spawn('script', ['-qec', command, '/dev/null'], {
      cwd: folder,
      env: {
        PGSSLMODE: 'disable',
        PGGSSENCMODE: 'disable',
        PATH: process.env['PATH'],
        HOME: folder,
        INPUTRC: join(folder, 'inputrc'),
        TERM: 'dumb',
        LANG: 'C.UTF-8',
        PSQL_HISTORY: '/dev/null',
        PAGER: 'cat',
      },
    });
    const terminal = new PsqlTerminal(process_, folder);
    await terminal.#until(/=[#>] $/);
    return terminal;
  }

  async #until(pattern: RegExp): Promise<string> {
    const deadline = Date.now() + 100_000;
    while (!pattern.test(this.#output)) {
      if (!this.#isOpen || Date.now() > deadline) throw new Error(`psql said: ${this.#output.slice(-2000)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const seen = this.#output;
    this.#output = '';
    return seen;
  }

  /** What stands on the line after Tab, and what was offered where that was not unique. */
  async complete(input: string): Promise<{ readonly line: string; readonly offered: readonly string[] }> {
    const end = '~~~';
    this.#process.stdin.write(`${input}\t${end}`);
    const seen = (await this.#until(/~~~$/)).replaceAll('\r', '').replaceAll('\x07', '');
    // The line is taken away, and the prompt comes anew.
    this.#process.stdin.write('\x01\x0b\n');
    await this.#until(/\n[^\n]*=[#>] $/);
    const lines = seen.split('\n');
    const line = lines
      .at(-1)!
      .replace(/^.*?=[#>] /, '')
      .slice(0, -end.length);
    const offered = lines
      .slice(1, -1)
      .flatMap((shown) => shown.trim().split(/ {2,}/))
      .filter((word) => word !== '');
    return { line, offered: offered.sort() };
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once('close', resolve));
    if (this.#isOpen) {
      this.#process.stdin.end('\\q\n');
      await gone;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}
