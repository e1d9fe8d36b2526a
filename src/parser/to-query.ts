// Queries, CST → AST: WITH, set operators by precedence, SELECT's clauses, ORDER BY and LIMIT.
import {
  type CteCstNode,
  type CteListCstNode,
  type GroupItemCstNode,
  type LockingCstNode,
  type QueryCstNode,
  type QueryTermCstNode,
  type SelectCstNode,
  type SelectItemCstNode,
  type SubqueryCstNode,
  tokens as t,
  type WithClauseCstNode,
} from '../../grammar/index.js';
import { fail, type Span } from '../core/index.js';
import type {
  Cte,
  CycleClause,
  Expr,
  GroupItem,
  LockingClause,
  Query,
  QueryBody,
  SearchClause,
  Select,
  SelectItem,
  SetOperation,
  With,
} from './ast.js';
import { join, nodeSpan, tokenSpan, toName, toNames, UnexpectedToken } from './build.js';
import { toSortItems, toWindowSpec } from './to-call.js';
import { toChange } from './to-change.js';
import { toExpr, toLabelledExpr } from './to-expr.js';
import { nameOf, toFromItem, toRelation } from './to-from-item.js';
import { toConstant, toPrimary } from './to-operand.js';

const { kw } = t;

export function toSubquery(cst: SubqueryCstNode): Query {
  return toQuery(cst.children.query[0]!);
}

interface Tails {
  limit?: Expr;
  offset?: Expr;
  withTies: boolean;
  locking: readonly LockingClause[];
  hasLimit: boolean;
}

function toTails(cst: QueryCstNode): Tails {
  const { limit, fetch, offset, locking } = cst.children;
  const tails: Tails = {
    withTies: false,
    locking: (locking ?? []).flatMap(toLocking),
    hasLimit: limit !== undefined || fetch !== undefined,
  };
  const limits = [...(limit ?? []), ...(fetch ?? [])].sort((a, b) => a.location.startOffset - b.location.startOffset);
  const repeated = limits[1] ?? offset?.[1];
  if (repeated) throw new UnexpectedToken(repeated.location.startOffset);
  // FOR READ ONLY stands alone.
  const readOnly = locking?.findIndex(({ children }) => children.READ) ?? -1;
  if (locking && readOnly >= 0 && locking.length > 1)
    throw new UnexpectedToken(
      readOnly === 0 ? locking[1]!.location.startOffset : locking[readOnly]!.children.READ![0]!.startOffset,
    );
  if (limit) {
    const { Comma, expression } = limit[0]!.children;
    if (Comma)
      throw fail('syntax_error', 'LIMIT #,# syntax is not supported', {
        span: nodeSpan(limit[0]!),
        hint: 'Use separate LIMIT and OFFSET clauses.',
      });
    if (expression) tails.limit = toExpr(expression[0]!);
  }
  if (fetch) {
    const { operand, WITH } = fetch[0]!.children;
    tails.limit = operand ? toFetchCount(operand[0]!) : { kind: 'number', text: '1', span: nodeSpan(fetch[0]!) };
    tails.withTies = WITH !== undefined;
  }
  if (offset) {
    const { expression, ROW, ROWS } = offset[0]!.children;
    const unit = (ROW ?? ROWS)?.[0];
    // Before ROWS stands an operand, as in FETCH.
    if (unit && (expression[0]!.children.operand?.length ?? 0) > 1) throw new UnexpectedToken(unit.startOffset);
    tails.offset = toExpr(expression[0]!);
  }
  return tails;
}

function toLocking(cst: LockingCstNode): LockingClause[] {
  const { READ, NO, KEY, SHARE, anyName, NOWAIT, SKIP } = cst.children;
  if (READ) return [];
  const strength = SHARE ? (KEY ? 'key share' : 'share') : NO ? 'no key update' : 'update';
  const wait = NOWAIT ? 'nowait' : SKIP ? 'skip locked' : undefined;
  return [{ strength, of: (anyName ?? []).map(nameOf), ...(wait && { wait }), span: nodeSpan(cst) }];
}

/** A sign only before a number, as in PostgreSQL. */
function toFetchCount(cst: Parameters<typeof toPrimary>[0]): Expr {
  const { prefix, lambdaHead } = cst.children;
  if (lambdaHead) throw new UnexpectedToken(lambdaHead[0]!.location.startOffset);
  const value = toPrimary(cst);
  if (!prefix) return value;
  const sign = prefix[0]!;
  if (prefix.length > 1 || (sign.tokenType !== t.Plus && sign.tokenType !== t.Minus) || value.kind !== 'number')
    throw new UnexpectedToken(sign.startOffset);
  const opSpan = tokenSpan(sign);
  return { kind: 'unary', op: sign.image, opSpan, arg: value, span: join(opSpan, value.span) };
}

export function toQuery(cst: QueryCstNode): Query {
  const { withClause, orderBy } = cst.children;
  const span = nodeSpan(cst);
  const tails = toTails(cst);
  const body = toBody(cst);
  const clauses = {
    ...(withClause && { with: toWith(withClause[0]!) }),
    orderBy: orderBy ? toSortItems(orderBy[0]!) : [],
    ...(tails.limit && { limit: tails.limit }),
    withTies: tails.withTies,
    ...(tails.offset && { offset: tails.offset }),
    locking: tails.locking,
  };
  if (tails.withTies && !orderBy)
    throw fail('syntax_error', 'WITH TIES cannot be specified without ORDER BY clause', {
      span: tokenSpan(cst.children.fetch![0]!.children.WITH![0]!),
    });
  // `(SELECT … LIMIT 1)` is that query; PostgreSQL refuses a clause that both the inside and the outside have.
  if (body.kind === 'query') {
    const refuse = (clause: string, at: Span) =>
      fail('syntax_error', `multiple ${clause} clauses not allowed`, { span: at });
    if (body.with && clauses.with) throw refuse('WITH', clauses.with.span);
    if (body.orderBy.length > 0 && clauses.orderBy.length > 0) throw refuse('ORDER BY', nodeSpan(orderBy![0]!));
    if (body.offset && clauses.offset) throw refuse('OFFSET', clauses.offset.span);
    if (body.limit && tails.hasLimit) throw refuse('LIMIT', nodeSpan((cst.children.limit ?? cst.children.fetch)![0]!));
    const { orderBy: innerOrder } = body;
    return {
      ...body,
      ...clauses,
      orderBy: innerOrder.length > 0 ? innerOrder : clauses.orderBy,
      withTies: body.withTies || clauses.withTies,
      locking: [...body.locking, ...clauses.locking],
      span,
    };
  }
  return { kind: 'query', ...clauses, body, span };
}

const isPlain = (query: Query) =>
  !query.with && query.orderBy.length === 0 && !query.limit && !query.offset && query.locking.length === 0;

function toTerm(cst: QueryTermCstNode): QueryBody {
  const { select, subquery, values, relation } = cst.children;
  const span = nodeSpan(cst);
  if (select) return toSelect(select[0]!);
  if (subquery) {
    const query = toSubquery(subquery[0]!);
    return isPlain(query) ? query.body : query;
  }
  if (values)
    return {
      kind: 'values',
      rows: values[0]!.children.valuesRow.map((row) => row.children.expression.map(toExpr)),
      span,
    };
  return {
    kind: 'select',
    distinct: false,
    items: [{ kind: 'star', qualifier: [], span }],
    from: [toRelation(relation![0]!)],
    groupBy: [],
    groupDistinct: false,
    windows: [],
    span,
  };
}

/** INTERSECT binds tighter than UNION and EXCEPT; all associate to the left. Chains of one operator are one node. */
function toBody(cst: QueryCstNode): QueryBody {
  const { queryTerm, setOperation } = cst.children;
  const first = toTerm(queryTerm[0]!);
  if (!setOperation) return first;
  const built = new Set<QueryBody>();
  const combine = (op: SetOperation['op'], all: boolean, left: QueryBody, right: QueryBody): QueryBody => {
    const span = join(left.span, right.span);
    if (left.kind === 'set' && built.has(left) && left.op === op && left.all === all && op !== 'except') {
      const chain = left as { inputs: QueryBody[]; span: Span } & SetOperation;
      chain.inputs.push(right);
      chain.span = span;
      return chain;
    }
    const node: SetOperation = { kind: 'set', op, all, inputs: [left, right], span };
    built.add(node);
    return node;
  };
  let sum: QueryBody | undefined;
  let pending: { op: SetOperation['op']; all: boolean } | undefined;
  let product = first;
  for (const { children } of setOperation) {
    const op = children.operator![0]!.value.toLowerCase() as SetOperation['op'];
    const all = children.quantifier?.[0]?.tokenType === kw.ALL;
    const right = toTerm(children.queryTerm[0]!);
    if (op === 'intersect') product = combine(op, all, product, right);
    else {
      sum = sum && pending ? combine(pending.op, pending.all, sum, product) : product;
      pending = { op, all };
      product = right;
    }
  }
  return sum && pending ? combine(pending.op, pending.all, sum, product) : product;
}

function toWith(cst: WithClauseCstNode): With {
  return toCtes(cst.children.cteList[0]!, nodeSpan(cst));
}

export function toCtes({ children }: CteListCstNode, span: Span): With {
  return { recursive: children.RECURSIVE !== undefined, ctes: children.cte.map(toCte), span };
}

function toCte(cst: CteCstNode): Cte {
  const { name, nameList, MATERIALIZED, NOT, subquery, changeInParens, SEARCH, CYCLE } = cst.children;
  return {
    name: toName(name[0]!),
    columns: nameList ? toNames(nameList[0]!.children.name) : [],
    ...(MATERIALIZED && { materialized: !NOT }),
    ...(changeInParens
      ? {
          change: toChange(changeInParens[0]!.children.dataChange[0]!),
          query: noRows(nodeSpan(changeInParens[0]!)),
        }
      : { query: toSubquery(subquery![0]!) }),
    ...(SEARCH && { search: toSearch(cst) }),
    ...(CYCLE && { cycle: toCycle(cst) }),
    span: nodeSpan(cst),
  };
}

/** What stands for a change in WITH wherever queries are looked at. */
const noRows = (span: Span): Query => ({
  kind: 'query',
  body: { kind: 'values', rows: [[{ kind: 'null', span }]], span },
  orderBy: [],
  withTies: false,
  locking: [],
  span,
});

function toSearch({ children: c }: CteCstNode): SearchClause {
  const name = c.searchName![0]!;
  return {
    order: c.DEPTH ? 'depth' : 'breadth',
    by: toNames(c.searchColumn!),
    name: toName(name),
    span: join(tokenSpan(c.SEARCH![0]!), tokenSpan(name)),
  };
}

function toCycle({ children: c }: CteCstNode): CycleClause {
  const path = c.path![0]!;
  return {
    columns: toNames(c.cycleColumn!),
    mark: toName(c.cycleName![0]!),
    ...(c.mark && { value: toConstant(c.mark[0]!), defaultValue: toConstant(c.default![0]!) }),
    path: toName(path),
    span: join(tokenSpan(c.CYCLE![0]!), tokenSpan(path)),
  };
}

function toSelect(cst: SelectCstNode): Select {
  const c = cst.children;
  if (c.into) throw fail('syntax_error', 'SELECT ... INTO is not allowed here', { span: nodeSpan(c.into[0]!) });
  const groupQuantifier = c.quantifier?.[0];
  if (c.DISTINCT && !c.selectItem) throw new UnexpectedToken(cst.location.endOffset + 1);
  return {
    kind: 'select',
    distinct: c.distinctOn ? c.distinctOn.map(toExpr) : c.DISTINCT !== undefined,
    items: (c.selectItem ?? []).map(toSelectItem),
    from: (c.joinTree ?? []).map(toFromItem),
    ...(c.where && { where: toExpr(c.where[0]!) }),
    groupBy: (c.groupItem ?? []).map(toGroupItem),
    groupDistinct: groupQuantifier?.tokenType === kw.DISTINCT,
    ...(c.having && { having: toExpr(c.having[0]!) }),
    windows: (c.windowSpec ?? []).map((spec, i) => ({ name: toName(c.name![i]!), spec: toWindowSpec(spec) })),
    span: nodeSpan(cst),
  };
}

export function toSelectItem(cst: SelectItemCstNode): SelectItem {
  const { expression, alias } = cst.children;
  const span = nodeSpan(cst);
  if (!expression) return { kind: 'star', qualifier: [], span };
  const bare = alias && !cst.children.AS ? alias[0]! : undefined;
  const expr = toLabelledExpr(expression[0]!, bare);
  if (!alias && expr.kind === 'field' && !expr.field && expr.arg.kind === 'column') {
    const named = expression[0]!.children.operand[0]!.children.nameExpression;
    if (named?.[0]?.children.Star) return { kind: 'star', qualifier: expr.arg.parts, span };
  }
  return { kind: 'expr', expr, ...(alias && { alias: toName(alias[0]!) }), span };
}

function toGroupItem(cst: GroupItemCstNode): GroupItem {
  const { ROLLUP, CUBE, EmptyParen, expression, groupingSets } = cst.children;
  const span = nodeSpan(cst);
  if (EmptyParen) return { kind: 'empty', span };
  if (groupingSets) return { kind: 'grouping_sets', items: groupingSets[0]!.children.groupItem.map(toGroupItem), span };
  const items = expression!.map(toExpr);
  if (ROLLUP || CUBE) {
    const sets = items.map((item) => (item.kind === 'row' && !item.explicit ? item.fields : [item]));
    return { kind: ROLLUP ? 'rollup' : 'cube', sets, span };
  }
  return { kind: 'expr', expr: items[0]!, span };
}
