// Expressions: AST to Scalar, every operator resolved and every cast in place.
import {
  allFunctions,
  type FunctionEntry,
  fail,
  isLambdaArgument,
  listOf,
  lookupFunction,
  lookupOperator,
  printSqlType,
  type Span,
  type SqlType,
  sqlTypeOf,
  types,
  type Value,
} from '../../core/index.js';
import type { CallArg, CallExpr, CaseExpr, ColumnRef, Expr, LambdaExpr, Query } from '../../parser/index.js';
import type { LogicalPlan } from '../logical/logical-plan.js';
import { bindTypeName } from './bind-type-name.js';
import { castScalar, coerce, commonType, widened } from './coerce.js';
import { type BindContext, hintFor } from './environment.js';
import { resolveOverload, resultType } from './resolve-overload.js';
import type { Column, Scalar } from './scalar.js';
import { Scope } from './scope.js';

/** What an expression binder needs from the query around it. */
export interface ExpressionHost {
  readonly context: BindContext;
  /** Binds a subquery that may refer to `scope`. */
  subquery(query: Query, scope: Scope): { plan: LogicalPlan; columns: readonly Column[] };
  /** Aggregate and window calls, where the clause allows them; throws where it does not. */
  aggregate(call: CallExpr, entry: FunctionEntry, scope: Scope): Scalar;
}

const literal = (type: SqlType, value: Value, span: Span): Scalar => ({ kind: 'literal', type, value, span });

/** Parameters that a list reduction's element-wise context has taken in. */
interface Elementwise {
  readonly params: { column: Column; list: Scalar; key: string }[];
}

export class ExpressionBinder {
  readonly #host: ExpressionHost;
  readonly #scope: Scope;
  readonly #elements: Elementwise | undefined;

  constructor(host: ExpressionHost, scope: Scope, elements?: Elementwise) {
    this.#host = host;
    this.#scope = scope;
    this.#elements = elements;
  }

  /** As an operand: storage-only types widened. */
  operand(expr: Expr): Scalar {
    return widened(this.bind(expr));
  }

  predicate(expr: Expr, clause: string): Scalar {
    return coerce(this.bind(expr), types.bool, `argument of ${clause}`);
  }

  bind(expr: Expr): Scalar {
    const { span } = expr;
    switch (expr.kind) {
      case 'number':
        return numberLiteral(expr.text, span);
      case 'string':
        return literal(types.unknown, expr.value, span);
      case 'boolean':
        return literal(types.bool, expr.value, span);
      case 'null':
        return literal(types.unknown, null, span);
      case 'typed_literal':
        return castScalar(literal(types.unknown, expr.value, span), bindTypeName(expr.type), true);
      case 'column':
        return this.#column(expr);
      case 'parameter': {
        const parameter = this.#host.context.environment.parameters?.[expr.index - 1];
        if (!parameter) throw fail('undefined_parameter', `there is no parameter $${expr.index}`, { span });
        return literal(parameter.type, parameter.value, span);
      }
      case 'cast':
        return castScalar(this.bind(expr.arg), bindTypeName(expr.type), true, expr.attempt, span);
      case 'unary':
        if (expr.op === '-' && expr.arg.kind === 'number') return numberLiteral(`-${expr.arg.text}`, span);
        return this.#operator(expr.op, expr.opSpan, [this.operand(expr.arg)], span);
      case 'binary':
        return this.#binary(expr);
      case 'logical':
        return {
          kind: expr.op,
          type: types.bool,
          args: expr.args.map((a) => this.predicate(a, expr.op.toUpperCase())),
          span,
        };
      case 'not':
        return { kind: 'not', type: types.bool, arg: this.predicate(expr.arg, 'NOT'), span };
      case 'is':
        return this.#isTest(expr);
      case 'is_distinct': {
        const test = this.#operator(
          'is distinct from',
          span,
          [this.operand(expr.left), this.operand(expr.right)],
          span,
        );
        return expr.negated ? { kind: 'not', type: types.bool, arg: test, span } : test;
      }
      case 'between':
        return this.#between(expr);
      case 'in_list': {
        const all = [this.operand(expr.arg), ...expr.list.map((e) => this.operand(e))];
        const type = commonType(
          all.map((s) => s.type),
          'IN',
          span,
        );
        const [arg, ...list] = all.map((s) => castScalar(s, type, false));
        return negate({ kind: 'in', type: types.bool, arg: arg!, list, span }, expr.negated);
      }
      case 'in_query':
        return negate(this.#quantifiedQuery('=', 'any', expr.arg, expr.query, span), expr.negated);
      case 'like': {
        const op = { like: '~~', ilike: '~~*', similar: 'similar to' }[expr.variant];
        const args = [expr.arg, expr.pattern, ...(expr.escape ? [expr.escape] : [])].map((e) => this.operand(e));
        const call =
          args.length === 2
            ? this.#operator(op, span, args, span)
            : this.#call(expr.variant === 'similar' ? 'similar_to' : expr.variant, args, span);
        return negate(call, expr.negated);
      }
      case 'quantified':
        return this.#quantifiedArray(expr);
      case 'quantified_query':
        return this.#quantifiedQuery(expr.op, expr.quantifier, expr.left, expr.query, span);
      case 'exists':
        return { kind: 'subquery', type: types.bool, mode: 'exists', plan: this.#subquery(expr.query).plan, span };
      case 'scalar_query':
      case 'array_query': {
        const { plan, columns } = this.#subquery(expr.query);
        if (columns.length !== 1) throw fail('syntax_error', 'subquery must return only one column', { span });
        const type = sqlTypeOf(columns[0]!.type);
        if (expr.kind === 'array_query') return { kind: 'subquery', type: listOf(type), mode: 'array', plan, span };
        return { kind: 'subquery', type: columns[0]!.type, mode: 'scalar', plan, span };
      }
      case 'case':
        return this.#case(expr);
      case 'call':
        return this.#function(expr);
      case 'array': {
        const elements = expr.elements.map((e) => this.operand(e));
        const type = commonType(
          elements.map((e) => e.type),
          'ARRAY',
          span,
        );
        return { kind: 'list', type: listOf(type), elements: elements.map((e) => castScalar(e, type, false)), span };
      }
      case 'struct': {
        const fields = expr.fields.map((f) => this.operand(f.value));
        const type: SqlType = {
          kind: 'struct',
          fields: fields.map((f, i) => ({ name: expr.fields[i]!.name.text, type: f.type })),
        };
        return { kind: 'struct', type, fields, span };
      }
      case 'subscript':
        return this.#call('array_subscript', [this.operand(expr.arg), this.operand(expr.index)], span, '[]');
      case 'slice': {
        const bound = (e: Expr | undefined) => (e ? this.operand(e) : literal(types.int4, null, span));
        return this.#call('array_slice', [this.operand(expr.arg), bound(expr.lower), bound(expr.upper)], span, '[:]');
      }
      case 'field': {
        const arg = this.bind(expr.arg);
        if (!expr.field) throw fail('feature_not_supported', 'row expansion via ".*" is not supported here', { span });
        return this.#field(arg, expr.field.text, expr.field.span);
      }
      case 'lambda':
        throw fail('syntax_error', 'a lambda is not allowed here', {
          span,
          hint: 'Lambdas are arguments of list functions, as list_any(x, lambda e: e > 1).',
        });
      case 'collate':
        return this.bind(expr.arg);
      case 'row':
      case 'bitstring':
      case 'default':
        throw fail(
          'feature_not_supported',
          `${expr.kind === 'row' ? 'row values' : expr.kind === 'bitstring' ? 'bit strings' : 'DEFAULT'} are not supported here`,
          { span },
        );
    }
  }

  #column(ref: ColumnRef): Scalar {
    const found = this.#scope.resolve(ref);
    if (found.kind === 'relation') {
      throw fail('feature_not_supported', `a whole row ("${found.relation.name}") is not supported as a value`, {
        span: ref.span,
      });
    }
    let scalar: Scalar = { kind: 'column', type: found.column.type, column: found.column, span: ref.span };
    for (const part of found.rest) scalar = this.#field(scalar, part.text, part.span);
    return this.#elements ? this.#asElement(scalar) : scalar;
  }

  /** In an element-wise context a list stands for its elements. */
  #asElement(scalar: Scalar): Scalar {
    if (scalar.type.kind !== 'list' || scalar.kind !== 'column') return scalar;
    const key = String(scalar.column.id);
    const { params } = this.#elements!;
    let param = params.find((p) => p.key === key);
    if (!param) {
      param = { column: this.#host.context.column(scalar.column.name, scalar.type.element), list: scalar, key };
      params.push(param);
    }
    return { kind: 'column', type: param.column.type, column: param.column, ...(scalar.span && { span: scalar.span }) };
  }

  #field(arg: Scalar, name: string, span: Span): Scalar {
    if (arg.type.kind !== 'struct') {
      throw fail(
        'wrong_object_type',
        `column notation .${name} applied to type ${printSqlType(arg.type)}, which is not a composite type`,
        { span },
      );
    }
    const index = arg.type.fields.findIndex((f) => f.name === name);
    if (index < 0)
      throw fail('undefined_column', `field "${name}" does not exist`, {
        span,
        hint: hintFor(
          name,
          arg.type.fields.map((f) => f.name),
        ),
      });
    return { kind: 'field', type: arg.type.fields[index]!.type, arg, index, span };
  }

  #binary(expr: Extract<Expr, { kind: 'binary' }>): Scalar {
    // Long chains lean to the left: walk them instead of recursing.
    const spine: Extract<Expr, { kind: 'binary' }>[] = [];
    let leftmost: Expr = expr;
    while (leftmost.kind === 'binary') {
      spine.push(leftmost);
      leftmost = leftmost.left;
    }
    let scalar = this.operand(leftmost);
    for (const node of spine.reverse())
      scalar = this.#operator(node.op, node.opSpan, [scalar, this.operand(node.right)], node.span);
    return scalar;
  }

  #operator(op: string, opSpan: Span, operands: readonly Scalar[], span: Span): Scalar {
    const args = mixedFloats(operands);
    const entry = lookupOperator(op, args.length);
    const found = args.map((a) => a.type);
    const resolved = entry && resolveOverload(entry.overloads, found);
    if (entry && resolved && resolved !== 'ambiguous') return this.#resolved(op, resolved, args, span);
    const shown =
      args.length === 1
        ? `${op} ${printSqlType(found[0]!)}`
        : `${printSqlType(found[0]!)} ${op} ${printSqlType(found[1]!)}`;
    if (args.length === 2 && comparisons.has(op) && found.filter((t) => t.kind === 'list').length === 1) {
      throw fail('datatype_mismatch', `a list is compared with a single value: ${shown}`, {
        span,
        hint: this.#anyHint(args, op),
      });
    }
    if (resolved === 'ambiguous')
      throw fail('ambiguous_function', `operator is not unique: ${shown}`, {
        span: opSpan,
        hint: 'Explicit casts may choose one.',
      });
    throw fail('undefined_function', `operator does not exist: ${shown}`, {
      span: opSpan,
      hint: 'No operator matches these types. Explicit casts might help.',
    });
  }

  #anyHint(args: readonly Scalar[], op: string): string {
    const [left, right] = args.map((a) => {
      const inner = a.kind === 'cast' ? a.arg : a;
      if (inner.kind === 'column') return inner.column.name;
      return inner.kind === 'literal' && inner.value !== null && typeof inner.value !== 'object'
        ? String(inner.value)
        : '…';
    });
    return `list_any(${left} ${op} ${right})`;
  }

  #resolved(
    name: string,
    resolved: { overload: Parameters<typeof resultType>[0]; argTypes: readonly SqlType[] },
    args: readonly Scalar[],
    span: Span,
  ): Scalar {
    const cast = args.map((a, i) => castScalar(a, resolved.argTypes[i]!, false));
    const constants = cast.map((a) => (a.kind === 'literal' ? a.value : undefined));
    return {
      kind: 'call',
      type: resultType(resolved.overload, resolved.argTypes, constants),
      name,
      overload: resolved.overload,
      args: cast,
      span,
    };
  }

  /** A function that syntax stands for. */
  #call(name: string, args: readonly Scalar[], span: Span, shown = name): Scalar {
    const entry = lookupFunction(name);
    const resolved =
      entry &&
      resolveOverload(
        entry.overloads,
        args.map((a) => a.type),
      );
    if (!resolved || resolved === 'ambiguous') {
      throw fail(
        'datatype_mismatch',
        `cannot apply ${shown} to type ${args.map((a) => printSqlType(a.type)).join(', ')}`,
        { span },
      );
    }
    return this.#resolved(name, resolved, args, span);
  }

  #isTest(expr: Extract<Expr, { kind: 'is' }>): Scalar {
    const { span } = expr;
    if (expr.test === 'null')
      return negate({ kind: 'is_null', type: types.bool, arg: this.bind(expr.arg), span }, expr.negated);
    if (expr.test === 'normalized') throw fail('feature_not_supported', 'IS NORMALIZED is not supported', { span });
    const arg = this.predicate(expr.arg, `IS ${expr.test.toUpperCase()}`);
    if (expr.test === 'unknown') return negate({ kind: 'is_null', type: types.bool, arg, span }, expr.negated);
    const wanted = expr.test === 'true';
    const value: Scalar = { kind: 'coalesce', type: types.bool, args: [arg, literal(types.bool, !wanted, span)], span };
    return negate(wanted ? value : { kind: 'not', type: types.bool, arg: value, span }, expr.negated);
  }

  #between(expr: Extract<Expr, { kind: 'between' }>): Scalar {
    const { span } = expr;
    const [arg, low, high] = [expr.arg, expr.low, expr.high].map((e) => this.operand(e)) as [Scalar, Scalar, Scalar];
    const within = (a: Scalar, b: Scalar): Scalar => ({
      kind: 'and',
      type: types.bool,
      args: [this.#operator('>=', span, [arg, a], span), this.#operator('<=', span, [arg, b], span)],
      span,
    });
    if (!expr.symmetric) return negate(within(low, high), expr.negated);
    return negate({ kind: 'or', type: types.bool, args: [within(low, high), within(high, low)], span }, expr.negated);
  }

  #case(expr: CaseExpr): Scalar {
    const { span } = expr;
    const operand = expr.operand && this.operand(expr.operand);
    const branches = expr.branches.map(({ when, then }) => ({
      when: operand
        ? this.#operator('=', when.span, [operand, this.operand(when)], when.span)
        : this.predicate(when, 'CASE/WHEN'),
      then: this.operand(then),
    }));
    const otherwise = expr.otherwise ? this.operand(expr.otherwise) : literal(types.unknown, null, span);
    const type = commonType([otherwise.type, ...branches.map((b) => b.then.type)], 'CASE', span);
    return {
      kind: 'case',
      type,
      branches: branches.map((b) => ({ when: b.when, then: castScalar(b.then, type, false) })),
      otherwise: castScalar(otherwise, type, false),
      span,
    };
  }

  #subquery(query: Query): { plan: LogicalPlan; columns: readonly Column[] } {
    return this.#host.subquery(query, this.#scope);
  }

  #quantifiedQuery(op: string, mode: 'any' | 'all', left: Expr, query: Query, span: Span): Scalar {
    const { plan, columns } = this.#subquery(query);
    const operand = this.operand(left);
    if (columns.length !== 1) throw fail('syntax_error', 'subquery has too many columns', { span });
    const right = sqlTypeOf(columns[0]!.type);
    const entry = lookupOperator(op, 2);
    const resolved = entry && resolveOverload(entry.overloads, [operand.type, right]);
    if (!resolved || resolved === 'ambiguous') {
      throw fail(
        'undefined_function',
        `operator does not exist: ${printSqlType(operand.type)} ${op} ${printSqlType(right)}`,
        { span },
      );
    }
    const column = this.#host.context.column(columns[0]!.name, resolved.argTypes[1]!);
    const cast = castScalar(
      { kind: 'column', type: columns[0]!.type, column: columns[0]! },
      resolved.argTypes[1]!,
      false,
    );
    return {
      kind: 'subquery',
      type: types.bool,
      mode,
      plan: { kind: 'project', input: plan, items: [{ column, expr: cast }] },
      left: [castScalar(operand, resolved.argTypes[0]!, false)],
      comparison: { name: op, overloads: [resolved.overload] },
      span,
    };
  }

  /** `x = ANY (array)` is `list_any` over the elements; ALL likewise. */
  #quantifiedArray(expr: Extract<Expr, { kind: 'quantified' }>): Scalar {
    const { span } = expr;
    const left = this.operand(expr.left);
    let array = this.operand(expr.array);
    if (array.type.kind === 'unknown') array = castScalar(array, listOf(left.type), false);
    if (array.type.kind !== 'list')
      throw fail('wrong_object_type', 'op ANY/ALL (array) requires array on right side', { span });
    const column = this.#host.context.column('element', array.type.element);
    const element: Scalar = { kind: 'column', type: column.type, column };
    const body = this.#operator(expr.op, span, [left, widened(element)], span);
    const map: Scalar = { kind: 'list_map', type: listOf(types.bool), params: [{ column, list: array }], body };
    return this.#call(expr.quantifier === 'any' ? 'list_any' : 'list_all', [map], span);
  }

  #function(expr: CallExpr): Scalar {
    const { span } = expr;
    const name = expr.name.at(-1)!;
    const folded = name.quoted ? name.text : name.text.toLowerCase();
    const values = () => expr.args.map((a) => this.operand(a.value));
    switch (folded) {
      case 'coalesce': {
        const args = values();
        const type = commonType(
          args.map((a) => a.type),
          'COALESCE',
          span,
        );
        return { kind: 'coalesce', type, args: args.map((a) => castScalar(a, type, false)), span };
      }
      case 'nullif': {
        const [a, b] = values();
        if (!a || !b) throw fail('syntax_error', 'NULLIF takes two arguments', { span });
        return {
          kind: 'case',
          type: a.type,
          branches: [
            {
              when: this.#operator('=', span, [a, b], span),
              then: castScalar(literal(types.unknown, null, span), a.type, false),
            },
          ],
          otherwise: a,
          span,
        };
      }
    }
    const entry = lookupFunction(folded);
    if (!entry) {
      throw fail(
        'undefined_function',
        `function ${name.text}(${values()
          .map((a) => printSqlType(a.type))
          .join(', ')}) does not exist`,
        {
          span: name.span,
          hint:
            hintFor(
              folded,
              allFunctions()
                .filter((f) => f.kind !== 'operator')
                .map((f) => f.name),
            ) ?? 'No function of that name is known.',
        },
      );
    }
    if (entry.kind === 'aggregate' || entry.kind === 'window' || expr.over)
      return this.#host.aggregate(expr, entry, this.#scope);
    if (entry.kind === 'table')
      throw fail('feature_not_supported', `set-returning functions are not allowed here: ${entry.name}`, { span });
    if (expr.args.some((a) => a.value.kind === 'lambda') || folded === 'list_transform' || folded === 'list_filter')
      return this.#lambdaCall(expr, entry, folded);
    if (entry.reducesLists && !this.#elements) return this.#reduction(expr, entry);
    return this.resolveCall(
      entry,
      expr.args.map((a) => this.operand(a.value)),
      span,
    );
  }

  resolveCall(entry: FunctionEntry, args: readonly Scalar[], span: Span): Scalar {
    const found = args.map((a) => a.type);
    const resolved = resolveOverload(entry.overloads, found);
    if (resolved && resolved !== 'ambiguous') return this.#resolved(entry.name, resolved, args, span);
    const shown = `${entry.name}(${found.map(printSqlType).join(', ')})`;
    if (resolved === 'ambiguous')
      throw fail('ambiguous_function', `function ${shown} is not unique`, {
        span,
        hint: 'Explicit casts may choose one.',
      });
    throw fail('undefined_function', `function ${shown} does not exist`, {
      span,
      hint: 'No function matches these argument types. Explicit casts might help.',
    });
  }

  /** `list_any(pt > 20)`: the lists of the argument are walked in lock-step. */
  #reduction(expr: CallExpr, entry: FunctionEntry): Scalar {
    const args = expr.args.map((arg) => {
      if (arg.value.kind === 'column') return widened(this.bind(arg.value));
      const elements: Elementwise = { params: [] };
      const body = new ExpressionBinder(this.#host, this.#scope, elements).operand(arg.value);
      if (elements.params.length === 0) return body;
      const params = elements.params.map(({ column, list }) => ({ column, list }));
      return { kind: 'list_map', type: listOf(body.type), params, body, span: arg.span } satisfies Scalar;
    });
    return this.resolveCall(entry, args, expr.span);
  }

  /** A lambda's parameter stands for the elements of the list before it; further lists give further parameters. */
  #lambdaCall(expr: CallExpr, entry: FunctionEntry, name: string): Scalar {
    const at = expr.args.findIndex((a) => a.value.kind === 'lambda');
    const lambda = expr.args[at]?.value;
    if (lambda?.kind !== 'lambda')
      throw fail('undefined_function', `${name} needs a lambda`, {
        span: expr.span,
        hint: `${name}(list, lambda x: …)`,
      });
    if (!isLambdaArgument(name, at))
      throw fail('syntax_error', `argument ${at + 1} of ${name} is no lambda`, { span: lambda.span });
    const lists = expr.args.slice(0, at).map((a) => this.#listArgument(a));
    const { params, body } = this.#bindLambda(lambda, lists);
    if (name === 'list_filter') {
      const [only] = params;
      if (params.length !== 1 || !only) throw fail('syntax_error', 'list_filter takes one list', { span: expr.span });
      return {
        kind: 'list_filter',
        type: only.list.type,
        param: only.column,
        list: only.list,
        body: coerce(body, types.bool, 'the lambda of list_filter'),
        span: expr.span,
      };
    }
    const map: Scalar = { kind: 'list_map', type: listOf(body.type), params, body, span: expr.span };
    if (name === 'list_transform') return map;
    return this.resolveCall(entry, [map, ...expr.args.slice(at + 1).map((a) => this.operand(a.value))], expr.span);
  }

  #listArgument(arg: CallArg): Scalar {
    const list = this.bind(arg.value);
    if (list.type.kind !== 'list') {
      throw fail('datatype_mismatch', `a list is needed before a lambda, not type ${printSqlType(list.type)}`, {
        span: arg.span,
      });
    }
    return list;
  }

  #bindLambda(
    lambda: LambdaExpr,
    lists: readonly Scalar[],
  ): { params: { column: Column; list: Scalar }[]; body: Scalar } {
    if (lambda.params.length !== lists.length) {
      throw fail('syntax_error', `the lambda has ${lambda.params.length} parameters for ${lists.length} lists`, {
        span: lambda.span,
      });
    }
    const scope = new Scope(this.#scope);
    const params = lists.map((list, i) => {
      const element = list.type.kind === 'list' ? list.type.element : list.type;
      const column = this.#host.context.column(lambda.params[i]!.text, element);
      scope.addParameter(column);
      return { column, list };
    });
    return { params, body: new ExpressionBinder(this.#host, scope).operand(lambda.body) };
  }
}

const otherNumbers = new Set<SqlType['kind']>(['int2', 'int4', 'int8', 'numeric', 'float8']);

/** `real` beside any other number is computed in double precision: PostgreSQL's float48 operators, and its preferred type. */
function mixedFloats(operands: readonly Scalar[]): readonly Scalar[] {
  const [left, right] = operands;
  if (!left || !right) return operands;
  const mixed = (a: Scalar, b: Scalar) => a.type.kind === 'float4' && otherNumbers.has(b.type.kind);
  return mixed(left, right) || mixed(right, left) ? operands.map((s) => castScalar(s, types.float8, false)) : operands;
}

const comparisons = new Set(['=', '<>', '<', '<=', '>', '>=']);

function negate(scalar: Scalar, negated: boolean): Scalar {
  return negated ? { kind: 'not', type: types.bool, arg: scalar, ...(scalar.span && { span: scalar.span }) } : scalar;
}

/** int4 where it fits, then int8, then numeric, as PostgreSQL types constants. */
function numberLiteral(text: string, span: Span): Scalar {
  if (/^-?\d+$/.test(text)) {
    const value = BigInt(text);
    if (value >= -(2n ** 31n) && value < 2n ** 31n) return literal(types.int4, Number(value), span);
    if (value >= -(2n ** 63n) && value < 2n ** 63n) return literal(types.int8, value, span);
  }
  const [, sign, whole, fraction, exponent] = /^(-?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole ?? ''}${fraction ?? ''}`;
  if (digits === '') throw fail('invalid_text_representation', `invalid number "${text}"`, { span });
  const shift = Number(exponent ?? 0) - (fraction?.length ?? 0);
  if (Math.abs(shift) > 1000) return castScalar(literal(types.unknown, text, span), types.float8, false);
  const unscaled = BigInt(digits) * (shift > 0 ? 10n ** BigInt(shift) : 1n);
  return literal(types.numeric, { unscaled: sign === '-' ? -unscaled : unscaled, scale: shift < 0 ? -shift : 0 }, span);
}
