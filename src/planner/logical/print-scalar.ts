// Bound expressions as EXPLAIN and golden files show them: SQL-like, columns as `name:id`.
import {
  defaultStyle,
  printValue as printPlain,
  printSqlType,
  type SqlType,
  type Value,
  withStyle,
} from '../../core/index.js';
import type { AggregateCall, Column, ColumnId, Scalar, SortKey } from '../bind/scalar.js';

/** Numbers columns from 1 in the order they are first printed, so that a statement's text decides what is shown. */
export class ColumnNumbers {
  private readonly numbers = new Map<ColumnId, number>();

  print(column: Column): string {
    const number = this.numbers.get(column.id) ?? this.numbers.size + 1;
    this.numbers.set(column.id, number);
    return `${column.name}:${number}`;
  }
}

const infix: Readonly<Record<string, number>> = {
  '^': 8,
  '*': 7,
  '/': 7,
  '%': 7,
  '+': 6,
  '-': 6,
  '||': 5,
  '&': 5,
  '|': 5,
  '#': 5,
  '<<': 5,
  '>>': 5,
  '=': 4,
  '<>': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '~': 4,
  '~*': 4,
  '!~': 4,
  '!~*': 4,
};
const tight = 10;
const texts = new Set(['text', 'varchar', 'char', 'unknown', 'uuid', 'json', 'jsonb', 'jsonpath']);

function printText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function printNumeric(value: { unscaled: bigint; scale: number; special?: string }): string {
  if (value.special) return `'${value.special}'`;
  const negative = value.unscaled < 0n;
  const digits = (negative ? -value.unscaled : value.unscaled).toString().padStart(value.scale + 1, '0');
  const whole = digits.slice(0, digits.length - value.scale);
  const fraction = value.scale > 0 ? `.${digits.slice(digits.length - value.scale)}` : '';
  return `${negative ? '-' : ''}${whole}${fraction}`;
}

export function printValue(value: Value, type: SqlType): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string')
    return texts.has(type.kind) ? printText(value) : `${printSqlType(type)} ${printText(value)}`;
  if (typeof value === 'number') {
    const plain = Object.is(value, -0) ? '-0' : String(value);
    if (type.kind === 'float4' || type.kind === 'float8')
      return Number.isFinite(value)
        ? Number.isInteger(value) && !plain.includes('e')
          ? `${plain}.0`
          : plain
        : `'${plain}'`;
    return type.kind === 'date' ? `date '${printMoment(value, type)}'` : plain;
  }
  if (typeof value === 'boolean' || typeof value === 'bigint') {
    if (type.kind === 'timestamp' || type.kind === 'timestamptz')
      return `${type.kind} '${printMoment(BigInt(value), type)}'`;
    return String(value);
  }
  if (value instanceof Uint8Array) return `'\\x${Buffer.from(value).toString('hex')}'`;
  if ('unscaled' in value) return printNumeric(value);
  if ('micros' in value) return `interval '${value.months} mons ${value.days} days ${value.micros} us'`;
  if ('fields' in value) {
    const fields = type.kind === 'struct' ? type.fields : [];
    return `(${value.fields.map((f, i) => printValue(f, fields[i]?.type ?? { kind: 'unknown' })).join(', ')})`;
  }
  const element: SqlType = type.kind === 'list' ? type.element : { kind: 'unknown' };
  return `[${value.map((v) => printValue(v, element)).join(', ')}]`;
}

/** In UTC; to the microsecond, since values are told apart by their text. */
function printMoment(value: number | bigint, type: SqlType): string {
  const isDate = typeof value === 'number';
  const micros = isDate ? 0n : ((value % 1000n) + 1000n) % 1000n;
  const date = new Date(isDate ? value * 86_400_000 : Number((value - micros) / 1000n));
  // Infinity, and years that JavaScript does not have.
  if (Number.isNaN(date.getTime())) return withStyle(defaultStyle, () => printPlain(value, type));
  const iso = date.toISOString();
  if (isDate) return iso.replace(/T.*/, '');
  return micros === 0n ? iso : iso.replace('Z', `${String(micros).padStart(3, '0')}Z`);
}

/** `parent` is how tightly the surroundings bind: looser expressions are put in parentheses. */
export function printScalar(scalar: Scalar, numbers: ColumnNumbers, parent = 0): string {
  const show = (s: Scalar, level = 0): string => printScalar(s, numbers, level);
  const list = (items: readonly Scalar[]): string => items.map((s) => show(s)).join(', ');
  const wrap = (level: number, text: string): string => (level < parent ? `(${text})` : text);
  switch (scalar.kind) {
    case 'literal':
      return printValue(scalar.value, scalar.type);
    case 'column':
      return numbers.print(scalar.column);
    case 'call': {
      const [a] = scalar.args;
      if (isInfix(scalar)) return printChain(scalar, numbers, parent);
      if (a && scalar.args.length === 1 && /^[-+~@]$/.test(scalar.name))
        return wrap(9, `${scalar.name}${show(a, tight)}`);
      return `${scalar.name}(${list(scalar.args)})`;
    }
    case 'cast':
      return `${scalar.attempt ? 'try_cast' : 'cast'}(${show(scalar.arg)} as ${printSqlType(scalar.type)})`;
    case 'and':
    case 'or': {
      const level = scalar.kind === 'and' ? 2 : 1;
      return wrap(level, scalar.args.map((s) => show(s, level + 1)).join(` ${scalar.kind} `));
    }
    case 'not':
      if (scalar.arg.kind === 'is_null') return wrap(4, `${show(scalar.arg.arg, 5)} is not null`);
      return wrap(3, `not ${show(scalar.arg, 4)}`);
    case 'is_null':
      return wrap(4, `${show(scalar.arg, 5)} is null`);
    case 'case': {
      const branches = scalar.branches.map((b) => `when ${show(b.when)} then ${show(b.then)}`).join(' ');
      return `case ${branches} else ${show(scalar.otherwise)} end`;
    }
    case 'in':
      return wrap(4, `${show(scalar.arg, 5)} in (${list(scalar.list)})`);
    case 'coalesce':
      return `coalesce(${list(scalar.args)})`;
    case 'list':
      return `[${list(scalar.elements)}]`;
    case 'struct':
      return `row(${list(scalar.fields)})`;
    case 'field':
      return `${show(scalar.arg, tight)}.${fieldName(scalar.arg.type, scalar.index)}`;
    case 'list_map': {
      const params = scalar.params.map((p) => `${numbers.print(p.column)} in ${show(p.list)}`).join(', ');
      return `map(${params} → ${show(scalar.body)})`;
    }
    case 'list_filter':
      return `filter(${numbers.print(scalar.param)} in ${show(scalar.list)} → ${show(scalar.body)})`;
    case 'subquery':
      return `${scalar.mode} subquery${scalar.left ? ` of (${list(scalar.left)})` : ''}`;
  }
}

type CallScalar = Extract<Scalar, { kind: 'call' }>;
/** A call by two arguments: a type of its own, so that other calls stay calls. */
type InfixScalar = CallScalar & { readonly args: readonly [Scalar, Scalar] };
const isInfix = (scalar: Scalar): scalar is InfixScalar =>
  scalar.kind === 'call' && infix[scalar.name] !== undefined && scalar.args.length === 2;

/** `a + b - c` from the left, without recursion: chains may be long. */
function printChain(scalar: InfixScalar, numbers: ColumnNumbers, parent: number): string {
  const calls: { readonly call: InfixScalar; readonly level: number; readonly wrapped: boolean }[] = [];
  let leftmost: Scalar = scalar;
  let around = parent;
  while (isInfix(leftmost)) {
    const level = infix[leftmost.name]!;
    calls.push({ call: leftmost, level, wrapped: level < around });
    around = level;
    leftmost = leftmost.args[0];
  }
  const parts = ['('.repeat(calls.filter((c) => c.wrapped).length), printScalar(leftmost, numbers, around)];
  for (const { call, level, wrapped } of calls.reverse())
    parts.push(` ${call.name} ${printScalar(call.args[1], numbers, level + 1)}${wrapped ? ')' : ''}`);
  return parts.join('');
}

const fieldName = (type: SqlType, index: number): string =>
  (type.kind === 'struct' && type.fields[index]?.name) || String(index + 1);

export function printSortKey(key: SortKey, numbers: ColumnNumbers): string {
  const direction = key.descending ? ' desc' : '';
  const usual = key.nullsFirst === key.descending;
  return `${printScalar(key.expr, numbers)}${direction}${usual ? '' : key.nullsFirst ? ' nulls first' : ' nulls last'}`;
}

export const printSortKeys = (keys: readonly SortKey[], numbers: ColumnNumbers): string =>
  keys.map((key) => printSortKey(key, numbers)).join(', ');

export function printCall(call: AggregateCall, numbers: ColumnNumbers): string {
  const args =
    call.args.length === 0 && call.name === 'count' ? '*' : call.args.map((a) => printScalar(a, numbers)).join(', ');
  const order = call.orderBy.length > 0 ? ` order by ${printSortKeys(call.orderBy, numbers)}` : '';
  const filter = call.filter ? ` filter (${printScalar(call.filter, numbers)})` : '';
  return `${call.name}(${call.distinct ? 'distinct ' : ''}${args}${order})${filter}`;
}

/** `name:id`, or `name:id = expression` where it is computed. */
export function printItem(item: { readonly column: Column; readonly expr: Scalar }, numbers: ColumnNumbers): string {
  if (item.expr.kind === 'column' && item.expr.column.id === item.column.id) return numbers.print(item.column);
  const expr = printScalar(item.expr, numbers);
  return `${numbers.print(item.column)} = ${expr}`;
}
