// A logical plan as one DuckDB SELECT. Every column is called by its id (`c12`), so names never clash and scopes need no aliases.
import {
  type Condition,
  duckDbType,
  fail,
  fieldNames,
  needsKey,
  plainSql,
  quoteDuckDbText,
  raise,
  type SqlType,
  type Value,
} from '../../core/index.js';
import {
  type Aggregate,
  type Column,
  type CtePlan,
  type Distinct,
  type Join,
  type Limit,
  type LogicalPlan,
  outputColumns,
  type ProjectSet,
  type Scalar,
  type SetPlan,
  type SortKey,
  type TableFunction,
  type WindowCall,
  type WindowPlan,
} from '../../planner/index.js';
import { columnName, ScalarRenderer } from './render-scalar.js';

/** The column of a relation that has none: SQL knows no empty select list. */
export const nothing = 'nothing';

/** Cast to exactly the types that the columns claim. */
export function renderQuery(plan: LogicalPlan, inputTable: (index: number) => string): string {
  const renderer = new PlanRenderer(inputTable);
  const columns = outputColumns(plan);
  const names = columns.map((c) => `CAST(${columnName(c)} AS ${duckDbType(c.type)}) AS ${columnName(c)}`);
  return `SELECT ${names.join(', ') || `0 AS ${nothing}`} FROM ${renderer.from(plan)}`;
}

class PlanRenderer {
  private aliases = 0;
  private readonly scalars = new ScalarRenderer((plan) => this.select(plan), outputColumns);

  constructor(private readonly inputTable: (index: number) => string) {}

  /** An item of a FROM list. */
  from(plan: LogicalPlan): string {
    const alias = `t${this.aliases++}`;
    return plan.kind === 'input' ? `${this.inputTable(plan.index)} AS ${alias}` : `(${this.select(plan)}) AS ${alias}`;
  }

  select(plan: LogicalPlan): string {
    switch (plan.kind) {
      case 'scan':
        throw new Error('a scan reached the local query engine');
      case 'values':
        return this.values(plan.columns, plan.rows);
      case 'input':
        return `SELECT ${columnList(plan.columns)} FROM ${this.from(plan)}`;
      case 'project':
        return `SELECT ${this.items(plan.items)} FROM ${this.from(plan.input)}`;
      case 'filter':
        return `SELECT ${columnList(outputColumns(plan))} FROM ${this.from(plan.input)} WHERE ${this.render(plan.predicate)}`;
      case 'aggregate':
        return this.aggregate(plan);
      case 'window':
        return this.window(plan);
      case 'join':
        return this.join(plan);
      case 'sort':
        return this.sorted(plan.input, plan.keys);
      case 'top_n':
        return `${this.sorted(plan.input, plan.keys)} LIMIT ${plan.limit} OFFSET ${plan.offset}`;
      case 'limit':
        return this.limit(plan);
      case 'distinct':
        return this.distinct(plan);
      case 'set':
        return this.set(plan);
      case 'table_function':
        return this.tableFunction(plan);
      case 'project_set':
        return this.projectSet(plan);
      case 'with': {
        const ctes = plan.ctes.map((cte) => this.cte(cte));
        const recursive = plan.ctes.some((cte) => cte.recursive) ? 'RECURSIVE ' : '';
        const body = this.select(plan.body);
        const inner = plan.body.kind === 'with' ? `SELECT * FROM (${body}) AS t${this.aliases++}` : body;
        return `WITH ${recursive}${ctes.join(', ')} ${inner}`;
      }
      case 'cte_scan': {
        const columns = plan.columns.map((c, i) => `k${i} AS ${columnName(c)}`);
        return `SELECT ${columns.join(', ') || nothing} FROM w${plan.cte} AS t${this.aliases++}`;
      }
    }
  }

  private render(scalar: Scalar): string {
    return this.scalars.render(scalar);
  }

  private items(items: readonly { readonly column: Column; readonly expr: Scalar }[]): string {
    if (items.length === 0) return `0 AS ${nothing}`;
    return items.map((item) => `${this.render(item.expr)} AS ${columnName(item.column)}`).join(', ');
  }

  private values(columns: readonly Column[], rows: readonly (readonly Scalar[])[]): string {
    if (columns.length === 0) return `SELECT 0 AS ${nothing} FROM range(${rows.length})`;
    if (rows.length === 0) {
      const nulls = columns.map((c) => `CAST(NULL AS ${duckDbType(c.type)}) AS ${columnName(c)}`);
      return `SELECT ${nulls.join(', ')} WHERE false`;
    }
    const lines = rows.map((row) => `(${this.scalars.list(row)})`);
    return `SELECT * FROM (VALUES ${lines.join(', ')}) AS t${this.aliases++}(${columns.map(columnName).join(', ')})`;
  }

  private aggregate(plan: Aggregate): string {
    const input = outputColumns(plan.input);
    const inherited = new Set(input.map((c) => c.id));
    // Keys are computed below the grouping: as expressions they could read as positions, and grouping sets blank them by name.
    const keys = plan.groups.filter((g) => !inherited.has(g.column.id));
    const source =
      keys.length === 0
        ? this.from(plan.input)
        : `(SELECT ${[...input.map(columnName), this.items(keys)].join(', ')} FROM ${this.from(plan.input)}) AS t${this.aliases++}`;
    const names = plan.groups.map((g) => columnName(g.column));
    const outputs = [
      ...names,
      ...plan.aggregates.map((a) => `${this.scalars.aggregate(a.call)} AS ${columnName(a.column)}`),
      ...(plan.grouping ?? []).map((g) => {
        const bits = g.groups.map((i) => names[i]!);
        return `CAST(grouping(${bits.join(', ')}) AS ${duckDbType(g.column.type)}) AS ${columnName(g.column)}`;
      }),
    ];
    const sets = plan.sets?.map((set) => `(${set.map((i) => names[i]!).join(', ')})`);
    let by = '';
    if (sets) by = ` GROUP BY GROUPING SETS (${sets.join(', ')})`;
    else if (names.length > 0) by = ` GROUP BY ${names.join(', ')}`;
    return `SELECT ${outputs.join(', ') || `count(*) AS ${nothing}`} FROM ${source}${by}`;
  }

  private window({ input, windows }: WindowPlan): string {
    const calls = windows.map((w) => {
      const parts: string[] = [];
      if (w.partitionBy.length > 0) parts.push(`PARTITION BY ${this.scalars.keys(w.partitionBy)}`);
      // Bounds beyond the type are no error.
      const wide = hasWholeRange(w) ? (sql: string) => `CAST(${sql} AS HUGEINT)` : (sql: string) => sql;
      if (w.orderBy.length > 0) parts.push(`ORDER BY ${this.scalars.sortKeys(w.orderBy, wide)}`);
      if (w.frame) {
        const bound = ({ kind, offset }: { kind: string; offset?: Scalar }) =>
          offset ? `${wide(this.render(offset))} ${kind.toUpperCase()}` : kind.toUpperCase();
        const exclude = w.frame.exclude ? ` EXCLUDE ${w.frame.exclude.toUpperCase()}` : '';
        parts.push(`${w.frame.mode.toUpperCase()} BETWEEN ${bound(w.frame.start)} AND ${bound(w.frame.end)}${exclude}`);
      }
      return `${this.scalars.aggregate(w.call, parts.join(' '), w.ignoreNulls)} AS ${columnName(w.column)}`;
    });
    return `SELECT ${[...outputColumns(input).map(columnName), ...calls].join(', ')} FROM ${this.from(input)}`;
  }

  private join(plan: Join): string {
    const columns = columnList(outputColumns(plan));
    const left = this.from(plan.left);
    const right = plan.lateral ? `LATERAL (${this.select(plan.right)}) AS t${this.aliases++}` : this.from(plan.right);
    if (plan.type === 'cross' || (plan.type === 'inner' && !plan.on))
      return `SELECT ${columns} FROM ${left} CROSS JOIN ${right}`;
    return `SELECT ${columns} FROM ${left} ${plan.type.toUpperCase()} JOIN ${right} ON ${plan.on ? this.render(plan.on) : 'true'}`;
  }

  private sorted(input: LogicalPlan, keys: readonly SortKey[]): string {
    const order = keys.length > 0 ? ` ORDER BY ${this.scalars.sortKeys(keys)}` : '';
    return `SELECT ${columnList(outputColumns(input))} FROM ${this.from(input)}${order}`;
  }

  private limit(plan: Limit): string {
    const limit = this.rowCount(plan.limit, 'limit');
    const offset = this.rowCount(plan.offset, 'offset');
    const columns = columnList(outputColumns(plan));
    if (plan.withTies && limit !== undefined && plan.input.kind === 'sort') {
      const keys = this.scalars.sortKeys(plan.input.keys);
      const skipped = offset ?? '0';
      return (
        `SELECT ${columns} FROM (SELECT *, row_number() OVER (ORDER BY ${keys}) AS place, rank() OVER (ORDER BY ${keys}) AS tie ` +
        `FROM ${this.from(plan.input.input)}) AS t${this.aliases++} ` +
        `WHERE ${limit} > 0 AND place > ${skipped} AND tie <= ${skipped} + ${limit} ORDER BY place`
      );
    }
    const clauses = `${limit === undefined ? '' : ` LIMIT ${limit}`}${offset === undefined ? '' : ` OFFSET ${offset}`}`;
    // Beside the ORDER BY, so that a limited sort is a top-N to DuckDB too.
    if (plan.input.kind === 'sort') return `${this.select(plan.input)}${clauses}`;
    return `SELECT ${columns} FROM ${this.from(plan.input)}${clauses}`;
  }

  private rowCount(scalar: Scalar | undefined, clause: 'limit' | 'offset'): string | undefined {
    if (!scalar) return undefined;
    if (scalar.kind !== 'literal') {
      const sql = this.render(scalar);
      return `(CASE WHEN ${sql} < 0 THEN ${raise(negative(clause).condition, negative(clause).message)} ELSE ${sql} END)`;
    }
    const value: Value = scalar.value;
    if (value === null) return undefined;
    if (BigInt(value as bigint | number) < 0n)
      throw fail(negative(clause).condition, negative(clause).message, { span: scalar.span });
    return String(value);
  }

  private distinct(plan: Distinct): string {
    const columns = columnList(outputColumns(plan));
    const output = outputColumns(plan);
    const on =
      plan.on ??
      (output.some((c) => needsKey(c.type))
        ? output.map((column): Scalar => ({ kind: 'column', column, type: column.type }))
        : undefined);
    if (!on) return `SELECT DISTINCT ${columns} FROM ${this.from(plan.input)}`;
    const numbered = `(SELECT *, row_number() OVER () AS place FROM ${this.from(plan.input)}) AS t${this.aliases++}`;
    return (
      `SELECT ${columns} FROM ${numbered} ` +
      `QUALIFY row_number() OVER (PARTITION BY ${this.scalars.keys(on)} ORDER BY place) = 1 ORDER BY place`
    );
  }

  private set(plan: SetPlan): string {
    if (plan.op === 'union' && !plan.all && plan.columns.some((c) => needsKey(c.type)))
      return this.distinct({ kind: 'distinct', input: { ...plan, all: true } });
    // What EXCEPT takes away is a union too.
    const kept = { union: 0, except: 1, intersect: plan.inputs.length }[plan.op];
    const inputs = [...plan.inputs.slice(0, kept), ...joinRows(plan.inputs.slice(kept), plan.columns)];
    const arms = inputs.map((input) => this.arm(input, plan.columns, plan.op !== 'union'));
    if (arms.length === 1) return plan.all ? arms[0]! : `SELECT DISTINCT * FROM (${arms[0]!})`;
    if (plan.op === 'union') return balanced(arms, 'UNION ALL', plan.all ? 'UNION ALL' : 'UNION');
    if (plan.op === 'intersect') return balanced(arms, plan.all ? 'INTERSECT ALL' : 'INTERSECT');
    // a − b − c is a − (b ∪ c).
    const [first, ...rest] = arms;
    return `(${first}) EXCEPT${plan.all ? ' ALL' : ''} (${balanced(rest, 'UNION ALL')})`;
  }

  /** One input of a set operation, its columns renamed by position; `plain` where its values are compared with another's. */
  private arm(input: LogicalPlan, columns: readonly Column[], plain = false): string {
    const value = (c: Column): string => (plain ? plainSql(columnName(c), c.type) : columnName(c));
    const renamed = outputColumns(input).map((c, i) => `${value(c)} AS ${columnName(columns[i]!)}`);
    return `SELECT ${renamed.join(', ') || nothing} FROM ${this.from(input)}`;
  }

  private cte({ id, plan, recursive, materialized }: CtePlan): string {
    const columns = outputColumns(plan);
    const names = columns.map((_, i) => `k${i}`).join(', ') || nothing;
    let body = this.select(plan);
    if (recursive && plan.kind === 'set') {
      const base = plan.inputs.slice(0, -1).map((input) => this.arm(input, columns));
      const step = this.arm(plan.inputs.at(-1)!, columns);
      body = `(${balanced(base, 'UNION ALL')}) UNION${plan.all ? ' ALL' : ''} (${step})`;
    }
    const hint = materialized === undefined || recursive ? '' : materialized ? 'MATERIALIZED ' : 'NOT MATERIALIZED ';
    return `w${id}(${names}) AS ${hint}(${body})`;
  }

  private tableFunction(plan: TableFunction): string {
    const series = this.series(plan);
    if (series) return series;
    const lists = plan.calls.map((call) =>
      this.scalars.call(call.name, call.overload, call.args, call.columns[0]!.type),
    );
    const items = (sqlOf: (index: number) => string) =>
      plan.calls.flatMap((call, at) => {
        const { columns } = call;
        const record = recordOf(call);
        if (!record) return [`unnest(${sqlOf(at)}) AS ${columnName(columns[0]!)}`];
        const field = (name: string) => `struct_extract(unnest(${sqlOf(at)}), ${quoteDuckDbText(name)})`;
        const names = fieldNames(record);
        return columns.map((c, i) => `${field(names[i]!)} AS ${columnName(c)}`);
      });
    if (!plan.ordinality) return `SELECT ${items((i) => lists[i]!).join(', ')}`;
    // Numbers are unnested beside the rows: row_number() would count on over the rows of a lateral join.
    const lengths = lists.map((_, i) => `coalesce(len(l${i}), 0)`);
    const numbers = `unnest(range(1, greatest(${lengths.join(', ')}) + 1)) AS ${columnName(plan.ordinality)}`;
    const named = lists.map((sql, i) => `${sql} AS l${i}`);
    return `SELECT ${[...items((i) => `l${i}`), numbers].join(', ')} FROM (SELECT ${named.join(', ')}) AS t${this.aliases++}`;
  }

  /** A series between constants as DuckDB's own table function, which streams; the general form makes a list of it first. */
  private series({ calls, ordinality }: TableFunction): string | undefined {
    const [call] = calls;
    if (calls.length !== 1 || call!.name !== 'generate_series' || ordinality) return undefined;
    const bounds: bigint[] = [];
    for (const arg of call!.args) {
      if (arg.kind !== 'literal' || arg.value === null || (arg.type.kind !== 'int4' && arg.type.kind !== 'int8'))
        return undefined;
      bounds.push(BigInt(arg.value as number | bigint));
    }
    if (bounds[2] === 0n) return undefined;
    const [column] = call!.columns;
    return (
      `SELECT CAST(generate_series AS ${duckDbType(column!.type)}) AS ${columnName(column!)} ` +
      `FROM generate_series(${bounds.join(', ')})`
    );
  }

  private projectSet(plan: ProjectSet): string {
    const kept = outputColumns(plan.input).map(columnName);
    const items = plan.items.map((item) => {
      const sql = this.scalars.call(item.name, item.overload, item.args, item.column.type);
      return `unnest(${sql}) AS ${columnName(item.column)}`;
    });
    return `SELECT ${[...kept, ...items].join(', ')} FROM ${this.from(plan.input)}`;
  }
}

const negative = (clause: 'limit' | 'offset') =>
  ({
    limit: { condition: 'invalid_row_count_in_limit_clause', message: 'LIMIT must not be negative' },
    offset: { condition: 'invalid_row_count_in_result_offset_clause', message: 'OFFSET must not be negative' },
  })[clause] as { condition: Condition; message: string };

/** The record that a call gives rows of, where its fields are the call's columns. */
function recordOf({ args, columns }: TableFunction['calls'][number]): Extract<SqlType, { kind: 'struct' }> | undefined {
  const list = args[0]?.type;
  const element = list?.kind === 'list' ? list.element : undefined;
  if (element?.kind !== 'struct' || (columns.length === 1 && columns[0]!.type.kind === 'struct')) return undefined;
  return element;
}

/** A frame of values around an integer. */
function hasWholeRange({ frame, orderBy }: WindowCall): boolean {
  const offsets = frame?.mode === 'range' && (frame.start.offset ?? frame.end.offset) !== undefined;
  return offsets && ['int2', 'int4', 'int8'].includes(orderBy[0]!.expr.type.kind);
}

function columnList(columns: readonly Column[]): string {
  return columns.map(columnName).join(', ') || `0 AS ${nothing}`;
}

/** Rows of constants side by side in a UNION become one VALUES list: each arm of its own would cost DuckDB some 200 kB. */
function joinRows(inputs: readonly LogicalPlan[], columns: readonly Column[]): readonly LogicalPlan[] {
  const joined: LogicalPlan[] = [];
  let rows: (readonly Scalar[])[] | undefined;
  for (const input of inputs) {
    const constant = columns.length > 0 ? constantRows(input) : undefined;
    if (!constant) {
      joined.push(input);
      rows = undefined;
    } else if (rows) {
      rows.push(...constant);
    } else {
      rows = [...constant];
      joined.push({ kind: 'values', columns, rows });
    }
  }
  return joined;
}

function constantRows(plan: LogicalPlan): readonly (readonly Scalar[])[] | undefined {
  if (plan.kind === 'values') return plan.rows.length > 0 ? plan.rows : undefined;
  if (plan.kind !== 'project' || plan.input.kind !== 'values') return undefined;
  return plan.input.columns.length === 0 && plan.input.rows.length === 1
    ? [plan.items.map((item) => item.expr)]
    : undefined;
}

/** A chain of an associative operator as a tree of logarithmic depth: DuckDB's binder recurses. */
function balanced(arms: readonly string[], operator: string, top = operator): string {
  if (arms.length === 1) return arms[0]!;
  const half = arms.length >> 1;
  return `(${balanced(arms.slice(0, half), operator)}) ${top} (${balanced(arms.slice(half), operator)})`;
}
