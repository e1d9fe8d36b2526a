// CREATE TABLE, VIEW, SCHEMA and INDEX, DROP, COMMENT and EXECUTE, CST → AST.
import type {
  CheckCstNode,
  ColumnConstraintCstNode,
  CommentCstNode,
  ConstraintAttributeCstNode,
  CreateCstNode,
  CreateIndexCstNode,
  CreateSchemaCstNode,
  CreateTableCstNode,
  CreateViewCstNode,
  DropCstNode,
  ExecuteCstNode,
  NameListCstNode,
  ReferenceActionCstNode,
  ReferencesCstNode,
  SortItemCstNode,
  StorageOptionsCstNode,
  TableConstraintCstNode,
  TableElementCstNode,
  Token,
  UniqueHeadCstNode,
} from '../../grammar/index.js';
import { fail } from '../core/index.js';
import type { Name } from './ast.js';
import { nodeSpan, tokenSpan, toName, toNames, UnexpectedToken } from './build.js';
import type {
  ColumnConstraint,
  ColumnDefinition,
  CommentStatement,
  ConstraintTiming,
  CreateIndex,
  CreateSchema,
  CreateTable,
  CreateTableAs,
  CreateView,
  DropStatement,
  ExecuteStatement,
  IndexColumn,
  Persistence,
  ReferenceAction,
  StorageOptions,
  TableConstraint,
} from './statement-ast.js';
import { toSortItem } from './to-call.js';
import { toPlainText } from './to-copy.js';
import { toExpr, toPlainExpr } from './to-expr.js';
import { nameOf } from './to-from-item.js';
import { toQuery } from './to-query.js';
import { toTypeName } from './to-type-name.js';

export function toPersistence(word: readonly Token[] | undefined): Persistence {
  if (!word) return 'permanent';
  return word[0]!.value.toLowerCase() === 'unlogged' ? 'unlogged' : 'temporary';
}

/** `asOnly`: what EXPLAIN takes is CREATE TABLE AS alone. */
export function toCreate(
  cst: CreateCstNode,
  asOnly = false,
): CreateTable | CreateTableAs | CreateView | CreateSchema | CreateIndex {
  const { OR, scope, persistence, createTable, createView, createSchema, createIndex } = cst.children;
  const kind = toPersistence(persistence);
  const stray = scope && !persistence ? scope[0] : undefined;
  if (stray) throw new UnexpectedToken(stray.endOffset + 1);
  if (scope && kind === 'unlogged') throw new UnexpectedToken(persistence![0]!.startOffset);
  if (asOnly && !createTable?.[0]?.children.AS) throw new UnexpectedToken(cst.location.endOffset + 1);
  if (createView) return toView(createView[0]!, cst, OR !== undefined, kind);
  if (OR) throw new UnexpectedToken((createTable ?? createSchema ?? createIndex)![0]!.location.startOffset);
  if (createTable) return toTable(createTable[0]!, cst, kind);
  if (persistence) throw new UnexpectedToken((createSchema ?? createIndex)![0]!.location.startOffset);
  return createIndex ? toIndex(createIndex[0]!, cst) : toSchema(createSchema![0]!, cst);
}

function toStorageOptions(cst: readonly StorageOptionsCstNode[] | undefined): StorageOptions {
  const options = (cst?.[0]?.children.storageOption ?? []).map(({ children }) => {
    const value = children.plainValue;
    return [children.name[0]!.value.toLowerCase(), value ? toPlainText(value[0]!) : true] as const;
  });
  return new Map(options);
}

const namesOf = (cst: readonly NameListCstNode[] | undefined): Name[] => (cst ? toNames(cst[0]!.children.name) : []);

function toTable({ children: c }: CreateTableCstNode, cst: CreateCstNode, persistence: Persistence) {
  if (c.ifNotExists) checkExists(c.ifNotExists[0]!.children.word![0]!);
  const word = c.onCommit?.[0]?.value.toLowerCase();
  const common = {
    persistence,
    ifNotExists: c.ifNotExists !== undefined,
    name: nameOf(c.anyName[0]!),
    options: toStorageOptions(c.storageOptions),
    ...(word !== undefined && {
      onCommit:
        word === 'drop' ? ('drop' as const) : word === 'delete' ? ('delete rows' as const) : ('preserve rows' as const),
    }),
    span: nodeSpan(cst),
  };
  const elements = c.tableElement ?? [];
  if (c.AS) {
    if (c.LParen && elements.length === 0) throw new UnexpectedToken(c.RParen![0]!.startOffset);
    const columns = elements.map(({ children, location }) => {
      if (!children.name || children.typeName || children.columnConstraint)
        throw new UnexpectedToken(children.typeName?.[0]?.location.startOffset ?? location.startOffset);
      return toName(children.name[0]!);
    });
    const source = c.query ? toQuery(c.query[0]!) : toExecute(c.execute![0]!);
    return {
      kind: 'create_table_as',
      ...common,
      columns,
      source,
      withData: c.NO === undefined,
    } satisfies CreateTableAs;
  }
  if (!c.LParen) throw new UnexpectedToken(c.anyName[0]!.location.endOffset + 1);
  return {
    kind: 'create_table',
    ...common,
    columns: elements.filter(({ children }) => children.name).map(toColumn),
    constraints: elements.flatMap(({ children }) => (children.tableConstraint ?? []).map(toTableConstraint)),
    likes: elements.filter(({ children }) => children.LIKE).map(toLike),
  } satisfies CreateTable;
}

export function checkExists(word: Token): void {
  if (word.value.toLowerCase() !== 'exists') throw new UnexpectedToken(word.startOffset);
}

const likeWords = new Set(
  'comments compression constraints defaults generated identity indexes statistics storage all'.split(' '),
);

function toLike({ children }: TableElementCstNode): CreateTable['likes'][number] {
  const options = (children.likeMode ?? []).map((mode, i) => {
    const what = children.likeWhat![i]!;
    if (!likeWords.has(what.value.toLowerCase())) throw new UnexpectedToken(what.startOffset);
    return `${mode.value.toLowerCase()} ${what.value.toLowerCase()}`;
  });
  return { table: nameOf(children.anyName![0]!), options };
}

function toColumn(cst: TableElementCstNode): ColumnDefinition {
  const { name, typeName, columnConstraint } = cst.children;
  if (!typeName) throw new UnexpectedToken(name![0]!.endOffset + 1);
  return {
    name: toName(name![0]!),
    type: toTypeName(typeName[0]!),
    constraints: (columnConstraint ?? []).map(toColumnConstraint),
    span: nodeSpan(cst),
  };
}

export function toColumnConstraint(cst: ColumnConstraintCstNode): ColumnConstraint {
  const { constraintName, NOT, NULL, DEFERRABLE, initially, uniqueHead, check, plainExpression, GENERATED, ...c } =
    cst.children;
  const name = constraintName?.[0]?.children.name[0];
  const common = { ...(name && { name: toName(name) }), span: nodeSpan(cst) };
  const refuseName = (at: number | undefined) => {
    if (name) throw new UnexpectedToken(at!);
  };
  if (NULL) return { kind: NOT ? 'not_null' : 'null', ...common };
  if (DEFERRABLE || initially) {
    refuseName((NOT ?? DEFERRABLE ?? c.INITIALLY)?.[0]?.startOffset);
    const timing = DEFERRABLE
      ? NOT
        ? 'not deferrable'
        : 'deferrable'
      : (`initially ${initially![0]!.value.toLowerCase()}` as ConstraintTiming);
    return { kind: 'timing', timing, ...common };
  }
  if (uniqueHead) return { ...toKey(uniqueHead[0]!), ...common };
  if (check) return { ...toCheck(check[0]!), ...common };
  if (GENERATED) {
    if (c.IDENTITY) return { kind: 'identity', always: c.ALWAYS !== undefined, ...common };
    if (!c.ALWAYS)
      throw fail('syntax_error', 'for a generated column, GENERATED ALWAYS must be specified', {
        span: tokenSpan(GENERATED[0]!),
      });
    return { kind: 'generated', value: toExpr(c.expression![0]!), ...common };
  }
  if (plainExpression) return { kind: 'default', value: toPlainExpr(plainExpression[0]!), ...common };
  if (c.references) return { ...toReferences(c.references[0]!), ...common };
  refuseName(c.COLLATE?.[0]?.startOffset);
  return { kind: 'collate', collation: nameOf(c.anyName![0]!), ...common };
}

function toKey({ children }: UniqueHeadCstNode) {
  const { PRIMARY, nulls, NOT } = children;
  if (nulls && nulls[0]!.value.toLowerCase() !== 'nulls') throw new UnexpectedToken(nulls[0]!.startOffset);
  return { kind: PRIMARY ? ('primary_key' as const) : ('unique' as const), nullsNotDistinct: NOT !== undefined };
}

function toCheck({ children }: CheckCstNode) {
  return {
    kind: 'check' as const,
    condition: toExpr(children.expression[0]!),
    noInherit: children.NO !== undefined,
  };
}

function toReferences({ children }: ReferencesCstNode) {
  const { anyName, nameList, match, event, referenceAction } = children;
  const actions = new Map<string, ReferenceAction>();
  event?.forEach((token, i) => {
    const word = token.value.toLowerCase();
    if (actions.has(word)) throw new UnexpectedToken(token.startOffset);
    actions.set(word, toAction(referenceAction![i]!));
  });
  const onDelete = actions.get('delete');
  const onUpdate = actions.get('update');
  if (onUpdate && onUpdate.columns.length > 0)
    throw fail('feature_not_supported', 'a column list with SET is only supported for ON DELETE actions');
  return {
    kind: 'references' as const,
    table: nameOf(anyName[0]!),
    columns: namesOf(nameList),
    ...(match && { match: match[0]!.value.toLowerCase() as 'full' | 'partial' | 'simple' }),
    ...(onDelete && { onDelete }),
    ...(onUpdate && { onUpdate }),
  };
}

function toAction({ children }: ReferenceActionCstNode): ReferenceAction {
  const { NO, RESTRICT, CASCADE, NULL, nameList } = children;
  const action = NO ? 'no action' : RESTRICT ? 'restrict' : CASCADE ? 'cascade' : NULL ? 'set null' : 'set default';
  return { action, columns: namesOf(nameList) };
}

export function toTableConstraint(cst: TableConstraintCstNode): TableConstraint {
  const { constraintName, uniqueHead, check, nameList, references, constraintAttribute } = cst.children;
  return {
    ...(constraintName && { name: toName(constraintName[0]!.children.name[0]!) }),
    columns: namesOf(nameList),
    rule: uniqueHead ? toKey(uniqueHead[0]!) : check ? toCheck(check[0]!) : toReferences(references![0]!),
    timing: (constraintAttribute ?? []).map(toTiming),
    span: nodeSpan(cst),
  };
}

function toTiming({ children }: ConstraintAttributeCstNode): ConstraintTiming {
  const { NOT, initially } = children;
  if (initially) return `initially ${initially[0]!.value.toLowerCase()}` as ConstraintTiming;
  return NOT ? 'not deferrable' : 'deferrable';
}

function toView(
  { children: c }: CreateViewCstNode,
  cst: CreateCstNode,
  replace: boolean,
  persistence: Persistence,
): CreateView {
  if (persistence === 'unlogged') throw new UnexpectedToken(cst.children.persistence![0]!.startOffset);
  if (c.RECURSIVE && !c.nameList) throw new UnexpectedToken(c.anyName[0]!.location.endOffset + 1);
  const word = c.checkScope?.[0]?.value.toLowerCase();
  return {
    kind: 'create_view',
    replace,
    persistence,
    recursive: c.RECURSIVE !== undefined,
    name: nameOf(c.anyName[0]!),
    columns: namesOf(c.nameList),
    options: toStorageOptions(c.storageOptions),
    query: toQuery(c.query[0]!),
    ...(c.CHECK && { check: word === 'local' ? 'local' : 'cascaded' }),
    span: nodeSpan(cst),
  };
}

function toSchema({ children: c }: CreateSchemaCstNode, cst: CreateCstNode): CreateSchema {
  if (c.ifNotExists) checkExists(c.ifNotExists[0]!.children.word![0]!);
  const role = c.authorization?.[0]?.children.role[0]?.children.name?.[0];
  return {
    kind: 'create_schema',
    ifNotExists: c.ifNotExists !== undefined,
    ...(c.name && { name: toName(c.name[0]!) }),
    ...(role && { role: toName(role) }),
    span: nodeSpan(cst),
  };
}

function toIndex({ children: c }: CreateIndexCstNode, cst: CreateCstNode): CreateIndex {
  if (c.ifNotExists) checkExists(c.ifNotExists[0]!.children.word![0]!);
  if (c.ifNotExists && !c.name) throw new UnexpectedToken(c.ON[0]!.startOffset);
  const stray = c.nulls?.[0];
  if (stray && stray.value.toLowerCase() !== 'nulls') throw new UnexpectedToken(stray.startOffset);
  const method = c.method?.[0];
  if (method && method.value !== 'btree')
    throw fail('feature_not_supported', `indexes by ${method.value} are not supported`, { span: tokenSpan(method) });
  if (c.where)
    throw fail('feature_not_supported', 'partial indexes are not supported', { span: nodeSpan(c.where[0]!) });
  return {
    kind: 'create_index',
    unique: c.UNIQUE !== undefined,
    ifNotExists: c.ifNotExists !== undefined,
    ...(c.name && { name: toName(c.name[0]!) }),
    table: nameOf(c.anyName[0]!),
    columns: c.sortItem.map(toIndexColumn),
    nullsNotDistinct: c.NOT !== undefined,
    span: nodeSpan(cst),
  };
}

function toIndexColumn(cst: SortItemCstNode): IndexColumn {
  const { expr, using, direction, nulls, span } = toSortItem(cst);
  if (cst.children.USING || using !== undefined) throw new UnexpectedToken(cst.children.USING![0]!.startOffset);
  if (expr.kind !== 'column' || expr.parts.length !== 1)
    throw fail('feature_not_supported', 'indexes of expressions are not supported', { span: expr.span });
  return { name: expr.parts[0]!, direction, ...(nulls && { nulls }), span };
}

export function toDrop(cst: DropCstNode): DropStatement {
  const { object, IF_EXISTS, word, anyName, dropBehavior } = cst.children;
  if (word) checkExists(word[0]!);
  return {
    kind: 'drop',
    object: object![0]!.value.toLowerCase() as DropStatement['object'],
    ifExists: IF_EXISTS !== undefined,
    names: anyName.map(nameOf),
    cascade: dropBehavior?.[0]?.children.CASCADE !== undefined,
    span: nodeSpan(cst),
  };
}

export function toComment(cst: CommentCstNode): CommentStatement {
  const { object, anyName, text } = cst.children;
  const [token] = text!;
  return {
    kind: 'comment',
    object: object![0]!.value.toLowerCase() as CommentStatement['object'],
    name: nameOf(anyName[0]!),
    ...(token!.value.toLowerCase() !== 'null' || token!.image.endsWith("'") ? { text: token!.value } : {}),
    span: nodeSpan(cst),
  };
}

export function toExecute(cst: ExecuteCstNode): ExecuteStatement {
  const { name, expression } = cst.children;
  return { kind: 'execute', name: toName(name[0]!), args: (expression ?? []).map(toExpr), span: nodeSpan(cst) };
}
