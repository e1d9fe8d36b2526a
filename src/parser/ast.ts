// What both languages become. Immutable; every node knows its place in the text. No names resolved, no types: that is the binder's.
import type { Span } from '../core/index.js';
import type { ChangeStatement } from './statement-ast.js';

export interface Node {
  readonly span: Span;
}

/** As written, unfolded. Lookup is exact first, then case-insensitive; a name that SQL *makes* folds unless quoted. */
export interface Name extends Node {
  readonly text: string;
  readonly quoted: boolean;
}

/** `schema.table`, `function`, …: one to three parts. */
export type QualifiedName = readonly Name[];

// ---- expressions -----------------------------------------------------------------------------------------------------

export type Expr =
  | NumberLiteral
  | StringLiteral
  | BooleanLiteral
  | NullLiteral
  | BitStringLiteral
  | TypedLiteral
  | ColumnRef
  | Parameter
  | FieldAccess
  | Subscript
  | Slice
  | UnaryExpr
  | BinaryExpr
  | LogicalExpr
  | NotExpr
  | IsTest
  | IsDistinct
  | Between
  | InList
  | InQuery
  | LikeExpr
  | QuantifiedExpr
  | QuantifiedQuery
  | Exists
  | ScalarQuery
  | ArrayQuery
  | CaseExpr
  | CastExpr
  | CallExpr
  | RowExpr
  | ArrayExpr
  | StructExpr
  | LambdaExpr
  | CollateExpr
  | DefaultExpr;

export interface NumberLiteral extends Node {
  readonly kind: 'number';
  /** Exact text, e.g. `1.50`, `2e9`: integer, bigint or numeric is decided by the binder as PostgreSQL does. */
  readonly text: string;
}
export interface StringLiteral extends Node {
  readonly kind: 'string';
  readonly value: string;
}
export interface BooleanLiteral extends Node {
  readonly kind: 'boolean';
  readonly value: boolean;
}
export interface NullLiteral extends Node {
  readonly kind: 'null';
}
/** `B'101'` or `X'1F'`. */
export interface BitStringLiteral extends Node {
  readonly kind: 'bitstring';
  readonly radix: 2 | 16;
  readonly digits: string;
}
/** `date '2024-01-01'`, `interval '1' day`. */
export interface TypedLiteral extends Node {
  readonly kind: 'typed_literal';
  readonly type: TypeName;
  readonly value: string;
}
/** `a`, `t.a`, `s.t.a`, and further parts where a struct or a split branch is meant. */
export interface ColumnRef extends Node {
  readonly kind: 'column';
  readonly parts: readonly Name[];
}
/** `$1` is index 1. */
export interface Parameter extends Node {
  readonly kind: 'parameter';
  readonly index: number;
}
/** `(expr).field`; `field` absent is `(expr).*`. */
export interface FieldAccess extends Node {
  readonly kind: 'field';
  readonly arg: Expr;
  readonly field?: Name;
}
export interface Subscript extends Node {
  readonly kind: 'subscript';
  readonly arg: Expr;
  /** `(x[1])[2]`: of what the subscript in parentheses gives, not one of two subscripts of `x`. */
  readonly apart?: true;
  readonly index: Expr;
}
export interface Slice extends Node {
  readonly kind: 'slice';
  readonly arg: Expr;
  readonly apart?: true;
  readonly lower?: Expr;
  readonly upper?: Expr;
}
export interface UnaryExpr extends Node {
  readonly kind: 'unary';
  /** `-`, `+`, `~`, `@`, `|/`, … */
  readonly op: string;
  readonly opSpan: Span;
  /** `OPERATOR(pg_catalog.-) x`. */
  readonly opSchema?: Name;
  readonly arg: Expr;
}
export interface BinaryExpr extends Node {
  readonly kind: 'binary';
  /** Canonical: `!=` is `<>`. Arithmetic, comparison, `||`, regex, JSON and array operators. */
  readonly op: string;
  readonly opSpan: Span;
  /** `OPERATOR(pg_catalog.+)`. */
  readonly opSchema?: Name;
  readonly left: Expr;
  readonly right: Expr;
}
/** n-ary, flattened: `a and b and c` is one node with three arguments. */
export interface LogicalExpr extends Node {
  readonly kind: 'logical';
  readonly op: 'and' | 'or';
  readonly args: readonly Expr[];
}
export interface NotExpr extends Node {
  readonly kind: 'not';
  readonly arg: Expr;
}
export interface IsTest extends Node {
  readonly kind: 'is';
  readonly arg: Expr;
  readonly test: 'null' | 'true' | 'false' | 'unknown' | 'normalized';
  /** `nfc`, `nfd`, `nfkc` or `nfkd` where IS NORMALIZED names one. */
  readonly normalForm?: string;
  readonly negated: boolean;
}
export interface IsDistinct extends Node {
  readonly kind: 'is_distinct';
  readonly left: Expr;
  readonly right: Expr;
  /** `IS NOT DISTINCT FROM`. */
  readonly negated: boolean;
}
export interface Between extends Node {
  readonly kind: 'between';
  readonly arg: Expr;
  readonly low: Expr;
  readonly high: Expr;
  readonly symmetric: boolean;
  readonly negated: boolean;
}
export interface InList extends Node {
  readonly kind: 'in_list';
  readonly arg: Expr;
  readonly list: readonly Expr[];
  readonly negated: boolean;
}
export interface InQuery extends Node {
  readonly kind: 'in_query';
  readonly arg: Expr;
  readonly query: Query;
  readonly negated: boolean;
}
export interface LikeExpr extends Node {
  readonly kind: 'like';
  readonly variant: 'like' | 'ilike' | 'similar';
  readonly arg: Expr;
  readonly pattern: Expr;
  readonly escape?: Expr;
  readonly negated: boolean;
}
/** `x = ANY (array)`, `x < ALL (array)`. LIKE, NOT LIKE, ILIKE, NOT ILIKE are `~~`, `!~~`, `~~*`, `!~~*`. */
export interface QuantifiedExpr extends Node {
  readonly kind: 'quantified';
  readonly op: string;
  readonly quantifier: 'any' | 'all';
  readonly left: Expr;
  readonly array: Expr;
}
/** `x = ANY (SELECT …)`. */
export interface QuantifiedQuery extends Node {
  readonly kind: 'quantified_query';
  readonly op: string;
  readonly quantifier: 'any' | 'all';
  readonly left: Expr;
  readonly query: Query;
}
export interface Exists extends Node {
  readonly kind: 'exists';
  readonly query: Query;
}
export interface ScalarQuery extends Node {
  readonly kind: 'scalar_query';
  readonly query: Query;
}
/** `ARRAY(SELECT …)`. */
export interface ArrayQuery extends Node {
  readonly kind: 'array_query';
  readonly query: Query;
}
export interface CaseExpr extends Node {
  readonly kind: 'case';
  readonly operand?: Expr;
  readonly branches: readonly { readonly when: Expr; readonly then: Expr }[];
  readonly otherwise?: Expr;
}
export interface CastExpr extends Node {
  readonly kind: 'cast';
  readonly arg: Expr;
  readonly type: TypeName;
  /** `TRY_CAST` gives NULL instead of an error. */
  readonly attempt: boolean;
}
/**
 * Functions, aggregates and window functions alike. Syntax forms become plain calls with PostgreSQL's internal names:
 * `extract(f from x)` → `extract('f', x)`, `substring(x from a for b)`, `position(a in b)` → `position(b, a)`,
 * `overlay`, `trim(both c from x)` → `btrim(x, c)`, `x at time zone z` → `timezone(z, x)`, `(a, b) overlaps (c, d)`,
 * `current_date`, `coalesce`, `nullif`, `greatest`, `least`. `special` marks them for printing.
 */
export interface CallExpr extends Node {
  readonly kind: 'call';
  readonly name: QualifiedName;
  readonly args: readonly CallArg[];
  /** `count(*)`. */
  readonly star: boolean;
  readonly distinct: boolean;
  readonly orderBy: readonly SortItem[];
  readonly withinGroup?: readonly SortItem[];
  readonly filter?: Expr;
  readonly over?: WindowSpec | Name;
  readonly ignoreNulls?: boolean;
  readonly special?: string;
}
export interface CallArg extends Node {
  readonly value: Expr;
  /** `name => value`. */
  readonly name?: Name;
  readonly variadic: boolean;
}
export interface RowExpr extends Node {
  readonly kind: 'row';
  readonly fields: readonly Expr[];
  /** `ROW(…)` was written. */
  readonly explicit: boolean;
}
/** `ARRAY[1, 2]` and, `bare`, `[1, 2]`. */
export interface ArrayExpr extends Node {
  readonly kind: 'array';
  readonly bare?: true;
  readonly elements: readonly Expr[];
}
/** `{'a': 1}`. */
export interface StructExpr extends Node {
  readonly kind: 'struct';
  readonly fields: readonly { readonly name: Name; readonly value: Expr }[];
}
/** `lambda x, y: body`, or `x -> body` / `(x, y) -> body` where the registry marks the argument as a lambda. */
export interface LambdaExpr extends Node {
  readonly kind: 'lambda';
  readonly params: readonly Name[];
  readonly body: Expr;
}
export interface CollateExpr extends Node {
  readonly kind: 'collate';
  readonly arg: Expr;
  readonly collation: QualifiedName;
}
/** `DEFAULT` in VALUES of an INSERT. */
export interface DefaultExpr extends Node {
  readonly kind: 'default';
}

/** `numeric(10,2)[]`, `timestamp(3) with time zone`, `"my schema".t%`… Resolved by the binder. */
export interface TypeName extends Node {
  readonly name: QualifiedName;
  readonly modifiers: readonly Expr[];
  /** Number of `[]`. */
  readonly dimensions: number;
  /** `interval day to second`: the fields as written, lower case. */
  readonly intervalFields?: string;
}

export interface SortItem extends Node {
  readonly expr: Expr;
  readonly direction: 'asc' | 'desc';
  /** `USING op` where that is no operator that orders. */
  readonly using?: string;
  /** As written; PostgreSQL's default (last for asc, first for desc) is the binder's. */
  readonly nulls?: 'first' | 'last';
}

export interface WindowSpec extends Node {
  readonly base?: Name;
  readonly partitionBy: readonly Expr[];
  readonly orderBy: readonly SortItem[];
  readonly frame?: WindowFrame;
}
export interface WindowFrame extends Node {
  readonly mode: 'rows' | 'range' | 'groups';
  readonly start: FrameBound;
  readonly end?: FrameBound;
  readonly exclude?: 'current row' | 'group' | 'ties' | 'no others';
}
export interface FrameBound extends Node {
  readonly kind: 'unbounded preceding' | 'preceding' | 'current row' | 'following' | 'unbounded following';
  readonly offset?: Expr;
}

// ---- queries ---------------------------------------------------------------------------------------------------------

export interface Query extends Node {
  readonly kind: 'query';
  readonly with?: With;
  readonly body: QueryBody;
  readonly orderBy: readonly SortItem[];
  readonly limit?: Expr;
  readonly withTies: boolean;
  readonly offset?: Expr;
  /** `FOR UPDATE` and the like: checked, without effect here. FOR READ ONLY is none. */
  readonly locking: readonly LockingClause[];
}

export interface LockingClause extends Node {
  readonly strength: 'update' | 'no key update' | 'share' | 'key share';
  readonly of: readonly QualifiedName[];
  readonly wait?: 'nowait' | 'skip locked';
}

export type QueryBody = Select | SetOperation | Values | Query;

export interface With extends Node {
  readonly recursive: boolean;
  readonly ctes: readonly Cte[];
}
export interface Cte extends Node {
  readonly name: Name;
  readonly columns: readonly Name[];
  readonly materialized?: boolean;
  /** `(DELETE … RETURNING …)` in the place of a query, which then gives no rows. */
  readonly change?: ChangeStatement;
  readonly query: Query;
  readonly search?: SearchClause;
  readonly cycle?: CycleClause;
}
/** `SEARCH DEPTH FIRST BY a, b SET name`. */
export interface SearchClause extends Node {
  readonly order: 'depth' | 'breadth';
  readonly by: readonly Name[];
  readonly name: Name;
}
/** `CYCLE a, b SET mark TO v DEFAULT d USING path`; the values are true and false where they are left out. */
export interface CycleClause extends Node {
  readonly columns: readonly Name[];
  readonly mark: Name;
  readonly value?: Expr;
  readonly defaultValue?: Expr;
  readonly path: Name;
}

export interface Select extends Node {
  readonly kind: 'select';
  /** `true` for DISTINCT, expressions for DISTINCT ON. */
  readonly distinct: boolean | readonly Expr[];
  readonly items: readonly SelectItem[];
  readonly from: readonly FromItem[];
  readonly where?: Expr;
  readonly groupBy: readonly GroupItem[];
  readonly groupDistinct: boolean;
  readonly having?: Expr;
  readonly windows: readonly { readonly name: Name; readonly spec: WindowSpec }[];
}

/** n-ary and flattened where operators and `all` agree and associate; inputs keep their own order and limit. */
export interface SetOperation extends Node {
  readonly kind: 'set';
  readonly op: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly inputs: readonly QueryBody[];
}
export interface Values extends Node {
  readonly kind: 'values';
  readonly rows: readonly (readonly Expr[])[];
}

export type SelectItem = ExprItem | StarItem | WildcardItem;

export interface ExprItem extends Node {
  readonly kind: 'expr';
  readonly expr: Expr;
  readonly alias?: Name;
}
/** `*`, `t.*`. */
export interface StarItem extends Node {
  readonly kind: 'star';
  readonly qualifier: QualifiedName;
}
/** Native `Events.Muon_*`: every column whose name matches; `*` stands for any run of characters. */
export interface WildcardItem extends Node {
  readonly kind: 'wildcard';
  readonly qualifier: QualifiedName;
  readonly pattern: Name;
}

export type GroupItem =
  | { readonly kind: 'expr'; readonly expr: Expr; readonly span: Span }
  | { readonly kind: 'empty'; readonly span: Span }
  | { readonly kind: 'rollup' | 'cube'; readonly sets: readonly (readonly Expr[])[]; readonly span: Span }
  | { readonly kind: 'grouping_sets'; readonly items: readonly GroupItem[]; readonly span: Span };

export type FromItem = TableRef | QueryRef | FunctionRef | JoinRef;

export interface Alias extends Node {
  readonly name: Name;
  readonly columns: readonly Name[];
}

/**
 * A table, view or CTE by name. A native query over a tree is a TableRef too, with the one part `Tree;cycle` or `dir/Tree`
 * (the dataset comes from the door); `name` is empty where a native query leaves out `project`: the only tree is meant.
 */
export interface TableRef extends Node {
  readonly kind: 'table';
  readonly name: QualifiedName;
  readonly alias?: Alias;
  readonly only: boolean;
  readonly sample?: { readonly method: QualifiedName; readonly args: readonly Expr[]; readonly repeatable?: Expr };
}
export interface QueryRef extends Node {
  readonly kind: 'query_ref';
  readonly query: Query;
  readonly lateral: boolean;
  readonly alias?: Alias;
}
/** `a int`, after a function that gives records. */
export interface ColumnDef {
  readonly name: Name;
  readonly type: TypeName;
}
/** `f(x)`, `unnest(a, b) WITH ORDINALITY`, `ROWS FROM (f(x), g(y))`. */
export interface FunctionRef extends Node {
  readonly kind: 'function_ref';
  readonly calls: readonly CallExpr[];
  readonly rowsFrom: boolean;
  readonly ordinality: boolean;
  readonly lateral: boolean;
  readonly alias?: Alias;
  /** `AS t(a int, b text)`. */
  readonly columnDefs: readonly ColumnDef[];
  /** `ROWS FROM (f(x) AS (a int), …)`: those of each call. */
  readonly callDefs?: readonly (readonly ColumnDef[])[];
}
export interface JoinRef extends Node {
  readonly kind: 'join';
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'cross';
  readonly natural: boolean;
  readonly left: FromItem;
  readonly right: FromItem;
  readonly on?: Expr;
  readonly using?: readonly Name[];
  readonly usingAlias?: Name;
  readonly alias?: Alias;
}
