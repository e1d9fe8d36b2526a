// Exact arithmetic of numerics inside DuckDB, in HUGEINT: division at PostgreSQL's result scale; and sums and products of those that are text.
import { type DecimalType, decimalDigits, isDecimal, type SqlType } from '../../sql-type.js';
import { bindNames } from './bind-arguments.js';
import { raise } from './errors.js';

export interface DecimalSql {
  readonly sql: string;
  /** Digits after the point, or an expression of them. */
  readonly scale: number | string;
}

/** HUGEINT without the decimal point. */
function unscaledSql({ sql, scale }: DecimalSql): string {
  return scale === 0 ? `CAST(${sql} AS HUGEINT)` : `CAST(replace(CAST(${sql} AS VARCHAR), '.', '') AS HUGEINT)`;
}

/** Whether the quotient of any two such values can be computed in HUGEINT. */
export function quotientFits(a: DecimalType, b: DecimalType): boolean {
  const [x, y] = [a.scale ?? 0, b.scale ?? 0];
  return Math.max(a.precision, b.precision) + Math.max(y, 20) + Math.max(x, y) <= decimalDigits;
}

/** `u / 10^scale` as text, from a HUGEINT that is not negative, its scale and its sign. */
const printed = (u: string, scale: string, sign: string): string =>
  bindNames({ u: `CAST(${u} AS VARCHAR)`, r: `CAST(${scale} AS INTEGER)`, s: sign }, ({ u: digits, r, s }) => {
    const minus = `CASE WHEN ${s} < 0 AND ${digits} <> '0' THEN '-' ELSE '' END`;
    const padded = `lpad(${digits}, greatest(${r} + 1, CAST(length(${digits}) AS INTEGER)), '0')`;
    return bindNames(
      { m: minus, t: padded, r },
      (v) =>
        `${v.m} || CASE WHEN ${v.r} = 0 THEN ${v.t} ELSE left(${v.t}, -${v.r}) || '.' || right(${v.t}, ${v.r}) END`,
    );
  });

const power = (exponent: string) => `CAST('1' || repeat('0', CAST(${exponent} AS BIGINT)) AS HUGEINT)`;

/**
 * `a / b` as `divideNumeric` computes it, as text; division by zero is an error. These are the steps of `divisionScale` in
 * value/numeric.ts, written in SQL.
 */
export function decimalQuotient(a: DecimalSql, b: DecimalSql): string {
  const fields = { n: unscaledSql(a), d: unscaledSql(b), s: String(a.scale), t: String(b.scale) };
  /** The digits of |u| filled up to whole base-10000 digits after the point. */
  const padded = (u: string, scale: string) =>
    `CAST(abs(${u}) AS VARCHAR) || repeat('0', CAST((4 - ${scale} % 4) % 4 AS BIGINT))`;
  const weight = (text: string, scale: string) => `((length(${text}) - 1) // 4 - (${scale} + 3) // 4)`;
  const digit = (text: string) => `CAST(left(${text}, (length(${text}) - 1) % 4 + 1) AS INTEGER)`;
  return bindNames(fields, (v) => {
    const quotient = bindNames({ ...v, x: padded(v.n, v.s), y: padded(v.d, v.t) }, (w) => {
      const x = `CASE WHEN ${w.n} = 0 THEN 0 ELSE ${weight(w.x, w.s)} END`;
      const quotientWeight = `${x} - ${weight(w.y, w.t)} - CASE WHEN ${digit(w.x)} <= ${digit(w.y)} THEN 1 ELSE 0 END`;
      const resultScale = `greatest(${w.s}, ${w.t}, 16 - 4 * (${quotientWeight}))`;
      return bindNames({ n: w.n, d: w.d, r: resultScale, k: `${w.t} - ${w.s}` }, (s) => {
        const shift = `(${s.r} + ${s.k})`;
        const numerator = `abs(${s.n}) * ${power(`greatest(${shift}, 0)`)}`;
        const denominator = `abs(${s.d}) * ${power(`greatest(-${shift}, 0)`)}`;
        return bindNames({ n: numerator, d: denominator, s: `sign(${s.n}) * sign(${s.d})`, r: s.r }, (q) => {
          const rounded = `(${q.n} // ${q.d} + CASE WHEN 2 * (${q.n} % ${q.d}) >= ${q.d} THEN 1 ELSE 0 END)`;
          return printed(rounded, q.r, q.s);
        });
      });
    });
    return `CASE WHEN ${v.d} = 0 AND ${v.n} IS NOT NULL THEN ${raise('division_by_zero', 'division by zero')} ELSE ${quotient} END`;
  });
}

const asText = (sql: string, type: SqlType): string => (isDecimal(type) ? `CAST(${sql} AS VARCHAR)` : sql);
/** Digits after the point of a numeric's text. */
const scaleSql = (text: string): string =>
  `CAST(CASE WHEN contains(${text}, '.') THEN length(${text}) - strpos(${text}, '.') ELSE 0 END AS INTEGER)`;

/** Of numerics as text, within 38 digits: beyond, and of NaN, it is an error. */
export function textArithmetic(operator: '+' | '-' | '*' | '/') {
  return ([a, b]: readonly string[], { argTypes }: { readonly argTypes: readonly SqlType[] }): string =>
    bindNames({ a: asText(a!, argTypes[0]!), b: asText(b!, argTypes[1]!) }, (v) => {
      const [s, t] = [scaleSql(v.a), scaleSql(v.b)];
      if (operator === '/') return decimalQuotient({ sql: v.a, scale: s }, { sql: v.b, scale: t });
      const [x, y] = [unscaledSql({ sql: v.a, scale: s }), unscaledSql({ sql: v.b, scale: t })];
      return bindNames({ x, y, s, t }, (w) => {
        const scale = operator === '*' ? `${w.s} + ${w.t}` : `greatest(${w.s}, ${w.t})`;
        const at = (u: string, by: string) => `${u} * ${power(`greatest(${w.s}, ${w.t}) - ${by}`)}`;
        const value = operator === '*' ? `${w.x} * ${w.y}` : `${at(w.x, w.s)} ${operator} ${at(w.y, w.t)}`;
        return bindNames({ u: value, r: scale }, (r) => printed(`abs(${r.u})`, r.r, `sign(${r.u})`));
      });
    });
}

/** The most digits after the point that are summed. */
const summedScale = 18;

/** The sum of numerics that are text, of at most 18 digits after the point, as text. */
export function textSum(x: string, call: (name: string, args: readonly string[]) => string): string {
  const sum = call('sum', [`CAST(${x} AS DECIMAL(${decimalDigits},${summedScale}))`]);
  return bindNames({ u: `CAST(${sum} AS VARCHAR)`, s: call('max', [scaleSql(x)]) }, ({ u, s }) => {
    const tooFine = raise(
      'numeric_value_out_of_range',
      `a numeric has more than ${summedScale} digits after the point`,
    );
    return `CASE WHEN ${s} > ${summedScale} THEN ${tooFine} WHEN ${s} = 0 THEN split_part(${u}, '.', 1) ELSE left(${u}, length(${u}) - ${summedScale} + ${s}) END`;
  });
}

export function textAverage(x: string, call: (name: string, args: readonly string[]) => string): string {
  return bindNames({ s: textSum(x, call), n: call('count', [x]) }, ({ s, n }) => {
    const quotient = decimalQuotient({ sql: s, scale: scaleSql(s) }, { sql: n, scale: 0 });
    return `CASE WHEN ${n} = 0 THEN NULL ELSE ${quotient} END`;
  });
}
