// Bound expressions as DuckDB SQL. Nothing is left to DuckDB's own rules: casts, operator variants and NULLS order are explicit.
import {
  comparableSql,
  duckDbType,
  fail,
  fieldNames,
  needsKey,
  type Overload,
  raise,
  renderCast,
  type SqlType,
  sameType,
} from '../../core/index.js';
import type {
  AggregateCall,
  Column,
  ListMapScalar,
  LogicalPlan,
  Scalar,
  SortKey,
  SubqueryScalar,
} from '../../planner/index.js';
import { onlyWhere } from '../only-where.js';
import { quoteName, renderLiteral } from './render-literal.js';

/** Renders a subquery's plan as a SELECT statement. */
export type RenderSelect = (plan: LogicalPlan) => string;

export function columnName(column: Column): string {
  return `c${column.id}`;
}

export class ScalarRenderer {
  /** Parameters of lock-step lambdas, which are fields of a zipped element. */
  private readonly zipped = new Map<number, string>();
  private zips = 0;

  constructor(
    private readonly select: RenderSelect,
    private readonly columnsOf: (plan: LogicalPlan) => readonly Column[],
  ) {}

  /** An expression that can stand anywhere, in parentheses where it needs them. */
  render(scalar: Scalar): string {
    switch (scalar.kind) {
      case 'literal':
        return renderLiteral(scalar.value, scalar.type);
      case 'column':
        return this.zipped.get(scalar.column.id) ?? columnName(scalar.column);
      case 'call':
        return this.call(scalar.name, scalar.overload, scalar.args, scalar.type);
      case 'cast':
        return this.cast(scalar.arg, scalar.type, scalar.explicit, scalar.attempt);
      case 'and':
      case 'or':
        if (scalar.args.length === 0) return scalar.kind === 'and' ? 'true' : 'false';
        return `(${this.list(scalar.args, scalar.kind === 'and' ? ' AND ' : ' OR ')})`;
      case 'not':
        return `(NOT ${this.render(scalar.arg)})`;
      case 'is_null':
        return `(${this.render(scalar.arg)} IS NULL)`;
      case 'case': {
        const branches = scalar.branches.map((b) => `WHEN ${this.render(b.when)} THEN ${this.render(b.then)}`);
        return `(CASE ${branches.join(' ')} ELSE ${this.render(scalar.otherwise)} END)`;
      }
      case 'in':
        return scalar.list.length === 0 ? 'false' : `(${this.key(scalar.arg)} IN (${this.keys(scalar.list)}))`;
      case 'coalesce':
        return `coalesce(${this.list(scalar.args)})`;
      case 'list':
        return `CAST([${this.list(scalar.elements)}] AS ${duckDbType(scalar.type)})`;
      case 'struct': {
        const { type } = scalar;
        if (type.kind !== 'struct') throw new Error('struct scalar of another type');
        return `struct_pack(${fieldNames(type)
          .map((name, i) => `${quoteName(name)} := ${this.render(scalar.fields[i]!)}`)
          .join(', ')})`;
      }
      case 'field': {
        const { type } = scalar.arg;
        if (type.kind !== 'struct') throw new Error('field of something that is no struct');
        return `struct_extract(${this.render(scalar.arg)}, '${fieldNames(type)[scalar.index]!.replaceAll("'", "''")}')`;
      }
      case 'list_map':
        return this.listMap(scalar);
      case 'list_filter':
        return `list_filter(${this.render(scalar.list)}, lambda ${columnName(scalar.param)}: ${this.render(scalar.body)})`;
      case 'subquery':
        return this.subquery(scalar);
    }
  }

  list(scalars: readonly Scalar[], separator = ', '): string {
    return scalars.map((scalar) => this.render(scalar)).join(separator);
  }

  /** What stands for the value in comparisons. */
  private key(scalar: Scalar): string {
    return comparableSql(this.render(scalar), scalar.type);
  }

  keys(scalars: readonly Scalar[]): string {
    return scalars.map((scalar) => this.key(scalar)).join(', ');
  }

  sortKeys(keys: readonly SortKey[], as = (sql: string) => sql): string {
    return keys
      .map(
        (key) =>
          `${as(this.key(key.expr))} ${key.descending ? 'DESC' : 'ASC'} NULLS ${key.nullsFirst ? 'FIRST' : 'LAST'}`,
      )
      .join(', ');
  }

  call(name: string, overload: Overload, args: readonly Scalar[], type: SqlType): string {
    const argTypes = args.map((arg) => arg.type);
    const sql = overload.duckdb?.(
      args.map((arg) => this.render(arg)),
      { argTypes, type, lastResort: true },
    );
    if (sql === undefined) throw fail('feature_not_supported', `${name} cannot run in the local query engine`);
    return `(${sql})`;
  }

  /** @param over the text of an OVER clause, for window calls */
  aggregate(call: AggregateCall, over?: string, ignoreNulls = false): string {
    const { filter, overload } = call;
    const { orderedSet } = overload;
    const native = (name: string, args: readonly string[]): string => {
      const keys = call.orderBy.map((key) => ({ ...key, expr: onlyWhere(filter, key.expr) }));
      const distinct = call.distinct ? 'DISTINCT ' : '';
      const order = call.orderBy.length > 0 && !orderedSet ? ` ORDER BY ${this.sortKeys(keys)}` : '';
      const nulls = ignoreNulls ? ' IGNORE NULLS' : '';
      let sql = `${name}(${distinct}${args.join(', ')}${order}${nulls})`;
      if (orderedSet && call.orderBy.length > 0) sql += ` WITHIN GROUP (ORDER BY ${this.sortKeys(keys)})`;
      if (filter) sql += ` FILTER (WHERE ${this.render(filter)})`;
      return over === undefined ? sql : `${sql} OVER (${over})`;
    };
    // The direct arguments of ordered sets are constants, and must look so.
    const args = call.args.map((arg, i) => (orderedSet && i < call.args.length - 1 ? arg : onlyWhere(filter, arg)));
    const sql = overload.duckdb?.(
      args.map((arg) => this.render(arg)),
      { argTypes: call.args.map((arg) => arg.type), type: call.type, call: native, lastResort: true },
    );
    if (sql === undefined) throw fail('feature_not_supported', `${call.name} cannot run in the local query engine`);
    return sql;
  }

  private cast(arg: Scalar, type: SqlType, explicit: boolean, attempt: boolean): string {
    const sql = this.render(arg);
    if (sameType(arg.type, type) || arg.type.kind === 'unknown') return `CAST(${sql} AS ${duckDbType(type)})`;
    const cast = renderCast(sql, arg.type, type, { explicit, attempt, lastResort: true });
    if (cast === undefined) throw fail('feature_not_supported', 'this cast cannot run in the local query engine');
    return `(${cast})`;
  }

  private listMap({ params, body }: ListMapScalar): string {
    const [first] = params;
    if (params.length === 1)
      return `list_transform(${this.render(first!.list)}, lambda ${columnName(first!.column)}: ${this.render(body)})`;
    const lists = params.map((param) => this.render(param.list));
    const zip = `z${this.zips++}`;
    params.forEach((param, i) => {
      this.zipped.set(param.column.id, `struct_extract(${zip}, ${i + 1})`);
    });
    const element = this.render(body);
    const differ = lists.slice(1).map((list) => `len(${lists[0]}) <> len(${list})`);
    return (
      `(CASE WHEN ${lists.map((list) => `${list} IS NULL`).join(' OR ')} THEN NULL ` +
      `WHEN ${differ.join(' OR ')} THEN ${raise('array_subscript_error', 'lists of different lengths')} ` +
      `ELSE list_transform(list_zip(${lists.join(', ')}), lambda ${zip}: ${element}) END)`
    );
  }

  private membership(left: Scalar, column: Column, select: string): string {
    const among = needsKey(column.type)
      ? `SELECT ${comparableSql(columnName(column), column.type)} FROM (${select})`
      : select;
    return `(${this.key(left)} IN (${among}))`;
  }

  private subquery(scalar: SubqueryScalar): string {
    const select = this.select(scalar.plan);
    switch (scalar.mode) {
      case 'scalar':
        return `(${select})`;
      case 'exists':
        return `EXISTS (${select})`;
      case 'array': {
        const [column] = this.columnsOf(scalar.plan);
        return `coalesce((SELECT list(${columnName(column!)}) FROM (${select})), CAST([] AS ${duckDbType(scalar.type)}))`;
      }
      case 'any':
      case 'all': {
        const { left = [], comparison } = scalar;
        const columns = this.columnsOf(scalar.plan);
        if (scalar.mode === 'any' && comparison!.name === '=' && left.length === 1)
          return this.membership(left[0]!, columns[0]!, select);
        const compared = left.map((l, i) => {
          const overload = comparison!.overloads[i] ?? comparison!.overloads[0]!;
          return this.call(
            comparison!.name,
            overload,
            [l, { kind: 'column', column: columns[i]!, type: columns[i]!.type }],
            scalar.type,
          );
        });
        const [decisive, test] = scalar.mode === 'any' ? ['true', 'p'] : ['false', 'NOT p'];
        return (
          `(SELECT CASE WHEN bool_or(${test}) THEN ${decisive} WHEN bool_or(p IS NULL) THEN NULL ELSE NOT ${decisive} END ` +
          `FROM (SELECT (${compared.join(' AND ')}) AS p FROM (${select})))`
        );
      }
    }
  }
}
