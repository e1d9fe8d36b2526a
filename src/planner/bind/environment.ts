// What the binder knows of the world: the datasets fetched for this statement, parameters, and fresh column ids.
import type { DatasetSnapshot, SystemCatalog, TableEntry } from '../../catalog/index.js';
import { fail, type Span, type SqlType, suggest, type Value } from '../../core/index.js';
import type { Name, QualifiedName } from '../../parser/index.js';
import type { SessionInfo } from './bind-session-function.js';
import type { ParameterTypes } from './parameter-types.js';
import type { Column, ColumnId } from './scalar.js';

export interface BindEnvironment {
  /** Fetched because the statement may mean them. */
  readonly datasets: ReadonlyMap<string, DatasetSnapshot>;
  /** All there are, for suggestions. */
  readonly datasetNames: readonly string[];
  /** The address of a store that holds no dataset at all, for saying so. */
  readonly emptyStore?: string;
  /** Datasets in which a table without a dataset's name is looked for, in order; without it, one dataset alone must have it. */
  readonly searchPath?: readonly string[];
  /** A native query: its dataset, and perhaps the only files it is about (ordinals). */
  readonly native?: { readonly dataset: string; readonly files?: readonly number[] };
  readonly parameters?: readonly { readonly type: SqlType; readonly value: Value }[];
  /** Instead of `parameters` where the statement is only described: types that are given, and those found while binding. */
  readonly parameterTypes?: ParameterTypes;
  /** Where the statement may mean relations of pg_catalog or information_schema. */
  readonly system?: SystemCatalog;
  readonly session?: SessionInfo;
  /** Told where the plan comes to hold something of the session or the clock: it is good for this execution alone. */
  readonly onMoment?: () => void;
}

/** When the statement that is bound right now began. */
let statementStart: bigint | undefined;

/** What is bound within, all of it before this returns, has begun at the same moment. */
export function sinceStart<T>(work: (start: bigint) => T): T {
  const before = statementStart;
  statementStart = before ?? BigInt(Date.now()) * 1000n;
  try {
    return work(statementStart);
  } finally {
    statementStart = before;
  }
}

interface StatementState {
  column: number;
  cte: number;
  readonly marksRows: boolean;
  needsRowMarks: boolean;
}

/** State of binding one statement. */
export class BindContext {
  readonly environment: BindEnvironment;
  readonly language: 'sql' | 'native';
  /** Views whose queries are being bound, innermost last. */
  readonly views: readonly TableEntry[];
  /** What a statement's contexts share. */
  readonly #statement: StatementState;
  /** When the statement began. */
  readonly startMicros: bigint;

  constructor(
    environment: BindEnvironment,
    language: 'sql' | 'native',
    options: { readonly within?: BindContext; readonly view?: TableEntry; readonly marksRows?: boolean } = {},
  ) {
    const { within, view, marksRows = false } = options;
    this.environment = environment;
    this.language = language;
    this.#statement = within ? within.#statement : { column: 1, cte: 1, marksRows, needsRowMarks: false };
    this.startMicros = within ? within.startMicros : (statementStart ?? BigInt(Date.now()) * 1000n);
    this.views = within && view ? [...within.views, view] : [];
  }

  /** Whether outer joins mark the rows they find: see {@link needsRowMarks}. */
  get marksRows(): boolean {
    return this.#statement.marksRows;
  }

  /**
   * Set where a whole row stands above an outer join that may not find it. Such a row is NULL, which a row of NULLs is not, and only
   * a mark that the join lends it can tell. Few statements ask, so that joins make marks when a statement is bound again for it.
   */
  get needsRowMarks(): boolean {
    return this.#statement.needsRowMarks;
  }

  askForRowMarks(): void {
    this.#statement.needsRowMarks = true;
  }

  column(name: string, type: SqlType): Column {
    return { id: this.#statement.column++ as ColumnId, name, type };
  }

  cteId(): number {
    return this.#statement.cte++;
  }
}

/** Binds a statement, a second time where it {@link BindContext.needsRowMarks}. */
export function inContext<T>(
  environment: BindEnvironment,
  language: 'sql' | 'native',
  bind: (context: BindContext) => T,
): T {
  const context = new BindContext(environment, language);
  const bound = bind(context);
  return context.needsRowMarks ? bind(new BindContext(environment, language, { marksRows: true })) : bound;
}

/**
 * Exact spelling first, else the only case-insensitive match.
 * @throws DiagnosticError ambiguous_column (or `ambiguous`) where several match only case-insensitively
 */
export function matchName<T>(
  name: Name,
  candidates: Iterable<T>,
  nameOf: (candidate: T) => string,
  kind: string,
): T | undefined {
  const folded = name.text.toLowerCase();
  const near: T[] = [];
  for (const candidate of candidates) {
    const text = nameOf(candidate);
    if (text === name.text) return candidate;
    if (text.toLowerCase() === folded) near.push(candidate);
  }
  if (near.length > 1) {
    const spellings = near.map((n) => `"${nameOf(n)}"`).join(', ');
    throw fail('ambiguous_column', `${kind} "${name.text}" is ambiguous`, {
      span: name.span,
      hint: `It may be ${spellings}.`,
    });
  }
  return near[0];
}

/** Names that SQL makes fold to lower case unless quoted. */
export function foldName(name: Name): string {
  return name.quoted ? name.text : name.text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

export function hintFor(name: string, candidates: Iterable<string>): string | undefined {
  const near = suggest(name, candidates);
  return near === undefined ? undefined : `perhaps "${near}"?`;
}

/** What the session's own tables are called by; they go before those of the search path. */
export const temporarySchema = 'pg_temp';

const tableLabel = (table: TableEntry): string =>
  table.cycle === undefined ? table.path : `${table.path};${table.cycle}`;

/** The table or view that a name outside a query means; see {@link findTable}. */
export function findRelation(environment: BindEnvironment, name: QualifiedName): TableEntry {
  return findTable(new BindContext(environment, 'sql'), name, spanOfName(name));
}

export function spanOfName(name: QualifiedName): Span {
  return { start: name[0]!.span.start, end: name.at(-1)!.span.end };
}

/** `dataset.table`, `table` along the search path, or in a native query the tree of its dataset. */
export function findTable(context: BindContext, name: QualifiedName, span: Span): TableEntry {
  const { environment } = context;
  if (environment.native) return findInDataset(dataset(context, environment.native.dataset, span), name.at(-1), span);
  const table = name.at(-1)!;
  if (name.length > 2) {
    throw fail(
      'feature_not_supported',
      `cross-database references are not implemented: ${name.map((n) => n.text).join('.')}`,
      { span },
    );
  }
  if (name.length === 2) {
    const owner = name[0]!;
    const found = matchName(owner, environment.datasets.keys(), (n) => n, 'dataset');
    if (found === undefined) {
      throw fail('undefined_table', `relation "${owner.text}.${table.text}" does not exist`, {
        span: owner.span,
        detail: `There is no dataset "${owner.text}".`,
        hint: emptyHint(environment) ?? hintFor(owner.text, environment.datasetNames),
      });
    }
    return findInDataset(environment.datasets.get(found)!, table, span);
  }
  const temporary = environment.datasets.get(temporarySchema);
  const own = temporary && matchName(table, temporary.tables, tableLabel, 'table');
  if (own) return own;
  const found: TableEntry[] = [];
  const near: string[] = [];
  for (const path of environment.searchPath ?? environment.datasets.keys()) {
    if (path === temporarySchema) continue;
    const snapshot = environment.datasets.get(path);
    if (!snapshot) continue;
    const match = matchName(table, snapshot.tables, tableLabel, 'table');
    if (match) found.push(match);
    if (match && environment.searchPath) break;
    near.push(...snapshot.tables.map(tableLabel));
  }
  const exact = found.filter((t) => tableLabel(t) === table.text);
  const meant = exact.length > 0 ? exact : found;
  const [first] = meant;
  if (first && meant.length === 1) return first;
  if (first) {
    const owners = meant.map((t) => `"${t.dataset}"."${tableLabel(t)}"`);
    throw fail('ambiguous_alias', `table "${table.text}" is in ${meant.length} datasets`, {
      span,
      hint: `It may be ${owners.join(', ')}.`,
    });
  }
  throw fail('undefined_table', `relation "${table.text}" does not exist`, {
    span,
    hint: emptyHint(environment) ?? hintFor(table.text, near),
  });
}

function emptyHint({ emptyStore }: BindEnvironment): string | undefined {
  return emptyStore === undefined ? undefined : `The store at ${emptyStore} is empty.`;
}

function dataset(context: BindContext, name: string, span: Span): DatasetSnapshot {
  const snapshot = context.environment.datasets.get(name);
  if (!snapshot) throw fail('invalid_schema_name', `dataset "${name}" does not exist`, { span });
  return snapshot;
}

function findInDataset(snapshot: DatasetSnapshot, name: Name | undefined, span: Span): TableEntry {
  if (!name) {
    const trees = snapshot.tables.filter((t) => t.cycle === undefined && !t.view);
    if (trees.length === 1) return trees[0]!;
    const names = trees.map(tableLabel).join(', ');
    throw fail('undefined_table', `dataset "${snapshot.name}" has ${trees.length} trees: which one is meant?`, {
      span,
      hint: `Add a projection of ${names || 'one'}, as: project ${names.split(', ')[0] || 'Tree'}.*`,
    });
  }
  const found = matchName(name, snapshot.tables, tableLabel, 'table');
  if (found) return found;
  const bare = name.text.replace(/;\d+$/, '');
  const tree = snapshot.tables.find((t) => t.cycle === undefined && t.path === bare);
  if (tree) {
    const cycles = snapshot.tables.filter((t) => t.path === bare && t.cycle !== undefined).map((t) => t.cycle);
    throw fail(
      'undefined_table',
      `tree "${bare}" has no cycle ${name.text.slice(bare.length + 1)} in dataset "${snapshot.name}"`,
      {
        span: name.span,
        hint: `It has ${cycles.map((c) => `"${bare};${c}"`).join(', ')}; "${bare}" alone is the highest. Lower cycles are there after an ingest with --all-cycles.`,
      },
    );
  }
  throw fail('undefined_table', `dataset "${snapshot.name}" has no tree "${name.text}"`, {
    span: name.span,
    hint: hintFor(name.text, snapshot.tables.map(tableLabel)),
  });
}
