// WITH that changes rows: `WITH d AS (DELETE … RETURNING *) INSERT …`. Its parts run one inside the other: each has all its rows before the
// next begins, and commits only when all others have theirs. So all see the same versions, know of one another by RETURNING alone, and
// an error in any of them changes nothing.
import * as arrow from 'apache-arrow';
import { fail, type SqlType, toArrowType, types } from '../../core/index.js';
import type { ChangeStatement, Cte, Query, QueryStatement, Statement, With } from '../../parser/index.js';
import { bindStatement, foldName, ParameterTypes, relationsMentioned } from '../../planner/index.js';
import { isTemporaryDataset } from '../../store/index.js';
import type { PreparedStatement, StatementResult } from '../prepared-statement.js';
import { heldResult, type QueryResult } from '../query-result.js';
import type { Session } from '../session.js';
import type { QueryOptions } from '../session-options.js';
import { describeChange, runChange } from './handlers.js';
import { returningQuery } from './insert.js';
import { columnOf, joinedWith, nameOf, selectOf, withCtes } from './query-of.js';
import { defaultsOf, keysOf } from './row-rules.js';

/** What may have changes in its WITH. */
export type Changing = QueryStatement | ChangeStatement;

const stage = 'staged rows';

function withOf(statement: Statement): With | undefined {
  if (statement.kind === 'query_statement') return statement.language === 'sql' ? statement.query.with : undefined;
  return ['insert', 'update', 'delete'].includes(statement.kind) ? (statement as ChangeStatement).with : undefined;
}

export const changesInWith = (statement: Statement): readonly ChangeStatement[] =>
  withOf(statement)?.ctes.flatMap(({ change }) => (change ? [change] : [])) ?? [];

/** Types of parameters and columns: what a part returns is described as a query over its table. */
export async function describeWithChanges(
  session: Session,
  statement: Changing,
  declared: readonly (SqlType | undefined)[],
): Promise<PreparedStatement> {
  const parameterTypes = new ParameterTypes(declared);
  const clause = withOf(statement)!;
  const known: Cte[] = [];
  for (const [at, cte] of clause.ctes.entries()) {
    const { change, ...plain } = cte;
    if (!change) known.push(cte);
    else {
      await describeChange(session, withParts(change, clause, known), parameterTypes);
      if (change.returning.length > 0) known.push({ ...plain, query: returnedBy(change) });
      else checkUnread(cte, laterParts(statement, at));
    }
  }
  const main = withParts(statement, clause, known);
  const columns =
    main.kind === 'query_statement'
      ? await session.lookup.describe(main.query, { parameterTypes })
      : await describeChange(session, main, parameterTypes);
  return { statement, parameterTypes: parameterTypes.all(), columns };
}

export async function runWithChanges(
  session: Session,
  statement: Changing,
  options: QueryOptions,
): Promise<StatementResult> {
  await checkTargets(session, statement);
  const isOutside = session.transaction.status === 'idle';
  const wasInBlock = session.inImplicitBlock;
  const isNewView = session.beginTransaction();
  if (isOutside) await session.temporary.markStart();
  session.inImplicitBlock = true;
  session.isInParts = true;
  try {
    const answer = await new Parts(session, statement, options).from(0, []);
    if (isOutside && !wasInBlock) await session.commitTemporary();
    else if (isOutside) session.temporary.release();
    return answer;
  } catch (error) {
    if (isOutside) await session.rollbackTemporary();
    throw error;
  } finally {
    session.isInParts = false;
    session.inImplicitBlock = wasInBlock;
    session.ownFiles.clear();
    if (isNewView) session.endTransaction();
    const staged = [...session.staged];
    session.staged.clear();
    for (const name of staged) await session.database.tidyTemporary(name);
    if (isOutside && !wasInBlock) await session.database.tidyTemporary();
  }
}

/** The parts of one statement. */
class Parts {
  readonly #session: Session;
  readonly #statement: Changing;
  readonly #clause: With;
  readonly #options: QueryOptions;

  constructor(session: Session, statement: Changing, options: QueryOptions) {
    this.#session = session;
    this.#statement = statement;
    this.#clause = withOf(statement)!;
    this.#options = options;
  }

  /** The CTEs from a place on, then the statement, with those before as `known`. */
  async from(at: number, known: readonly Cte[]): Promise<StatementResult> {
    const cte = this.#clause.ctes[at];
    if (!cte) return this.#main(known);
    const later = laterParts(this.#statement, at);
    if (!cte.change) {
      // Computed once, whatever it is made of; one that recurs or that one part alone reads stays where it is.
      const readers = later.filter((part) => reads(part, cte));
      const isShared = readers.length > 1 && !reads(cte.query, cte);
      const { search: _, cycle: __, ...plain } = cte;
      const next = isShared ? await this.#staged(plain, await this.#rows(withCtes(cte.query, this.#with(known)))) : cte;
      return this.from(at + 1, [...known, next]);
    }
    if (cte.change.returning.length === 0) checkUnread(cte, later);
    const { change, ...plain } = cte;
    let answer: StatementResult | undefined;
    await runChange(this.#session, withParts(change, this.#clause, known), {
      ...this.#options,
      beforeCommit: async (returned) => {
        answer = await this.from(at + 1, returned ? [...known, await this.#staged(plain, returned)] : known);
      },
    });
    if (!answer) throw new Error(`a ${change.kind} committed without a word`);
    return answer;
  }

  async #main(known: readonly Cte[]): Promise<StatementResult> {
    const main = withParts(this.#statement, this.#clause, known);
    if (main.kind !== 'query_statement') return runChange(this.#session, main, this.#options);
    return { tag: 'SELECT', rows: await heldResult(await this.#rows(main.query)) };
  }

  #with(known: readonly Cte[]): With {
    return { ...this.#clause, ctes: known };
  }

  #rows(query: Query): Promise<QueryResult> {
    // No plan of it is kept.
    return this.#session.rows(query, this.#options, (environment) =>
      bindStatement({ kind: 'query_statement', language: 'sql', query, span: query.span }, environment),
    );
  }

  /** The rows in a dataset in memory, and the CTE as a query over them. */
  async #staged(cte: Cte, { columns, batches }: QueryResult): Promise<Cte> {
    const { database, staged } = this.#session;
    const dataset = database.temporaryName();
    staged.add(dataset);
    const stored = columns.map(({ type }) => (type.kind === 'unknown' ? types.text : type));
    const fields = stored.map((type, i) => new arrow.Field(` ${i} `, toArrowType(type), true));
    const schema = new arrow.Schema(fields);
    async function* renamed() {
      for await (const batch of batches) {
        const type = new arrow.Struct(fields);
        const children = batch.data.children.slice(0, fields.length);
        const data = arrow.makeData({ type, length: batch.numRows, nullCount: 0, children });
        yield new arrow.RecordBatch(schema, data);
      }
    }
    await database.writeRows(
      dataset,
      stage,
      { schema, batches: renamed() },
      { mode: 'create', types: stored, temporary: true, source: stage },
    );
    const { span } = cte;
    const items = columns.map(({ label }, i) => ({
      kind: 'expr' as const,
      expr: columnOf([nameOf(` ${i} `, span)], span),
      alias: nameOf(label, span),
      span,
    }));
    const name = [nameOf(dataset, span), nameOf(stage, span)];
    return { ...cte, query: selectOf(items, [{ kind: 'table', name, only: false, span }], undefined, span) };
  }
}

/** The statement with `known` in the place of its WITH, or before it. */
function withParts<S extends Changing>(statement: S, clause: With, known: readonly Cte[]): S {
  const outer: With | undefined = known.length > 0 ? { ...clause, ctes: known } : undefined;
  const isMain = withOf(statement) === clause;
  if (statement.kind === 'query_statement') {
    const { with: _, ...query } = statement.query;
    return { ...statement, query: outer ? { ...query, with: outer } : query };
  }
  const { with: own, ...rest } = statement as ChangeStatement;
  const joined = isMain ? outer : joinedWith(outer, own);
  return { ...rest, ...(joined && { with: joined }) } as S;
}

/** What RETURNING gives, as a query over what it may name. */
function returnedBy(change: ChangeStatement): Query {
  if (change.kind === 'insert') return returningQuery(change);
  const beside = change.kind === 'update' ? change.from : change.using;
  const query = selectOf(change.returning, [change.table, ...beside], undefined, change.span);
  return withCtes(query, change.with);
}

/** The parts of a statement that may read its CTE at a place. */
function laterParts(statement: Changing, at: number): readonly unknown[] {
  const others = withOf(statement)!.ctes.filter((_, i) => i !== at);
  const { with: _, ...main } = statement.kind === 'query_statement' ? statement.query : statement;
  return [...others.map(({ change, query }) => change ?? query), main];
}

/** Whether a part names the CTE as a relation. */
function reads(part: unknown, { name, span }: Cte): boolean {
  const statement = { kind: 'query_statement', language: 'sql', query: part as Query, span } as const;
  return relationsMentioned(statement).some((r) => r.length === 1 && foldName(r[0]!) === foldName(name));
}

/** @throws DiagnosticError feature_not_supported */
function checkUnread(cte: Cte, parts: readonly unknown[]): void {
  if (parts.some((part) => reads(part, cte)))
    throw fail('feature_not_supported', `WITH query "${cte.name.text}" does not have a RETURNING clause`, {
      span: cte.span,
    });
}

/**
 * What could not be changed as one: two tables of the store are two commits, and parts that do not see one another would give a key or a
 * number of a sequence twice.
 * @throws DiagnosticError feature_not_supported
 */
async function checkTargets(session: Session, statement: Changing): Promise<void> {
  const all = [...changesInWith(statement), ...(statement.kind === 'query_statement' ? [] : [statement])];
  const seen: { readonly key: string; readonly replaces: boolean }[] = [];
  let lasting = 0;
  for (const change of all) {
    const name = change.kind === 'insert' ? change.table : change.table.name;
    const table = await session.lookup.relation(name);
    const { span } = name.at(-1)!;
    if (!isTemporaryDataset(table.dataset) && ++lasting > 1)
      throw fail('feature_not_supported', 'one statement changes one table of the store', {
        span,
        hint: 'Tables of the session (CREATE TEMP TABLE) may be changed beside it.',
      });
    const key = JSON.stringify([table.dataset, table.path]);
    const replaces = change.kind !== 'insert' || change.onConflict?.update !== undefined;
    const before = seen.filter((other) => other.key === key);
    const isRuled = keysOf(table).length > 0 || defaultsOf(table).sequences.length > 0;
    if (before.length > 0 && (isRuled || (replaces && before.some((other) => other.replaces))))
      throw fail('feature_not_supported', `one statement cannot change table "${table.path}" twice`, {
        span,
        hint: isRuled
          ? 'It has keys or sequences.'
          : 'An INSERT may stand beside one UPDATE or DELETE of the same table.',
      });
    seen.push({ key, replaces });
  }
}
