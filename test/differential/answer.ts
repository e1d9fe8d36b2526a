// What a statement gives, in a form in which PostgreSQL's and ours can be compared.
import pg from 'pg';
import {
  DiagnosticError,
  defaultStyle,
  printSqlType,
  printValue,
  type SqlType,
  sqlTypeOf,
  withStyle,
} from '../../src/core/index.js';
import { parseSql } from '../../src/parser/index.js';
import { rowsOf, type Session } from '../../src/session/index.js';

export type Answer =
  | { readonly columns: readonly string[]; readonly rows: readonly string[]; readonly tag?: string }
  | { readonly error: string; readonly message: string };

const nullText = '\\N';

/** PostgreSQL's name of a type without its modifiers, which it does not send for most expressions. */
export function typeName(type: SqlType): string {
  const plain = sqlTypeOf(type);
  switch (plain.kind) {
    case 'unknown':
      return 'text';
    case 'numeric':
    case 'varchar':
    case 'char':
    case 'bit':
    case 'varbit':
      return printSqlType({ kind: plain.kind });
    case 'struct':
      return 'record';
    case 'list': {
      // PostgreSQL's arrays of any number of dimensions are one type.
      let element: SqlType = plain.element;
      while (element.kind === 'list') element = element.element;
      return `${typeName(element)}[]`;
    }
    default:
      return printSqlType(plain);
  }
}

const line = (values: readonly (string | null)[]): string => values.map((v) => v ?? nullText).join(' | ');

export async function askOurs(session: Session, sql: string): Promise<Answer> {
  try {
    const result = await session.sql(sql, { signal: AbortSignal.timeout(20_000) });
    const { columns } = result;
    const rows: string[] = [];
    for await (const batch of result.batches) {
      for (const row of rowsOf(
        batch,
        columns.map((c) => c.type),
      ))
        rows.push(
          withStyle(result.style ?? defaultStyle, () =>
            line(row.map((v, i) => (v === null ? null : printValue(v, columns[i]!.type)))),
          ),
        );
    }
    return { columns: columns.map((c) => `${c.label}:${typeName(c.type)}`), rows };
  } catch (error) {
    if (error instanceof DiagnosticError) return { error: error.code, message: error.message };
    return {
      error: 'a fault of ours',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

export class PostgresAsker {
  readonly #client: pg.Client;
  readonly #types = new Map<number, string>();

  constructor(client: pg.Client) {
    this.#client = client;
  }

  async ask(sql: string): Promise<Answer> {
    try {
      // The extended protocol takes one statement at a time, as we do.
      const query = { text: sql, rowMode: 'array', queryMode: 'extended' } as const;
      const result = await this.#client.query<(string | null)[]>(query);
      const columns: string[] = [];
      for (const field of result.fields) columns.push(`${field.name}:${await this.#typeName(field.dataTypeID)}`);
      const rows = result.rows.map(line);
      // What gives no rows is told by its tag.
      return {
        columns,
        rows,
        ...(columns.length === 0 && { tag: `${result.command} ${result.rowCount ?? ''}`.trim() }),
      };
    } catch (error) {
      if (error instanceof pg.DatabaseError) return { error: error.code ?? '?', message: error.message };
      throw error;
    }
  }

  async #typeName(oid: number): Promise<string> {
    let name = this.#types.get(oid);
    if (name === undefined) {
      const result = await this.#client.query<string[]>({
        text: 'SELECT format_type($1::oid, NULL)',
        values: [oid],
        rowMode: 'array',
      });
      name = result.rows[0]![0]!;
      this.#types.set(oid, name);
    }
    return name;
  }
}

/** Whether the statement says in which order its rows come. */
function isOrdered(sql: string): boolean {
  try {
    const [statement] = parseSql(sql);
    return statement?.kind === 'query_statement' && statement.query.orderBy.length > 0;
  } catch {
    return false;
  }
}

/** `undefined` where both answers mean the same; else where they part. */
export function difference(sql: string, theirs: Answer, ours: Answer): string | undefined {
  if ('error' in theirs || 'error' in ours) {
    if ('error' in theirs && 'error' in ours && theirs.error === ours.error) return undefined;
    return 'error';
  }
  if (theirs.columns.length !== ours.columns.length) return 'columns';
  if (theirs.columns.join() !== ours.columns.join())
    return theirs.columns.every((c, i) => c.split(':')[1] === ours.columns[i]!.split(':')[1]) ? 'names' : 'types';
  const order = isOrdered(sql) ? (rows: readonly string[]) => rows : (rows: readonly string[]) => [...rows].sort();
  return order(theirs.rows).join('\n') === order(ours.rows).join('\n') ? undefined : 'rows';
}

export function printAnswer(answer: Answer): string {
  if ('error' in answer) return `error ${answer.error}: ${answer.message.split('\n').slice(0, 4).join('\n      ')}`;
  const shown = answer.rows.slice(0, 6).join(' ⏎ ');
  return `(${answer.columns.join(', ')}) ${shown}${answer.rows.length > 6 ? ` … ${answer.rows.length} rows` : ''}`;
}
