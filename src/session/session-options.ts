// What a session is opened with, and what is said with one of its queries.
import type { SqlType, Value } from '../core/index.js';
import type { ResultStream } from '../exec/index.js';
import type { Hints } from '../parser/index.js';
import type { PlannedQuery } from './planned-query.js';
import type { QueryResult } from './query-result.js';

/** What {@link Session} is opened with. */
export interface SessionSettings {
  /** Datasets in which a table without a dataset's name is looked for, in order; where empty, all, and one alone must have it. */
  readonly searchPath: readonly string[];
  readonly pushdown: 'auto' | 'on' | 'off';
  readonly kernel: 'on' | 'evaluator' | 'off';
  /** Names of planner rules that are left out: for finding out what one does, and for tests that none changes an answer. */
  readonly disabledRules: ReadonlySet<string>;
}

export interface FileResult extends QueryResult {
  /** Position in the dataset's file order. */
  readonly file: number;
}

export interface QueryOptions {
  readonly signal?: AbortSignal;
  readonly parameters?: readonly { readonly type: SqlType; readonly value: Value }[];
  /** For this statement alone, instead of the session's settings; hints in its text come first. */
  readonly pushdown?: SessionSettings['pushdown'];
  readonly kernel?: SessionSettings['kernel'];
  /** Those that `pushdown` and `kernel` come from. */
  readonly hints?: Hints;
  /** A change has all its rows, and what it returns, and is about to commit. */
  readonly beforeCommit?: (returned: QueryResult | undefined) => Promise<void>;
  /** Told of every plan that runs, with what it does. */
  readonly onPlan?: (planned: PlannedQuery, stream: ResultStream) => void;
}

export const pickSignal = ({ signal }: QueryOptions): Pick<QueryOptions, 'signal'> => (signal ? { signal } : {});

export interface NativeTarget {
  readonly dataset: string;
  /** Only this file: see {@link findFile}. */
  readonly file?: string;
}
