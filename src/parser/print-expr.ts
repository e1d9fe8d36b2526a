// Expressions as canonical SQL text: parses back to the same tree. Labels of EXPLAIN, and the property tests, read it.
import type { BinaryExpr, CallExpr, Expr, FrameBound, SortItem, TypeName, WindowSpec } from './ast.js';
import { printName, printQualified, printString, printTypeName } from './print-names.js';
import { printQuery } from './print-query.js';

// gram.y's levels, loosest first; see to-expr.ts.
const level = {
  or: 1,
  and: 2,
  not: 3,
  is: 4,
  comparison: 5,
  predicate: 6,
  operator: 8,
  additive: 9,
  multiplicative: 10,
  power: 11,
  at: 12,
  collate: 13,
  sign: 14,
  primary: 16,
} as const;

const binaryLevels: Readonly<Record<string, number>> = {
  '<': level.comparison,
  '>': level.comparison,
  '=': level.comparison,
  '<=': level.comparison,
  '>=': level.comparison,
  '<>': level.comparison,
  '+': level.additive,
  '-': level.additive,
  '*': level.multiplicative,
  '/': level.multiplicative,
  '%': level.multiplicative,
  '^': level.power,
};
const levelOfBinary = (expr: BinaryExpr) =>
  expr.opSchema ? level.operator : (binaryLevels[expr.op] ?? level.operator);

function levelOf(expr: Expr): number {
  switch (expr.kind) {
    case 'logical':
      return level[expr.op];
    case 'not':
      return level.not;
    case 'is':
    case 'is_distinct':
      return level.is;
    case 'between':
    case 'in_list':
    case 'in_query':
    case 'like':
      return level.predicate;
    case 'binary':
      return levelOfBinary(expr);
    case 'quantified':
    case 'quantified_query':
      return likeWords[expr.op] ? level.predicate : (binaryLevels[expr.op] ?? level.operator);
    case 'unary':
      return expr.opSchema || (expr.op !== '-' && expr.op !== '+') ? level.operator : level.sign;
    case 'collate':
      return level.collate;
    case 'call':
      return expr.special === 'at time zone' ? level.at : level.primary;
    case 'lambda':
      return 0;
    default:
      return level.primary;
  }
}

const likeWords: Readonly<Record<string, string>> = {
  '~~': 'LIKE',
  '!~~': 'NOT LIKE',
  '~~*': 'ILIKE',
  '!~~*': 'NOT ILIKE',
};

/** Text of an operand that must bind at least as tightly as `least`; a prefix operator inside is always wrapped. */
function operand(expr: Expr, least: number): string {
  const text = printExpr(expr);
  return levelOf(expr) < least ? `(${text})` : text;
}

/** Like {@link operand}, but a loose prefix operator anywhere at its right edge would swallow what follows. */
function left(expr: Expr, least: number): string {
  return endsLoosely(expr, least) ? `(${printExpr(expr)})` : operand(expr, least);
}

function endsLoosely(expr: Expr, least: number): boolean {
  for (let at: Expr | undefined = expr; at; ) {
    if (levelOf(at) < least) return true;
    switch (at.kind) {
      case 'unary':
      case 'not':
        at = at.arg;
        break;
      case 'binary':
      case 'is_distinct':
        at = at.right;
        break;
      case 'between':
        at = at.high;
        break;
      case 'like':
        at = at.escape ?? at.pattern;
        break;
      default:
        return false;
    }
  }
  return false;
}

function printOperator(op: string, schema: { readonly text: string; readonly quoted: boolean } | undefined): string {
  return schema ? `OPERATOR(${printName({ ...schema, span: { start: 0, end: 0 } })}.${op})` : op;
}

/** Iterates along the left spine: chains may be thousands of operators long. */
function printBinary(expr: BinaryExpr): string {
  const pieces: string[] = [];
  let at: Expr = expr;
  let closes = 0;
  for (;;) {
    if (at.kind !== 'binary') break;
    const own = levelOfBinary(at);
    const isComparison = own === level.comparison;
    pieces.push(` ${printOperator(at.op, at.opSchema)} ${operand(at.right, own + 1)}`);
    const least = isComparison ? own + 1 : own;
    if (at.left.kind === 'binary' && !endsLoosely(at.left, least)) {
      at = at.left;
      continue;
    }
    pieces.push(left(at.left, least));
    closes = 1;
    break;
  }
  return closes ? pieces.reverse().join('') : '';
}

const list = (exprs: readonly Expr[]) => exprs.map(printExpr).join(', ');
const not = (negated: boolean) => (negated ? 'NOT ' : '');

function printType(type: TypeName): string {
  return printTypeName(type, type.modifiers.map(printExpr));
}

/** What a subscript or a field may follow without parentheses. */
function base(arg: Expr, apart = false): string {
  const { kind } = arg;
  const bare = !apart && (kind === 'column' || kind === 'subscript' || kind === 'slice' || kind === 'parameter');
  return bare ? printExpr(arg) : `(${printExpr(arg)})`;
}

export function printExpr(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return expr.text;
    case 'string':
      return printString(expr.value);
    case 'boolean':
      return expr.value ? 'TRUE' : 'FALSE';
    case 'null':
      return 'NULL';
    case 'default':
      return 'DEFAULT';
    case 'bitstring':
      return `${expr.radix === 2 ? 'B' : 'X'}'${expr.digits}'`;
    case 'typed_literal': {
      const { type } = expr;
      if (type.intervalFields === undefined) return `${printType(type)} ${printString(expr.value)}`;
      const precision = type.modifiers.length > 0 ? `(${list(type.modifiers)})` : '';
      return `interval ${printString(expr.value)} ${type.intervalFields}${precision}`;
    }
    case 'column':
      return printQualified(expr.parts);
    case 'parameter':
      return `$${expr.index}`;
    case 'field': {
      const isStarOfName = !expr.field && expr.arg.kind === 'column';
      const owner = isStarOfName
        ? printExpr(expr.arg)
        : expr.arg.kind === 'column' || expr.arg.kind === 'field'
          ? `(${printExpr(expr.arg)})`
          : base(expr.arg);
      return `${owner}.${expr.field ? printName(expr.field) : '*'}`;
    }
    case 'subscript':
      return `${base(expr.arg, expr.apart)}[${printExpr(expr.index)}]`;
    case 'slice':
      return `${base(expr.arg, expr.apart)}[${expr.lower ? printExpr(expr.lower) : ''}:${expr.upper ? printExpr(expr.upper) : ''}]`;
    case 'unary': {
      const least = levelOf(expr);
      // Operators that are none before an operand are written out.
      const op = /^(?:[*/%^<>=]|<=|>=|<>)$/.test(expr.op) && !expr.opSchema ? `OPERATOR(${expr.op})` : undefined;
      return `${op ?? printOperator(expr.op, expr.opSchema)} ${operand(expr.arg, expr.arg.kind === 'unary' ? least : least + 1)}`;
    }
    case 'binary':
      return printBinary(expr);
    case 'logical':
      return expr.args.map((arg) => left(arg, level[expr.op] + 1)).join(expr.op === 'and' ? ' AND ' : ' OR ');
    case 'not':
      return `NOT ${operand(expr.arg, level.not)}`;
    case 'is': {
      const form = expr.normalForm === undefined ? '' : `${expr.normalForm.toUpperCase()} `;
      return `${left(expr.arg, level.is + 1)} IS ${not(expr.negated)}${form}${expr.test.toUpperCase()}`;
    }
    case 'is_distinct':
      return `${left(expr.left, level.is + 1)} IS ${not(expr.negated)}DISTINCT FROM ${operand(expr.right, level.is + 1)}`;
    case 'between':
      return `${left(expr.arg, level.predicate + 1)} ${not(expr.negated)}BETWEEN ${expr.symmetric ? 'SYMMETRIC ' : ''}${plainOperand(expr.low)} AND ${operand(expr.high, level.predicate + 1)}`;
    case 'in_list':
      return `${left(expr.arg, level.predicate + 1)} ${not(expr.negated)}IN (${list(expr.list)})`;
    case 'in_query':
      return `${left(expr.arg, level.predicate + 1)} ${not(expr.negated)}IN (${printQuery(expr.query)})`;
    case 'like': {
      const word = { like: 'LIKE', ilike: 'ILIKE', similar: 'SIMILAR TO' }[expr.variant];
      const suffix = expr.escape ? ` ESCAPE ${operand(expr.escape, level.operator)}` : '';
      return `${left(expr.arg, level.predicate + 1)} ${not(expr.negated)}${word} ${left(expr.pattern, level.operator)}${suffix}`;
    }
    case 'quantified':
      return `${quantifiedHead(expr)} (${printExpr(expr.array)})`;
    case 'quantified_query':
      return `${quantifiedHead(expr)} (${printQuery(expr.query)})`;
    case 'exists':
      return `EXISTS (${printQuery(expr.query)})`;
    case 'scalar_query':
      return `(${printQuery(expr.query)})`;
    case 'array_query':
      return `ARRAY(${printQuery(expr.query)})`;
    case 'case': {
      const branches = expr.branches.map((branch) => ` WHEN ${printExpr(branch.when)} THEN ${printExpr(branch.then)}`);
      return `CASE${expr.operand ? ` ${printExpr(expr.operand)}` : ''}${branches.join('')}${expr.otherwise ? ` ELSE ${printExpr(expr.otherwise)}` : ''} END`;
    }
    case 'cast':
      return `${expr.attempt ? 'TRY_CAST' : 'CAST'}(${printExpr(expr.arg)} AS ${printType(expr.type)})`;
    case 'call':
      return printCall(expr);
    case 'row':
      return `${expr.explicit ? 'ROW' : ''}(${list(expr.fields)})`;
    case 'array':
      return `${expr.bare ? '' : 'ARRAY'}[${list(expr.elements)}]`;
    case 'struct':
      return `{${expr.fields.map(({ name, value }) => `${name.quoted ? printString(name.text) : printName(name)}: ${printExpr(value)}`).join(', ')}}`;
    case 'lambda':
      return `lambda ${expr.params.map(printName).join(', ')}: ${printExpr(expr.body)}`;
    case 'collate':
      return `${left(expr.arg, level.collate)} COLLATE ${printQualified(expr.collation)}`;
  }
}

function quantifiedHead(expr: Extract<Expr, { kind: 'quantified' | 'quantified_query' }>): string {
  const own = levelOf(expr);
  const least = own === level.comparison || own === level.predicate ? own + 1 : own;
  return `${left(expr.left, least)} ${likeWords[expr.op] ?? expr.op} ${expr.quantifier.toUpperCase()}`;
}

export function printSortItem({ expr, direction, using, nulls }: SortItem): string {
  const order = using ? ` USING ${using}` : direction === 'desc' ? ' DESC' : '';
  return `${printExpr(expr)}${order}${nulls ? ` NULLS ${nulls.toUpperCase()}` : ''}`;
}

export function printOrderBy(items: readonly SortItem[]): string {
  return `ORDER BY ${items.map(printSortItem).join(', ')}`;
}

/** Calls that keep a syntax of their own; the rest prints as `f(x)`. */
function printSpecial(call: CallExpr): string | undefined {
  const args = call.args.map((arg) => arg.value);
  const [a, b, c, d] = args as [Expr, Expr, Expr, Expr];
  const word = call.name[0]!.text;
  switch (call.special) {
    case 'value function':
      return args.length > 0 ? `${word}(${list(args)})` : word;
    case 'extract':
      return `extract(${printExpr(a)} FROM ${printExpr(b)})`;
    case 'position':
      return `position(${plainOperand(b)} IN ${plainOperand(a)})`;
    case 'overlay':
      return `overlay(${printExpr(a)} PLACING ${printExpr(b)} FROM ${printExpr(c)}${d ? ` FOR ${printExpr(d)}` : ''})`;
    case 'substring':
      return `substring(${printExpr(a)} FROM ${printExpr(b)}${c ? ` FOR ${printExpr(c)}` : ''})`;
    case 'substring similar':
      return `substring(${printExpr(a)} SIMILAR ${printExpr(b)} ESCAPE ${printExpr(c)})`;
    case 'trim': {
      const side = { btrim: 'BOTH', ltrim: 'LEADING', rtrim: 'TRAILING' }[word] ?? 'BOTH';
      return `trim(${side} ${args.length > 1 ? `${printExpr(args[args.length - 1]!)} FROM ${list(args.slice(0, -1))}` : `FROM ${printExpr(a)}`})`;
    }
    case 'normalize':
      return `normalize(${printExpr(a)}${b?.kind === 'string' ? `, ${b.value}` : ''})`;
    case 'collation for':
      return `COLLATION FOR (${printExpr(a)})`;
    case 'overlaps':
      return `(${printExpr(a)}, ${printExpr(b)}) OVERLAPS (${printExpr(c)}, ${printExpr(d)})`;
    case 'at time zone':
      return `${left(b, level.at)} AT TIME ZONE ${operand(a, level.at + 1)}`;
    case 'coalesce':
    case 'greatest':
    case 'least':
    case 'nullif':
    case 'grouping':
      return `${word}(${list(args)})`;
    default:
      return undefined;
  }
}

/** PostgreSQL's b_expr: operators over primaries, without COLLATE, AT TIME ZONE and what words make. */
const plainOperand = (expr: Expr) => (isPlain(expr) ? left(expr, level.operator) : `(${printExpr(expr)})`);

function isPlain(expr: Expr): boolean {
  let at = expr;
  for (; at.kind === 'binary'; at = at.left) if (!isPlain(at.right)) return false;
  return at.kind === 'unary' ? isPlain(at.arg) : levelOf(at) === level.primary;
}

export function printCall(call: CallExpr): string {
  const special = printSpecial(call);
  if (special !== undefined) return special;
  const args = call.args.map(
    ({ name, value, variadic }) =>
      `${variadic ? 'VARIADIC ' : ''}${name ? `${printName(name)} => ` : ''}${printExpr(value)}`,
  );
  const inside = [
    call.star ? '*' : `${call.distinct ? 'DISTINCT ' : ''}${args.join(', ')}`,
    ...(call.orderBy.length > 0 ? [printOrderBy(call.orderBy)] : []),
  ].join(' ');
  return [
    `${printQualified(call.name)}(${inside})`,
    ...(call.withinGroup ? [`WITHIN GROUP (${printOrderBy(call.withinGroup)})`] : []),
    ...(call.filter ? [`FILTER (WHERE ${printExpr(call.filter)})`] : []),
    ...(call.ignoreNulls === undefined ? [] : [`${call.ignoreNulls ? 'IGNORE' : 'RESPECT'} NULLS`]),
    ...(call.over ? [`OVER ${'text' in call.over ? printName(call.over) : printWindowSpec(call.over)}`] : []),
  ].join(' ');
}

export function printWindowSpec({ base: name, partitionBy, orderBy, frame }: WindowSpec): string {
  const parts: string[] = [];
  if (name) parts.push(printName(name));
  if (partitionBy.length > 0) parts.push(`PARTITION BY ${list(partitionBy)}`);
  if (orderBy.length > 0) parts.push(printOrderBy(orderBy));
  if (frame) {
    const bounds = frame.end
      ? `BETWEEN ${printBound(frame.start)} AND ${printBound(frame.end)}`
      : printBound(frame.start);
    parts.push(
      `${frame.mode.toUpperCase()} ${bounds}${frame.exclude ? ` EXCLUDE ${frame.exclude.toUpperCase()}` : ''}`,
    );
  }
  return `(${parts.join(' ')})`;
}

/** An offset is wrapped where it might be read as a keyword of the frame. */
function printBound({ kind, offset }: FrameBound): string {
  if (!offset) return kind.toUpperCase();
  const text = printExpr(offset);
  return `${offset.kind === 'number' ? text : `(${text})`} ${kind.toUpperCase()}`;
}
