// Aggregates over distinct values in an order: `array_agg(DISTINCT x % 5)`. Values and keys become columns below the aggregate,
// so that whatever runs it sees at once that they are the same.
import type { Aggregate, LogicalPlan, ProjectItem } from '../logical/logical-plan.js';
import { outputColumns } from '../logical/walk-plan.js';
import { columnRef } from '../logical/walk-scalar.js';
import type { BindContext } from './environment.js';
import { sameScalar } from './same-scalar.js';
import type { Scalar } from './scalar.js';

export function placeOrderedArguments(
  input: LogicalPlan,
  aggregates: Aggregate['aggregates'],
  context: BindContext,
): Pick<Aggregate, 'input' | 'aggregates'> {
  const computed: ProjectItem[] = [];
  const place = (scalar: Scalar): Scalar => {
    if (scalar.kind === 'column' || scalar.kind === 'literal') return scalar;
    let item = computed.find((known) => sameScalar(known.expr, scalar));
    if (!item) {
      item = { column: context.column('?column?', scalar.type), expr: scalar };
      computed.push(item);
    }
    return { ...columnRef(item.column), ...(scalar.span && { span: scalar.span }) };
  };
  const placed = aggregates.map(({ column, call }) => {
    if (!call.distinct || call.orderBy.length === 0) return { column, call };
    const orderBy = call.orderBy.map((key) => ({ ...key, expr: place(key.expr) }));
    return { column, call: { ...call, args: call.args.map(place), orderBy } };
  });
  if (computed.length === 0) return { input, aggregates: placed };
  const kept = outputColumns(input).map((column) => ({ column, expr: columnRef(column) }));
  return { input: { kind: 'project', input, items: [...kept, ...computed] }, aggregates: placed };
}
