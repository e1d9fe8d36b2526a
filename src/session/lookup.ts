// What statements other than queries ask while they are described or run: which table is meant, what a query in them gives, how
// expressions over a row are bound.
import type { TableEntry } from '../catalog/index.js';
import type { QualifiedName, Query, QueryStatement } from '../parser/index.js';
import {
  type BindEnvironment,
  bindStatement,
  findRelation,
  RowExpressions,
  type RowTable,
  relationsMentioned,
  temporarySchema,
} from '../planner/index.js';
import type { Planning, Run } from './planning.js';
import { type ResultColumn, resultColumns } from './query-result.js';
import { ReadView } from './read-view.js';
import type { Session } from './session.js';
import { queryOf } from './statements/query-of.js';

/** It mentions no relation. */
const noQuery = queryOf({ kind: 'values', rows: [], span: { start: 0, end: 0 } }, { start: 0, end: 0 });

export class Lookup {
  readonly #session: Session;
  readonly #planning: Planning;
  readonly #view: () => ReadView;

  /** @param view what a new statement sees */
  constructor(session: Session, planning: Planning, view: () => ReadView) {
    this.#session = session;
    this.#planning = planning;
    this.#view = view;
  }

  /** The table or view that a statement is about, in its newest version. */
  async relation(name: QualifiedName): Promise<TableEntry> {
    const session = this.#session;
    const view = session.isInParts ? this.#view() : new ReadView(session.database.catalog, session.rights);
    try {
      const { searchPath } = session.settings;
      const environment = {
        ...(await this.#planning.datasets([name], view)),
        ...(searchPath.length > 0 && { searchPath }),
      };
      return findRelation(environment, name);
    } finally {
      view.release();
    }
  }

  /** What expressions over a row of a table are bound by. */
  async rowExpressions(
    tables: readonly RowTable[],
    given: Pick<BindEnvironment, 'parameters' | 'parameterTypes'> = {},
  ): Promise<RowExpressions> {
    const { span } = noQuery;
    const view = this.#view();
    try {
      const statement: QueryStatement = { kind: 'query_statement', language: 'sql', query: noQuery, span };
      return new RowExpressions(tables, { ...(await this.#planning.environment(statement, view)), ...given });
    } finally {
      view.release();
    }
  }

  /** Whether a query reads a table or view of the session's own. */
  async readsTemporary(query: Query): Promise<boolean> {
    const { temporary } = this.#session;
    if (temporary.dataset === undefined) return false;
    const statement: QueryStatement = { kind: 'query_statement', language: 'sql', query, span: query.span };
    const own = await temporary.snapshot();
    return relationsMentioned(statement).some((name) => {
      const schema = name.at(-2)?.text;
      if (schema !== undefined) return schema.toLowerCase() === temporarySchema;
      const table = name.at(-1)!.text.toLowerCase();
      // A recursive query mentions itself.
      if (query.with?.ctes.some((cte) => cte.name.text.toLowerCase() === table)) return false;
      return own.tables.some(({ path }) => path.toLowerCase() === table);
    });
  }

  /** The columns of a query inside another statement. */
  async describe(
    query: Query,
    options: Pick<BindEnvironment, 'parameters' | 'parameterTypes'> & { readonly bind?: Run['bind'] } = {},
  ): Promise<readonly ResultColumn[]> {
    const { bind, ...given } = options;
    const view = this.#view();
    try {
      const statement: QueryStatement = { kind: 'query_statement', language: 'sql', query, span: query.span };
      const environment = { ...(await this.#planning.environment(statement, view)), ...given };
      return resultColumns(bind ? bind(environment) : bindStatement(statement, environment));
    } finally {
      view.release();
    }
  }
}
