// Operands, CST → AST: names, constants, parentheses, CASE, constructors, with their casts, subscripts and fields.
import {
  type CaseExpressionCstNode,
  type NameExpressionCstNode,
  type OperandCstNode,
  type PostfixCstNode,
  type QuantifiedCstNode,
  type Token,
  type TypedConstantCstNode,
  tokens as t,
} from '../../grammar/index.js';
import { fail } from '../core/index.js';
import type { ColumnRef, Expr, FieldAccess, Name } from './ast.js';
import { firstOf, join, nodeSpan, refuseCall, tokenSpan, toName, toNames, UnexpectedToken } from './build.js';
import { toCall } from './to-call.js';
import { toExpr } from './to-expr.js';
import { toSubquery } from './to-query.js';
import { toSpecialFunction } from './to-special-function.js';
import { toIntervalFields, toKeywordType, toModifiers, toTypeName } from './to-type-name.js';

const { kw } = t;

export function toConstant(token: Token): Expr {
  const span = tokenSpan(token);
  switch (token.tokenType) {
    case t.Integer:
    case t.Decimal:
      return { kind: 'number', text: token.value, span };
    case t.StringConstant:
      return { kind: 'string', value: token.value, span };
    case kw.NULL:
      return { kind: 'null', span };
    case kw.TRUE:
    case kw.FALSE:
      return { kind: 'boolean', value: token.tokenType === kw.TRUE, span };
    case t.Parameter: {
      const index = Number(token.value);
      if (index < 1 || index > 65_535)
        throw fail('undefined_parameter', `there is no parameter ${token.image}`, { span });
      return { kind: 'parameter', index, span };
    }
    case t.BitString:
      return { kind: 'bitstring', radix: (token.image.charCodeAt(0) | 32) === 98 ? 2 : 16, digits: token.value, span };
    default:
      return { kind: 'default', span };
  }
}

/** Kinds whose fields need no parentheses in PostgreSQL's grammar; and structs. */
const open = new Set<Expr['kind']>(['column', 'parameter', 'scalar_query', 'field', 'struct']);
/** Kinds whose subscripts need parentheses; PostgreSQL wants them for calls and constructors too. */
const closed = new Set<Expr['kind']>(['number', 'string', 'boolean', 'null', 'default', 'bitstring', 'typed_literal']);

export function toPrimary(cst: OperandCstNode): Expr {
  const { postfix, parens } = cst.children;
  let expr = toBase(cst);
  if (!postfix) return expr;
  const isClosed = closed.has(expr.kind) && !parens;
  const hasFields = parens !== undefined || open.has(expr.kind);
  for (let i = 0; i < postfix.length; i++) {
    const step = postfix[i]!;
    const { subscript, Dot } = step.children;
    if (i === 0 && ((isClosed && subscript) || (Dot && !hasFields)))
      throw new UnexpectedToken(step.location.startOffset);
    const inner = expr.kind;
    expr = applyPostfix(expr, step);
    const isApart = i === 0 && parens !== undefined && (inner === 'subscript' || inner === 'slice');
    if (isApart && (expr.kind === 'subscript' || expr.kind === 'slice')) expr = { ...expr, apart: true };
  }
  return expr;
}

function applyPostfix(arg: Expr, cst: PostfixCstNode): Expr {
  const { Dot, OVERLAPS, overlapsRow, field, subscript, typeName } = cst.children;
  const span = join(arg.span, nodeSpan(cst));
  if (typeName) return { kind: 'cast', arg, type: toTypeName(typeName[0]!), attempt: false, span };
  if (Dot) {
    if (!field) return { kind: 'field', arg, span };
    const name = toName(field[0]!);
    // A tree's path (native) goes on as the column's.
    if (arg.kind === 'column' && arg.parts[0]!.text.includes(';') && arg.parts[0]!.quoted)
      return { kind: 'column', parts: [...arg.parts, name], span };
    return { kind: 'field', arg, field: name, span };
  }
  if (OVERLAPS) {
    const left = arg.kind === 'row' ? arg.fields : [];
    const right = overlapsRow![0]!.children.expression.map(toExpr);
    for (const [side, fields] of [
      ['left', left],
      ['right', right],
    ] as const)
      if (fields.length !== 2)
        throw fail('syntax_error', `wrong number of parameters on ${side} side of OVERLAPS expression`, { span });
    const args = [...left, ...right].map((value) => ({ value, variadic: false, span: value.span }));
    const name = [{ text: 'overlaps', quoted: false, span: tokenSpan(OVERLAPS[0]!) }];
    return { kind: 'call', name, args, star: false, distinct: false, orderBy: [], special: 'overlaps', span };
  }
  const { Colon, lower, upper } = subscript![0]!.children;
  const from = lower?.[0];
  const to = upper?.[0];
  if (Colon)
    return { kind: 'slice', arg, ...(from && { lower: toExpr(from) }), ...(to && { upper: toExpr(to) }), span };
  if (!from) throw new UnexpectedToken(cst.location.endOffset);
  return { kind: 'subscript', arg, index: toExpr(from), span };
}

function toBase(cst: OperandCstNode): Expr {
  const c = cst.children;
  if (c.nameExpression) return toNamed(c.nameExpression[0]!);
  if (c.Constant) return toConstant(c.Constant[0]!);
  if (c.parens) {
    const fields = c.parens[0]!.children.expression;
    if (fields.length === 1) return toExpr(fields[0]!);
    return { kind: 'row', fields: fields.map(toExpr), explicit: false, span: nodeSpan(c.parens[0]!) };
  }
  if (c.subquery) return { kind: 'scalar_query', query: toSubquery(c.subquery[0]!), span: nodeSpan(c.subquery[0]!) };
  if (c.caseExpression) return toCase(c.caseExpression[0]!);
  if (c.specialFunction) return toSpecialFunction(c.specialFunction[0]!);
  if (c.typeFuncCall) {
    const { part, callTail } = c.typeFuncCall[0]!.children;
    return toCall(part, callTail[0]!, nodeSpan(c.typeFuncCall[0]!));
  }
  if (c.typedConstant) return toTypedConstant(c.typedConstant[0]!);
  if (c.arrayConstructor) {
    const { list, subquery } = c.arrayConstructor[0]!.children;
    const span = nodeSpan(c.arrayConstructor[0]!);
    if (subquery) return { kind: 'array_query', query: toSubquery(subquery[0]!), span };
    return { kind: 'array', elements: (list![0]!.children.expression ?? []).map(toExpr), span };
  }
  if (c.list)
    return {
      kind: 'array',
      bare: true,
      elements: (c.list[0]!.children.expression ?? []).map(toExpr),
      span: nodeSpan(c.list[0]!),
    };
  if (c.struct) {
    const { field, expression } = c.struct[0]!.children;
    const fields = (expression ?? []).map((value, i) => ({ name: toFieldName(field![i]!), value: toExpr(value) }));
    return { kind: 'struct', fields, span: nodeSpan(c.struct[0]!) };
  }
  if (c.row) {
    const fields = (c.row[0]!.children.expression ?? []).map(toExpr);
    return { kind: 'row', fields, explicit: true, span: nodeSpan(c.row[0]!) };
  }
  if (c.exists)
    return { kind: 'exists', query: toSubquery(c.exists[0]!.children.subquery[0]!), span: nodeSpan(c.exists[0]!) };
  const tree = firstOf(c.TreeCycle)!;
  return { kind: 'column', parts: [{ text: tree.value, quoted: true, span: tokenSpan(tree) }], span: tokenSpan(tree) };
}

function toFieldName(token: Token): Name {
  return token.tokenType === t.StringConstant
    ? { text: token.value, quoted: true, span: tokenSpan(token) }
    : toName(token);
}

function toNamed(cst: NameExpressionCstNode): Expr {
  const { part, Star, callTail } = cst.children;
  const names = toNames(part);
  const span = nodeSpan(cst);
  if (Star) {
    const star = Star[0]!;
    if (Star.length > 1 || callTail || part[part.length - 1]!.startOffset > star.startOffset)
      throw fail('syntax_error', 'improper use of "*"', { span: tokenSpan(star) });
    const arg: ColumnRef = { kind: 'column', parts: names, span: join(names[0]!.span, names[names.length - 1]!.span) };
    return { kind: 'field', arg, span } satisfies FieldAccess;
  }
  const tail = callTail?.[0]?.children;
  if (tail?.argumentList && !tail.StringConstant) refuseCall(part, tail.argumentList[0]!);
  return callTail ? toCall(part, callTail[0]!, span) : { kind: 'column', parts: names, span };
}

function toCase(cst: CaseExpressionCstNode): Expr {
  const { subject, when, then, otherwise } = cst.children;
  return {
    kind: 'case',
    ...(subject && { operand: toExpr(subject[0]!) }),
    branches: when.map((condition, i) => ({ when: toExpr(condition), then: toExpr(then[i]!) })),
    ...(otherwise && { otherwise: toExpr(otherwise[0]!) }),
    span: nodeSpan(cst),
  };
}

export function toTypedConstant(cst: TypedConstantCstNode): Expr {
  const { INTERVAL, intervalFields, keywordType, StringConstant, typeModifiers } = cst.children;
  const span = nodeSpan(cst);
  const value = StringConstant[0]!.value;
  if (keywordType) {
    if (intervalFields) throw new UnexpectedToken(intervalFields[0]!.location.startOffset);
    return { kind: 'typed_literal', type: toKeywordType(keywordType[0]!), value, span };
  }
  const name = [{ text: 'interval', quoted: false, span: tokenSpan(INTERVAL![0]!) }];
  const fields = intervalFields && toIntervalFields(intervalFields[0]!);
  if (typeModifiers && fields) throw new UnexpectedToken(intervalFields[0]!.location.startOffset);
  const modifiers = fields ? fields.modifiers : toModifiers(typeModifiers?.[0]);
  const type = {
    name,
    modifiers,
    dimensions: 0,
    ...(fields && { intervalFields: fields.fields }),
    span: name[0]!.span,
  };
  return { kind: 'typed_literal', type, value, span };
}

/** `left op ANY (…)`. */
export function toQuantifier(cst: QuantifiedCstNode, op: string, left: Expr): Expr {
  const { ALL, expression, subquery } = cst.children;
  const quantifier = ALL ? 'all' : 'any';
  const span = join(left.span, nodeSpan(cst));
  return subquery
    ? { kind: 'quantified_query', op, quantifier, left, query: toSubquery(subquery[0]!), span }
    : { kind: 'quantified', op, quantifier, left, array: toExpr(expression![0]!), span };
}
