// OVER and WINDOW: specifications that build on one another, and the calls that use them.
import { fail, lookupOperator, printSqlType, type Span, types } from '../../core/index.js';
import type { CallExpr, FrameBound, Name, Select, WindowFrame, WindowSpec } from '../../parser/index.js';
import type { FrameBoundPlan, LogicalPlan, WindowCall } from '../logical/logical-plan.js';
import { columnRef, columnsOf } from '../logical/walk-scalar.js';
import type { ExpressionBinder } from './bind-expression.js';
import { byValue, sortKey } from './bind-query.js';
import { canCoerce, castScalar, requireEquality } from './coerce.js';
import { type BindContext, foldName } from './environment.js';
import { resolveOverload } from './resolve-overload.js';
import type { AggregateCall, Column, Scalar, SortKey } from './scalar.js';

const boundOrder: readonly FrameBound['kind'][] = [
  'unbounded preceding',
  'preceding',
  'current row',
  'following',
  'unbounded following',
];

/** A specification with what it takes from those it is built on. */
interface FullSpec {
  readonly partitionBy: WindowSpec['partitionBy'];
  readonly orderBy: WindowSpec['orderBy'];
  readonly frame?: WindowFrame;
  readonly span: Span;
}

export class WindowBinder {
  readonly #context: BindContext;
  readonly #named: Select['windows'];
  readonly #windows: WindowCall[] = [];

  constructor(context: BindContext, named: Select['windows']) {
    this.#context = context;
    this.#named = named;
    const seen = new Set<string>();
    for (const { name } of named) {
      if (seen.has(foldName(name)))
        throw fail('windowing_error', `window "${name.text}" is already defined`, { span: name.span });
      seen.add(foldName(name));
    }
  }

  get isEmpty(): boolean {
    return this.#windows.length === 0;
  }

  has(column: Column): boolean {
    return this.#windows.some((w) => w.column === column);
  }

  over(input: LogicalPlan, place: (scalar: Scalar) => Scalar): LogicalPlan {
    if (this.#windows.length === 0) return input;
    const keys = (sorted: readonly SortKey[]) => sorted.map((k) => ({ ...k, expr: place(k.expr) }));
    const windows = this.#windows.map((w) => ({
      ...w,
      call: {
        ...w.call,
        args: w.call.args.map(place),
        orderBy: keys(w.call.orderBy),
        ...(w.call.filter && { filter: place(w.call.filter) }),
      },
      partitionBy: w.partitionBy.map(place),
      orderBy: keys(w.orderBy),
    }));
    return { kind: 'window', input, windows };
  }

  add(call: CallExpr, aggregate: AggregateCall, args: ExpressionBinder): Scalar {
    if (aggregate.orderBy.length > 0)
      throw fail('feature_not_supported', 'aggregate ORDER BY is not implemented for window functions', {
        span: call.span,
      });
    const over = call.over!;
    const spec = 'partitionBy' in over ? this.#complete(over) : this.#lookup(over);
    const orderBy = spec.orderBy.map((s) => byValue(sortKey(s, args.operand(s.expr))));
    const column = this.#context.column(aggregate.name, aggregate.type);
    const frame = spec.frame && this.#frame(spec.frame, orderBy, args);
    this.#windows.push({
      column,
      call: aggregate,
      partitionBy: spec.partitionBy.map((e) => {
        const expr = args.operand(e);
        requireEquality(expr.type, e.span);
        return expr;
      }),
      orderBy,
      ...(frame && { frame }),
      ignoreNulls: call.ignoreNulls ?? false,
    });
    return { ...columnRef(column), span: call.span };
  }

  /** What the WINDOW clause defines must make sense, whether it is used or not. */
  checkNamed(args: ExpressionBinder): void {
    for (const [i, { spec }] of this.#named.entries()) {
      const { partitionBy, orderBy, frame } = this.#complete(spec, i);
      for (const e of partitionBy) args.operand(e);
      const keys = orderBy.map((s) => sortKey(s, args.operand(s.expr)));
      if (frame) this.#frame(frame, keys, args);
    }
  }

  /** A window of the WINDOW clause; inside that clause only those before it. */
  #lookup(name: Name, before = this.#named.length): FullSpec {
    const index = this.#named.findIndex((w) => foldName(w.name) === foldName(name));
    if (index < 0 || index >= before)
      throw fail('undefined_object', `window "${name.text}" does not exist`, { span: name.span });
    return this.#complete(this.#named[index]!.spec, index);
  }

  /** PostgreSQL's rules for `(base …)`: the base gives PARTITION BY, either gives ORDER BY, and only the last a frame. */
  #complete(spec: WindowSpec, before?: number): FullSpec {
    if (!spec.base) return spec;
    const base = this.#lookup(spec.base, before);
    const cannot = (what: string) =>
      fail('windowing_error', `cannot ${what} window "${spec.base!.text}"`, { span: spec.span });
    if (spec.partitionBy.length > 0) throw cannot('override PARTITION BY clause of');
    if (spec.orderBy.length > 0 && base.orderBy.length > 0) throw cannot('override ORDER BY clause of');
    if (base.frame) throw cannot('copy, because it has a frame clause:');
    return { ...spec, partitionBy: base.partitionBy, orderBy: base.orderBy.length > 0 ? base.orderBy : spec.orderBy };
  }

  #frame(frame: WindowFrame, orderBy: readonly SortKey[], args: ExpressionBinder): NonNullable<WindowCall['frame']> {
    const { start, end, mode, span } = frame;
    const endKind = end?.kind ?? 'current row';
    const wrong = (message: string) => fail('windowing_error', message, { span });
    if (start.kind === 'unbounded following') throw wrong('frame start cannot be UNBOUNDED FOLLOWING');
    if (endKind === 'unbounded preceding') throw wrong('frame end cannot be UNBOUNDED PRECEDING');
    if (boundOrder.indexOf(start.kind) > boundOrder.indexOf(endKind))
      throw wrong(`frame starting from ${start.kind} cannot end with ${endKind}`);
    const offsets = start.offset !== undefined || end?.offset !== undefined;
    if (mode === 'range' && offsets && orderBy.length !== 1)
      throw wrong('RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column');
    if (mode === 'groups' && orderBy.length === 0) throw wrong('GROUPS mode requires an ORDER BY clause');
    const key = orderBy[0]?.expr;
    return {
      mode,
      start: this.#bound(start, mode, key, args, 'starting'),
      end: end ? this.#bound(end, mode, key, args, 'ending') : { kind: 'current row' },
      ...(frame.exclude && { exclude: frame.exclude }),
    };
  }

  #bound(
    bound: FrameBound,
    mode: WindowFrame['mode'],
    key: Scalar | undefined,
    args: ExpressionBinder,
    which: 'starting' | 'ending',
  ): FrameBoundPlan {
    if (!bound.offset) return { kind: bound.kind };
    const { span } = bound.offset;
    let offset = args.operand(bound.offset);
    if (columnsOf(offset).size > 0)
      throw fail('invalid_column_reference', `argument of ${mode.toUpperCase()} must not contain variables`, { span });
    if (mode === 'range') {
      const resolved = resolveOverload(lookupOperator('+', 2)!.overloads, [key!.type, offset.type]);
      if (!resolved || resolved === 'ambiguous')
        throw fail(
          'feature_not_supported',
          `RANGE with offset PRECEDING/FOLLOWING is not supported for column type ${printSqlType(key!.type)} and offset type ${printSqlType(offset.type)}`,
          { span },
        );
      offset = castScalar(offset, resolved.argTypes[1]!, false);
    } else {
      if (!canCoerce(offset.type, types.int8))
        throw fail(
          'datatype_mismatch',
          `argument of ${mode.toUpperCase()} must be type bigint, not type ${printSqlType(offset.type)}`,
          { span },
        );
      offset = castScalar(offset, types.int8, false);
    }
    const plain = offset.kind === 'cast' ? offset.arg : offset;
    const constant = plain.kind === 'call' && plain.args[0]?.kind === 'literal' ? plain.args[0] : plain;
    const negated = plain.kind === 'call' && plain.name === '-';
    if (constant.kind === 'literal') {
      if (constant.value === null)
        throw fail('null_value_not_allowed', `frame ${which} offset must not be null`, { span });
      const size =
        typeof constant.value === 'object' && 'unscaled' in constant.value ? constant.value.unscaled : constant.value;
      if (negated ? Number(size) > 0 : Number(size) < 0)
        throw fail('invalid_preceding_or_following_size', `frame ${which} offset must not be negative`, { span });
    }
    return { kind: bound.kind, offset };
  }
}
