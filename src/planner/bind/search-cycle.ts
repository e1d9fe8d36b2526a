// SEARCH and CYCLE of WITH RECURSIVE, rewritten as PostgreSQL's manual spells them out: columns that carry the path of each row.
import { fail, type Span } from '../../core/index.js';
import type { Cte, Expr, FromItem, Name, Query, Select, SelectItem, SetOperation } from '../../parser/index.js';
import { foldName } from './environment.js';

/** @throws DiagnosticError where the clauses cannot stand, whatever their columns turn out to be */
export function checkSearchAndCycle(cte: Cte, recursive: boolean): void {
  const { search, cycle } = cte;
  const clause = search ?? cycle;
  if (!clause) return;
  const { span } = clause;
  if (!recursive) throw fail('syntax_error', 'WITH query is not recursive', { span });
  if (cycle && foldName(cycle.mark) === foldName(cycle.path))
    throw fail('syntax_error', 'cycle mark column name and cycle path column name are the same', {
      span: cycle.path.span,
    });
  if (search && cycle)
    for (const [name, what] of [
      [cycle.mark, 'mark'],
      [cycle.path, 'path'],
    ] as const)
      if (foldName(search.name) === foldName(name))
        throw fail('syntax_error', `search sequence column name and cycle ${what} column name are the same`, { span });
}

/**
 * `t AS (a UNION b) SEARCH DEPTH FIRST BY x SET o` becomes
 * `t AS (SELECT l.*, ARRAY[ROW(l.x)] FROM (a) l UNION SELECT r.…, r.o || ROW(r.x) FROM (b, with t.o as a further column) r)`.
 * @param names of the columns of the first term
 */
export function withSearchAndCycle(cte: Cte, names: readonly string[]): Cte {
  const { search, cycle, ...plain } = cte;
  if (!search && !cycle) return cte;
  if (search) checkColumns(search.by, names, 'search');
  if (cycle) checkColumns(cycle.columns, names, 'cycle');
  const { body } = cte.query;
  if (body.kind !== 'set' || body.inputs.length !== 2 || body.inputs.some((i) => i.kind === 'set'))
    throw fail('feature_not_supported', 'with a SEARCH or CYCLE clause, both sides of the UNION must be a SELECT', {
      span: cte.name.span,
    });
  const at = (search ?? cycle)!.span;
  const ast = new AstMaker(at);
  const [first, step] = body.inputs as [SetOperation['inputs'][number], SetOperation['inputs'][number]];
  const own = (source: string) => names.map((name) => ast.item(ast.column(source, name)));
  const extra: { name: Name; first: Expr; step: Expr }[] = [];
  const value = cycle?.value ?? ast.boolean(true);
  const otherwise = cycle?.defaultValue ?? ast.boolean(false);
  const fieldsOf = (source: string, by: readonly Name[]) => by.map((name) => ast.column(source, foldName(name)));
  if (search) {
    const { name, by, order } = search;
    const text = foldName(name);
    if (order === 'depth')
      extra.push({
        name,
        first: ast.array([ast.row(fieldsOf(left, by))]),
        step: ast.binary('||', ast.column(right, text), ast.array([ast.row(fieldsOf(right, by))])),
      });
    else {
      const depth: Expr = { kind: 'field', arg: ast.column(right, text), field: ast.name('f1'), span: at };
      extra.push({
        name,
        first: ast.row([ast.bigint('0'), ...fieldsOf(left, by)]),
        step: ast.row([ast.binary('+', depth, ast.bigint('1')), ...fieldsOf(right, by)]),
      });
    }
  }
  if (cycle) {
    const { mark, path, columns } = cycle;
    const seen: Expr = {
      kind: 'quantified',
      op: '=',
      quantifier: 'any',
      left: ast.row(fieldsOf(right, columns)),
      array: ast.column(right, foldName(path)),
      span: at,
    };
    // Both marks of one type, from the first term on.
    extra.push({
      name: mark,
      first: ast.choice(ast.boolean(false), value, otherwise),
      step: ast.choice(seen, value, otherwise),
    });
    extra.push({
      name: path,
      first: ast.array([ast.row(fieldsOf(left, columns))]),
      step: ast.binary('||', ast.column(right, foldName(path)), ast.array([ast.row(fieldsOf(right, columns))])),
    });
  }
  const going = stepOf(
    cte,
    step,
    extra.map((e) => e.name),
    cycle && { mark: cycle.mark, value },
    ast,
  );
  const all = extra.map((e) => foldName(e.name));
  const inputs = [
    ast.select([...own(left), ...extra.map((e) => ast.item(e.first))], ast.from(first, left, names)),
    ast.select([...own(right), ...extra.map((e) => ast.item(e.step))], ast.from(going, right, [...names, ...all])),
  ];
  return {
    ...plain,
    columns: [...names, ...all].map((name) => ast.name(name)),
    query: { ...cte.query, body: { ...body, inputs } },
  };
}

/** Names that no user's query has. */
const left = '*first*';
const right = '*step*';

/** How many columns the clauses add, after those of the query. */
export const newColumns = ({ search, cycle }: Cte): number => (search ? 1 : 0) + (cycle ? 2 : 0);

/** PostgreSQL's complaint where a clause's own column has the name of another; found after what refers to it is ambiguous. */
export function checkNewColumns({ search, cycle }: Cte, names: readonly string[]): void {
  const used = (name: Name | undefined, what: string) => {
    if (name && names.includes(foldName(name)))
      throw fail('syntax_error', `${what} column name "${name.text}" already used in WITH query column list`, {
        span: name.span,
      });
  };
  used(search?.name, 'search sequence');
  used(cycle?.mark, 'cycle mark');
  used(cycle?.path, 'cycle path');
}

function checkColumns(columns: readonly Name[], names: readonly string[], clause: 'search' | 'cycle'): void {
  for (const [i, column] of columns.entries()) {
    const text = foldName(column);
    if (!names.includes(text))
      throw fail('syntax_error', `${clause} column "${text}" not in WITH query column list`, { span: column.span });
    if (columns.slice(0, i).some((c) => foldName(c) === text))
      throw fail('duplicate_column', `${clause} column "${text}" specified more than once`, { span: column.span });
  }
}

/** The term that goes on, with the new columns of the row it came from; rows that close a cycle are not followed. */
function stepOf(
  cte: Cte,
  step: SetOperation['inputs'][number],
  extra: readonly Name[],
  stop: { readonly mark: Name; readonly value: Expr } | undefined,
  ast: AstMaker,
): SetOperation['inputs'][number] {
  if (step.kind === 'query' && !step.with && step.orderBy.length === 0)
    return { ...step, body: stepOf(cte, step.body, extra, stop, ast) };
  const source =
    step.kind === 'select' ? step.from.map((f) => sourceOf(f, foldName(cte.name))).find((s) => s) : undefined;
  if (step.kind !== 'select' || source === undefined)
    throw fail(
      'feature_not_supported',
      'with a SEARCH or CYCLE clause, the recursive reference to the WITH query must be at the top level of its right-hand SELECT',
      { span: cte.name.span },
    );
  const goes = stop && ast.binary('<>', ast.column(source, foldName(stop.mark)), stop.value);
  const where = goes && step.where ? ast.both(step.where, goes) : (goes ?? step.where);
  return {
    ...step,
    items: [...step.items, ...extra.map((name) => ast.item(ast.column(source, foldName(name))))],
    ...(where && { where }),
  };
}

function sourceOf(item: FromItem, cte: string): string | undefined {
  if (item.kind === 'join') return item.alias ? undefined : (sourceOf(item.left, cte) ?? sourceOf(item.right, cte));
  if (item.kind !== 'table' || item.name.length !== 1 || foldName(item.name[0]!) !== cte) return undefined;
  return item.alias ? foldName(item.alias.name) : cte;
}

class AstMaker {
  constructor(private readonly span: Span) {}

  name(text: string): Name {
    return { text, quoted: true, span: this.span };
  }
  column(table: string, name: string): Expr {
    return { kind: 'column', parts: [this.name(table), this.name(name)], span: this.span };
  }
  item(expr: Expr): SelectItem {
    return { kind: 'expr', expr, span: this.span };
  }
  boolean(value: boolean): Expr {
    return { kind: 'boolean', value, span: this.span };
  }
  bigint(text: string): Expr {
    const { span } = this;
    const type = { name: [this.name('int8')], modifiers: [], dimensions: 0, span };
    return { kind: 'cast', arg: { kind: 'number', text, span }, type, attempt: false, span };
  }
  array(elements: readonly Expr[]): Expr {
    return { kind: 'array', elements, span: this.span };
  }
  row(fields: readonly Expr[]): Expr {
    return { kind: 'row', explicit: true, fields, span: this.span };
  }
  binary(op: string, l: Expr, r: Expr): Expr {
    return { kind: 'binary', op, opSpan: this.span, left: l, right: r, span: this.span };
  }
  both(l: Expr, r: Expr): Expr {
    return { kind: 'logical', op: 'and', args: [l, r], span: this.span };
  }
  choice(when: Expr, value: Expr, otherwise: Expr): Expr {
    return { kind: 'case', branches: [{ when, then: value }], otherwise, span: this.span };
  }
  from(body: SetOperation['inputs'][number], alias: string, columns: readonly string[]): FromItem {
    const query: Query =
      body.kind === 'query'
        ? body
        : { kind: 'query', body, orderBy: [], withTies: false, locking: [], span: this.span };
    const names = { name: this.name(alias), columns: columns.map((c) => this.name(c)), span: this.span };
    return { kind: 'query_ref', query, lateral: false, alias: names, span: this.span };
  }
  select(items: readonly SelectItem[], from: FromItem): Select {
    const { span } = this;
    return {
      kind: 'select',
      distinct: false,
      items,
      from: [from],
      groupBy: [],
      groupDistinct: false,
      windows: [],
      span,
    };
  }
}
