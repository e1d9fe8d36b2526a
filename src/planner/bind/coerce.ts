// Type conversions made explicit, and the common type of several expressions.
import {
  castKind,
  castValue,
  commonNumericType,
  currentStyle,
  DiagnosticError,
  fail,
  holdsPart,
  isDefaultStyle,
  isOid,
  type Overload,
  objectTypeOf,
  printSqlType,
  type Span,
  type SqlType,
  sameType,
  sqlTypeOf,
  styledOverload,
  types,
  type Value,
  withStyle,
} from '../../core/index.js';
import type { Scalar } from './scalar.js';

/** A column as an expression sees it: storage-only types widen. A bare column that is passed through is left alone. */
export function widened(scalar: Scalar): Scalar {
  const type = sqlTypeOf(scalar.type);
  return sameType(type, scalar.type) ? scalar : castScalar(scalar, type, false);
}

/** The scalar as `type`; a literal of unknown type is read as one of `type` at once. */
export function castScalar(
  scalar: Scalar,
  type: SqlType,
  explicit: boolean,
  attempt = false,
  span = scalar.span,
): Scalar {
  const at = span ? { span } : {};
  if (scalar.kind === 'literal' && scalar.type.kind === 'unknown') {
    if (type.kind !== 'unknown') scalar.parameter?.infer(type);
    if (scalar.value === null) return { kind: 'literal', type, value: null, ...at };
    if (!attempt)
      return {
        kind: 'literal',
        type,
        value: placed(span, () => castValue(scalar.value, types.text, type, { explicit: true })),
        ...at,
      };
  }
  if (sameType(scalar.type, type))
    return explicit && catalogTypeOf(scalar.type) !== catalogTypeOf(type) ? { ...scalar, type } : scalar;
  if (namesObjects(scalar.type, type)) return objectCast(scalar, type, explicit, attempt);
  const style = currentStyle();
  if (dependsOnStyle(scalar.type, type) && !isDefaultStyle(style)) {
    const overload = styledCast(scalar.type, type, explicit, attempt);
    return { kind: 'call', type, name: 'cast', overload: styledOverload(overload, style), args: [scalar], ...at };
  }
  return { kind: 'cast', type, arg: scalar, explicit, attempt, ...at };
}

/** The value of what is one already; `undefined` where rows decide. */
export function constantValue(scalar: Scalar): Value | undefined {
  if (scalar.kind === 'literal') return scalar.value;
  if (scalar.kind !== 'list') return undefined;
  const elements = scalar.elements.map(constantValue);
  return elements.every((e) => e !== undefined) ? elements : undefined;
}

/** The argument that lends a record its type, as that type. */
export function recordArgument(arg: Scalar, type: SqlType): Scalar {
  return arg.kind === 'literal' && arg.value === null ? { ...arg, type } : castScalar(arg, type, false);
}

/** `name` and `regproc` are text by another name, `oid` and `regtype` numbers: a written cast renames. */
const catalogTypeOf = (type: SqlType): string | undefined =>
  'as' in type && type.as !== undefined ? type.as : type.kind === 'list' ? catalogTypeOf(type.element) : undefined;

const temporal = new Set<SqlType['kind']>(['date', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval']);

/** Whether the session's time zone or styles count: between times and texts, and between instants and local times. */
function dependsOnStyle(from: SqlType, to: SqlType): boolean {
  const isTemporal = (type: SqlType) => holdsPart(type, ({ kind }) => temporal.has(kind));
  const isZoned = (type: SqlType) => holdsPart(type, ({ kind }) => kind === 'timestamptz' || kind === 'timetz');
  const [a, b] = [isTemporal(from), isTemporal(to)];
  return a && b ? isZoned(from) || isZoned(to) : a !== b;
}

/** Between a text and the numbers of the catalogue's objects, which go by their names. */
function namesObjects(from: SqlType, to: SqlType): boolean {
  const isObject = (type: SqlType) => holdsPart(type, (part) => objectTypeOf(part) !== undefined);
  const isText = (type: SqlType) => holdsPart(type, ({ kind }) => kind === 'text' || textual.has(kind));
  return (isObject(from) && isText(to)) || (isText(from) && isObject(to));
}

/** With the names of this statement's catalogue, which what runs the plan does not know. */
function objectCast(scalar: Scalar, type: SqlType, explicit: boolean, attempt: boolean): Scalar {
  const style = currentStyle();
  const cast = styledCast(scalar.type, type, explicit, attempt);
  const convert = (value: Value) => withStyle(style, () => castValue(value, scalar.type, type, { explicit, attempt }));
  if (scalar.kind === 'literal') return { ...scalar, type, value: placed(scalar.span, () => convert(scalar.value)) };
  const overload: Overload = { ...cast, fold: ([value]) => convert(value!) };
  return { kind: 'call', type, name: 'cast', overload, args: [scalar], ...(scalar.span && { span: scalar.span }) };
}

/** A cast as a function, so that it can be bound to a style. */
function styledCast(from: SqlType, to: SqlType, explicit: boolean, attempt: boolean): Overload {
  return {
    op: `${attempt ? 'try_' : ''}cast(${printSqlType(from)} as ${printSqlType(to)}${explicit ? '' : ' implicitly'})`,
    args: [from],
    returns: to,
    strict: true,
    volatility: 'stable',
    fold: ([value]) => castValue(value!, from, to, { explicit, attempt }),
  };
}

/** Puts the place of an expression on an error about its value. */
export function placed<T>(span: Span | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DiagnosticError) || error.diagnostic.span || !span) throw error;
    const { condition, message, hint, detail } = error.diagnostic;
    throw fail(condition, message, { span, hint, detail, cause: error });
  }
}

/** Whether an explicit cast exists; the element types of lists decide for them. */
export function isCastable(from: SqlType, to: SqlType): boolean {
  return from.kind === 'unknown' || castKind(from, to) !== undefined;
}

export function canCoerce(from: SqlType, to: SqlType): boolean {
  return from.kind === 'unknown' || sameType(from, to) || from.kind === to.kind || castKind(from, to) === 'implicit';
}

const withoutEquality = new Set<SqlType['kind']>(['json', 'jsonpath']);

/** What is grouped, made distinct or matched in a set operation needs an equality. */
export function requireEquality(type: SqlType, span: Span | undefined): void {
  if (type.kind === 'list') requireEquality(type.element, span);
  if (withoutEquality.has(type.kind))
    throw fail('undefined_function', `could not identify an equality operator for type ${printSqlType(type)}`, {
      span,
      ...(type.kind === 'json' && { hint: 'Cast it to jsonb, which has one.' }),
    });
}

/** Implicit coercion to a given type. */
export function coerce(scalar: Scalar, type: SqlType, context: string): Scalar {
  const wide = widened(scalar);
  if (!canCoerce(wide.type, type)) {
    throw fail(
      'datatype_mismatch',
      `${context} must be type ${printSqlType(type)}, not type ${printSqlType(wide.type)}`,
      {
        span: scalar.span,
        ...(type.kind === 'bool' &&
          wide.type.kind === 'list' && { hint: 'A list is reduced to one truth value by list_any(…) or list_all(…).' }),
      },
    );
  }
  return castScalar(wide, type, false);
}

const exact = new Set<SqlType['kind']>(['int2', 'int4', 'int8', 'numeric']);
const isExact = (type: SqlType): boolean => exact.has(type.kind);
const textual = new Set<SqlType['kind']>(['varchar', 'char']);

const numberOrder = ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8'];

/** What {@link commonType} has to go by: a NULL fits every type. */
export function typesToMatch(scalars: readonly Scalar[]): SqlType[] {
  const isNull = (s: Scalar): boolean =>
    s.kind === 'literal' && s.value === null && s.type.kind === 'unknown' && !s.parameter;
  return scalars.filter((s) => !isNull(s)).map((s) => s.type);
}

/** Without a length, or digits, that a text of unknown type may not have. */
function unlimited(type: SqlType): SqlType {
  if (type.kind === 'list') return { ...type, element: unlimited(type.element) };
  return type.kind === 'numeric' || textual.has(type.kind) ? ({ kind: type.kind } as SqlType) : type;
}

/** PostgreSQL's rule for CASE, UNION, VALUES, ARRAY, COALESCE: one category, the first type to which all convert. */
export function commonType(found: readonly SqlType[], context: string, span: Span | undefined): SqlType {
  const known = found.filter((t) => t.kind !== 'unknown');
  if (known.length === 0) return types.text;
  let result = known[0]!;
  for (const type of known.slice(1)) {
    // A bigint becomes a number of an object, and not the other way round.
    if (isOid(type) && result.kind === 'int8' && !isOid(result)) result = type;
    if (sameType(type, result)) continue;
    if (isExact(type) && isExact(result) && (type.kind === 'numeric' || result.kind === 'numeric'))
      result = commonNumericType([result, type]);
    else if (textual.has(type.kind) && type.kind === result.kind) result = { kind: type.kind } as SqlType;
    else if (type.kind === 'list' && result.kind === 'list' && type.rectangular === result.rectangular) {
      result = { ...result, element: commonType([result.element, type.element], context, span) };
    } else if (numberOrder.includes(type.kind) && numberOrder.includes(result.kind)) {
      if (numberOrder.indexOf(type.kind) > numberOrder.indexOf(result.kind)) result = type;
    } else if (castKind(result, type) === 'implicit') {
      // Where both convert to each other (varchar and text) the first stays, of any length.
      if (castKind(type, result) !== 'implicit') result = type;
      else if (textual.has(result.kind)) result = { kind: result.kind } as SqlType;
    } else if (type.kind === 'list' && result.kind === 'list') {
      throw fail('feature_not_supported', `${context}: arrays of different dimensions have no common type here`, {
        span,
      });
    } else if (castKind(type, result) !== 'implicit' && type.kind !== result.kind) {
      throw fail(
        'datatype_mismatch',
        `${context} types ${printSqlType(result)} and ${printSqlType(type)} cannot be matched`,
        { span },
      );
    }
  }
  return known.length < found.length ? unlimited(result) : result;
}
