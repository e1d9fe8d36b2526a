// What a dataset version says beside its data: views and comments. Part of the root, so that they change with it in one step.
import type { SqlType } from '../../core/index.js';

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

export interface DatasetDefinitions {
  readonly views: readonly ViewDefinition[];
  readonly comments: readonly Comment[];
}

export const noDefinitions: DatasetDefinitions = { views: [], comments: [] };
