// The query that gives the rows of an INSERT, UPDATE or DELETE: it runs, or is only described.
import type { TableEntry } from '../../catalog/index.js';
import type { Query } from '../../parser/index.js';
import type { BindEnvironment, BoundQuery } from '../../planner/index.js';

export interface ChangeQuery {
  readonly table: TableEntry;
  readonly query: Query;
  /** Instead of binding it as a query of its own. */
  readonly bind?: (environment: BindEnvironment) => BoundQuery;
}
