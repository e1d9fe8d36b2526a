// INSERT, UPDATE, DELETE and TRUNCATE, CST → AST.
import {
  type ChangeAliasCstNode,
  type ConflictColumnCstNode,
  type DataChangeCstNode,
  type DeleteCstNode,
  type ExpressionCstNode,
  type InsertCstNode,
  type OnConflictCstNode,
  type RelationCstNode,
  type ReturningCstNode,
  type SetClauseCstNode,
  type SetTargetCstNode,
  type TruncateCstNode,
  tokens as t,
  type UpdateCstNode,
} from '../../grammar/index.js';
import type { Expr, SelectItem, TableRef, With } from './ast.js';
import { join, nodeSpan, tokenSpan, toName, UnexpectedToken } from './build.js';
import type {
  ChangeStatement,
  DeleteStatement,
  InsertStatement,
  OnConflict,
  SetClause,
  SetTarget,
  TruncateStatement,
  UpdateStatement,
} from './statement-ast.js';
import { toExpr } from './to-expr.js';
import { nameOf, toFromItem, toRelation } from './to-from-item.js';
import { toCtes, toQuery, toSelectItem } from './to-query.js';

export function toChange(cst: DataChangeCstNode): ChangeStatement {
  const { WITH_CHANGE, cteList, insert, update, delete: removal } = cst.children;
  const ctes = cteList?.[0];
  const head = {
    ...(ctes && { with: toCtes(ctes, join(tokenSpan(WITH_CHANGE![0]!), nodeSpan(ctes))) }),
    span: nodeSpan(cst),
  };
  if (insert) return toInsert(insert[0]!, head);
  return update ? toUpdate(update[0]!, head) : toDelete(removal![0]!, head);
}

interface Head {
  readonly with?: With;
  readonly span: InsertStatement['span'];
}

function toReturning(cst: readonly ReturningCstNode[] | undefined): SelectItem[] {
  return cst ? cst[0]!.children.selectItem.map(toSelectItem) : [];
}

function toInsert({ children: c }: InsertCstNode, head: Head): InsertStatement {
  const word = c.word?.[0];
  if (word && word.value.toLowerCase() !== 'values') throw new UnexpectedToken(word.startOffset);
  return {
    kind: 'insert',
    ...head,
    table: nameOf(c.anyName[0]!),
    ...(c.alias && { alias: toName(c.alias[0]!) }),
    columns: (c.setTarget ?? []).map(toSetTarget),
    ...(c.overriding && { overriding: c.overriding[0]!.tokenType === t.kw.USER ? 'user' : 'system' }),
    ...(c.query && { source: toQuery(c.query[0]!) }),
    ...(c.onConflict && { onConflict: toOnConflict(c.onConflict[0]!) }),
    returning: toReturning(c.returning),
  };
}

function toOnConflict(cst: OnConflictCstNode): OnConflict {
  const { conflictColumn, targetWhere, name, setClause, where, NOTHING } = cst.children;
  if (!NOTHING && !conflictColumn && !name)
    // PostgreSQL too asks for a target where rows are to be updated; its parser leaves that to the analysis.
    return { update: toUpdateOf(setClause, where), span: nodeSpan(cst) };
  return {
    ...(conflictColumn && {
      target: {
        columns: conflictColumn.map(toConflictColumn),
        ...(targetWhere && { where: toExpr(targetWhere[0]!) }),
      },
    }),
    ...(name && { target: { constraint: toName(name[0]!) } }),
    ...(!NOTHING && { update: toUpdateOf(setClause, where) }),
    span: nodeSpan(cst),
  };
}

function toUpdateOf(
  setClause: readonly SetClauseCstNode[] | undefined,
  where: readonly ExpressionCstNode[] | undefined,
): NonNullable<OnConflict['update']> {
  return { set: setClause!.map(toSetClause), ...(where && { where: toExpr(where[0]!) }) };
}

/** A column, a call, or anything else in parentheses. */
function toConflictColumn({ children }: ConflictColumnCstNode): { expr: Expr; opclass?: ReturnType<typeof nameOf> } {
  const [cst] = children.expression;
  const expr = toExpr(cst!);
  const inner = expr.kind === 'collate' ? expr.arg : expr;
  const isSimple =
    (inner.kind === 'column' && inner.parts.length === 1) ||
    inner.kind === 'call' ||
    cst!.children.operand[0]!.children.parens !== undefined;
  if (!isSimple || cst!.children.operator) throw new UnexpectedToken(cst!.location.endOffset + 1);
  return { expr, ...(children.anyName && { opclass: nameOf(children.anyName[0]!) }) };
}

function toSetTarget(cst: SetTargetCstNode): SetTarget {
  const { name, postfix } = cst.children;
  const path = (postfix ?? []).map((step): SetTarget['path'][number] => {
    const { Dot, field, subscript } = step.children;
    if (Dot && field) return { kind: 'field', name: toName(field[0]!) };
    if (!subscript) throw new UnexpectedToken(step.location.startOffset);
    const { Colon, lower, upper } = subscript[0]!.children;
    if (Colon)
      return {
        kind: 'slice',
        ...(lower && { lower: toExpr(lower[0]!) }),
        ...(upper && { upper: toExpr(upper[0]!) }),
      };
    if (!lower) throw new UnexpectedToken(step.location.endOffset);
    return { kind: 'subscript', index: toExpr(lower[0]!) };
  });
  return { column: toName(name[0]!), path, span: nodeSpan(cst) };
}

function toSetClause(cst: SetClauseCstNode): SetClause {
  const { setTarget, LParen, expression } = cst.children;
  return {
    targets: setTarget!.map(toSetTarget),
    isRow: LParen !== undefined,
    value: toExpr(expression[0]!),
    span: nodeSpan(cst),
  };
}

function toTarget(relation: RelationCstNode, alias: ChangeAliasCstNode | undefined): TableRef {
  const table = toRelation(relation);
  if (!alias) return table;
  const name = toName(alias.children.alias[0]!);
  return {
    ...table,
    alias: { name, columns: [], span: nodeSpan(alias) },
    span: join(table.span, nodeSpan(alias)),
  };
}

function toWhere(cst: UpdateCstNode['children']['changeWhere']): Pick<UpdateStatement, 'where' | 'cursor'> {
  const where = cst?.[0]?.children;
  if (where?.cursor) return { cursor: toName(where.cursor[0]!) };
  return where ? { where: toExpr(where.expression![0]!) } : {};
}

function toUpdate({ children: c }: UpdateCstNode, head: Head): UpdateStatement {
  return {
    kind: 'update',
    ...head,
    table: toTarget(c.relation[0]!, c.changeAlias?.[0]),
    set: c.setClause.map(toSetClause),
    from: (c.joinTree ?? []).map(toFromItem),
    ...toWhere(c.changeWhere),
    returning: toReturning(c.returning),
  };
}

function toDelete({ children: c }: DeleteCstNode, head: Head): DeleteStatement {
  return {
    kind: 'delete',
    ...head,
    table: toTarget(c.relation[0]!, c.changeAlias?.[0]),
    using: (c.joinTree ?? []).map(toFromItem),
    ...toWhere(c.changeWhere),
    returning: toReturning(c.returning),
  };
}

export function toTruncate(cst: TruncateCstNode): TruncateStatement {
  const { relation, RESTART, dropBehavior } = cst.children;
  return {
    kind: 'truncate',
    tables: relation.map(toRelation),
    restartIdentity: RESTART !== undefined,
    cascade: dropBehavior?.[0]?.children.CASCADE !== undefined,
    span: nodeSpan(cst),
  };
}
