// FROM, CST → AST: tables, subqueries, functions, joins.
import type {
  AliasCstNode,
  AnyNameCstNode,
  ColumnListCstNode,
  FunctionSourceCstNode,
  JoinCstNode,
  JoinTreeCstNode,
  OnlyRelationCstNode,
  RelationCstNode,
  RelationOrCallCstNode,
  SampleCstNode,
  TablePrimaryCstNode,
} from '../../grammar/index.js';
import { fail, type Span } from '../core/index.js';
import type { Alias, CallExpr, ColumnDef, Expr, FromItem, FunctionRef, JoinRef, Name, TableRef } from './ast.js';
import { join, nodeSpan, refuseCall, toName, toNames, UnexpectedToken } from './build.js';
import { toArguments } from './to-call.js';
import { toExpr } from './to-expr.js';
import { toSubquery } from './to-query.js';
import { toSpecialFunction } from './to-special-function.js';
import { toTypeName } from './to-type-name.js';

/** Tables, joins and conditions in a row: a condition completes the last join that waits for one. */
export function toFromItem(cst: JoinTreeCstNode): FromItem {
  const items = [toTablePrimary(cst.children.tablePrimary[0]!)];
  const pending: JoinCstNode[] = [];
  for (const step of cst.children.join ?? []) {
    const { CROSS, NATURAL, tablePrimary } = step.children;
    if (tablePrimary) items.push(toTablePrimary(tablePrimary[0]!));
    if (tablePrimary && !CROSS && !NATURAL) pending.push(step);
    else {
      const right = items.pop()!;
      const left = items.pop()!;
      items.push(toJoin(left, right, tablePrimary ? step : pending.pop()!, step));
    }
  }
  return items[0]!;
}

function toJoin(left: FromItem, right: FromItem, head: JoinCstNode, tail: JoinCstNode): JoinRef {
  const { CROSS, NATURAL, joinType, side } = head.children;
  const { alias, expression, nameList } = tail.children;
  const word = (side ?? joinType?.[0]?.children.side)?.[0]?.value.toLowerCase();
  return {
    kind: 'join',
    type: CROSS ? 'cross' : word === undefined ? 'inner' : (word as 'left' | 'right' | 'full'),
    natural: NATURAL !== undefined,
    left,
    right,
    ...(expression && { on: toExpr(expression[0]!) }),
    ...(nameList && { using: toNames(nameList[0]!.children.name) }),
    ...(alias && { usingAlias: toName(alias[0]!) }),
    span: join(left.span, nodeSpan(tail)),
  };
}

function toTablePrimary(cst: TablePrimaryCstNode): FromItem {
  const c = cst.children;
  const span = nodeSpan(cst);
  const lateral = c.LATERAL !== undefined;
  const alias = c.alias?.[0];
  if (c.relationOrCall) {
    const source = c.relationOrCall[0]!;
    if (source.children.argumentList) {
      if (c.sample) throw new UnexpectedToken(c.sample[0]!.location.startOffset);
      return toFunctionRef(
        [toNamedCall(source)],
        { rowsFrom: false, ordinality: source.children.ordinality !== undefined, lateral },
        alias,
        span,
      );
    }
    if (lateral) throw new UnexpectedToken(source.location.endOffset + 1);
    return toTableRef(toNames(source.children.part), false, alias, c.sample?.[0], span);
  }
  if (c.subquery) {
    const found = alias && toAlias(alias);
    if (found && (!found.alias || found.defs)) throw new UnexpectedToken(alias.location.startOffset);
    return {
      kind: 'query_ref',
      query: toSubquery(c.subquery[0]!),
      lateral,
      ...(found?.alias && { alias: found.alias }),
      span,
    };
  }
  if (c.joinParens) {
    const { joinTree, RParen } = c.joinParens[0]!.children;
    const inner = toFromItem(joinTree[0]!);
    // Parentheses are for joins (and for queries, which are another case).
    if (inner.kind !== 'join') throw new UnexpectedToken(RParen[0]!.startOffset);
    const found = alias && toAlias(alias);
    if (found && (!found.alias || found.defs)) throw new UnexpectedToken(alias.location.startOffset);
    return found?.alias ? { ...inner, alias: found.alias, span } : { ...inner, span };
  }
  if (c.onlyRelation) return toTableRef(onlyName(c.onlyRelation[0]!), true, alias, c.sample?.[0], span);
  return toFunctionSource(c.functionSource![0]!, lateral, alias, span);
}

function toTableRef(
  name: Name[],
  only: boolean,
  aliasCst: AliasCstNode | undefined,
  sample: SampleCstNode | undefined,
  span: Span,
): TableRef {
  const found = aliasCst && toAlias(aliasCst);
  if (found && (!found.alias || found.defs)) throw new UnexpectedToken(aliasCst.location.startOffset);
  if (name.length > 3)
    throw fail(
      'syntax_error',
      `improper qualified name (too many dotted names): ${name.map((part) => part.text).join('.')}`,
      { span },
    );
  return {
    kind: 'table',
    name,
    ...(found?.alias && { alias: found.alias }),
    only,
    ...(sample && { sample: toSample(sample) }),
    span,
  };
}

function toSample({ children }: SampleCstNode): NonNullable<TableRef['sample']> {
  return {
    method: children.method ? [toName(children.method[0]!)] : nameOf(children.anyName![0]!),
    args: children.expression.map(toExpr),
    ...(children.repeatable && { repeatable: toExpr(children.repeatable[0]!) }),
  };
}

function onlyName(cst: OnlyRelationCstNode): Name[] {
  return nameOf(cst.children.anyName![0]!);
}

export function nameOf(cst: AnyNameCstNode): Name[] {
  return toNames(cst.children.part);
}

/** The table of `TABLE t` or of a change. */
export function toRelation(cst: RelationCstNode): TableRef {
  const { anyName, onlyRelation } = cst.children;
  const name = anyName ? nameOf(anyName[0]!) : onlyName(onlyRelation![0]!);
  return toTableRef(name, onlyRelation !== undefined, undefined, undefined, nodeSpan(cst));
}

function toNamedCall(cst: RelationOrCallCstNode): CallExpr {
  refuseCall(cst.children.part, cst.children.argumentList![0]!);
  return toArguments(toNames(cst.children.part), cst.children.argumentList![0]!, nodeSpan(cst));
}

function asCall(expr: Expr): CallExpr {
  if (expr.kind === 'call') return expr;
  throw fail('feature_not_supported', 'a cast in FROM is not supported', { span: expr.span });
}

function toFunctionSource(
  cst: FunctionSourceCstNode,
  lateral: boolean,
  alias: AliasCstNode | undefined,
  span: Span,
): FunctionRef {
  const { specialFunction, TypeFuncWord, argumentList, rowsFromItem, ordinality } = cst.children;
  const options = { rowsFrom: rowsFromItem !== undefined, ordinality: ordinality !== undefined, lateral };
  if (specialFunction) return toFunctionRef([asCall(toSpecialFunction(specialFunction[0]!))], options, alias, span);
  if (TypeFuncWord)
    return toFunctionRef(
      [toArguments([toName(TypeFuncWord[0]!)], argumentList![0]!, nodeSpan(cst))],
      options,
      alias,
      span,
    );
  const callDefs: ColumnDefs[] = [];
  const calls = rowsFromItem!.map((item) => {
    const { anyName, argumentList: args, columnList, specialFunction: special, TypeFuncWord: word } = item.children;
    const list = columnList && toColumnList(columnList[0]!);
    if (list && list.defs.length === 0) throw new UnexpectedToken(columnList![0]!.location.endOffset);
    callDefs.push(list?.defs ?? []);
    if (special) return asCall(toSpecialFunction(special[0]!));
    return toArguments(anyName ? nameOf(anyName[0]!) : [toName(word![0]!)], args![0]!, nodeSpan(item));
  });
  const ref = toFunctionRef(calls, options, alias, span);
  return callDefs.some((defs) => defs.length > 0) ? { ...ref, callDefs } : ref;
}

function toFunctionRef(
  calls: readonly CallExpr[],
  options: Pick<FunctionRef, 'rowsFrom' | 'ordinality' | 'lateral'>,
  aliasCst: AliasCstNode | undefined,
  span: Span,
): FunctionRef {
  const found = aliasCst && toAlias(aliasCst);
  return {
    kind: 'function_ref',
    calls,
    ...options,
    ...(found?.alias && { alias: found.alias }),
    columnDefs: found?.defs ?? [],
    span,
  };
}

type ColumnDefs = readonly ColumnDef[];

/** A column list is all names or all definitions. */
function toAlias(cst: AliasCstNode): { alias?: Alias; defs?: ColumnDefs } {
  const { alias, columnList } = cst.children;
  const list = columnList && toColumnList(columnList[0]!);
  const name = alias && toName(alias[0]!);
  if (!name) {
    if (list && list.defs.length === 0) throw new UnexpectedToken(columnList![0]!.location.endOffset);
    return { defs: list!.defs };
  }
  const columns = list && list.defs.length === 0 ? list.names : [];
  return { alias: { name, columns, span: nodeSpan(cst) }, ...(list && list.defs.length > 0 && { defs: list.defs }) };
}

function toColumnList(cst: ColumnListCstNode): { names: Name[]; defs: ColumnDef[] } {
  const names: Name[] = [];
  const defs: ColumnDef[] = [];
  for (const { children, location } of cst.children.columnDef) {
    const name = toName(children.name[0]!);
    names.push(name);
    if (children.typeName) defs.push({ name, type: toTypeName(children.typeName[0]!) });
    else if (children.COLLATE) throw new UnexpectedToken(children.COLLATE[0]!.startOffset);
    if (defs.length > 0 && defs.length < names.length) throw new UnexpectedToken(location.endOffset + 1);
  }
  return { names, defs };
}
