// EXPLAIN of any statement that plans something: a query, a change, CREATE TABLE AS, EXECUTE, a cursor. With ANALYZE it runs.
import { fail, types } from '../core/index.js';
import type { ResultStream } from '../exec/index.js';
import type { ExecuteStatement, ExplainStatement, QueryStatement, Statement } from '../parser/index.js';
import { type ExplainOptions, explainedLines, explainOptions, type Modification } from './explain.js';
import type { PlannedQuery } from './planned-query.js';
import type { TypedValue } from './prepared-statement.js';
import { type QueryResult, type ResultColumn, textResult } from './query-result.js';
import { prepareExecution } from './run-command.js';
import type { Session } from './session.js';
import type { NativeTarget, QueryOptions } from './session-options.js';
import { asQuery } from './statement-kinds.js';
import type { ChangeQuery } from './statements/change-query.js';
import { valuesOf } from './statements/changed-rows.js';
import { deleteQuery } from './statements/delete.js';
import { insertQuery } from './statements/insert.js';
import { updateQuery } from './statements/update.js';

type Options = ExplainOptions & QueryOptions;

/** The one column of its answer. */
export function explainColumn({ options, span }: ExplainStatement): ResultColumn {
  const { format } = explainOptions(options, span);
  return { label: 'QUERY PLAN', type: format === 'json' ? types.json : types.text };
}

/** @throws DiagnosticError for options that EXPLAIN has not, before anything is planned */
export async function explainStatement(
  session: Session,
  statement: ExplainStatement,
  options: QueryOptions,
): Promise<QueryResult> {
  const chosen = explainOptions(statement.options, statement.span);
  const lines = await explained(session, statement.statement, undefined, { ...options, ...chosen });
  return { ...textResult('QUERY PLAN', lines), columns: [explainColumn(statement)] };
}

/** The plan as lines of text, or as one text where it has structure. */
export async function explained(
  session: Session,
  statement: Statement,
  target: NativeTarget | undefined,
  options: Options,
): Promise<string[]> {
  const subject = await subjectOf(session, statement, options);
  const { modification, change, parameters } = subject;
  const given = parameters ? { ...options, parameters } : options;
  if (!options.analyze) {
    const planned = await session.plan(subject.query, target, { ...given, ...(change?.bind && { bind: change.bind }) });
    return explainedLines(planned, options, { modification });
  }
  // The first plan is that of the statement's own query; checks of keys and RETURNING come behind it.
  let ran: { readonly planned: PlannedQuery; readonly stream: ResultStream } | undefined;
  const watching: QueryOptions = {
    ...given,
    onPlan: (planned, stream) => {
      ran ??= { planned, stream };
    },
  };
  const started = performance.now();
  const rows = target
    ? await session.query(subject.query, watching, target)
    : (
        await session.execute(
          { statement: subject.statement, parameterTypes: [], columns: undefined },
          parameters ?? options.parameters ?? [],
          watching,
        )
      ).rows;
  if (rows) for await (const _ of rows.batches);
  const took = performance.now() - started;
  if (!ran) {
    // CREATE TABLE IF NOT EXISTS has not run anything where the table exists.
    if (statement.kind === 'create_table_as' && statement.ifNotExists) return [];
    throw new Error('a statement ran without a plan');
  }
  return explainedLines(ran.planned, options, { modification, took, metrics: ran.stream.metrics() });
}

interface Subject {
  /** What ANALYZE runs. */
  readonly statement: Statement;
  /** The query whose plan is shown. */
  readonly query: QueryStatement;
  readonly modification?: Modification;
  readonly change?: ChangeQuery;
  /** Of EXECUTE. */
  readonly parameters?: readonly TypedValue[];
}

async function subjectOf(session: Session, statement: Statement, options: Options): Promise<Subject> {
  const { span } = statement;
  const asStatement = (query: QueryStatement['query']): QueryStatement => ({
    kind: 'query_statement',
    language: 'sql',
    query,
    span: query.span,
  });
  const changing = (operation: Modification['operation'], change: ChangeQuery): Subject => ({
    statement,
    query: asStatement(change.query),
    modification: { operation, dataset: change.table.dataset, table: change.table.path },
    change,
  });
  switch (statement.kind) {
    case 'insert':
      return changing('Insert', await insertQuery(session, statement));
    case 'update':
      return changing('Update', await updateQuery(session, statement, valuesOf(options)));
    case 'delete':
      return changing('Delete', await deleteQuery(session, statement));
    case 'create_table_as': {
      const { source } = statement;
      if (source.kind === 'query') return { statement, query: asStatement(source) };
      return { ...(await executed(session, source, options)), statement };
    }
    case 'declare': {
      const query = asStatement(statement.query);
      return { statement: query, query };
    }
    case 'execute':
      return executed(session, statement, options);
    case 'explain':
      throw fail('syntax_error', 'EXPLAIN cannot be explained', { span });
    default: {
      const query = asQuery(statement);
      return { statement: query, query };
    }
  }
}

async function executed(session: Session, statement: ExecuteStatement, options: Options): Promise<Subject> {
  const { prepared, parameters } = await prepareExecution(session, statement);
  if (!prepared.statement) throw fail('syntax_error', 'there is nothing to explain', { span: statement.span });
  return { ...(await subjectOf(session, prepared.statement, options)), parameters };
}
