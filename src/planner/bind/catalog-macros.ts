// Functions that ask the catalogue's own relations: each stands for an expression of SQL.
import { type Expr, parseExpression } from '../../parser/index.js';
import { ExpressionBinder } from './bind-expression.js';
import type { Scalar } from './scalar.js';
import { Scope } from './scope.js';

const definition = '(SELECT _d._definition FROM pg_catalog.skyhook_definitions _d WHERE _d._oid = ($1)::oid)';

const procedure = (column: string) => `(SELECT _p.${column} FROM pg_catalog.pg_proc _p WHERE _p.oid = ($1)::oid)`;

const macros: Readonly<Record<string, string>> = {
  'obj_description/1':
    '(SELECT _d.description FROM pg_catalog.pg_description _d WHERE _d.objoid = $1 AND _d.objsubid = 0 LIMIT 1)',
  'obj_description/2':
    "(SELECT _d.description FROM pg_catalog.pg_description _d JOIN pg_catalog.pg_class _c ON _d.classoid = 1259 AND _c.oid = _d.objoid WHERE _d.objoid = ($1)::oid AND _d.objsubid = 0 AND $2 = 'pg_class')",
  // Of a constant name the binder knows the value.
  'current_setting/1': '(SELECT _s.setting FROM pg_catalog.pg_settings _s WHERE lower(_s.name) = lower($1))',
  'pg_get_function_result/1': procedure('_result'),
  'pg_get_function_arguments/1': procedure('_arguments'),
  'pg_get_functiondef/1': procedure('_definition'),
  'pg_get_function_identity_arguments/1': procedure('_arguments'),
  'to_regtype/1':
    "(SELECT _t.oid FROM pg_catalog.pg_type _t JOIN pg_catalog.pg_namespace _n ON _n.oid = _t.typnamespace WHERE _t.typname = $1::text OR format_type(_t.oid, NULL) = lower($1::text) OR _n.nspname || '.' || _t.typname = $1::text ORDER BY _t.typname = $1::text DESC LIMIT 1)::regtype",
  'to_regclass/1':
    "(SELECT _c.oid FROM pg_catalog.pg_class _c JOIN pg_catalog.pg_namespace _n ON _n.oid = _c.relnamespace WHERE $1::text IN (_c.relname, quote_ident(_c.relname), _n.nspname || '.' || _c.relname, quote_ident(_n.nspname) || '.' || quote_ident(_c.relname)) LIMIT 1)::regclass",
  'to_regnamespace/1':
    '(SELECT _n.oid FROM pg_catalog.pg_namespace _n WHERE $1::text IN (_n.nspname, quote_ident(_n.nspname)))::regnamespace',
  'to_regrole/1': '(SELECT _r.oid FROM pg_catalog.pg_roles _r WHERE _r.rolname = $1::text)::regrole',
  'to_regproc/1': '(SELECT _p.oid FROM pg_catalog.pg_proc _p WHERE _p.proname = $1::text LIMIT 1)',
  'col_description/2':
    '(SELECT _d.description FROM pg_catalog.pg_description _d WHERE _d.objoid = $1 AND _d.objsubid = $2)',
  'pg_get_expr/2': "$1 || ''",
  'pg_get_expr/3': "$1 || ''",
  'pg_get_constraintdef/1': definition,
  'pg_get_constraintdef/2': definition,
  'pg_get_indexdef/1': definition,
  // One of its columns, where their number is not 0.
  'pg_get_indexdef/3': `CASE $2 WHEN 0 THEN ${definition} ELSE coalesce((SELECT quote_ident(_a.attname) FROM pg_catalog.pg_index _i JOIN pg_catalog.pg_attribute _a ON _a.attrelid = _i.indrelid WHERE _i.indexrelid = ($1)::oid AND _a.attnum = _i.indkey[$2 - 1]), '') END`,
  'pg_get_viewdef/1': definition,
  'pg_get_viewdef/2': definition,
  'pg_get_viewdef(text)': definition.replace('$1', '$1::text::regclass'),
  'pg_my_temp_schema/0':
    "coalesce((SELECT _n.oid FROM pg_catalog.pg_namespace _n WHERE left(_n.nspname, 8) = 'pg_temp_'), 0::oid)",
};

const objectNames: Readonly<Record<string, string>> = {
  regproc: 'SELECT _p.proname FROM pg_catalog.pg_proc _p WHERE _p.oid = $1',
  regprocedure: 'SELECT _p._signature FROM pg_catalog.pg_proc _p WHERE _p.oid = $1',
};

/** `oid::regproc` and its kin: the function's name, or the number where there is none. */
export function objectName(binder: ExpressionBinder, written: string, oid: Scalar): Scalar {
  const query = objectNames[written];
  // Zero is no object.
  return expand(binder, `CASE $1 WHEN 0 THEN '-' ELSE ${query ? `coalesce((${query}), $1::text)` : '$1::text'} END`, [
    oid,
  ]);
}

/** `regproc::oid`. */
export const procedureNumber = (binder: ExpressionBinder, name: Scalar): Scalar =>
  expand(binder, '(SELECT _p.oid FROM pg_catalog.pg_proc _p WHERE _p.proname = $1::text LIMIT 1)', [name]);

/** By name, to see whether a statement needs the catalogue. */
export const catalogMacros: ReadonlySet<string> = new Set(Object.keys(macros).map((key) => key.split('/')[0]!));

/** What a call stands for; `undefined` where it is no such function. */
export function bindMacro(binder: ExpressionBinder, name: string, args: readonly Expr[]): Scalar | undefined {
  const body = macros[`${name}/${args.length}`];
  if (body === undefined) return undefined;
  const given = args.map((arg) => binder.operand(arg));
  const ofName = ['text', 'unknown'].includes(given[0]?.type.kind ?? '') ? macros[`${name}(text)`] : undefined;
  return expand(binder, ofName ?? body, given);
}

function expand(binder: ExpressionBinder, body: string, args: readonly Scalar[]): Scalar {
  const scope = new Scope(binder.scope);
  for (const [i, arg] of args.entries()) scope.addArgument(`_argument${i + 1}`, arg);
  return new ExpressionBinder(binder.host, scope).bind(parseExpression(body.replaceAll('$', '_argument')));
}
