// Functions over the system catalogue that need nothing but their arguments. What depends on the session is the binder's.
import { listOf, type SqlType, types } from '../sql-type.js';
import { formatType, namedTypes } from '../type-oid.js';
import { zonesAt } from '../value/time-zone.js';
import { chapter, type Draft, on } from './define.js';
import { duckDbType } from './duckdb/duckdb-type.js';
import type { FunctionEntry, NumericValue, TypePattern, Value } from './overload.js';

const scalar = chapter('catalog', 'scalar');
const { oid, text, bool, int4, int8 } = types;

const constant = (args: readonly TypePattern[], returns: Draft['returns'], value: Value, strict = true): Draft =>
  on(args, returns, {
    strict,
    fold: () => value,
    duckdb: (rendered, { type }) =>
      value === null ? `CAST(NULL AS ${duckDbType(type)})` : constantSql(rendered, value, strict),
  });

/** The value unless an argument is NULL. */
function constantSql(args: readonly string[], value: Value, strict: boolean): string {
  const text =
    typeof value === 'string' ? `'${value}'` : typeof value === 'bigint' ? `CAST(${value} AS BIGINT)` : String(value);
  return strict && args.length > 0
    ? `CASE WHEN ${args.map((a) => `${a} IS NOT NULL`).join(' AND ')} THEN ${text} END`
    : text;
}

/** `format_type` for DuckDB: a CASE over all types that have a name. */
function formatTypeSql([oid, modifier]: readonly string[]): string {
  const arms = namedTypes().map(([number, name]) => `WHEN ${number} THEN '${name}'`);
  const bits = `(${modifier} - 4)`;
  const precision = `'numeric(' || CAST(${bits} >> 16 AS VARCHAR) || ',' || CAST(${bits} & 65535 AS VARCHAR) || ')'`;
  const length = (name: string) => `'${name}(' || CAST(${bits} AS VARCHAR) || ')'`;
  return `CASE WHEN ${oid} IS NULL THEN NULL WHEN ${modifier} >= 4 AND ${oid} = 1700 THEN ${precision} WHEN ${modifier} >= 4 AND ${oid} = 1043 THEN ${length('character varying')} WHEN ${modifier} >= 4 AND ${oid} = 1042 THEN ${length('character')} ELSE CASE ${oid} ${arms.join(' ')} ELSE '???' END END`;
}

const visible = (what: string): FunctionEntry =>
  scalar(`pg_${what}_is_visible`, 'Whether it is found without its schema.', [constant([oid], bool, true)]);

/** The argument forms of a privilege: of a named object or an oid, perhaps for another role. */
const privilege = (what: string, columns = false): FunctionEntry => {
  const extra = columns ? [text] : [];
  return scalar(`has_${what}_privilege`, 'Whether the role may do so: everybody may read.', [
    constant([text, ...extra, text], bool, true),
    constant([oid, ...extra, text], bool, true),
    constant([text, text, ...extra, text], bool, true),
    constant([text, oid, ...extra, text], bool, true),
    constant([oid, oid, ...extra, text], bool, true),
  ]);
};

/** Definitions of objects that there are none of. */
const absent = (name: string, ...forms: readonly (readonly TypePattern[])[]): FunctionEntry =>
  scalar(
    name,
    'NULL: there are no such objects.',
    forms.map((args) => constant(args, text, null)),
  );

const sizes = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];

function prettySize(bytes: bigint): string {
  let value = bytes;
  let unit = 0;
  while ((value < 0n ? -value : value) >= 10240n && unit < sizes.length - 1) {
    value = (value + (value < 0n ? -512n : 512n)) / 1024n;
    unit++;
  }
  return `${value} ${sizes[unit]}`;
}

const table = chapter('catalog', 'table');

const row = (...fields: readonly (readonly [string, SqlType])[]): SqlType => ({
  kind: 'struct',
  row: true,
  fields: fields.map(([name, type]) => ({ name, type })),
});

/** Letters are not looked for: the offset is as good a name. */
const zoneFields = ({ name, offset, isSummerTime }: ReturnType<typeof zonesAt>[number]): Value[] => [
  name,
  `${offset < 0 ? '-' : '+'}${String(Math.floor(Math.abs(offset) / 3600)).padStart(2, '0')}`,
  { months: 0, days: 0, micros: BigInt(offset) * 1_000_000n },
  isSummerTime,
];

const tableFunctions: readonly FunctionEntry[] = [
  table(
    'pg_partition_ancestors',
    'No rows: no table has partitions.',
    [on([oid], oid, { duckdb: 'CAST([] AS BIGINT[])', fold: () => [] })],
    { column: 'relid' },
  ),
  table('pg_partition_tree', 'No rows: no table has partitions.', [
    on([oid], row(['relid', types.regclass], ['parentrelid', types.regclass], ['isleaf', bool], ['level', int4]), {
      fold: () => [],
    }),
  ]),
  table('pg_timezone_names', 'Time zones as they are now.', [
    on([], row(['name', text], ['abbrev', text], ['utc_offset', types.interval], ['is_dst', bool]), {
      volatility: 'stable',
      fold: () => zonesAt(BigInt(Date.now()) * 1000n).map((zone) => ({ fields: zoneFields(zone) })),
    }),
  ]),
  table('pg_listening_channels', 'The channels that the session listens to; the binder gives them.', [
    on([listOf(text)], text, {
      volatility: 'stable',
      duckdb: '$1',
      fold: ([channels]) => channels as readonly string[],
    }),
  ]),
  table('pg_options_to_table', 'Options as `name=value`, a row each.', [
    on([listOf(text)], row(['option_name', text], ['option_value', text]), {
      fold: ([options]) =>
        (options as readonly string[]).map((option) => {
          const at = option.indexOf('=');
          return { fields: at < 0 ? [option, null] : [option.slice(0, at), option.slice(at + 1)] };
        }),
    }),
  ]),
  table(
    '_pg_expandarray',
    'The elements of an array with their places, from 1.',
    [types.int2, types.int4, int8, oid].map((type) =>
      on([listOf(type)], row(['x', type], ['n', int4]), {
        fold: ([list]) => (list as readonly Value[]).map((x, i) => ({ fields: [x, i + 1] })),
      }),
    ),
  ),
];

/** Oids of information_schema, which nobody's search path has. */
const [firstHidden, lastHidden] = [13000n, 16383n];

export const catalogFunctions: readonly FunctionEntry[] = [
  ...tableFunctions,
  scalar('pg_table_is_visible', 'Whether it is found without its schema.', [
    on([oid], bool, {
      fold: ([number]) => (number as bigint) < firstHidden || (number as bigint) > lastHidden,
      duckdb: ([number]) => `(${number} NOT BETWEEN ${firstHidden} AND ${lastHidden})`,
    }),
  ]),
  ...[
    'type',
    'function',
    'operator',
    'opclass',
    'opfamily',
    'collation',
    'conversion',
    'statistics_obj',
    'ts_config',
    'ts_dict',
    'ts_parser',
    'ts_template',
  ].map(visible),
  ...['table', 'schema', 'database', 'function', 'language', 'tablespace', 'sequence', 'type'].map((what) =>
    privilege(what),
  ),
  privilege('any_column'),
  privilege('column', true),
  scalar('pg_has_role', 'Whether the role is a member of another.', [
    constant([text, text], bool, true),
    constant([oid, text], bool, true),
    constant([text, text, text], bool, true),
    constant([text, oid, text], bool, true),
  ]),
  scalar('format_type', 'A type by its oid and modifier, as SQL spells it.', [
    on([oid, int4], text, {
      strict: false,
      duckdb: formatTypeSql,
      fold: ([number, modifier]) =>
        number === null ? null : formatType(Number(number), (modifier as number | null) ?? -1),
    }),
  ]),
  absent('pg_get_expr', [text, oid], [text, oid, bool]),
  absent('pg_get_constraintdef', [oid], [oid, bool]),
  absent('pg_get_indexdef', [oid], [oid, int4, bool]),
  absent('pg_get_ruledef', [oid], [oid, bool]),
  absent('pg_get_triggerdef', [oid], [oid, bool]),
  absent('pg_get_functiondef', [oid]),
  absent('pg_describe_object', [oid, oid, int4]),
  scalar('pg_partition_root', 'NULL: no table has partitions.', [constant([oid], types.regclass, null)]),
  absent('pg_get_function_sqlbody', [oid]),
  absent('pg_get_partkeydef', [oid]),
  absent('pg_get_statisticsobjdef_columns', [oid]),
  absent('pg_get_serial_sequence', [text, text]),
  absent('pg_tablespace_location', [oid]),
  absent('shobj_description', [oid, text]),
  scalar('pg_encoding_to_char', 'An encoding by its number.', [
    on([int4], types.name, {
      duckdb: "CASE WHEN $1 = 6 THEN 'UTF8' WHEN $1 IS NOT NULL THEN '' END",
      fold: ([number]) => (number === 6 ? 'UTF8' : ''),
    }),
  ]),
  scalar('pg_char_to_encoding', 'The number of an encoding.', [
    on([text], int4, { fold: ([name]) => (/^utf-?8$/i.test(name as string) ? 6 : -1) }),
  ]),
  scalar('getdatabaseencoding', 'The encoding of all text.', [constant([], types.name, 'UTF8')]),
  scalar('pg_relation_is_publishable', 'Never: nothing is published.', [constant([oid], bool, false)]),
  ...[
    'pg_relation_size',
    'pg_table_size',
    'pg_total_relation_size',
    'pg_indexes_size',
    'pg_database_size',
    'pg_tablespace_size',
  ].map((name) =>
    scalar(name, 'Bytes; 0, since tables lie in the store as objects.', [
      constant([oid], int8, 0n),
      constant([text], int8, 0n),
    ]),
  ),
  scalar('pg_size_pretty', 'Bytes in a unit that people read.', [
    on([int8], text, { fold: ([bytes]) => prettySize(bytes as bigint) }),
    on([types.numeric], text, {
      fold: ([bytes]) => {
        const { unscaled, scale } = bytes as NumericValue;
        return prettySize(unscaled / 10n ** BigInt(scale));
      },
    }),
  ]),
  scalar('pg_stat_get_numscans', 'Scans of a table: not counted.', [constant([oid], int8, 0n)]),
  scalar('pg_is_in_recovery', 'Never.', [constant([], bool, false)]),
  scalar('pg_advisory_unlock_all', 'Nothing: there are no such locks.', [constant([], types.void, '')]),
];
