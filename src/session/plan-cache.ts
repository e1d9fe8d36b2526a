// Plans and descriptions of statements that were sent lately, by all that they were made of: the statement, its parameters, the settings, and the
// versions of the datasets that it may mean. Sessions of one database share them.
import type { DatasetSnapshot } from '../catalog/index.js';
import type { SqlType, Value } from '../core/index.js';
import type { QualifiedName, Statement } from '../parser/index.js';
import type { PlannedQuery } from './planned-query.js';
import type { PreparedStatement, TypedValue } from './prepared-statement.js';
import type { QueryResult } from './query-result.js';

/** What the catalogue had to say when it was made. */
export interface Known {
  /** What the statement names; where it names nothing, only it and the settings count. */
  readonly relations: readonly QualifiedName[];
  readonly datasets: ReadonlyMap<string, DatasetSnapshot>;
}

/** A plan that later executions may use. */
export interface KnownPlan extends Known {
  readonly planned: PlannedQuery;
  /** What it gives each time. */
  held?: QueryResult;
}

/** A prepared statement that others may use. */
export interface KnownDescription extends Known {
  readonly prepared: PreparedStatement;
}

/** Of one statement: it may come with other parameters, and from sessions with other settings. */
const mostOfOne = 16;
/** Longer values make longer keys than plans are worth. */
const longestText = 256;

export class PlanCache<T extends Known> {
  /** Statements that were parsed lately are the same objects: see `parseCached`. */
  readonly #known = new WeakMap<Statement, Map<string, T>>();

  find(statement: Statement, key: string): T | undefined {
    return this.#known.get(statement)?.get(key);
  }

  keep(statement: Statement, key: string, known: T): void {
    let ofStatement = this.#known.get(statement);
    if (!ofStatement) {
      ofStatement = new Map();
      this.#known.set(statement, ofStatement);
    }
    ofStatement.delete(key);
    ofStatement.set(key, known);
    if (ofStatement.size > mostOfOne) ofStatement.delete(ofStatement.keys().next().value!);
  }
}

/** Snapshots are made once for each version. */
export function sameDatasets(a: Known['datasets'], b: Known['datasets']): boolean {
  if (a.size !== b.size) return false;
  for (const [name, snapshot] of a) if (b.get(name) !== snapshot) return false;
  return true;
}

/** @returns `undefined` where a value is too large, or of a kind that has no short text */
export function planKey(settings: string, parameters: readonly TypedValue[] = []): string | undefined {
  let key = settings;
  for (const { type, value } of parameters) {
    const text = valueKey(value);
    if (text === undefined) return undefined;
    key += `\n${JSON.stringify(type)} ${text}`;
  }
  return key;
}

export function descriptionKey(settings: string, declared: readonly (SqlType | undefined)[]): string {
  if (declared.length === 0) return settings;
  return `${settings}\n${JSON.stringify(declared)}`;
}

function valueKey(value: Value): string | undefined {
  switch (typeof value) {
    case 'string':
      return value.length > longestText ? undefined : JSON.stringify(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'boolean':
      return String(value);
    default:
      return value === null ? 'null' : undefined;
  }
}
