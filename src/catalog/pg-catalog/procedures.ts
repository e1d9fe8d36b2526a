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

/** What pg_get_function_arguments, pg_get_function_result, pg_get_functiondef and a cast to regprocedure answer with. */
export const procedureColumns = ['_arguments', '_result', '_definition', '_signature'] as const;

/** As SQL would make it, were it not built in. */
function definition(name: string, kind: FunctionEntry['kind'], row: SystemRow, overload: Overload): string | null {
  if (kind === 'aggregate' || kind === 'window') return null;
  const words = [
    overload.volatility === 'volatile' ? '' : ` ${overload.volatility.toUpperCase()}`,
    ' PARALLEL SAFE',
    overload.strict ? ' STRICT' : '',
  ];
  return `CREATE OR REPLACE FUNCTION pg_catalog.${name}(${row['_arguments']})\n RETURNS ${row['_result']}\n LANGUAGE internal\n${words.join('')}\nAS $function$${name}$function$\n`;
}

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
  const rows = allFunctions()
    .filter((entry) => entry.kind !== 'operator')
    .flatMap((entry) => entry.overloads.map((overload) => procedureRow(ids, schema, owner, entry, overload)));
  // Methods of TABLESAMPLE are functions to PostgreSQL.
  const template = rows[0]!;
  const methods = ['bernoulli', 'system'].map((proname, i) => ({
    ...template,
    oid: BigInt(3313 + i),
    proname,
    prosrc: `tsm_${proname}_handler`,
    provolatile: 'v',
    pronargs: 1,
    prorettype: 3310n,
    proargtypes: [2281n],
    _arguments: 'internal',
    _result: 'tsm_handler',
    _signature: `${proname}(internal)`,
  }));
  return [...rows, ...methods];
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
  const row = {
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
    _signature: `${name}(${overload.args.map(printPattern).join(',')})`,
  };
  return { ...row, _definition: definition(name, kind, row, overload) };
}
