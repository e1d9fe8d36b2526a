// Expressions: AST to Scalar, every operator resolved and every cast in place.
import {
  allFunctions,
  baseOf,
  bitsOf,
  type FunctionEntry,
  fail,
  listOf,
  lookupFunction,
  lookupOperator,
  printSqlType,
  type Span,
  type SqlType,
  sameType,
  sqlTypeOf,
  types,
  type Value,
} from '../../core/index.js';
import type { CallExpr, CaseExpr, ColumnRef, Expr, Query, RowExpr } from '../../parser/index.js';
import type { LogicalPlan } from '../logical/logical-plan.js';
import { columnRef } from '../logical/walk-scalar.js';
import { arrayCastType, bindArray, bindSubscripts, castToArray, quantifiedArray, rowsAsArray } from './bind-array.js';
import { bindCallExpression } from './bind-call.js';
import { bindCharCast } from './bind-char-cast.js';
import { bindCollate, refuseCollations } from './bind-collate.js';
import { bindObjectCast, objectIdOf, objectParameter, procedureId, withFunctionNames } from './bind-object-cast.js';
import { bindParameter } from './bind-parameter.js';
import { bindComparison, bindRow, rowIsNull } from './bind-row.js';
import { inQuery, quantifiedQuery } from './bind-subquery.js';
import { typedLiteral, withTimePrecision } from './bind-time-precision.js';
import { bindRowTypeName } from './bind-type-name.js';
import { castScalar, coerce, commonType, constantValue, isCastable, typesToMatch, widened } from './coerce.js';
import { type BindContext, foldName, hintFor } from './environment.js';
import { numberLiteral, withDigits } from './number-literal.js';
import { refuseUnknown, resolveOverload, resultType } from './resolve-overload.js';
import type { Column, Scalar, StructScalar } from './scalar.js';
import type { Scope, ScopeRelation } from './scope.js';

/** What an expression binder needs from the query around it. */
export interface ExpressionHost {
  readonly context: BindContext;
  /** Binds a subquery that may refer to `scope`. */
  subquery(query: Query, scope: Scope): { plan: LogicalPlan; columns: readonly Column[] };
  /** Aggregate and window calls, where the clause allows them; throws where it does not. */
  aggregate(call: CallExpr, entry: FunctionEntry, scope: Scope): Scalar;
  /** The clause, for messages. */
  readonly clause: string;
  /** Set-returning functions, where the clause allows them. */
  setReturning?(call: CallExpr, entry: FunctionEntry, args: readonly Scalar[]): Scalar;
  /** `grouping(…)`, where the clause allows it. */
  grouping?(call: CallExpr, args: readonly Scalar[]): Scalar;
}

const literal = (type: SqlType, value: Value, span: Span): Scalar => ({ kind: 'literal', type, value, span });

/** Parameters that a list reduction's element-wise context has taken in. */
export interface Elementwise {
  readonly params: { column: Column; list: Scalar; key: string }[];
}

export class ExpressionBinder {
  readonly host: ExpressionHost;
  readonly scope: Scope;
  readonly elements: Elementwise | undefined;

  constructor(host: ExpressionHost, scope: Scope, elements?: Elementwise) {
    this.host = host;
    this.scope = scope;
    this.elements = elements;
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
        return withDigits(typedLiteral(this, literal(types.unknown, expr.value, span), expr.value, expr.type));
      case 'column':
        return this.#column(expr);
      case 'parameter':
        return bindParameter(expr, this.host.context.environment);
      case 'cast':
        return this.#cast(expr);
      case 'unary':
        if (expr.op === '-' && expr.arg.kind === 'number') return numberLiteral(`-${expr.arg.text}`, span);
        // Signs of constants are read before their types: `- (-2147483648)` is a bigint.
        if (expr.op === '-' && expr.arg.kind === 'unary' && expr.arg.op === '-' && expr.arg.arg.kind === 'number')
          return numberLiteral(expr.arg.arg.text, span);
        return this.operator(expr.op, expr.opSpan, [this.operand(expr.arg)], span);
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
        return negate(bindComparison(this, 'is distinct from', expr.left, expr.right, span, span), expr.negated);
      }
      case 'between':
        return this.#between(expr);
      case 'in_list':
        return negate(this.#inList(expr), expr.negated);
      case 'in_query':
        return negate(inQuery(this, expr.arg, expr.query, span), expr.negated);
      case 'like':
        return negate(this.#like(expr), expr.negated);
      case 'quantified':
        return quantifiedArray(this, expr);
      case 'quantified_query':
        return quantifiedQuery(this, expr);
      case 'exists':
        return { kind: 'subquery', type: types.bool, mode: 'exists', plan: this.subquery(expr.query).plan, span };
      case 'scalar_query':
      case 'array_query': {
        const { plan, columns } = this.subquery(expr.query);
        if (columns.length !== 1) throw fail('syntax_error', 'subquery must return only one column', { span });
        const type = sqlTypeOf(columns[0]!.type);
        if (expr.kind === 'array_query')
          return rowsAsArray(this, { kind: 'subquery', type: listOf(type), mode: 'array', plan, span }, span);
        return { kind: 'subquery', type: columns[0]!.type, mode: 'scalar', plan, span };
      }
      case 'case':
        return this.#case(expr);
      case 'call':
        return bindCallExpression(this, expr);
      case 'array':
        return bindArray(this, expr);
      case 'struct': {
        const fields = expr.fields.map((f) => this.operand(f.value));
        const type: SqlType = {
          kind: 'struct',
          fields: fields.map((f, i) => ({ name: expr.fields[i]!.name.text, type: f.type })),
        };
        return { kind: 'struct', type, fields, span };
      }
      case 'subscript':
      case 'slice':
        return bindSubscripts(this, expr);
      case 'field': {
        const arg = this.bind(expr.arg);
        // `f(t.*)` is `f(t)`.
        if (!expr.field && arg.type.kind === 'struct' && arg.type.row) return arg;
        if (!expr.field) throw fail('feature_not_supported', 'row expansion via ".*" is not supported here', { span });
        return this.#field(arg, expr.field.text, expr.field.span);
      }
      case 'lambda':
        throw fail('syntax_error', 'a lambda is not allowed here', {
          span,
          hint: 'Lambdas are arguments of list functions, as list_any(x, lambda e: e > 1).',
        });
      case 'collate':
        return bindCollate(this, expr);
      case 'row':
        return bindRow(this.rowFields(expr), span);
      case 'bitstring':
        return literal(types.bit, bitsOf(expr.digits, expr.radix), span);
      case 'default':
        throw fail('syntax_error', 'DEFAULT is not allowed in this context', { span });
    }
  }

  /** The fields of `ROW(a, t.*)`, `t.*` expanded. */
  rowFields(row: RowExpr): Scalar[] {
    return row.fields.flatMap((field) =>
      field.kind === 'field' && !field.field
        ? this.fields(field.arg, field.span).map((f) => f.expr)
        : [this.operand(field)],
    );
  }

  /** `(row).*`: a column per field. */
  fields(expr: Expr, span: Span): { label: string; expr: Scalar }[] {
    const row = this.bind(expr);
    const { type } = row;
    if (type.kind !== 'struct')
      throw fail('wrong_object_type', `type ${printSqlType(type)} is not composite`, { span });
    return type.fields.map((field, index) => ({
      label: field.name,
      expr: row.kind === 'struct' ? row.fields[index]! : { kind: 'field', type: field.type, arg: row, index, span },
    }));
  }

  #cast(expr: Extract<Expr, { kind: 'cast' }>): Scalar {
    const { span } = expr;
    const object = bindObjectCast(this, expr);
    if (object) return object;
    const written = bindRowTypeName(this.host.context, expr.type);
    // `ARRAY[]::int[]`: the cast says what the elements are.
    const arg =
      expr.arg.kind === 'array' && written.kind === 'list'
        ? bindArray(this, expr.arg, baseOf(written))
        : objectParameter(this.bind(expr.arg), written);
    if (written.kind === 'int8') {
      const number = objectIdOf(arg) ?? procedureId(this, arg);
      if (number) return castScalar(number, written, true);
    }
    const char = bindCharCast(this, arg, written, span);
    if (char) return char;
    const type = arrayCastType(arg.type, written);
    if (!isCastable(arg.type, type))
      throw fail('cannot_coerce', `cannot cast type ${printSqlType(arg.type)} to ${printSqlType(type)}`, { span });
    return withTimePrecision(this, withDigits(castToArray(arg, type, true, expr.attempt, span)), expr.type);
  }

  #inList(expr: Extract<Expr, { kind: 'in_list' }>): Scalar {
    const { span } = expr;
    const rows = expr.arg.kind === 'row' || expr.list.some((e) => e.kind === 'row');
    const all = rows ? [] : [this.operand(expr.arg), ...expr.list.map((e) => this.operand(e))];
    const type = rows ? undefined : matchingType(all.map((s) => s.type));
    if (type) {
      const [arg, ...list] = all.map((s) => castScalar(s, type, false));
      if (arg!.type.kind !== 'json' && arg!.type.kind !== 'jsonb' && lookupOperator('=', 2)) {
        this.operator('=', span, [arg!, list[0]!], span);
        return { kind: 'in', type: types.bool, arg: arg!, list, span };
      }
    }
    // Rows, and types that only the operators bring together.
    const args = expr.list.map((e) => bindComparison(this, '=', expr.arg, e, e.span, e.span));
    return args.length === 1 ? args[0]! : { kind: 'or', type: types.bool, args, span };
  }

  #like(expr: Extract<Expr, { kind: 'like' }>): Scalar {
    const { span } = expr;
    const op = { like: '~~', ilike: '~~*', similar: '~' }[expr.variant];
    const [arg, pattern, symbol] = [expr.arg, expr.pattern, ...(expr.escape ? [expr.escape] : [])].map((e) =>
      this.operand(e),
    ) as [Scalar, Scalar, Scalar?];
    // As PostgreSQL's parser does: the escape becomes part of the pattern.
    const patterns = symbol ? [pattern, symbol] : [pattern];
    const rewritten =
      expr.variant === 'similar'
        ? this.call('similar_to_escape', patterns, span, 'SIMILAR TO')
        : symbol
          ? this.call('like_escape', patterns, span, 'LIKE')
          : pattern;
    return this.operator(op, span, [arg, rewritten], span);
  }

  #column(ref: ColumnRef): Scalar {
    const found = this.scope.resolve(ref);
    if (found.kind === 'relation') {
      const [only] = found.relation.columns;
      if (found.relation.single)
        return { kind: 'column', type: only!.column.type, column: only!.column, span: ref.span };
      return this.#wholeRow(found.relation, ref.span);
    }
    if (found.kind === 'scalar') return found.scalar;
    let scalar: Scalar = { kind: 'column', type: found.column.type, column: found.column, span: ref.span };
    for (const part of found.rest) scalar = this.#field(scalar, part.text, part.span);
    return this.elements ? this.#asElement(scalar) : scalar;
  }

  /** In an element-wise context a list stands for its elements. */
  #asElement(scalar: Scalar): Scalar {
    if (scalar.type.kind !== 'list' || scalar.kind !== 'column') return scalar;
    const key = String(scalar.column.id);
    const { params } = this.elements!;
    let param = params.find((p) => p.key === key);
    if (!param) {
      param = { column: this.host.context.column(scalar.column.name, scalar.type.element), list: scalar, key };
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
    const [innermost, ...outer] = spine.reverse();
    refuseCollations(leftmost, innermost!.right);
    let scalar = bindComparison(this, innermost!.op, leftmost, innermost!.right, innermost!.opSpan, innermost!.span);
    for (const node of outer)
      scalar = this.operator(node.op, node.opSpan, [scalar, this.operand(node.right)], node.span);
    return scalar;
  }

  operator(op: string, opSpan: Span, operands: readonly Scalar[], span: Span): Scalar {
    const args = op === '||' ? concatenated(operands) : mixedFloats(withFunctionNames(operands));
    const entry = op === 'is distinct from' ? lookupFunction('is_distinct_from') : lookupOperator(op, args.length);
    const found = args.map((a) => a.type);
    const resolved = entry && resolveOverload(entry.overloads, found);
    if (entry && resolved && resolved !== 'ambiguous') return this.#resolved(op, resolved, args, span);
    // A name of the catalogue beside a number: the oid behind the name is meant.
    const numbers = entry && !resolved ? operands.map((o) => objectIdOf(o) ?? procedureId(this, o)) : [];
    if (numbers.some((number) => number !== undefined))
      return this.operator(
        op,
        opSpan,
        operands.map((o, i) => numbers[i] ?? o),
        span,
      );
    // Of different types: what `=` would compare them as.
    const equality = op === 'is distinct from' ? resolveOverload(lookupOperator('=', 2)!.overloads, found) : undefined;
    if (equality && equality !== 'ambiguous' && sameType(equality.argTypes[0]!, equality.argTypes[1]!)) {
      const alike = args.map((arg, i) => castScalar(arg, equality.argTypes[i]!, false));
      return this.operator(op, opSpan, alike, span);
    }
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
    const cast = args.map((a, i) => castToArray(a, resolved.argTypes[i]!, false));
    return {
      kind: 'call',
      type: resultType(
        resolved.overload,
        cast.map((a) => a.type),
        cast.map(constantValue),
      ),
      name,
      overload: resolved.overload,
      args: cast,
      span,
    };
  }

  /** A function that syntax stands for. */
  call(name: string, args: readonly Scalar[], span: Span, shown = name): Scalar {
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

  #wholeRow(relation: ScopeRelation, span: Span): Scalar {
    const row = rowOf(relation, span);
    if (!relation.optional) return row;
    const { mark } = relation.optional;
    if (!mark) {
      this.host.context.askForRowMarks();
      return row;
    }
    const { type } = row;
    const branches = [{ when: columnRef(mark), then: row }];
    return { kind: 'case', type, branches, otherwise: { kind: 'literal', type, value: null }, span };
  }

  #isTest(expr: Extract<Expr, { kind: 'is' }>): Scalar {
    const { span } = expr;
    if (expr.test === 'null') {
      if (expr.arg.kind === 'row') return rowIsNull(this.rowFields(expr.arg), expr.negated, span);
      const whole = expr.arg.kind === 'column' ? this.scope.resolve(expr.arg) : undefined;
      if (whole?.kind === 'relation' && !whole.relation.single)
        return rowIsNull(rowOf(whole.relation, span).fields, expr.negated, span);
      const arg = this.bind(expr.arg);
      if (arg.kind === 'struct') return rowIsNull(arg.fields, expr.negated, span);
      return negate({ kind: 'is_null', type: types.bool, arg, span }, expr.negated);
    }
    if (expr.test === 'normalized') {
      const form = literal(types.text, (expr.normalForm ?? 'nfc').toUpperCase(), span);
      return negate(this.call('is_normalized', [this.operand(expr.arg), form], span, 'IS NORMALIZED'), expr.negated);
    }
    const arg = this.predicate(expr.arg, `IS ${expr.test.toUpperCase()}`);
    if (expr.test === 'unknown') return negate({ kind: 'is_null', type: types.bool, arg, span }, expr.negated);
    const wanted = expr.test === 'true';
    const value: Scalar = { kind: 'coalesce', type: types.bool, args: [arg, literal(types.bool, !wanted, span)], span };
    return negate(wanted ? value : { kind: 'not', type: types.bool, arg: value, span }, expr.negated);
  }

  #between(expr: Extract<Expr, { kind: 'between' }>): Scalar {
    const { span } = expr;
    const within = (low: Expr, high: Expr): Scalar => ({
      kind: 'and',
      type: types.bool,
      args: [
        bindComparison(this, '>=', expr.arg, low, span, span),
        bindComparison(this, '<=', expr.arg, high, span, span),
      ],
      span,
    });
    const { low, high } = expr;
    if (!expr.symmetric) return negate(within(low, high), expr.negated);
    return negate({ kind: 'or', type: types.bool, args: [within(low, high), within(high, low)], span }, expr.negated);
  }

  /** A binder for a place in which set-returning functions make no sense. */
  without(clause: string): ExpressionBinder {
    const { setReturning: _, ...host } = this.host;
    return new ExpressionBinder({ ...host, clause }, this.scope, this.elements);
  }

  #case(expr: CaseExpr): Scalar {
    const { span } = expr;
    const inner = this.without('CASE');
    let operand = expr.operand && inner.operand(expr.operand);
    if (operand?.type.kind === 'unknown') operand = castScalar(operand, types.text, false);
    const branches = expr.branches.map(({ when, then }) => ({
      when: operand
        ? inner.operator('=', when.span, [operand, inner.operand(when)], when.span)
        : inner.predicate(when, 'CASE/WHEN'),
      then: inner.operand(then),
    }));
    const otherwise = expr.otherwise ? inner.operand(expr.otherwise) : literal(types.unknown, null, span);
    const type = commonType(typesToMatch([otherwise, ...branches.map((b) => b.then)]), 'CASE', span);
    return {
      kind: 'case',
      type,
      branches: branches.map((b) => ({ when: b.when, then: castScalar(b.then, type, false) })),
      otherwise: castScalar(otherwise, type, false),
      span,
    };
  }

  subquery(query: Query): { plan: LogicalPlan; columns: readonly Column[] } {
    return this.host.subquery(query, this.scope);
  }

  unknownFunction(call: CallExpr, args: readonly Scalar[]): Error {
    const name = call.name.at(-1)!;
    const known = allFunctions().filter((f) => f.kind !== 'operator');
    return fail(
      'undefined_function',
      `function ${name.text}(${args.map((a) => printSqlType(a.type)).join(', ')}) does not exist`,
      {
        span: name.span,
        hint:
          hintFor(
            foldName(name),
            known.map((f) => f.name),
          ) ?? 'No function of that name is known.',
      },
    );
  }

  resolveCall(entry: FunctionEntry, args: readonly Scalar[], span: Span): Scalar {
    const found = args.map((a) => a.type);
    const resolved = resolveOverload(entry.overloads, found);
    if (resolved && resolved !== 'ambiguous') {
      refuseUnknown(resolved.overload, found, span);
      return this.#resolved(entry.name, resolved, args, span);
    }
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
}

const textCategory = new Set<SqlType['kind']>(['text', 'varchar', 'char', 'unknown']);
const joinedOtherwise = new Set<SqlType['kind']>(['list', 'bytea']);

/** `||` of a text and any value that is no list joins their text forms: PostgreSQL's textanycat and anytextcat. */
function concatenated(operands: readonly Scalar[]): readonly Scalar[] {
  const [left, right] = operands;
  if (!left || !right || operands.some((o) => joinedOtherwise.has(o.type.kind))) return operands;
  if (operands.every((o) => o.type.kind === 'jsonb' || o.type.kind === 'unknown')) return operands;
  return operands.some((o) => textCategory.has(o.type.kind))
    ? operands.map((o) => castScalar(o, types.text, true))
    : operands;
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

const numbers = new Set<SqlType['kind']>(['int2', 'int4', 'int8', 'numeric', 'float4', 'float8']);
const texts = new Set<SqlType['kind']>(['text', 'varchar', 'char']);

/** The type to which all sides of an IN go as one list; undefined where the operators must say. */
function matchingType(found: readonly SqlType[]): SqlType | undefined {
  const known = found.filter((t) => t.kind !== 'unknown');
  const alike =
    known.every((t) => numbers.has(t.kind)) ||
    known.every((t) => texts.has(t.kind)) ||
    known.every((t) => sameType(t, known[0]!));
  if (!alike) return undefined;
  // Real beside another number is compared in double precision.
  const kinds = new Set(known.map((t) => t.kind));
  if (kinds.has('float4') && kinds.size > 1) return types.float8;
  return commonType(found, 'IN', undefined);
}

function rowOf(relation: ScopeRelation, span: Span): StructScalar {
  const columns = relation.columns.filter((c) => !c.hidden).map((c) => c.column);
  const fields = columns.map((column): Scalar => widened({ kind: 'column', type: column.type, column, span }));
  return bindRow(
    fields,
    span,
    columns.map((c) => c.name),
  );
}
