// Division of decimals inside DuckDB, whose own gives DOUBLE: exact HUGEINT arithmetic at PostgreSQL's result scale.
import { type DecimalType, decimalDigits } from '../../sql-type.js';
import { bindNames } from './bind-arguments.js';
import { raise } from './errors.js';

export interface DecimalSql {
  readonly sql: string;
  readonly scale: number;
}

/** HUGEINT without the decimal point. */
export function unscaledSql({ sql, scale }: DecimalSql): string {
  return scale === 0 ? `CAST(${sql} AS HUGEINT)` : `CAST(replace(CAST(${sql} AS VARCHAR), '.', '') AS HUGEINT)`;
}

/** Whether the quotient of any two such values can be computed in HUGEINT. */
export function quotientFits(a: DecimalType, b: DecimalType): boolean {
  const [x, y] = [a.scale ?? 0, b.scale ?? 0];
  return Math.max(a.precision, b.precision) + Math.max(y, 20) + Math.max(x, y) <= decimalDigits;
}

/** `u / 10^scale` as text, from names of a HUGEINT that is not negative, its scale and its sign. */
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

/** The digits of |u| filled up to whole base-10000 digits after the point. */
const paddedDigits = (unscaled: string, scale: number) => {
  const padding = '0'.repeat((4 - (scale % 4)) % 4);
  return `CAST(abs(${unscaled}) AS VARCHAR)${padding && ` || '${padding}'`}`;
};

const power = (exponent: string) => `CAST('1' || repeat('0', ${exponent}) AS HUGEINT)`;

/**
 * `a / b` as `divideNumeric` computes it, as text; division by zero is an error. These are the steps of `divisionScale` in
 * value/numeric.ts, written in SQL.
 */
export function decimalQuotient(a: DecimalSql, b: DecimalSql): string {
  const leastScale = Math.max(a.scale, b.scale, 0);
  const weight = (text: string, s: number) => `((length(${text}) - 1) // 4 - ${Math.ceil(s / 4)})`;
  const digit = (text: string) => `CAST(left(${text}, (length(${text}) - 1) % 4 + 1) AS INTEGER)`;
  return bindNames({ n: unscaledSql(a), d: unscaledSql(b) }, (v) => {
    const quotient = bindNames(
      { n: v.n, d: v.d, x: paddedDigits(v.n, a.scale), y: paddedDigits(v.d, b.scale) },
      (w) => {
        const x = `CASE WHEN ${w.n} = 0 THEN 0 ELSE ${weight(w.x, a.scale)} END`;
        const quotientWeight = `${x} - ${weight(w.y, b.scale)} - CASE WHEN ${digit(w.x)} <= ${digit(w.y)} THEN 1 ELSE 0 END`;
        const resultScale = `greatest(${leastScale}, 16 - 4 * (${quotientWeight}))`;
        return bindNames({ n: w.n, d: w.d, r: resultScale }, (s) => {
          const shift = `(${s.r} + ${b.scale - a.scale})`;
          const numerator = `abs(${s.n}) * ${power(`greatest(${shift}, 0)`)}`;
          const denominator = `abs(${s.d}) * ${power(`greatest(-${shift}, 0)`)}`;
          return bindNames({ n: numerator, d: denominator, s: `sign(${s.n}) * sign(${s.d})`, r: s.r }, (q) => {
            const rounded = `(${q.n} // ${q.d} + CASE WHEN 2 * (${q.n} % ${q.d}) >= ${q.d} THEN 1 ELSE 0 END)`;
            return printed(rounded, q.r, q.s);
          });
        });
      },
    );
    return `CASE WHEN ${v.d} = 0 AND ${v.n} IS NOT NULL THEN ${raise('division_by_zero', 'division by zero')} ELSE ${quotient} END`;
  });
}
