// Functions that ask the catalogue's own relations: each stands for an expression of SQL.
import { type Expr, parseExpression } from '../../parser/index.js';

const definition = '(SELECT _d._definition FROM pg_catalog.skyhook_definitions _d WHERE _d._oid = ($1)::oid)';

const macros: Readonly<Record<string, string>> = {
  'obj_description/1':
    '(SELECT _d.description FROM pg_catalog.pg_description _d WHERE _d.objoid = $1 AND _d.objsubid = 0 LIMIT 1)',
  'obj_description/2':
    "(SELECT _d.description FROM pg_catalog.pg_description _d JOIN pg_catalog.pg_class _c ON _d.classoid = 1259 AND _c.oid = _d.objoid WHERE _d.objoid = $1 AND _d.objsubid = 0 AND $2 = 'pg_class')",
  'col_description/2':
    '(SELECT _d.description FROM pg_catalog.pg_description _d WHERE _d.objoid = $1 AND _d.objsubid = $2)',
  'pg_get_expr/2': "$1 || ''",
  'pg_get_expr/3': "$1 || ''",
  'pg_get_constraintdef/1': definition,
  'pg_get_constraintdef/2': definition,
  'pg_get_indexdef/1': definition,
  'pg_get_indexdef/3': definition,
  'pg_get_viewdef/1': definition,
  'pg_get_viewdef/2': definition,
};

/** `oid::regclass`: the relation's name, or the number where there is none. */
export function relationName(oid: Expr): Expr {
  const body = '(SELECT _c.relname::regclass FROM pg_catalog.pg_class _c WHERE _c.oid = $1)';
  return substitute(parseExpression(body), [oid]) as Expr;
}

/** By name, to see whether a statement needs the catalogue. */
export const catalogMacros: ReadonlySet<string> = new Set(Object.keys(macros).map((key) => key.split('/')[0]!));

/** The expression that a call stands for; `undefined` where it is no such function. */
export function expandMacro(name: string, args: readonly Expr[]): Expr | undefined {
  const body = macros[`${name}/${args.length}`];
  return body === undefined ? undefined : (substitute(parseExpression(body), args) as Expr);
}

function substitute(node: unknown, args: readonly Expr[]): unknown {
  if (node === null || typeof node !== 'object') return node;
  if (Array.isArray(node)) return node.map((child) => substitute(child, args));
  const record = node as { readonly kind?: unknown; readonly index?: number };
  if (record.kind === 'parameter') return args[record.index! - 1];
  return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, substitute(child, args)]));
}
