// Calls and window specifications, CST → AST. Here `x -> body` becomes a lambda, in the argument positions that take one.
import {
  type ArgumentCstNode,
  type ArgumentListCstNode,
  type CallTailCstNode,
  type FrameBoundCstNode,
  type FrameCstNode,
  type OrderByCstNode,
  type SortItemCstNode,
  type Token,
  tokens as t,
  type WindowSpecCstNode,
} from '../../grammar/index.js';
import { fail, isLambdaArgument, type Span } from '../core/index.js';
import type {
  CallArg,
  CallExpr,
  Expr,
  FrameBound,
  Name,
  QualifiedName,
  SortItem,
  WindowFrame,
  WindowSpec,
} from './ast.js';
import { join, nodeSpan, tokenSpan, toName, toNames, UnexpectedToken } from './build.js';
import { lambdaParameters, toExpr, toExprFrom } from './to-expr.js';

function toArgument(cst: ArgumentCstNode, functionName: string, index: number): CallArg {
  const { expression, value, VARIADIC } = cst.children;
  const span = nodeSpan(cst);
  const variadic = VARIADIC !== undefined;
  const first = expression[0]!;
  if (value) {
    const name = toExpr(first);
    if (name.kind !== 'column' || name.parts.length !== 1) throw new UnexpectedToken(name.span.end);
    return { value: toExpr(value[0]!), name: name.parts[0]!, variadic, span };
  }
  if (first.children.operator?.[0]?.image === '->' && isLambdaArgument(functionName, index)) {
    const params = lambdaParameters(first);
    if (params) return { value: { kind: 'lambda', params, body: toExprFrom(first, 1), span }, variadic, span };
  }
  return { value: toExpr(first), variadic, span };
}

/** The part between the parentheses. */
export function toArguments(name: QualifiedName, cst: ArgumentListCstNode, span: Span): CallExpr {
  const { argument, Star, DISTINCT, ALL, orderBy, NullTreatment } = cst.children;
  const { text, quoted } = name[name.length - 1]!;
  const functionName = quoted ? text : text.toLowerCase();
  const args = (argument ?? []).map((each, i) => toArgument(each, functionName, i));
  const variadic = args.findIndex((arg) => arg.variadic);
  if (variadic >= 0 && (variadic < args.length - 1 || DISTINCT || ALL))
    throw new UnexpectedToken(variadic < args.length - 1 ? args[variadic]!.span.end : args[variadic]!.span.start);
  return {
    kind: 'call',
    name,
    args,
    star: Star !== undefined,
    distinct: DISTINCT !== undefined,
    orderBy: orderBy ? toSortItems(orderBy[0]!) : [],
    ...(NullTreatment && { ignoreNulls: NullTreatment[0]!.value.toLowerCase() === 'ignore' }),
    span,
  };
}

/** Column names that never name a type. */
const notTypes = new Set([t.ColNameWord, t.kw.BETWEEN, t.kw.PRECISION]);

/** A call, or the literal of a type with that name. */
export function toCall(parts: readonly Token[], cst: CallTailCstNode, span: Span): Expr {
  const name = toNames(parts);
  const part = parts[0]!;
  const { argumentList, StringConstant, withinGroup, filter, NullTreatment, OVER } = cst.children;
  if (!argumentList) {
    if (name.length === 1 && notTypes.has(part.tokenType)) throw new UnexpectedToken(StringConstant![0]!.startOffset);
    const type = { name, modifiers: [], dimensions: 0, span: join(name[0]!.span, name[name.length - 1]!.span) };
    return { kind: 'typed_literal', type, value: StringConstant![0]!.value, span };
  }
  const call = toArguments(name, argumentList[0]!, span);
  if (StringConstant) {
    if (
      call.args.length === 0 ||
      call.distinct ||
      call.orderBy.length > 0 ||
      call.args.some((arg) => arg.name || arg.variadic)
    )
      throw new UnexpectedToken(StringConstant[0]!.startOffset);
    const type = {
      name,
      modifiers: call.args.map((arg) => arg.value),
      dimensions: 0,
      span: join(span, nodeSpan(argumentList[0]!)),
    };
    return { kind: 'typed_literal', type, value: StringConstant[0]!.value, span };
  }
  if (withinGroup && (call.orderBy.length > 0 || call.distinct || call.args.some((arg) => arg.variadic))) {
    const what = call.orderBy.length > 0 ? 'multiple ORDER BY clauses' : call.distinct ? 'DISTINCT' : 'VARIADIC';
    throw fail('syntax_error', `cannot use ${what} with WITHIN GROUP`, {
      span: tokenSpan(withinGroup[0]!.children.WITHIN[0]!),
    });
  }
  return {
    ...call,
    ...(withinGroup && { withinGroup: toSortItems(withinGroup[0]!.children.orderBy[0]!) }),
    ...(filter && { filter: toExpr(filter[0]!.children.expression[0]!) }),
    ...(NullTreatment && { ignoreNulls: NullTreatment[0]!.value.toLowerCase() === 'ignore' }),
    ...(OVER && { over: toOver(cst) }),
  };
}

function toOver({ children: { name, windowSpec } }: CallTailCstNode): WindowSpec | Name {
  return windowSpec ? toWindowSpec(windowSpec[0]!) : toName(name![0]!);
}

export function toWindowSpec(cst: WindowSpecCstNode): WindowSpec {
  const { name, expression, orderBy, frame } = cst.children;
  return {
    ...(name && { base: toName(name[0]!) }),
    partitionBy: (expression ?? []).map(toExpr),
    orderBy: orderBy ? toSortItems(orderBy[0]!) : [],
    ...(frame && { frame: toFrame(frame[0]!) }),
    span: nodeSpan(cst),
  };
}

function toFrame(cst: FrameCstNode): WindowFrame {
  const { ROWS, RANGE, frameBound, EXCLUDE, CURRENT, GROUP, TIES } = cst.children;
  const start = toFrameBound(frameBound![0]!);
  const end = frameBound![1] && toFrameBound(frameBound![1]);
  checkFrame(start, end ?? { kind: 'current row', span: start.span }, end !== undefined);
  return {
    mode: ROWS ? 'rows' : RANGE ? 'range' : 'groups',
    start,
    ...(end && { end }),
    ...(EXCLUDE && { exclude: CURRENT ? 'current row' : GROUP ? 'group' : TIES ? 'ties' : 'no others' }),
    span: nodeSpan(cst),
  };
}

/** What PostgreSQL's grammar refuses about frames, in its words. */
function checkFrame(start: FrameBound, end: FrameBound, hasEnd: boolean): void {
  const refuse = (message: string, at: FrameBound) => fail('windowing_error', message, { span: at.span });
  if (start.kind === 'unbounded following') throw refuse('frame start cannot be UNBOUNDED FOLLOWING', start);
  if (end.kind === 'unbounded preceding') throw refuse('frame end cannot be UNBOUNDED PRECEDING', end);
  if (start.kind === 'current row' && end.kind === 'preceding')
    throw refuse('frame starting from current row cannot have preceding rows', end);
  if (start.kind === 'following') {
    if (!hasEnd) throw refuse('frame starting from following row cannot end with current row', start);
    if (end.kind === 'preceding' || end.kind === 'current row')
      throw refuse('frame starting from following row cannot have preceding rows', end);
  }
}

function toFrameBound(cst: FrameBoundCstNode): FrameBound {
  const { CURRENT, UNBOUNDED, PRECEDING, expression } = cst.children;
  const span = nodeSpan(cst);
  if (expression) return { kind: PRECEDING ? 'preceding' : 'following', offset: toExpr(expression[0]!), span };
  if (CURRENT) return { kind: 'current row', span };
  return { kind: UNBOUNDED && PRECEDING ? 'unbounded preceding' : 'unbounded following', span };
}

export function toSortItems(cst: OrderByCstNode): SortItem[] {
  return cst.children.sortItem.map(toSortItem);
}

/** Text by its bytes is text by its code points, as here always. */
const ordering = new Set(['<', '>', '~<~', '~>~']);

export function toSortItem(cst: SortItemCstNode): SortItem {
  const { expression, DESC, operator, qualifiedOperator, NULLS_LA, FIRST } = cst.children;
  const op = operator?.[0]?.image ?? qualifiedOperator?.[0]?.children.operator[0]?.image;
  return {
    expr: toExpr(expression[0]!),
    direction: DESC || op === '>' || op === '~>~' ? 'desc' : 'asc',
    ...(op !== undefined && !ordering.has(op) && { using: op }),
    ...(NULLS_LA && { nulls: FIRST ? 'first' : 'last' }),
    span: nodeSpan(cst),
  };
}
