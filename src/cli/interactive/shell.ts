// The interactive mode without its terminal: lines in, statements and commands run, text out.
import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { DiagnosticError, fail, printDiagnostic } from '../../core/index.js';
import { complete, copyOut, type Database, type KnownTable, type Session } from '../../session/index.js';
import { describeDataset, listDatasets } from '../commands/catalog-commands.js';
import { type Output, writeResult } from '../output/index.js';
import { copyFile, copyToOutput, readCopyCommand } from './copy-command.js';
import { describeRelation, listRelations } from './describe-relation.js';
import { LineQueue } from './line-queue.js';

const help = `Statements end with ";" and may take several lines.
  \\dataset [NAME]  ask in the native language over this dataset; without a name in SQL again
  \\l               list datasets            \\dt [DATASET]  list files and tables
  \\d [NAME]        list tables and views, or describe DATASET, TABLE or VIEW
  \\copy … from|to  COPY from or to a file here, as in: \\copy t from 'file.csv' csv header
  \\i FILE          run the statements and commands of a file
  \\explain [on|off]  show plans instead of rows
  \\timing [on|off]   show how long statements take
  \\x [on|off|auto]   a record per row
  \\?               this text                \\q            leave
`;

/** Files that include one another, and perhaps themselves. */
const deepest = 20;

export class Shell {
  private readonly database: Database;
  private readonly out: Output;
  private session: Session;
  private buffer = '';
  private dataset: string | undefined;
  /** COPY FROM STDIN under way. */
  private copying: { readonly lines: LineQueue; readonly done: Promise<string> } | undefined;
  /** Files that include one another. */
  private depth = 0;
  private expanded: boolean | undefined;
  private timing = false;
  private explaining = false;
  private running: AbortController | undefined;
  private tables: readonly KnownTable[] = [];
  /** Statements that failed. */
  failures = 0;
  isOver = false;

  constructor(database: Database, out: Output) {
    this.database = database;
    this.out = out;
    this.session = database.session();
    this.session.onNotice = ({ severity, message }) => void out.write(`${severity}: ${message}\n`);
  }

  get prompt(): string {
    if (this.copying) return '>> ';
    const { status } = this.session.transaction;
    const name = `${this.dataset ?? 'skyhook'}${status === 'active' ? '*' : status === 'failed' ? '!' : ''}`;
    return this.buffer.trim() === '' ? `${name}> ` : `${' '.repeat(name.length - 1)}…> `;
  }

  async line(text: string): Promise<void> {
    if (this.copying) {
      if (text === '\\.') await this.endCopy();
      else await this.copying.lines.add(text);
    } else if (this.buffer.trim() === '' && text.trim().startsWith('\\'))
      await this.guarded(text, () => this.command(text.trim()));
    else {
      this.buffer += `${text}\n`;
      if (text.trimEnd().endsWith(';')) await this.flush();
    }
  }

  /** Runs what has been typed, whether or not a `;` ends it; statements whose text goes on wait for more lines. */
  async flush(atEnd = false): Promise<void> {
    if (atEnd) await this.endCopy();
    const text = this.buffer.trim();
    if (text === '') return;
    if (!atEnd && this.goesOn(text)) return;
    this.buffer = '';
    await this.guarded(text, () => this.statements(text));
  }

  /** A `;` in a literal or a comment that is still open ends nothing. */
  private goesOn(text: string): boolean {
    if (this.dataset !== undefined) return false;
    try {
      this.session.parse(text);
      return false;
    } catch (error) {
      return error instanceof DiagnosticError && error.diagnostic.message.startsWith('unterminated');
    }
  }

  /** Ctrl-C: cancels the statement that runs and says so, else forgets what has been typed. */
  interrupt(): boolean {
    if (this.copying) {
      this.copying.lines.end();
      return true;
    }
    this.running?.abort();
    if (!this.running) this.buffer = '';
    return this.running !== undefined;
  }

  async close(): Promise<void> {
    await this.session.close();
  }

  private async guarded(text: string, work: () => Promise<void>): Promise<void> {
    const started = performance.now();
    this.running = new AbortController();
    try {
      await work();
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      this.failures++;
      this.session.transaction.fail();
      await this.out.write(
        `${printDiagnostic(error.diagnostic, text, this.dataset === undefined ? 'sql' : 'query')}\n`,
      );
    } finally {
      this.running = undefined;
    }
    if (this.timing) await this.out.write(`Time: ${(performance.now() - started).toFixed(1)} ms\n`);
  }

  private async statements(text: string): Promise<void> {
    const options = { signal: this.running!.signal };
    if (this.explaining) {
      const target = this.dataset === undefined ? undefined : { dataset: this.dataset };
      for (const line of await this.session.explain(text, target, options)) await this.out.write(`${line}\n`);
      return;
    }
    const format = { expanded: this.expanded };
    if (this.dataset !== undefined) {
      const result = await this.session.native(text, { dataset: this.dataset }, options);
      return writeResult(result, 'table', this.out, format);
    }
    for (const statement of this.session.parse(text)) {
      const prepared = await this.session.prepare(statement);
      const { rows, tag, copy, copyIn } = await this.session.execute(prepared, [], options);
      if (copyIn) await this.beginCopy((lines) => copyIn.run(lines).then((done) => done.tag));
      else if (copy && rows) for await (const chunk of copyOut(copy, rows).bytes) await this.out.write(chunk);
      else if (rows) await writeResult(rows, 'table', this.out, format);
      else await this.out.write(`${tag}\n`);
    }
  }

  /** Lines are data from now on, up to one that is a backslash and a dot. */
  private async beginCopy(run: (lines: LineQueue) => Promise<string>): Promise<void> {
    const lines = new LineQueue();
    const done = run(lines);
    // It may fail long before the lines end; they are read on.
    done.catch(() => lines.end());
    this.copying = { lines, done };
    if (this.out.width !== undefined)
      await this.out.write(
        'Enter data to be copied followed by a newline.\nEnd with a backslash and a period on a line by itself.\n',
      );
  }

  private async endCopy(): Promise<void> {
    const { copying } = this;
    if (!copying) return;
    this.copying = undefined;
    copying.lines.end();
    await this.guarded('', async () => this.out.write(`${await copying.done}\n`));
  }

  private async copy(text: string): Promise<void> {
    const command = readCopyCommand(text);
    const { statement, direction, path } = command;
    if (path !== undefined) await this.out.write(`${await copyFile(this.session, { ...command, path })}\n`);
    else if (direction === 'to') await copyToOutput(this.session, statement, this.out);
    else await this.beginCopy((lines) => this.session.copyIn(statement, lines));
  }

  /** The statements and commands of a file, as if they were typed. */
  private async include(path: string): Promise<void> {
    if (!existsSync(path)) throw fail('undefined_file', `${path}: no such file`);
    if (this.depth === deepest)
      throw fail('statement_too_complex', `files include one another more than ${deepest} deep`);
    this.depth++;
    try {
      const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
      for await (const line of lines) {
        await this.line(line);
        if (this.isOver) break;
      }
      await this.flush(true);
    } finally {
      this.depth--;
    }
  }

  private async command(text: string): Promise<void> {
    const [name, argument] = text.replace(/;$/, '').split(/\s+(.*)/s) as [string, string | undefined];
    const switched = (now: boolean): boolean => {
      const word = argument?.trim().toLowerCase();
      if (word === undefined) return !now;
      if (word === 'on' || word === 'off') return word === 'on';
      throw fail('invalid_parameter_value', `${name} takes on or off, not "${argument}"`);
    };
    const toggled = async (what: string, on: boolean) => this.out.write(`${what} is ${on ? 'on' : 'off'}.\n`);
    switch (name) {
      case '\\q':
        this.isOver = true;
        return;
      case '\\?':
        await this.out.write(help);
        return;
      case '\\l':
        return listDatasets(this.database, undefined, this.out);
      case '\\dt':
        return listDatasets(this.database, argument ?? this.dataset, this.out);
      case '\\d': {
        const table = argument ?? this.dataset;
        if (table === undefined) return listRelations(this.session, this.out);
        if (await describeRelation(this.session, table, this.out)) return;
        return describeDataset(this.database, table.replaceAll('"', ''), this.out);
      }
      case '\\copy':
        return this.copy(argument ?? '');
      case '\\i':
      case '\\include':
        if (argument === undefined) throw fail('syntax_error', `${name} wants the name of a file`);
        return this.include(argument.trim().replace(/^'(.*)'$/, '$1'));
      case '\\dataset':
        if (argument !== undefined) await this.database.catalog.dataset(argument);
        this.dataset = argument;
        return;
      case '\\timing':
        this.timing = switched(this.timing);
        return toggled('Timing', this.timing);
      case '\\explain':
        this.explaining = switched(this.explaining);
        return toggled('Explaining', this.explaining);
      case '\\x':
        this.expanded = argument?.trim() === 'auto' ? undefined : switched(this.expanded === true) || undefined;
        return toggled('Expanded display', this.expanded === true);
      default:
        throw fail('syntax_error', `there is no command ${name}`, {
          span: { start: 0, end: name.length },
          hint: '\\? lists them.',
        });
    }
  }

  /** For readline: the candidates and what they replace. */
  async complete(line: string): Promise<[string[], string]> {
    await this.loadTables();
    const text = this.buffer + line;
    const tables =
      this.dataset === undefined ? this.tables : this.tables.filter(({ schema }) => schema === this.dataset);
    const { candidates, start } = complete(text, text.length, tables, this.dataset === undefined ? 'sql' : 'native');
    return [candidates.map((candidate) => candidate.text), text.slice(start)];
  }

  private async loadTables(): Promise<void> {
    const { catalog } = this.database;
    const datasets = await Promise.all((await catalog.datasetNames()).map((name) => catalog.dataset(name)));
    this.tables = datasets.flatMap(({ name: schema, tables }) =>
      tables.map(({ path, cycle, columns }) => ({
        schema,
        name: cycle === undefined ? path : `${path};${cycle}`,
        columns: columns.map(({ name }) => name),
      })),
    );
  }
}
