// ALTER TABLE, CST → AST.
import type {
  AddActionCstNode,
  AlterActionCstNode,
  AlterColumnCstNode,
  AlterTableCstNode,
  DropActionCstNode,
  IfExistsCstNode,
  RenameCstNode,
} from '../../grammar/index.js';
import { nodeSpan, toName, UnexpectedToken } from './build.js';
import type { AlterAction, AlterTable } from './statement-ast.js';
import { checkExists, toColumnConstraint, toTableConstraint } from './to-definition.js';
import { toExpr } from './to-expr.js';
import { toRelation } from './to-from-item.js';
import { toTypeName } from './to-type-name.js';

export function toAlterTable(cst: AlterTableCstNode): AlterTable {
  const { ifExists, relation, rename, alterAction } = cst.children;
  return {
    kind: 'alter_table',
    ifExists: isThere(ifExists),
    table: toRelation(relation[0]!),
    actions: rename ? [toRename(rename[0]!)] : (alterAction ?? []).map(toAction),
    span: nodeSpan(cst),
  };
}

function isThere(cst: readonly IfExistsCstNode[] | undefined): boolean {
  if (cst) checkExists(cst[0]!.children.word[0]!);
  return cst !== undefined;
}

function toRename(cst: RenameCstNode): AlterAction {
  const { name, newName, CONSTRAINT } = cst.children;
  const span = nodeSpan(cst);
  const to = toName(newName![0]!);
  if (!name) return { kind: 'rename_table', to, span };
  return { kind: CONSTRAINT ? 'rename_constraint' : 'rename_column', name: toName(name[0]!), to, span };
}

function toAction({ children }: AlterActionCstNode): AlterAction {
  if (children.addAction) return toAdd(children.addAction[0]!);
  return children.dropAction ? toDropAction(children.dropAction[0]!) : toAlterColumn(children.alterColumn![0]!);
}

function toAdd(cst: AddActionCstNode): AlterAction {
  const { tableConstraint, ifNotExists, name, typeName, columnConstraint } = cst.children;
  const span = nodeSpan(cst);
  if (tableConstraint) return { kind: 'add_constraint', constraint: toTableConstraint(tableConstraint[0]!), span };
  if (ifNotExists) checkExists(ifNotExists[0]!.children.word[0]!);
  const column = {
    name: toName(name![0]!),
    type: toTypeName(typeName![0]!),
    constraints: (columnConstraint ?? []).map(toColumnConstraint),
    span,
  };
  return { kind: 'add_column', column, ifNotExists: ifNotExists !== undefined, span };
}

function toDropAction(cst: DropActionCstNode): AlterAction {
  const { CONSTRAINT, ifExists, name, dropBehavior } = cst.children;
  return {
    kind: CONSTRAINT ? 'drop_constraint' : 'drop_column',
    name: toName(name[0]!),
    ifExists: isThere(ifExists),
    cascade: dropBehavior?.[0]?.children.CASCADE !== undefined,
    span: nodeSpan(cst),
  };
}

function toAlterColumn(cst: AlterColumnCstNode): AlterAction {
  const { SET, value, newType, generation, ifExists, columnConstraint, DEFAULT } = cst.children;
  const common = { name: toName(cst.children.name[0]!), span: nodeSpan(cst) };
  if (newType) {
    const { typeName, expression } = newType[0]!.children;
    const using = expression && { using: toExpr(expression[0]!) };
    return { kind: 'set_type', type: toTypeName(typeName[0]!), ...using, ...common };
  }
  if (columnConstraint) {
    const constraint = toColumnConstraint(columnConstraint[0]!);
    if (constraint.kind !== 'identity') throw new UnexpectedToken(columnConstraint[0]!.location.startOffset);
    return { kind: 'add_identity', always: constraint.always, ...common };
  }
  if (generation) {
    const kind = generation[0]!.value.toLowerCase() === 'identity' ? 'drop_identity' : 'drop_expression';
    return { kind, ifExists: isThere(ifExists), ...common };
  }
  if (DEFAULT) return { kind: 'set_default', ...(value && { value: toExpr(value[0]!) }), ...common };
  return { kind: SET ? 'set_not_null' : 'drop_not_null', ...common };
}
