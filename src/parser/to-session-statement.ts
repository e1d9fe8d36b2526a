// Settings, transactions, prepared statements, cursors and notifications, CST → AST.
import type {
  AnalyzeCstNode,
  BeginCstNode,
  CloseCstNode,
  DeallocateCstNode,
  DeclareCstNode,
  DiscardCstNode,
  FetchCursorCstNode,
  FetchDirectionCstNode,
  FinishCstNode,
  ListenCstNode,
  PlainValueCstNode,
  PrepareCstNode,
  SavepointCstNode,
  SavepointNameCstNode,
  SetCstNode,
  SettingNameCstNode,
  ShowOrResetCstNode,
  SignedIntegerCstNode,
  TransactionModesCstNode,
} from '../../grammar/index.js';
import { fail } from '../core/index.js';
import type { Expr, Name } from './ast.js';
import { nodeSpan, toName, toNames, UnexpectedToken } from './build.js';
import type {
  AnalyzeStatement,
  CloseCursor,
  DeallocateStatement,
  DeclareCursor,
  DiscardStatement,
  FetchCursor,
  ListenStatement,
  NotifyStatement,
  PrepareStatement,
  ResetStatement,
  SavepointStatement,
  SetStatement,
  SetTransaction,
  ShowStatement,
  TransactionModes,
  TransactionStatement,
} from './statement-ast.js';
import { toChange } from './to-change.js';
import { toSettingText } from './to-copy.js';
import { toRelation } from './to-from-item.js';
import { toTypedConstant } from './to-operand.js';
import { toQuery } from './to-query.js';
import { toTypeName } from './to-type-name.js';

// ---- settings --------------------------------------------------------------------------------------------------------

function settingOf({ children }: SettingNameCstNode): string {
  return children.name.map((part) => part.value.toLowerCase()).join('.');
}

function toSettingValue(cst: PlainValueCstNode): Expr {
  const { word, value, sign } = cst.children;
  const text = toSettingText(cst);
  if (word || value![0]!.image.endsWith("'")) return { kind: 'string', value: text, span: nodeSpan(cst) };
  return { kind: 'number', text: sign?.[0]?.image === '+' ? text.slice(1) : text, span: nodeSpan(cst) };
}

/** DEFAULT is the absence of values. */
function toSettingValues(values: readonly PlainValueCstNode[]): Expr[] {
  const isDefault = (cst: PlainValueCstNode) => cst.children.word?.[0]?.image.toLowerCase() === 'default';
  if (values.length === 1 && isDefault(values[0]!)) return [];
  const stray = values.find(isDefault);
  if (stray) throw new UnexpectedToken(stray.location.startOffset);
  return values.map(toSettingValue);
}

export function toSet(cst: SetCstNode): SetStatement | SetTransaction {
  const c = cst.children;
  const span = nodeSpan(cst);
  const scope = c.scope?.[0]?.value.toLowerCase() === 'local' ? 'local' : 'session';
  if (c.setTransaction) {
    const { CHARACTERISTICS, transactionModes } = c.setTransaction[0]!.children;
    if (CHARACTERISTICS && c.scope?.[0]?.value.toLowerCase() !== 'session')
      throw new UnexpectedToken(c.setTransaction[0]!.location.startOffset);
    const modes = toModes(transactionModes);
    return { kind: 'set_transaction', scope: CHARACTERISTICS ? 'session' : 'transaction', modes, span };
  }
  const set = (name: string, values: Expr[]): SetStatement => ({ kind: 'set', scope, name, values, span });
  const values = c.plainValue ?? [];
  if (c.settingName) return set(settingOf(c.settingName[0]!), toSettingValues(values));
  if (c.TIME_ZONE) {
    if (c.typedConstant) return set('timezone', [toTypedConstant(c.typedConstant[0]!)]);
    const isLocal = values[0]!.children.word?.[0]?.image.toLowerCase() === 'local';
    return set('timezone', isLocal ? [] : toSettingValues(values));
  }
  if (c.AUTHORIZATION) {
    if (c.scope?.[0]?.value.toLowerCase() !== 'session') throw new UnexpectedToken(c.AUTHORIZATION[0]!.startOffset);
    return set('session_authorization', toSettingValues(values));
  }
  if (c.ROLE) return set('role', toSettingValues(values));
  if (c.SCHEMA) {
    if (values[0]!.children.word || values[0]!.children.sign)
      throw new UnexpectedToken(values[0]!.location.startOffset);
    return set('search_path', toSettingValues(values));
  }
  return set('client_encoding', toSettingValues(values));
}

export function toShowOrReset(cst: ShowOrResetCstNode): ShowStatement | ResetStatement {
  const { verb, ALL, TIME_ZONE, settingName, AUTHORIZATION, ISOLATION } = cst.children;
  let name = ALL ? 'all' : TIME_ZONE ? 'timezone' : settingOf(settingName![0]!);
  const needs = (word: string, at: number) => {
    if (name !== word) throw new UnexpectedToken(at);
  };
  if (AUTHORIZATION) {
    needs('session', AUTHORIZATION[0]!.startOffset);
    name = 'session_authorization';
  }
  if (ISOLATION) {
    needs('transaction', ISOLATION[0]!.startOffset);
    name = 'transaction_isolation';
  }
  return { kind: verb![0]!.value.toLowerCase() as 'show' | 'reset', name, span: nodeSpan(cst) };
}

// ---- transactions ----------------------------------------------------------------------------------------------------

function toModes(cst: readonly TransactionModesCstNode[] | undefined): TransactionModes {
  const modes: { -readonly [K in keyof TransactionModes]: TransactionModes[K] } = {};
  for (const { children } of cst?.[0]?.children.transactionMode ?? []) {
    const { level, access, NOT } = children;
    if (level) {
      const word = level[0]!.value.toLowerCase();
      modes.isolation = (
        word === 'serializable' ? word : word === 'repeatable' ? 'repeatable read' : `read ${word}`
      ) as NonNullable<TransactionModes['isolation']>;
    } else if (access) modes.readOnly = access[0]!.value.toLowerCase() === 'only';
    else modes.deferrable = NOT === undefined;
  }
  return modes;
}

export function toBegin(cst: BeginCstNode): TransactionStatement {
  const modes = toModes(cst.children.transactionModes);
  const start = cst.children.START && { start: true as const };
  return { kind: 'transaction', action: 'begin', ...start, modes, chain: false, span: nodeSpan(cst) };
}

function savepointOf({ children }: SavepointNameCstNode): Name {
  return toName(children.name[0]!);
}

export function toFinish(cst: FinishCstNode): TransactionStatement | SavepointStatement {
  const { verb, TO, savepointName, AND, NO } = cst.children;
  const word = verb![0]!.value.toLowerCase();
  const span = nodeSpan(cst);
  if (savepointName) {
    if (word !== 'rollback') throw new UnexpectedToken(TO![0]!.startOffset);
    return { kind: 'savepoint', action: 'rollback to', name: savepointOf(savepointName[0]!), span };
  }
  const action = word === 'commit' || word === 'end' ? 'commit' : 'rollback';
  return { kind: 'transaction', action, modes: {}, chain: AND !== undefined && NO === undefined, span };
}

export function toSavepoint(cst: SavepointCstNode): SavepointStatement {
  const { name, savepointName } = cst.children;
  const span = nodeSpan(cst);
  return savepointName
    ? { kind: 'savepoint', action: 'release', name: savepointOf(savepointName[0]!), span }
    : { kind: 'savepoint', action: 'set', name: toName(name![0]!), span };
}

// ---- prepared statements and cursors ---------------------------------------------------------------------------------

export function toPrepare(cst: PrepareCstNode): PrepareStatement {
  const { name, typeName, query, dataChange } = cst.children;
  const parsed = query && toQuery(query[0]!);
  return {
    kind: 'prepare',
    name: toName(name[0]!),
    types: (typeName ?? []).map(toTypeName),
    statement: parsed
      ? { kind: 'query_statement', language: 'sql', query: parsed, span: parsed.span }
      : toChange(dataChange![0]!),
    span: nodeSpan(cst),
  };
}

export function toDeallocate(cst: DeallocateCstNode): DeallocateStatement {
  const { name } = cst.children;
  return { kind: 'deallocate', ...(name && { name: toName(name[0]!) }), span: nodeSpan(cst) };
}

export function toDeclare(cst: DeclareCstNode): DeclareCursor {
  const { name, BINARY, SCROLL, NO, hold, query } = cst.children;
  if (NO && SCROLL!.length > NO.length)
    throw fail('invalid_cursor_definition', 'cannot specify both SCROLL and NO SCROLL', { span: nodeSpan(cst) });
  return {
    kind: 'declare',
    name: toName(name[0]!),
    binary: BINARY !== undefined,
    ...(SCROLL && { scroll: NO === undefined }),
    hold: hold?.[0]?.value.toLowerCase() === 'with',
    query: toQuery(query[0]!),
    span: nodeSpan(cst),
  };
}

function toCount({ children }: SignedIntegerCstNode): number {
  const count = Number(children.Integer[0]!.value);
  if (count > 0x7fff_ffff) throw new UnexpectedToken(children.Integer[0]!.startOffset);
  return children.sign?.[0]?.image === '-' && count !== 0 ? -count : count;
}

function toDirection(cst: FetchDirectionCstNode | undefined): Pick<FetchCursor, 'direction' | 'count'> {
  if (!cst) return { direction: 'forward', count: 1 };
  const { step, to, way, ALL, signedInteger } = cst.children;
  const count = ALL ? 'all' : signedInteger ? toCount(signedInteger[0]!) : 1;
  switch (step?.[0]?.value.toLowerCase()) {
    case 'next':
      return { direction: 'forward', count: 1 };
    case 'prior':
      return { direction: 'backward', count: 1 };
    case 'first':
      return { direction: 'absolute', count: 1 };
    case 'last':
      return { direction: 'absolute', count: -1 };
  }
  const word = (to ?? way)?.[0]?.value.toLowerCase();
  return { direction: (word ?? 'forward') as FetchCursor['direction'], count };
}

export function toFetch(cst: FetchCursorCstNode): FetchCursor {
  const { verb, fetchDirection, name } = cst.children;
  return {
    kind: 'fetch',
    move: verb![0]!.value.toLowerCase() === 'move',
    ...toDirection(fetchDirection?.[0]),
    name: toName(name[0]!),
    span: nodeSpan(cst),
  };
}

export function toClose(cst: CloseCstNode): CloseCursor {
  const { name } = cst.children;
  return { kind: 'close', ...(name && { name: toName(name[0]!) }), span: nodeSpan(cst) };
}

// ---- the rest --------------------------------------------------------------------------------------------------------

export function toDiscard(cst: DiscardCstNode): DiscardStatement {
  const word = cst.children.what![0]!.value.toLowerCase();
  return {
    kind: 'discard',
    what: (word === 'temporary' ? 'temp' : word) as DiscardStatement['what'],
    span: nodeSpan(cst),
  };
}

export function toListen(cst: ListenCstNode): ListenStatement | NotifyStatement {
  const { LISTEN, NOTIFY, name, StringConstant } = cst.children;
  const span = nodeSpan(cst);
  const channel = name && toName(name[0]!);
  if (NOTIFY)
    return {
      kind: 'notify',
      channel: channel!,
      ...(StringConstant && { payload: StringConstant[0]!.value }),
      span,
    };
  return { kind: LISTEN ? 'listen' : 'unlisten', ...(channel && { channel }), span };
}

export function toAnalyze(cst: AnalyzeCstNode): AnalyzeStatement {
  const { relation, nameList } = cst.children;
  const tables = (relation ?? []).map((each, i) => {
    const end = relation![i + 1]?.location.startOffset ?? Number.POSITIVE_INFINITY;
    const list = nameList?.find(
      ({ location }) => location.startOffset > each.location.endOffset && location.startOffset < end,
    );
    return { table: toRelation(each), columns: list ? toNames(list.children.name) : [] };
  });
  return { kind: 'analyze', tables, span: nodeSpan(cst) };
}
