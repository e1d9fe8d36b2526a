// What a dataset version says beside its data: views, comments, and the rules of tables that SQL has made. Part of the root, so that they change with it in one step.
import type { SqlType, TimePrecision } from '../../core/index.js';

export interface ViewDefinition {
  readonly name: string;
  /** A query in SQL. */
  readonly query: string;
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
  /** As it was where the view was made: names in the query keep their meaning. */
  readonly searchPath: readonly string[];
}

export interface Comment {
  readonly object: 'table' | 'view' | 'column' | 'schema';
  /** Of the table or view; empty for the schema itself. */
  readonly name: string;
  readonly column?: string;
  readonly text: string;
}

/** What rows of a table keep to. Expressions are texts of SQL over the row. */
export interface TableDefinition {
  /** Of the table. */
  readonly name: string;
  /** Those that have rules, by name. */
  readonly columns: readonly ColumnDefinition[];
  readonly constraints: readonly ConstraintDefinition[];
  /** Of a temporary table: what the end of a transaction does to it. */
  readonly onCommit?: 'drop' | 'delete rows';
}

export interface ColumnDefinition {
  readonly name: string;
  readonly notNull?: boolean;
  /** Of a type of times: what of a value is kept. */
  readonly precision?: TimePrecision;
  readonly default?: string;
  /** Computed of the row's other columns and stored. */
  readonly generated?: string;
  readonly identity?: 'always' | 'by default';
  /** The sequence that gives its default: of an identity, or of a serial column. */
  readonly sequence?: string;
}

/** An index is kept for the catalogue beside them; a unique one is kept up as a key is. */
export type ConstraintDefinition =
  | {
      readonly kind: 'check';
      readonly name: string;
      readonly condition: string;
      /** Those it mentions. */
      readonly columns: readonly string[];
    }
  | {
      readonly kind: 'primary key' | 'unique';
      readonly name: string;
      readonly columns: readonly string[];
      readonly nullsNotDistinct?: boolean;
    }
  | IndexDefinition
  | ForeignKey;

export interface IndexDefinition {
  readonly kind: 'index';
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
  readonly nullsNotDistinct?: boolean;
  /** Of each column, as pg_index.indoption: 1 descending, 2 nulls first. */
  readonly options: readonly number[];
}

/** Kept, but not kept up. */
export interface ForeignKey {
  readonly kind: 'foreign key';
  readonly name: string;
  readonly columns: readonly string[];
  readonly references: { readonly dataset: string; readonly table: string; readonly columns: readonly string[] };
  readonly match?: string;
  readonly onDelete?: string;
  readonly onUpdate?: string;
}

export interface SequenceDefinition {
  readonly name: string;
  readonly table: string;
  readonly column: string;
  readonly type: 'int2' | 'int4' | 'int8';
  /** The value it gives next. */
  readonly next: number;
}

export interface DatasetDefinitions {
  readonly views: readonly ViewDefinition[];
  readonly comments: readonly Comment[];
  readonly tables?: readonly TableDefinition[];
  readonly sequences?: readonly SequenceDefinition[];
}

export const noDefinitions: DatasetDefinitions = { views: [], comments: [] };
