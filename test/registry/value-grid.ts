// Edge values of every type, and their spelling in DuckDB: what the registry's oracles are asked with.
import {
  duckDbType,
  holdsTextNumeric,
  type IntervalValue,
  listOf,
  type NumericValue,
  type Overload,
  printValue,
  quoteDuckDbText,
  type SqlType,
  type TypePattern,
  types,
  type Value,
} from '../../src/core/index.js';

const numeric = (unscaled: bigint, scale: number): NumericValue => ({ unscaled, scale });
const numeric92: SqlType = { kind: 'numeric', precision: 9, scale: 2 };

const grids: Partial<Record<SqlType['kind'], readonly Value[]>> = {
  bool: [null, true, false],
  int2: [null, 0, 1, -1, 2, -7, 32767, -32768],
  int4: [null, 0, 1, -1, 2, 3, -7, 31, 2147483647, -2147483648],
  int8: [null, 0n, 1n, -1n, 7n, -7n, 4611686018427387904n, 9223372036854775807n, -9223372036854775808n],
  float4: [
    null,
    0,
    -0,
    1,
    -1.5,
    0.5,
    2.5,
    Math.fround(0.1),
    Math.fround(3.4028234e38),
    Math.fround(1e-45),
    NaN,
    Infinity,
    -Infinity,
  ],
  float8: [
    null,
    0,
    -0,
    1,
    -1,
    0.5,
    -1.5,
    2.5,
    3.7,
    0.1,
    1e15,
    1e15 + 0.5,
    32767.5,
    -32768.5,
    1e308,
    -1e308,
    5e-324,
    2e-308,
    NaN,
    Infinity,
    -Infinity,
  ],
  numeric: [
    null,
    numeric(0n, 2),
    numeric(100n, 2),
    numeric(-150n, 2),
    numeric(250n, 2),
    numeric(333n, 2),
    numeric(999999999n, 2),
    numeric(1n, 2),
  ],
  text: [
    null,
    '',
    'a',
    'abc',
    'ABC',
    ' a b ',
    'äöü',
    '😀x',
    '\uffff',
    "it's",
    'a%b_c',
    '%b%',
    '\\%',
    '12',
    'aXbXc',
    'X',
  ],
  char: [null, '', 'a', 'a  ', 'ab'],
  bytea: [null, new Uint8Array([]), new Uint8Array([0, 255]), new Uint8Array([1])],
  date: [null, 0, 19000, -719528, 11016, 789],
  time: [null, 0n, 1n, 43200000000n, 86399999999n],
  timestamp: [null, 0n, 951827696123456n, -1n, 1700000000000000n],
  timestamptz: [null, 0n, 951827696123456n, -1n],
  interval: [
    null,
    { months: 0, days: 0, micros: 0n },
    { months: 1, days: 0, micros: 0n },
    { months: 0, days: 30, micros: 0n },
    { months: 14, days: -3, micros: 3600000000n },
    { months: 0, days: 0, micros: -1n },
  ],
  uuid: [null, '00000000-0000-0000-0000-000000000000', 'ffffffff-0000-0000-0000-000000000001'],
};

/** Elements around which lists are built: no list needs more than these. */
const someOf = (type: SqlType): readonly Value[] => {
  const all = gridOf(type).filter((v) => v !== null);
  return all.length > 6 ? [all[0]!, all[1]!, all[2]!, all[3]!, all.at(-2)!, all.at(-1)!] : all;
};

/** Of numerics that travel as text. */
const anyNumerics: readonly Value[] = [
  null,
  numeric(0n, 0),
  numeric(0n, 3),
  numeric(100n, 2),
  numeric(1n, 0),
  numeric(-15n, 1),
  numeric(-1500n, 3),
  numeric(-16n, 1),
  numeric(9n, 25),
  numeric(-9n, 25),
  numeric(10n ** 45n, 0),
  numeric(-(10n ** 45n) - 1n, 3),
  { unscaled: 0n, scale: 0, special: 'NaN' },
  { unscaled: 0n, scale: 0, special: 'Infinity' },
  { unscaled: 0n, scale: 0, special: '-Infinity' },
];

export function gridOf(type: SqlType): readonly Value[] {
  if (type.kind === 'numeric' && holdsTextNumeric(type)) return anyNumerics;
  if (type.kind !== 'list') return grids[type.kind] ?? [];
  const [a, b, c, d, e, f] = someOf(type.element);
  const lists: Value[][] = [[], [null], [a!], [a!, b!], [b!, a!], [b!, null, a!], [a!, a!, b!]];
  if (c !== undefined) lists.push([c, b!, a!, c]);
  if (d !== undefined) lists.push([d, c!, null, d, b!]);
  if (e !== undefined) lists.push([a!, e]);
  if (f !== undefined) lists.push([f, a!], [f]);
  return [null, ...lists];
}

/** The concrete argument types an overload is tried with. */
export function instancesOf(overload: Overload): SqlType[][] {
  const elements: readonly SqlType[] = [types.int4, types.float8, types.text, types.bool, types.numeric];
  const polymorphic = overload.args.some((a) => typeof a === 'string');
  const isNumeric = (pattern: TypePattern): boolean => typeof pattern !== 'string' && pattern.kind === 'numeric';
  const concrete =
    (element: SqlType, decimal: SqlType) =>
    (pattern: TypePattern): SqlType => {
      if (pattern === 'anyarray' || pattern === 'anycompatiblearray') return listOf(element);
      if (typeof pattern === 'string') return element;
      return pattern.kind === 'numeric' && pattern.precision === undefined
        ? decimal
        : pattern.kind === 'list' && pattern.element.kind === 'numeric'
          ? listOf(decimal)
          : pattern;
    };
  const decimals = overload.args.some(isNumeric) ? [numeric92, types.numeric] : [numeric92];
  const instances = (polymorphic ? elements : [types.int4]).flatMap((element) =>
    decimals.map((decimal) => {
      const args = overload.args.map(concrete(element, decimal));
      return overload.variadic ? [...args, args.at(-1)!, args.at(-1)!] : args;
    }),
  );
  return instances.filter((args) => args.every((type) => gridOf(type).length > 0));
}

export function resultType(overload: Overload, argTypes: readonly SqlType[]): SqlType {
  const { returns } = overload;
  if (typeof returns === 'function') return returns(argTypes);
  if (typeof returns !== 'string') return returns;
  const at = (pattern: TypePattern) => overload.args.indexOf(pattern);
  const list = at('anyarray') >= 0 ? argTypes[at('anyarray')]! : undefined;
  if (returns === 'anyarray') return list!;
  return list?.kind === 'list' && returns === 'anyelement' ? list.element : argTypes[at(returns)]!;
}

/** Combinations of the grids of some types: all of them, or `most` spread evenly. */
export function combinations(argTypes: readonly SqlType[], most: number): Value[][] {
  const grids = argTypes.map(gridOf);
  const total = grids.reduce((n, grid) => n * grid.length, 1);
  const row = (index: number): Value[] => {
    let rest = index;
    return grids.map((grid) => {
      const value = grid[rest % grid.length]!;
      rest = Math.floor(rest / grid.length);
      return value;
    });
  };
  const step = Math.max(1, (total * 0.6180339887) / most);
  return Array.from({ length: Math.min(total, most) }, (_, i) =>
    row(total <= most ? i : Math.floor((i * step * 1.6180339887) % total)),
  );
}

export function duckDbLiteral(value: Value, type: SqlType): string {
  const name = duckDbType(type);
  if (value === null) return `CAST(NULL AS ${name})`;
  switch (type.kind) {
    case 'list':
      return `CAST([${(value as readonly Value[]).map((v) => duckDbLiteral(v, type.element)).join(', ')}] AS ${name})`;
    case 'bool':
      return `CAST(${value} AS BOOLEAN)`;
    case 'bytea':
      return `unhex('${Buffer.from(value as Uint8Array).toString('hex')}')`;
    case 'interval': {
      const { months, days, micros } = value as IntervalValue;
      return `(to_months(${months}) + to_days(${days}) + to_microseconds(${micros}))`;
    }
    case 'date':
      return `CAST(DATE '1970-01-01' + ${value} AS DATE)`;
    case 'time':
      return `CAST(make_timestamp(CAST(${value} AS BIGINT)) AS TIME)`;
    case 'timestamp':
      return `make_timestamp(CAST(${value} AS BIGINT))`;
    case 'timestamptz':
      return `make_timestamptz(CAST(${value} AS BIGINT))`;
    default:
      return `CAST(${quoteDuckDbText(printValue(value, type))} AS ${name})`;
  }
}

/** Equal to the bit, but for NaN payloads; `ulps` lets floats differ by so many units in the last place. */
export function sameValue(a: Value, b: Value, type: SqlType, ulps = 0): boolean {
  if (a === null || b === null) return a === b;
  if (type.kind === 'list') {
    const [x, y] = [a as readonly Value[], b as readonly Value[]];
    return x.length === y.length && x.every((v, i) => sameValue(v, y[i]!, type.element, ulps));
  }
  if (type.kind === 'numeric') {
    const [x, y] = [a as NumericValue, b as NumericValue];
    if (holdsTextNumeric(type)) return printValue(x, type) === printValue(y, type);
    const scale = Math.max(x.scale, y.scale);
    return x.unscaled * 10n ** BigInt(scale - x.scale) === y.unscaled * 10n ** BigInt(scale - y.scale);
  }
  if (type.kind === 'float4' || type.kind === 'float8') {
    if (Object.is(a, b)) return true;
    const step = type.kind === 'float4' ? 2 ** -23 : 2 ** -52;
    return ulps > 0 && Math.abs((a as number) - (b as number)) <= ulps * Math.max(step * Math.abs(b as number), 5e-324);
  }
  if (type.kind === 'interval') return printValue(a, type) === printValue(b, type);
  if (type.kind === 'bytea') return Buffer.from(a as Uint8Array).equals(Buffer.from(b as Uint8Array));
  return a === b;
}
