// Queries as canonical SQL text; native ones in their own language.
import type {
  Alias,
  ColumnDef,
  CycleClause,
  FromItem,
  GroupItem,
  JoinRef,
  LockingClause,
  Query,
  QueryBody,
  SearchClause,
  Select,
  SelectItem,
  SetOperation,
  With,
} from './ast.js';
import { printCall, printExpr, printOrderBy, printWindowSpec } from './print-expr.js';
import { printName, printQualified, printTypeName } from './print-names.js';
import { printStatement } from './print-statement.js';

export function printWith({ recursive, ctes }: With): string {
  const printed = ctes.map((cte) => {
    const columns = cte.columns.length > 0 ? ` (${cte.columns.map(printName).join(', ')})` : '';
    const materialized = cte.materialized === undefined ? '' : cte.materialized ? 'MATERIALIZED ' : 'NOT MATERIALIZED ';
    const clauses = [...(cte.search ? [printSearch(cte.search)] : []), ...(cte.cycle ? [printCycle(cte.cycle)] : [])];
    return [
      `${printName(cte.name)}${columns} AS ${materialized}(${cte.change ? printStatement(cte.change) : printQuery(cte.query)})`,
      ...clauses,
    ].join(' ');
  });
  return `WITH ${recursive ? 'RECURSIVE ' : ''}${printed.join(', ')}`;
}

function printSearch({ order, by, name }: SearchClause): string {
  return `SEARCH ${order.toUpperCase()} FIRST BY ${by.map(printName).join(', ')} SET ${printName(name)}`;
}

function printCycle({ columns, mark, value, defaultValue, path }: CycleClause): string {
  const marks = value && defaultValue ? ` TO ${printExpr(value)} DEFAULT ${printExpr(defaultValue)}` : '';
  return `CYCLE ${columns.map(printName).join(', ')} SET ${printName(mark)}${marks} USING ${printName(path)}`;
}

export function printQuery(query: Query): string {
  const parts: string[] = [];
  if (query.with) parts.push(printWith(query.with));
  parts.push(printBody(query.body));
  if (query.orderBy.length > 0) parts.push(printOrderBy(query.orderBy));
  if (query.offset) parts.push(`OFFSET ${printExpr(query.offset)}`);
  if (query.limit) {
    if (query.withTies) parts.push(`FETCH FIRST (${printExpr(query.limit)}) ROWS WITH TIES`);
    else parts.push(`LIMIT ${printExpr(query.limit)}`);
  }
  parts.push(...query.locking.map(printLocking));
  return parts.join(' ');
}

function printLocking({ strength, of, wait }: LockingClause): string {
  const tables = of.length > 0 ? ` OF ${of.map(printQualified).join(', ')}` : '';
  return `FOR ${strength.toUpperCase()}${tables}${wait ? ` ${wait.toUpperCase()}` : ''}`;
}

function printBody(body: QueryBody): string {
  switch (body.kind) {
    case 'select':
      return printSelect(body);
    case 'values':
      return `VALUES ${body.rows.map((row) => `(${row.map(printExpr).join(', ')})`).join(', ')}`;
    case 'query':
      return `(${printQuery(body)})`;
    case 'set':
      return printSetOperation(body);
  }
}

const setLevel = (node: SetOperation) => (node.op === 'intersect' ? 2 : 1);

/** Iterates along the left spine. */
function printSetOperation(operation: SetOperation): string {
  const pieces: string[] = [];
  let at: QueryBody = operation;
  while (at.kind === 'set') {
    const own: SetOperation = at;
    const [first, ...rest]: readonly QueryBody[] = own.inputs;
    const word = `${own.op.toUpperCase()}${own.all ? ' ALL' : ''}`;
    for (const input of rest.reverse()) {
      const tighter = input.kind !== 'set' || setLevel(input) > setLevel(own);
      pieces.push(` ${word} ${tighter ? printBody(input) : `(${printBody(input)})`}`);
    }
    at = first!;
    // A chain of the same operator on the left was parenthesised, or it would be the same node.
    const isSame = at.kind === 'set' && at.op === own.op && at.all === own.all && own.op !== 'except';
    if (at.kind === 'set' && (setLevel(at) < setLevel(own) || isSame)) {
      pieces.push(`(${printBody(at)})`);
      return pieces.reverse().join('');
    }
  }
  pieces.push(printBody(at));
  return pieces.reverse().join('');
}

function printSelect(select: Select): string {
  const parts = ['SELECT'];
  if (select.distinct === true) parts.push('DISTINCT');
  else if (select.distinct) parts.push(`DISTINCT ON (${select.distinct.map(printExpr).join(', ')})`);
  if (select.items.length > 0) parts.push(select.items.map(printSelectItem).join(', '));
  if (select.from.length > 0) parts.push(`FROM ${select.from.map(printFromItem).join(', ')}`);
  if (select.where) parts.push(`WHERE ${printExpr(select.where)}`);
  if (select.groupBy.length > 0)
    parts.push(`GROUP BY ${select.groupDistinct ? 'DISTINCT ' : ''}${select.groupBy.map(printGroupItem).join(', ')}`);
  if (select.having) parts.push(`HAVING ${printExpr(select.having)}`);
  if (select.windows.length > 0)
    parts.push(
      `WINDOW ${select.windows.map(({ name, spec }) => `${printName(name)} AS ${printWindowSpec(spec)}`).join(', ')}`,
    );
  return parts.join(' ');
}

/** A WildcardItem has no SQL; it prints as its pattern in double quotes, as EXPLAIN labels show it. */
export function printSelectItem(item: SelectItem): string {
  switch (item.kind) {
    case 'star':
      return [...item.qualifier.map(printName), '*'].join('.');
    case 'wildcard':
      return [...item.qualifier, item.pattern].map(printName).join('.');
    case 'expr': {
      // Without an alias `(t).*` and `t.*` would read alike.
      const isRow = !item.alias && item.expr.kind === 'field' && !item.expr.field && item.expr.arg.kind === 'column';
      const text = isRow && item.expr.kind === 'field' ? `(${printExpr(item.expr.arg)}).*` : printExpr(item.expr);
      return item.alias ? `${text} AS ${printName(item.alias)}` : text;
    }
  }
}

function printGroupItem(item: GroupItem): string {
  switch (item.kind) {
    case 'empty':
      return '()';
    case 'expr':
      return printExpr(item.expr);
    case 'grouping_sets':
      return `GROUPING SETS (${item.items.map(printGroupItem).join(', ')})`;
    default: {
      const sets = item.sets.map((set) =>
        set.length === 1 ? printExpr(set[0]!) : `(${set.map(printExpr).join(', ')})`,
      );
      return `${item.kind.toUpperCase()}(${sets.join(', ')})`;
    }
  }
}

function printAlias(alias: Alias | undefined): string {
  if (!alias) return '';
  return ` AS ${printName(alias.name)}${alias.columns.length > 0 ? `(${alias.columns.map(printName).join(', ')})` : ''}`;
}

export function printFromItem(item: FromItem): string {
  switch (item.kind) {
    case 'table': {
      const sample = item.sample
        ? ` TABLESAMPLE ${printQualified(item.sample.method)} (${item.sample.args.map(printExpr).join(', ')})${item.sample.repeatable ? ` REPEATABLE (${printExpr(item.sample.repeatable)})` : ''}`
        : '';
      return `${item.only ? 'ONLY ' : ''}${printQualified(item.name)}${printAlias(item.alias)}${sample}`;
    }
    case 'query_ref':
      return `${item.lateral ? 'LATERAL ' : ''}(${printQuery(item.query)})${printAlias(item.alias)}`;
    case 'function_ref': {
      const printDefs = (given: readonly ColumnDef[]) =>
        given.map(({ name, type }) => `${printName(name)} ${printTypeName(type, type.modifiers.map(printExpr))}`);
      const inner = (at: number) => printDefs(item.callDefs?.[at] ?? []).join(', ');
      const calls = item.calls.map((call, i) => printCall(call) + (inner(i) && ` AS (${inner(i)})`)).join(', ');
      const defs = printDefs(item.columnDefs);
      const alias =
        defs.length > 0
          ? ` AS ${item.alias ? printName(item.alias.name) : ''}(${defs.join(', ')})`
          : printAlias(item.alias);
      return `${item.lateral ? 'LATERAL ' : ''}${item.rowsFrom ? `ROWS FROM (${calls})` : calls}${item.ordinality ? ' WITH ORDINALITY' : ''}${alias}`;
    }
    case 'join':
      return item.alias ? `(${printJoin({ ...item })})${printAlias(item.alias)}` : printJoin(item);
  }
}

/** Iterates along the left spine. */
function printJoin(join: JoinRef): string {
  const pieces: string[] = [];
  let at: FromItem = join;
  for (;;) {
    if (at.kind !== 'join' || (at !== join && at.alias)) break;
    const type = at.natural
      ? `NATURAL ${at.type === 'inner' ? '' : `${at.type.toUpperCase()} `}`
      : at.type === 'inner'
        ? ''
        : `${at.type.toUpperCase()} `;
    const right: FromItem = at.right;
    const on = at.on ? ` ON ${printExpr(at.on)}` : '';
    const using = at.using
      ? ` USING (${at.using.map(printName).join(', ')})${at.usingAlias ? ` AS ${printName(at.usingAlias)}` : ''}`
      : '';
    const rightText = right.kind === 'join' && !right.alias ? `(${printFromItem(right)})` : printFromItem(right);
    pieces.push(` ${type}JOIN ${rightText}${on}${using}`);
    at = at.left;
  }
  pieces.push(printFromItem(at));
  return pieces.reverse().join('');
}

/** Needs a body as `parseNative` makes it. */
export function printNative({ body }: Query): string {
  if (body.kind !== 'select') return printBody(body);
  const [table] = body.from;
  const tree = table?.kind === 'table' ? table.name[0] : undefined;
  const where = body.where ? printExpr(body.where) : '*';
  if (!tree) return `select ${where}`;
  const head = printName({ ...tree, quoted: true });
  const paths = body.items.map((item) => {
    if (item.kind === 'star') return `${head}.*`;
    if (item.kind === 'wildcard') return `${head}.${item.pattern.text}`;
    return `${head}.${printExpr(item.expr)}${item.alias ? ` as ${printName(item.alias)}` : ''}`;
  });
  return `select ${where}, project ${paths.join(', ')}`;
}
