// The interactive mode without its terminal: lines in, statements and commands run, text out.
import { DiagnosticError, fail, printDiagnostic } from '../../core/index.js';
import { complete, type Database, type KnownTable, type Session } from '../../session/index.js';
import { describeDataset, listDatasets } from '../commands/catalog-commands.js';
import { type Output, writeResult } from '../output/index.js';

const help = `Statements end with ";" and may take several lines.
  \\dataset [NAME]  ask in the native language over this dataset; without a name in SQL again
  \\l               list datasets            \\dt [DATASET]  list files and tables
  \\d TABLE         describe DATASET or DATASET.TREE
  \\explain         show plans instead of rows (on and off)
  \\timing          show how long statements take (on and off)
  \\x               a record per row (on and off)
  \\?               this text                \\q            leave
`;

export class Shell {
  private readonly database: Database;
  private readonly out: Output;
  private session: Session;
  private buffer = '';
  private dataset: string | undefined;
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
    const name = this.dataset ?? 'skyhook';
    return this.buffer.trim() === '' ? `${name}> ` : `${' '.repeat(name.length - 1)}…> `;
  }

  async line(text: string): Promise<void> {
    if (this.buffer.trim() === '' && text.trim().startsWith('\\'))
      await this.guarded(text, () => this.command(text.trim()));
    else {
      this.buffer += `${text}\n`;
      if (text.trimEnd().endsWith(';')) await this.flush();
    }
  }

  /** Runs what has been typed, whether or not a `;` ends it; statements whose text goes on wait for more lines. */
  async flush(atEnd = false): Promise<void> {
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
      const { rows, tag } = await this.session.execute(prepared, [], options);
      if (rows) await writeResult(rows, 'table', this.out, format);
      else await this.out.write(`${tag}\n`);
    }
  }

  private async command(text: string): Promise<void> {
    const [name, argument] = text.replace(/;$/, '').split(/\s+(.*)/s) as [string, string | undefined];
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
        return table === undefined
          ? listDatasets(this.database, undefined, this.out)
          : describeDataset(this.database, table.replaceAll('"', ''), this.out);
      }
      case '\\dataset':
        if (argument !== undefined) await this.database.catalog.dataset(argument);
        this.dataset = argument;
        return;
      case '\\timing':
        this.timing = !this.timing;
        return toggled('Timing', this.timing);
      case '\\explain':
        this.explaining = !this.explaining;
        return toggled('Explaining', this.explaining);
      case '\\x':
        this.expanded = this.expanded ? undefined : true;
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
