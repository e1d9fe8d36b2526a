// How many rows of a partition pass a filter, roughly, by its statistics: values are taken to be spread evenly between their bounds.
import type { ColumnStats, TableStats } from '../../catalog/index.js';
import type { ColumnId, Scalar } from '../bind/scalar.js';
import type { ScanColumn } from '../logical/logical-plan.js';
import { opcodeOf } from './kernel-verdict.js';

/** What is used of a column's statistics. */
type Known = Pick<ColumnStats, 'nulls' | 'min' | 'max' | 'distinct' | 'bytes' | 'elements'>;

/** Of a term that nothing is known about. */
const unknown = 1 / 3;

export class SelectivityEstimate {
  private readonly columns = new Map<ColumnId, Known>();

  constructor(
    private readonly stats: TableStats,
    columns: readonly ScanColumn[],
  ) {
    for (const { column, source } of columns) {
      if (source.kind === 'system') {
        if (source.name === 'event_id') this.columns.set(column.id, entries(stats));
        continue;
      }
      const found = stats.columns.get(stats.table.columns[source.index]!.name);
      if (found) this.columns.set(column.id, found);
    }
  }

  columnStats(id: ColumnId): Known | undefined {
    return this.columns.get(id);
  }

  /** Between 0 and 1, for partition `p`. */
  ofAll(filter: readonly Scalar[], p: number): number {
    return filter.reduce((share, predicate) => share * this.of(predicate, p, this.columns), 1);
  }

  /** Elements per row. */
  meanLength(list: Scalar, p: number): number | undefined {
    const stats = this.behind(list, this.columns);
    return stats?.elements && stats.elements[p]! / Math.max(1, this.stats.rows[p]!);
  }

  private of(predicate: Scalar, p: number, scope: ReadonlyMap<ColumnId, Known>): number {
    switch (predicate.kind) {
      case 'literal':
        return predicate.value === true ? 1 : 0;
      case 'not':
        return 1 - this.of(predicate.arg, p, scope);
      case 'and':
        return predicate.args.reduce((share, arg) => share * this.of(arg, p, scope), 1);
      case 'or':
        return 1 - predicate.args.reduce((share, arg) => share * (1 - this.of(arg, p, scope)), 1);
      case 'in': {
        const stats = this.behind(predicate.arg, scope);
        return stats ? Math.min(1, predicate.list.length / Math.max(1, stats.distinct[p]!)) : unknown;
      }
      case 'is_null': {
        const stats = this.behind(predicate.arg, scope);
        return stats ? stats.nulls[p]! / Math.max(1, this.stats.rows[p]!) : unknown;
      }
      case 'call': {
        const op = opcodeOf(predicate);
        const [a, b] = predicate.args;
        if (op === 'list_any' || op === 'list_all') return this.ofList(op, a!, p, scope);
        if (!op || !a || !b) return unknown;
        if (b.kind === 'literal') return this.compared(op, a, numberOf(b.value), p, scope);
        if (a.kind === 'literal') return this.compared(flipped[op] ?? op, b, numberOf(a.value), p, scope);
        return unknown;
      }
      default:
        return unknown;
    }
  }

  private ofList(op: 'list_any' | 'list_all', map: Scalar, p: number, scope: ReadonlyMap<ColumnId, Known>): number {
    const list = map.kind === 'list_map' ? map.params[0]?.list : undefined;
    const length = list && this.meanLength(list, p);
    if (map.kind !== 'list_map' || length === undefined) return unknown;
    const inner = new Map(scope);
    for (const { column, list } of map.params) {
      const stats = this.behind(list, scope);
      if (stats) inner.set(column.id, stats);
    }
    const element = this.of(map.body, p, inner);
    return op === 'list_all' ? element ** length : 1 - (1 - element) ** length;
  }

  private compared(
    op: string,
    arg: Scalar,
    value: number | undefined,
    p: number,
    scope: ReadonlyMap<ColumnId, Known>,
  ): number {
    const stats = this.behind(arg, scope);
    if (!stats || value === undefined) return unknown;
    const [min, max] = [stats.min[p]!, stats.max[p]!];
    if (Number.isNaN(min)) return unknown;
    const below = max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : value > min ? 1 : 0;
    const equal = value < min || value > max ? 0 : 1 / Math.max(1, stats.distinct[p]!);
    switch (op) {
      case 'eq':
        return equal;
      case 'ne':
        return 1 - equal;
      case 'lt':
        return below;
      case 'le':
        return Math.min(1, below + equal);
      case 'gt':
        return Math.max(0, 1 - below - equal);
      case 'ge':
        return 1 - below;
      default:
        return unknown;
    }
  }

  private behind(scalar: Scalar, scope: ReadonlyMap<ColumnId, Known>): Known | undefined {
    if (scalar.kind === 'cast') return this.behind(scalar.arg, scope);
    return scalar.kind === 'column' ? scope.get(scalar.column.id) : undefined;
  }
}

/** Entry numbers are counted, not stored. */
function entries({ firstEntry, rows }: TableStats): Known {
  const nothing = new Float64Array(rows.length);
  const max = firstEntry.map((first, p) => first + rows[p]! - 1);
  return { nulls: nothing, bytes: nothing, min: firstEntry, max, distinct: rows };
}

const flipped: Readonly<Record<string, string>> = { lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' };

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'object' && value !== null && 'unscaled' in value && 'scale' in value)
    return Number(value.unscaled) / 10 ** Number(value.scale);
  return undefined;
}
