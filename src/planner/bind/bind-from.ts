// FROM: tables, subqueries, functions and joins become plans and relations of a scope.
import { fail, lookupFunction, sqlTypeOf, types } from '../../core/index.js';
import type { Alias, FromItem, FunctionRef, JoinRef, Name, TableRef } from '../../parser/index.js';
import type { LogicalPlan, ScanColumn } from '../logical/logical-plan.js';
import { ExpressionBinder } from './bind-expression.js';
import type { QueryBinder } from './bind-query.js';
import { castScalar, coerce, commonType } from './coerce.js';
import { findTable, matchName } from './environment.js';
import { resolveOverload } from './resolve-overload.js';
import type { Column, Scalar } from './scalar.js';
import { Scope, type ScopeColumn, type ScopeRelation } from './scope.js';

export interface BoundFrom {
  readonly plan: LogicalPlan;
  readonly relations: readonly ScopeRelation[];
}

/** `scope` is what the item may see: enclosing queries, and for LATERAL the items to its left. */
export function bindFromItem(binder: QueryBinder, item: FromItem, scope: Scope, target: Scope): BoundFrom {
  switch (item.kind) {
    case 'table':
      return bindTable(binder, item);
    case 'query_ref': {
      const { plan, columns } = binder.bindQuery(item.query, item.lateral ? scope : scope.parent);
      return { plan, relations: [relation(item.alias?.name.text, columns, item.alias)] };
    }
    case 'function_ref':
      return bindFunction(binder, item, scope);
    case 'join':
      return bindJoin(binder, item, scope, target);
  }
}

function relation(name: string | undefined, columns: readonly Column[], alias?: Alias): ScopeRelation {
  return {
    name: name ?? '',
    columns: renamed(
      columns.map((column) => ({ column })),
      alias,
    ),
  };
}

/** Column aliases give new names to the first columns. The column's identity stays. */
function renamed(columns: readonly ScopeColumn[], alias: Alias | undefined): ScopeColumn[] {
  if (alias && alias.columns.length > columns.filter((c) => !c.hidden).length) {
    throw fail(
      'invalid_column_reference',
      `table "${alias.name.text}" has ${columns.length} columns available but ${alias.columns.length} columns specified`,
      { span: alias.span },
    );
  }
  return columns.map((c, i) => {
    const name = alias?.columns[i];
    return name ? { ...c, column: { ...c.column, name: foldName(name) } } : c;
  });
}

/** Names that SQL makes fold to lower case unless quoted. */
export function foldName(name: Name): string {
  return name.quoted ? name.text : name.text.toLowerCase();
}

function bindTable(binder: QueryBinder, ref: TableRef): BoundFrom {
  const { context } = binder;
  if (ref.sample) throw fail('feature_not_supported', 'TABLESAMPLE is not supported', { span: ref.span });
  const cte = ref.name.length === 1 ? binder.findCte(ref.name[0]!) : undefined;
  if (cte) {
    const columns = cte.columns.map((c) => context.column(c.name, c.type));
    return {
      plan: { kind: 'cte_scan', cte: cte.id, name: cte.name, columns },
      relations: [relation(ref.alias ? foldName(ref.alias.name) : cte.name, columns, ref.alias)],
    };
  }
  const table = findTable(context, ref.name, ref.span);
  const branches: ScanColumn[] = table.columns.map((c, index) => ({
    column: context.column(c.name, c.type),
    source: { kind: 'branch', index },
  }));
  const taken = new Set(table.columns.map((c) => c.name));
  const free = (name: string) => (taken.has(name) ? `_${name}` : name);
  const system: ScanColumn[] = [
    { column: context.column(free('event_id'), types.int8), source: { kind: 'system', name: 'event_id' } },
    { column: context.column(free('_file'), types.text), source: { kind: 'system', name: '_file' } },
  ];
  const columns = [
    ...branches.map(({ column }) => ({ column })),
    ...system.map(({ column }) => ({ column, hidden: true })),
  ];
  const { native } = context.environment;
  return {
    plan: {
      kind: 'scan',
      table,
      columns: [...branches, ...system],
      filter: [],
      ...(native?.files && { files: native.files }),
    },
    relations: [
      {
        name: ref.alias ? foldName(ref.alias.name) : (ref.name.at(-1)?.text ?? table.path),
        ...(!ref.alias && { dataset: table.dataset }),
        columns: renamed(columns, ref.alias),
        table,
      },
    ],
  };
}

function bindFunction(binder: QueryBinder, ref: FunctionRef, scope: Scope): BoundFrom {
  const { context } = binder;
  const expressions = new ExpressionBinder(binder.host('functions in FROM'), scope);
  const names: string[] = [];
  const calls = ref.calls.flatMap((call) => {
    const name = foldName(call.name.at(-1)!);
    const entry = lookupFunction(name);
    if (!entry) throw fail('undefined_function', `function ${name} does not exist`, { span: call.span });
    if (entry.kind !== 'table')
      throw fail('feature_not_supported', `function ${name} is not a table function`, { span: call.span });
    const args = call.args.map((a) => expressions.operand(a.value));
    // unnest(a, b) is unnest(a) beside unnest(b).
    const groups = name === 'unnest' ? args.map((a) => [a]) : [args];
    return groups.map((group) => {
      const resolved = resolveOverload(
        entry.overloads,
        group.map((a) => a.type),
      );
      if (!resolved || resolved === 'ambiguous')
        throw fail('undefined_function', `function ${name} does not take these arguments`, { span: call.span });
      const cast = group.map((a, i) => castScalar(a, resolved.argTypes[i]!, false));
      const first = resolved.argTypes[0]!;
      const type = name === 'unnest' && first.kind === 'list' ? first.element : sqlTypeOf(cast[0]!.type);
      names.push(name);
      return { name, overload: resolved.overload, args: cast, columns: [context.column(name, type)] };
    });
  });
  const ordinality = ref.ordinality ? context.column('ordinality', types.int8) : undefined;
  const columns = [...calls.flatMap((c) => c.columns), ...(ordinality ? [ordinality] : [])];
  const alias = ref.alias;
  const scoped = renamed(
    columns.map((column) => ({ column })),
    alias,
  );
  // A function of one column that has an alias lends it to the column.
  if (alias && alias.columns.length === 0 && calls.length === 1)
    scoped[0] = { column: { ...scoped[0]!.column, name: foldName(alias.name) } };
  return {
    plan: { kind: 'table_function', calls, ...(ordinality && { ordinality }) },
    relations: [{ name: alias ? foldName(alias.name) : names[0]!, columns: scoped }],
  };
}

function bindJoin(binder: QueryBinder, join: JoinRef, scope: Scope, target: Scope): BoundFrom {
  const left = bindFromItem(binder, join.left, scope, target);
  const lateral = new Scope(scope.parent);
  lateral.relations.push(...scope.relations, ...left.relations);
  const right = bindFromItem(binder, join.right, lateral, target);
  const relations = [...left.relations, ...right.relations];
  const isLateral = (join.right.kind === 'query_ref' && join.right.lateral) || join.right.kind === 'function_ref';
  const base = { kind: 'join', left: left.plan, right: right.plan, lateral: isLateral } as const;
  const using = join.natural ? commonNames(left.relations, right.relations) : join.using;
  if (using) {
    const on: Scalar[] = [];
    for (const name of using) {
      const l = columnNamed(name, left.relations, 'left');
      const r = columnNamed(name, right.relations, 'right');
      const type = commonType([sqlTypeOf(l.type), sqlTypeOf(r.type)], 'JOIN/USING', join.span);
      on.push(
        binder.equal(
          castScalar({ kind: 'column', type: l.type, column: l }, type, false),
          castScalar({ kind: 'column', type: r.type, column: r }, type, false),
          name.span,
        ),
      );
      if (join.type === 'full')
        throw fail('feature_not_supported', 'FULL JOIN with USING is not supported', { span: join.span });
      target.merged.add(join.type === 'right' ? l : r);
    }
    const condition: Scalar | undefined = on.length > 1 ? { kind: 'and', type: types.bool, args: on } : on[0];
    return { plan: { ...base, type: condition ? join.type : 'cross', ...(condition && { on: condition }) }, relations };
  }
  if (!join.on) return { plan: { ...base, type: 'cross' }, relations };
  const both = new Scope(scope.parent);
  both.relations.push(...relations);
  const on = coerce(
    new ExpressionBinder(binder.host('JOIN conditions'), both).bind(join.on),
    types.bool,
    'argument of JOIN/ON',
  );
  return { plan: { ...base, type: join.type, on }, relations };
}

function columnNamed(name: Name, relations: readonly ScopeRelation[], side: string): Column {
  const found = matchName(
    name,
    relations.flatMap((r) => r.columns),
    (c) => c.column.name,
    'common column name',
  );
  if (!found)
    throw fail('undefined_column', `column "${name.text}" specified in USING clause does not exist in ${side} table`, {
      span: name.span,
    });
  return found.column;
}

function commonNames(left: readonly ScopeRelation[], right: readonly ScopeRelation[]): Name[] {
  const there = new Set(right.flatMap((r) => r.columns.filter((c) => !c.hidden).map((c) => c.column.name)));
  const here = left.flatMap((r) => r.columns.filter((c) => !c.hidden).map((c) => c.column.name));
  return here.filter((n) => there.has(n)).map((text) => ({ text, quoted: true, span: { start: 0, end: 0 } }));
}
