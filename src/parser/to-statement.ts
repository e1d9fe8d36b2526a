// Statements, CST → AST: the dispatch by kind, EXPLAIN, and SELECT INTO, which is CREATE TABLE AS in other words.
import type { ExplainCstNode, QueryCstNode, StatementCstNode } from '../../grammar/index.js';
import { nodeSpan, UnexpectedToken } from './build.js';
import type { CreateTableAs, ExplainStatement, QueryStatement, Statement } from './statement-ast.js';
import { toAlterTable } from './to-alter-table.js';
import { toChange, toTruncate } from './to-change.js';
import { isSettingWord, toCopy } from './to-copy.js';
import { toComment, toCreate, toDrop, toExecute, toPersistence } from './to-definition.js';
import { nameOf } from './to-from-item.js';
import { toQuery } from './to-query.js';
import {
  toAnalyze,
  toBegin,
  toClose,
  toDeallocate,
  toDeclare,
  toDiscard,
  toFetch,
  toFinish,
  toListen,
  toPrepare,
  toSavepoint,
  toSet,
  toShowOrReset,
} from './to-session-statement.js';

export function toStatement({ children: c }: StatementCstNode): Statement {
  if (c.query) return toQueryStatement(c.query[0]!);
  if (c.dataChange) return toChange(c.dataChange[0]!);
  if (c.explain) return toExplain(c.explain[0]!);
  if (c.create) return toCreate(c.create[0]!);
  if (c.alterTable) return toAlterTable(c.alterTable[0]!);
  if (c.drop) return toDrop(c.drop[0]!);
  if (c.comment) return toComment(c.comment[0]!);
  if (c.truncate) return toTruncate(c.truncate[0]!);
  if (c.copy) return toCopy(c.copy[0]!);
  if (c.set) return toSet(c.set[0]!);
  if (c.showOrReset) return toShowOrReset(c.showOrReset[0]!);
  if (c.begin) return toBegin(c.begin[0]!);
  if (c.finish) return toFinish(c.finish[0]!);
  if (c.savepoint) return toSavepoint(c.savepoint[0]!);
  if (c.prepare) return toPrepare(c.prepare[0]!);
  if (c.execute) return toExecute(c.execute[0]!);
  if (c.deallocate) return toDeallocate(c.deallocate[0]!);
  if (c.declare) return toDeclare(c.declare[0]!);
  if (c.fetchCursor) return toFetch(c.fetchCursor[0]!);
  if (c.close) return toClose(c.close[0]!);
  if (c.discard) return toDiscard(c.discard[0]!);
  if (c.listen) return toListen(c.listen[0]!);
  return toAnalyze(c.analyze![0]!);
}

function toQueryStatement(cst: QueryCstNode): QueryStatement | CreateTableAs {
  const select = cst.children.queryTerm[0]!.children.select?.[0]?.children;
  const into = select?.into?.[0];
  if (!into) {
    const query = toQuery(cst);
    return { kind: 'query_statement', language: 'sql', query, span: query.span };
  }
  delete select!.into;
  const source = toQuery(cst);
  return {
    kind: 'create_table_as',
    persistence: toPersistence(into.children.persistence),
    ifNotExists: false,
    name: nameOf(into.children.anyName[0]!),
    columns: [],
    options: new Map(),
    source,
    withData: true,
    span: source.span,
  };
}

function toExplain(cst: ExplainCstNode): ExplainStatement {
  const { explainOption, ANALYZE, VERBOSE, query, dataChange, create, declare, execute } = cst.children;
  const options = new Map<string, string | boolean>();
  if (ANALYZE) options.set('analyze', true);
  if (VERBOSE) options.set('verbose', true);
  for (const { children } of explainOption ?? []) {
    const name = children.name![0]!.value.toLowerCase();
    const token = children.value?.[0];
    if (token && !isSettingWord(token)) throw new UnexpectedToken(token.startOffset);
    const value = token?.value;
    options.set(
      name === 'analyse' ? 'analyze' : name,
      value === undefined ? true : `${children.sign?.[0]?.image ?? ''}${value}`,
    );
  }
  const statement = query
    ? toQueryStatement(query[0]!)
    : dataChange
      ? toChange(dataChange[0]!)
      : create
        ? toCreate(create[0]!, true)
        : declare
          ? toDeclare(declare[0]!)
          : toExecute(execute![0]!);
  return { kind: 'explain', options, statement, span: nodeSpan(cst) };
}
