// Functions whose results depend on the session's time zone and styles, bound to those of a statement.
import { type DateTimeStyle, withStyle } from '../value/date-time-style.js';
import type { Overload, Value } from './overload.js';

const styled = new WeakMap<Overload, Map<string, Overload>>();
const mostStyles = 100;

function heldIn(style: DateTimeStyle, overload: Overload, key: string): Overload {
  const { duckdb: _, kernel: __, fold, rows, accumulate, ...rest } = overload;
  return {
    ...rest,
    op: `${overload.op} in ${key}`,
    ...(fold && { fold: (args, context) => withStyle(style, () => fold(args, context)) }),
    ...(rows && { rows: (args, context) => styledRows(style, rows(args, context)) }),
    ...(accumulate && {
      accumulate: (context) => {
        const inner = accumulate(context);
        return {
          add: (args) => withStyle(style, () => inner.add(args)),
          result: () => withStyle(style, () => inner.result()),
        };
      },
    }),
  };
}

function* styledRows(style: DateTimeStyle, rows: Iterable<Value>): Generator<Value> {
  const iterator = rows[Symbol.iterator]();
  for (;;) {
    const step = withStyle(style, () => iterator.next());
    if (step.done) return;
    yield step.value;
  }
}

/** Of what prints objects of the catalogue (`to_json`): with the names of one statement. */
export const namingOverload = (overload: Overload, style: DateTimeStyle): Overload =>
  heldIn(style, overload, 'a catalogue');

/** The overload as it means in a style that is not the default; nothing but the evaluator runs it. */
export function styledOverload(overload: Overload, style: DateTimeStyle): Overload {
  const { timeZone, output, order, intervals } = style;
  const key = `${timeZone}, ${output}, ${order}, ${intervals}`;
  let known = styled.get(overload);
  if (!known) {
    known = new Map();
    styled.set(overload, known);
  }
  let found = known.get(key);
  if (!found) {
    found = heldIn({ timeZone, output, order, intervals }, overload, key);
    if (known.size >= mostStyles) known.clear();
    known.set(key, found);
  }
  return found;
}
