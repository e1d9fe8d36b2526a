// pg_proc: a row per overload of every function and aggregate of the registry, so that `\df` and the tools behind it list them.
import {
  allFunctions,
  type FunctionEntry,
  formatType,
  type Overload,
  oidOf,
  printSqlType,
  type SqlType,
  type TypePattern,
  types,
} from '../../core/index.js';
import type { ObjectIds } from './object-ids.js';
import type { SystemRow } from './system-table.js';

/** PostgreSQL's oids of its pseudo-types. */
const pseudoTypes: Readonly<Record<string, bigint>> = {
  any: 2276n,
  anyelement: 2283n,
  anyarray: 2277n,
  anynonarray: 2776n,
  anycompatible: 5077n,
  anycompatiblearray: 5078n,
};

const volatilities = { immutable: 'i', stable: 's', volatile: 'v' } as const;
const kinds = { scalar: 'f', table: 'f', aggregate: 'a', window: 'w', operator: 'f' } as const;

const oidOfPattern = (pattern: TypePattern): bigint =>
  typeof pattern === 'string' ? pseudoTypes[pattern]! : BigInt(oidOf(pattern));

/** What pg_get_function_arguments and pg_get_function_result answer with. */
export const procedureColumns = ['_arguments', '_result'] as const;

const printPattern = (pattern: TypePattern): string =>
  pattern === 'any' ? '"any"' : typeof pattern === 'string' ? pattern : printSqlType(pattern);

/** `any` where the result depends on more than types. */
function resultOid({ args, returns }: Overload): bigint {
  if (typeof returns !== 'function') return oidOfPattern(returns);
  try {
    return BigInt(oidOf(returns(args.map((a): SqlType => (typeof a === 'string' ? types.text : a)))));
  } catch {
    return pseudoTypes['any']!;
  }
}

export function procedureRows(ids: ObjectIds, schema: bigint, owner: bigint): SystemRow[] {
  return allFunctions()
    .filter((entry) => entry.kind !== 'operator')
    .flatMap((entry) => entry.overloads.map((overload) => procedureRow(ids, schema, owner, entry, overload)));
}

function procedureRow(
  ids: ObjectIds,
  schema: bigint,
  owner: bigint,
  { name, kind }: FunctionEntry,
  overload: Overload,
): SystemRow {
  const last = overload.args.at(-1);
  const result = resultOid(overload);
  return {
    oid: ids.of('function', overload.op),
    proname: name,
    pronamespace: schema,
    proowner: owner,
    prolang: 12n,
    procost: 1,
    prorows: kind === 'table' ? 1000 : 0,
    provariadic: overload.variadic && last !== undefined ? oidOfPattern(last) : 0n,
    prosupport: '-',
    prokind: kinds[kind],
    prosecdef: false,
    proleakproof: false,
    proisstrict: overload.strict,
    proretset: kind === 'table',
    provolatile: volatilities[overload.volatility],
    proparallel: 's',
    pronargs: overload.args.length,
    pronargdefaults: 0,
    prorettype: result,
    proargtypes: overload.args.map(oidOfPattern),
    prosrc: name,
    _arguments: overload.args
      .map(
        (arg, i) =>
          `${overload.variadic && arg === last && i === overload.args.length - 1 ? 'VARIADIC ' : ''}${printPattern(arg)}`,
      )
      .join(', '),
    _result: `${kind === 'table' ? 'SETOF ' : ''}${typeof overload.returns === 'function' ? formatType(Number(result), -1) : printPattern(overload.returns)}`,
  };
}
