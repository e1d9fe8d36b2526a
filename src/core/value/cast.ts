// Casts of single values between all types, with PostgreSQL's rounding, ranges and messages.
import { DiagnosticError, fail } from '../diagnostic.js';
import type { IntervalValue, NumericValue, StructValue, Value } from '../registry/overload.js';
import { printSqlType, type SqlType, sameType, types } from '../sql-type.js';
import { bitsOfInteger, integerOfBits, limitedBits, parseBits } from './bit-string.js';
import { startOfDay } from './calendar.js';
import { castKind } from './cast-kind.js';
import { countCharacters, sliceCharacters } from './characters.js';
import { currentStyle } from './date-time-style.js';
import { dateInfinity, splitTimestamp, timestampInfinity } from './datetime.js';
import { rint, toFloat4 } from './float.js';
import { int2, int4, int8 } from './integer.js';
import { isNumber, kindOf } from './json/json.js';
import { parseJsonb, printJsonb } from './json/jsonb.js';
import { isFloatType, isIntegerType } from './number-type.js';
import { applyNumericTypmod, floatToNumeric, numericToFloat, toNumeric, unscaledAt } from './numeric.js';
import { parseValue, printValue } from './print.js';
import { offsetAt, toLocal, toUniversal } from './time-zone.js';
import { parseTimetzText, printTimetz } from './timetz.js';

export interface CastOptions {
  /** An explicit cast to varchar(n) truncates; an implicit one complains. */
  readonly explicit?: boolean;
  /** NULL instead of an error. */
  readonly attempt?: boolean;
}

const isText = (type: SqlType) =>
  type.kind === 'text' || type.kind === 'varchar' || type.kind === 'char' || type.kind === 'unknown';
const isBits = (type: SqlType) => type.kind === 'bit' || type.kind === 'varbit';

function outOfRange(type: SqlType) {
  return fail('numeric_value_out_of_range', `${printSqlType(type)} out of range`);
}

const storageRanges: Partial<Record<SqlType['kind'], readonly [bigint, bigint]>> = {
  int1: [-128n, 127n],
  uint1: [0n, 255n],
  uint2: [0n, 65535n],
  uint4: [0n, 4294967295n],
  uint8: [0n, 18446744073709551615n],
};

function toInteger(x: bigint, to: SqlType): Value {
  switch (to.kind) {
    case 'int2':
      return x < -32768n || x > 32767n ? int2(Infinity) : Number(x);
    case 'int4':
      return x < -2147483648n || x > 2147483647n ? int4(Infinity) : Number(x);
    case 'int8':
      return int8(x);
    default: {
      const [min, max] = storageRanges[to.kind]!;
      if (x < min || x > max) throw outOfRange(to);
      return to.kind === 'uint8' ? x : Number(x);
    }
  }
}

function floatToInteger(x: number, to: SqlType): Value {
  const whole = rint(x);
  if (!(whole >= -(2 ** 63) && whole < 2 ** 63)) throw outOfRange(to);
  return toInteger(BigInt(whole), to);
}

function numericToInteger(x: NumericValue, to: SqlType): Value {
  if (x.special)
    throw fail(
      'feature_not_supported',
      `cannot convert ${x.special === 'NaN' ? 'NaN' : 'infinity'} to ${printSqlType(to)}`,
    );
  return toInteger(unscaledAt(x, 0), to);
}

/** A value put into a type with a length or scale. */
function limited(text: string, to: SqlType, explicit: boolean): string {
  if (to.kind !== 'varchar' && to.kind !== 'char') return text;
  const length = to.length;
  if (length === undefined) return text;
  const count = countCharacters(text);
  if (count <= length) return to.kind === 'char' ? text + ' '.repeat(length - count) : text;
  const cut = sliceCharacters(text, 0, length);
  if (!explicit && /[^ ]/.test(text.slice(cut.length)))
    throw fail('string_data_right_truncation', `value too long for type ${printSqlType(to)}`);
  return cut;
}

function cast(value: Exclude<Value, null>, from: SqlType, to: SqlType, explicit: boolean): Value {
  if (isBits(to)) {
    if (isIntegerType(from))
      return bitsOfInteger(BigInt(value as number | bigint), 'length' in to ? to.length : undefined);
    return limitedBits(isBits(from) ? (value as string) : parseBits(value as string), to, explicit);
  }
  if (isBits(from) && isIntegerType(to))
    return toInteger(integerOfBits(value as string, to.kind === 'int8' ? 64 : 32), to);
  if (isText(to)) {
    if (from.kind === 'bool') return limited(value ? 'true' : 'false', to, explicit);
    if (from.kind === 'char' && to.kind !== 'char') return limited((value as string).replace(/ +$/, ''), to, explicit);
    return limited(isText(from) ? (value as string) : printValue(value, from), to, explicit);
  }
  if (isText(from)) return parseValue(value as string, to);
  if (from.kind === 'list' && to.kind === 'list')
    return (value as readonly Value[]).map((v) => castValue(v, from.element, to.element, { explicit }));
  if (from.kind === 'struct' && to.kind === 'struct')
    return {
      fields: to.fields.map((f, i) =>
        castValue((value as StructValue).fields[i] ?? null, from.fields[i]!.type, f.type, { explicit }),
      ),
    };
  if (from.kind === 'json' || from.kind === 'jsonb') return castJson(value as string, from, to);
  if (to.kind === 'numeric') {
    const exact = isFloatType(from)
      ? floatToNumeric(value as number, from.kind === 'float4' ? 6 : 15)
      : isIntegerType(from)
        ? toNumeric(value as number | bigint)
        : (value as NumericValue);
    return to.precision === undefined ? exact : applyNumericTypmod(exact, to.precision, to.scale ?? 0);
  }
  if (isIntegerType(to)) {
    if (isIntegerType(from)) return toInteger(BigInt(value as number | bigint), to);
    if (isFloatType(from)) return floatToInteger(value as number, to);
    if (from.kind === 'numeric') return numericToInteger(value as NumericValue, to);
    if (from.kind === 'bool') return value ? 1 : 0;
  }
  if (isFloatType(to)) {
    const wide = from.kind === 'numeric' ? numericToFloat(value as NumericValue) : Number(value as number | bigint);
    if (from.kind === 'numeric' && !(value as NumericValue).special && !Number.isFinite(wide))
      throw fail(
        'numeric_value_out_of_range',
        `"${printValue(value, from)}" is out of range for type double precision`,
      );
    return to.kind === 'float8' ? wide : isIntegerType(from) ? Math.fround(wide) : toFloat4(wide);
  }
  if (to.kind === 'bool') return Number(value as number) !== 0;
  return castInstant(value, from, to);
}

/** jsonb casts to numbers and booleans where it is one. */
function castJson(text: string, from: SqlType, to: SqlType): Value {
  if (to.kind === 'json') return text;
  const value = parseJsonb(text);
  if (to.kind === 'jsonb') return printJsonb(value);
  if (to.kind === 'bool' ? typeof value === 'boolean' : isNumber(value))
    return to.kind === 'bool' ? (value as boolean) : castValue(value as NumericValue, types.numeric, to);
  const kind = isNumber(value) ? 'numeric' : kindOf(value);
  throw fail('invalid_parameter_value', `cannot cast ${from.kind} ${kind} to type ${printSqlType({ ...to })}`);
}

/** In the session's zone, of a time as it is now. */
function toTimetz(value: Exclude<Value, null>, from: SqlType): Value {
  const { timeZone, now } = currentStyle();
  if (from.kind === 'time') {
    const offset = offsetAt(timeZone, now?.() ?? BigInt(Date.now()) * 1000n);
    return printTimetz({ time: value as bigint, offset });
  }
  const instant = value as bigint;
  if (instant >= timestampInfinity || instant <= -timestampInfinity) return null;
  return printTimetz({ time: splitTimestamp(toLocal(timeZone, instant)).time, offset: offsetAt(timeZone, instant) });
}

function castInstant(value: Exclude<Value, null>, from: SqlType, to: SqlType): Value {
  if (to.kind === 'timetz') return toTimetz(value, from);
  const { timeZone } = currentStyle();
  if (from.kind === 'date') {
    const midnight = startOfDay(value as number);
    const infinite = Math.abs(value as number) >= dateInfinity;
    return to.kind === 'timestamptz' && !infinite ? toUniversal(timeZone, midnight) : midnight;
  }
  if (from.kind === 'timestamp' || from.kind === 'timestamptz') {
    const given = value as bigint;
    const infinite = given >= timestampInfinity || given <= -timestampInfinity;
    const micros =
      infinite || from.kind === to.kind
        ? given
        : from.kind === 'timestamptz'
          ? toLocal(timeZone, given)
          : to.kind === 'timestamptz'
            ? toUniversal(timeZone, given)
            : given;
    if (to.kind === 'timestamp' || to.kind === 'timestamptz') return micros;
    if (to.kind === 'date')
      return infinite ? (micros > 0n ? dateInfinity : -dateInfinity) : splitTimestamp(micros).days;
    return infinite ? null : splitTimestamp(micros).time;
  }
  if (from.kind === 'timetz') return parseTimetzText(value as string).time;
  if (from.kind === 'time') return { months: 0, days: 0, micros: value as bigint };
  if (from.kind === 'interval') return splitTimestamp((value as IntervalValue).micros).time;
  return value as Value;
}

/** The value as PostgreSQL casts it. Conditions: 22003, 22P02, 22001, 22007, 22008; 42846 where there is no such cast. */
export function castValue(value: Value, from: SqlType, to: SqlType, options: CastOptions = {}): Value {
  if (value === null || (sameType(from, to) && from.kind !== 'varchar')) return value;
  if (castKind(from, to) === undefined)
    throw fail('cannot_coerce', `cannot cast type ${printSqlType(from)} to ${printSqlType(to)}`);
  try {
    return cast(value, from, to, options.explicit ?? true);
  } catch (error) {
    if (options.attempt && error instanceof DiagnosticError) return null;
    throw error;
  }
}
