// Statements. A kind without a handler in the session is refused there.
import type { Expr, FromItem, Name, Node, QualifiedName, Query, SelectItem, TableRef, TypeName, With } from './ast.js';

export type Statement = AnyStatement & {
  /** Where there are hint comments. */
  readonly hints?: Hints;
};

/** Settings for one statement, as its hints have them. */
export interface Hints {
  readonly pushdown?: 'auto' | 'on' | 'off';
  readonly kernel?: 'on' | 'evaluator' | 'off';
  /** What a user is told of those that are left out. */
  readonly wrong: readonly string[];
}

type AnyStatement =
  | QueryStatement
  | ExplainStatement
  | ChangeStatement
  | CreateTable
  | CreateTableAs
  | AlterTable
  | CreateView
  | CreateSchema
  | CreateIndex
  | DropStatement
  | CommentStatement
  | TruncateStatement
  | CopyStatement
  | SetStatement
  | SetTransaction
  | ShowStatement
  | ResetStatement
  | TransactionStatement
  | SavepointStatement
  | PrepareStatement
  | ExecuteStatement
  | DeallocateStatement
  | DeclareCursor
  | FetchCursor
  | CloseCursor
  | DiscardStatement
  | ListenStatement
  | NotifyStatement
  | AnalyzeStatement;

export interface QueryStatement extends Node {
  readonly kind: 'query_statement';
  /** Which door it came in by; native differs in scope only (bare tree names, path labels), never in meaning. */
  readonly language: 'sql' | 'native';
  readonly query: Query;
}
export interface ExplainStatement extends Node {
  readonly kind: 'explain';
  /** `analyze`, `verbose`, `format json`, … lower case, value as written or `true`. */
  readonly options: ReadonlyMap<string, string | boolean>;
  readonly statement: Statement;
}

// ---- rows ------------------------------------------------------------------------------------------------------------

export type ChangeStatement = InsertStatement | UpdateStatement | DeleteStatement;

export interface InsertStatement extends Node {
  readonly kind: 'insert';
  readonly with?: With;
  readonly table: QualifiedName;
  readonly alias?: Name;
  /** Empty for all, in the table's order. */
  readonly columns: readonly SetTarget[];
  readonly overriding?: 'user' | 'system';
  /** Absent for DEFAULT VALUES. */
  readonly source?: Query;
  readonly onConflict?: OnConflict;
  readonly returning: readonly SelectItem[];
}
/** A column, or a part of one: `a`, `a.b`, `a[1]`. */
export interface SetTarget extends Node {
  readonly column: Name;
  readonly path: readonly (
    | { readonly kind: 'field'; readonly name: Name }
    | { readonly kind: 'subscript'; readonly index: Expr }
    | { readonly kind: 'slice'; readonly lower?: Expr; readonly upper?: Expr }
  )[];
}
export interface OnConflict extends Node {
  readonly target?:
    | {
        readonly columns: readonly { readonly expr: Expr; readonly opclass?: QualifiedName }[];
        readonly where?: Expr;
      }
    | { readonly constraint: Name };
  /** Absent for DO NOTHING. */
  readonly update?: { readonly set: readonly SetClause[]; readonly where?: Expr };
}
/** `a = 1`, or `(a, b) = …` with several targets. */
export interface SetClause extends Node {
  readonly targets: readonly SetTarget[];
  readonly isRow: boolean;
  readonly value: Expr;
}
export interface UpdateStatement extends Node {
  readonly kind: 'update';
  readonly with?: With;
  readonly table: TableRef;
  readonly set: readonly SetClause[];
  readonly from: readonly FromItem[];
  readonly where?: Expr;
  /** `WHERE CURRENT OF cursor`. */
  readonly cursor?: Name;
  readonly returning: readonly SelectItem[];
}
export interface DeleteStatement extends Node {
  readonly kind: 'delete';
  readonly with?: With;
  readonly table: TableRef;
  readonly using: readonly FromItem[];
  readonly where?: Expr;
  readonly cursor?: Name;
  readonly returning: readonly SelectItem[];
}
export interface TruncateStatement extends Node {
  readonly kind: 'truncate';
  readonly tables: readonly TableRef[];
  readonly restartIdentity: boolean;
  readonly cascade: boolean;
}
/** A bare option has the value `true`; `*` is a list of its own. */
export type CopyOption = true | string | readonly Name[] | '*';
export interface CopyStatement extends Node {
  readonly kind: 'copy';
  readonly source:
    | { readonly table: QualifiedName; readonly columns: readonly Name[] }
    | { readonly query: Query }
    | { readonly change: ChangeStatement };
  readonly direction: 'from' | 'to';
  /** `undefined` is STDIN or STDOUT. */
  readonly path?: string;
  readonly isProgram: boolean;
  /** By lower-case name: `format`, `delimiter`, `null`, `header`, `quote`, `escape`, `force_quote`, `encoding`, …. */
  readonly options: ReadonlyMap<string, CopyOption>;
  readonly where?: Expr;
}

// ---- definitions -----------------------------------------------------------------------------------------------------

export type Persistence = 'permanent' | 'temporary' | 'unlogged';

/** Of tables and views: as written, `true` where a name stands alone. */
export type StorageOptions = ReadonlyMap<string, string | true>;

export interface CreateTable extends Node {
  readonly kind: 'create_table';
  readonly persistence: Persistence;
  readonly ifNotExists: boolean;
  readonly name: QualifiedName;
  readonly columns: readonly ColumnDefinition[];
  readonly constraints: readonly TableConstraint[];
  readonly likes: readonly { readonly table: QualifiedName; readonly options: readonly string[] }[];
  readonly options: StorageOptions;
  readonly onCommit?: 'drop' | 'delete rows' | 'preserve rows';
}
export interface ColumnDefinition extends Node {
  readonly name: Name;
  readonly type: TypeName;
  readonly constraints: readonly ColumnConstraint[];
}
export type ColumnConstraint = Node & { readonly name?: Name } & (
    | { readonly kind: 'not_null' | 'null' }
    | { readonly kind: 'default'; readonly value: Expr }
    | { readonly kind: 'generated'; readonly value: Expr }
    | { readonly kind: 'identity'; readonly always: boolean }
    | { readonly kind: 'collate'; readonly collation: QualifiedName }
    | { readonly kind: 'timing'; readonly timing: ConstraintTiming }
    | KeyConstraint
    | CheckConstraint
    | ReferencesConstraint
  );
export type ConstraintTiming = 'deferrable' | 'not deferrable' | 'initially deferred' | 'initially immediate';
interface KeyConstraint {
  readonly kind: 'unique' | 'primary_key';
  readonly nullsNotDistinct: boolean;
}
interface CheckConstraint {
  readonly kind: 'check';
  readonly condition: Expr;
  readonly noInherit: boolean;
}
interface ReferencesConstraint {
  readonly kind: 'references';
  readonly table: QualifiedName;
  readonly columns: readonly Name[];
  readonly match?: 'full' | 'partial' | 'simple';
  readonly onDelete?: ReferenceAction;
  readonly onUpdate?: ReferenceAction;
}
export interface ReferenceAction {
  readonly action: 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';
  readonly columns: readonly Name[];
}
export type TableConstraint = Node & {
  readonly name?: Name;
  /** Of a key or a foreign key. */
  readonly columns: readonly Name[];
  readonly rule: KeyConstraint | CheckConstraint | ReferencesConstraint;
  readonly timing: readonly ConstraintTiming[];
};

export interface AlterTable extends Node {
  readonly kind: 'alter_table';
  readonly ifExists: boolean;
  readonly table: TableRef;
  readonly actions: readonly AlterAction[];
}
export type AlterAction = Node &
  (
    | { readonly kind: 'add_column'; readonly column: ColumnDefinition; readonly ifNotExists: boolean }
    | { readonly kind: 'add_constraint'; readonly constraint: TableConstraint }
    | {
        readonly kind: 'drop_column' | 'drop_constraint';
        readonly name: Name;
        readonly ifExists: boolean;
        readonly cascade: boolean;
      }
    /** Without a value the default goes. */
    | { readonly kind: 'set_default'; readonly name: Name; readonly value?: Expr }
    | { readonly kind: 'set_not_null' | 'drop_not_null'; readonly name: Name }
    | { readonly kind: 'set_type'; readonly name: Name; readonly type: TypeName; readonly using?: Expr }
    | { readonly kind: 'add_identity'; readonly name: Name; readonly always: boolean }
    | { readonly kind: 'drop_identity' | 'drop_expression'; readonly name: Name; readonly ifExists: boolean }
    | { readonly kind: 'rename_column' | 'rename_constraint'; readonly name: Name; readonly to: Name }
    | { readonly kind: 'rename_table'; readonly to: Name }
  );

/** `SELECT … INTO` too. */
export interface CreateTableAs extends Node {
  readonly kind: 'create_table_as';
  readonly persistence: Persistence;
  readonly ifNotExists: boolean;
  readonly name: QualifiedName;
  readonly columns: readonly Name[];
  readonly options: StorageOptions;
  readonly onCommit?: 'drop' | 'delete rows' | 'preserve rows';
  readonly source: Query | ExecuteStatement;
  readonly withData: boolean;
}
export interface CreateView extends Node {
  readonly kind: 'create_view';
  readonly replace: boolean;
  readonly persistence: Persistence;
  readonly recursive: boolean;
  readonly name: QualifiedName;
  readonly columns: readonly Name[];
  readonly options: StorageOptions;
  readonly query: Query;
  readonly check?: 'cascaded' | 'local';
}
export interface CreateSchema extends Node {
  readonly kind: 'create_schema';
  readonly ifNotExists: boolean;
  /** Absent where the role gives the name. */
  readonly name?: Name;
  readonly role?: Name;
}
export interface CreateIndex extends Node {
  readonly kind: 'create_index';
  readonly unique: boolean;
  readonly ifNotExists: boolean;
  readonly name?: Name;
  readonly table: QualifiedName;
  readonly columns: readonly IndexColumn[];
  readonly nullsNotDistinct: boolean;
}
export interface IndexColumn extends Node {
  readonly name: Name;
  readonly direction: 'asc' | 'desc';
  /** As written: by default last for asc, first for desc. */
  readonly nulls?: 'first' | 'last';
}
export interface DropStatement extends Node {
  readonly kind: 'drop';
  readonly object: 'table' | 'view' | 'schema' | 'index';
  readonly ifExists: boolean;
  readonly names: readonly QualifiedName[];
  readonly cascade: boolean;
}
export interface CommentStatement extends Node {
  readonly kind: 'comment';
  readonly object: 'table' | 'view' | 'column' | 'schema' | 'database';
  readonly name: QualifiedName;
  /** Absent for NULL, which takes the comment away. */
  readonly text?: string;
}

// ---- session ---------------------------------------------------------------------------------------------------------

/** `SET TIME ZONE`, `NAMES`, `ROLE`, `SCHEMA`, `SESSION AUTHORIZATION` are their settings. */
export interface SetStatement extends Node {
  readonly kind: 'set';
  readonly scope: 'session' | 'local';
  /** Lower case, with dots. */
  readonly name: string;
  /** Words fold to lower case; empty for DEFAULT. */
  readonly values: readonly Expr[];
}
export interface TransactionModes {
  readonly isolation?: 'serializable' | 'repeatable read' | 'read committed' | 'read uncommitted';
  readonly readOnly?: boolean;
  readonly deferrable?: boolean;
}
/** `SET TRANSACTION`, or for all that follow `SET SESSION CHARACTERISTICS AS TRANSACTION`. */
export interface SetTransaction extends Node {
  readonly kind: 'set_transaction';
  readonly scope: 'transaction' | 'session';
  readonly modes: TransactionModes;
}
export interface ShowStatement extends Node {
  readonly kind: 'show';
  /** Lower case; `all` for every one. */
  readonly name: string;
}
export interface ResetStatement extends Node {
  readonly kind: 'reset';
  readonly name: string;
}
export interface TransactionStatement extends Node {
  readonly kind: 'transaction';
  readonly action: 'begin' | 'commit' | 'rollback';
  /** `START TRANSACTION`, which is told as such. */
  readonly start?: true;
  readonly modes: TransactionModes;
  /** `AND CHAIN`. */
  readonly chain: boolean;
}
export interface SavepointStatement extends Node {
  readonly kind: 'savepoint';
  readonly action: 'set' | 'release' | 'rollback to';
  readonly name: Name;
}
export interface PrepareStatement extends Node {
  readonly kind: 'prepare';
  readonly name: Name;
  readonly types: readonly TypeName[];
  readonly statement: QueryStatement | ChangeStatement;
}
export interface ExecuteStatement extends Node {
  readonly kind: 'execute';
  readonly name: Name;
  readonly args: readonly Expr[];
}
export interface DeallocateStatement extends Node {
  readonly kind: 'deallocate';
  /** Absent for ALL. */
  readonly name?: Name;
}
export interface DeclareCursor extends Node {
  readonly kind: 'declare';
  readonly name: Name;
  readonly binary: boolean;
  /** As written. */
  readonly scroll?: boolean;
  readonly hold: boolean;
  readonly query: Query;
}
export interface FetchCursor extends Node {
  readonly kind: 'fetch';
  /** MOVE gives no rows. */
  readonly move: boolean;
  readonly direction: 'forward' | 'backward' | 'absolute' | 'relative';
  readonly count: number | 'all';
  readonly name: Name;
}
export interface CloseCursor extends Node {
  readonly kind: 'close';
  readonly name?: Name;
}
export interface DiscardStatement extends Node {
  readonly kind: 'discard';
  readonly what: 'all' | 'plans' | 'sequences' | 'temp';
}
export interface ListenStatement extends Node {
  readonly kind: 'listen' | 'unlisten';
  /** Absent for UNLISTEN *. */
  readonly channel?: Name;
}
export interface NotifyStatement extends Node {
  readonly kind: 'notify';
  readonly channel: Name;
  readonly payload?: string;
}
export interface AnalyzeStatement extends Node {
  readonly kind: 'analyze';
  readonly tables: readonly { readonly table: TableRef; readonly columns: readonly Name[] }[];
}
