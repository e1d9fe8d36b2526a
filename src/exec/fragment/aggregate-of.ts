// A plan's aggregate as fragments and their merge know it.
import { aggregateOpcodes, type FragmentAggregate, histogramOf, type Value } from '../../core/index.js';
import type { AggregateCall } from '../../planner/index.js';

/** Operation and parameters, without its argument. The planner has made sure that there is one. */
export function aggregateOf(call: AggregateCall): Pick<FragmentAggregate, 'op' | 'histogram'> {
  const op = call.args.length === 0 ? 'count_star' : aggregateOpcodes.find((name) => name === call.overload.kernel);
  if (!op || call.distinct) throw new Error(`${call.name} is not a fragment aggregate`);
  if (op !== 'hist') return { op };
  const histogram = histogramOf(call.args.slice(1).map((arg): Value => (arg.kind === 'literal' ? arg.value : null)));
  if (!histogram) throw new Error('hist without constant bins is not a fragment aggregate');
  return { op, histogram };
}
