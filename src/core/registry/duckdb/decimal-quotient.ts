// Division of decimals inside DuckDB, whose own gives DOUBLE: exact HUGEINT arithmetic at PostgreSQL's result scale.
import type { SqlType } from '../../sql-type.js';
import { decimalShape } from '../../value/numeric-type.js';
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

/** `u / 10^scale` from a HUGEINT expression. */
export function decimalFromUnscaled(sql: string, type: SqlType): string {
  const { precision, scale } = decimalShape(type);
  if (scale === 0) return `CAST(${sql} AS DECIMAL(${precision},0))`;
  return `CAST(CAST(${sql} AS DECIMAL(38,0)) * CAST('0.${'0'.repeat(scale - 1)}1' AS DECIMAL(${scale},${scale})) AS DECIMAL(${precision},${scale}))`;
}

/** The digits of |u| filled up to whole base-10000 digits after the point. */
const paddedDigits = (unscaled: string, scale: number) => {
  const padding = '0'.repeat((4 - (scale % 4)) % 4);
  return `CAST(abs(${unscaled}) AS VARCHAR)${padding && ` || '${padding}'`}`;
};

const power = (exponent: string) => `CAST('1' || repeat('0', ${exponent}) AS HUGEINT)`;

/**
 * `a / b` as `divideNumeric` computes it, its scale cut to that of `type`; division by zero is an error. The argument is the
 * steps of `divisionScale` in value/numeric.ts, written in SQL.
 */
export function decimalQuotient(a: DecimalSql, b: DecimalSql, type: SqlType): string {
  const { scale } = decimalShape(type);
  const leastScale = Math.min(scale, Math.max(a.scale, b.scale, 0));
  const weight = (text: string, s: number) => `((length(${text}) - 1) // 4 - ${Math.ceil(s / 4)})`;
  const digit = (text: string) => `CAST(left(${text}, (length(${text}) - 1) % 4 + 1) AS INTEGER)`;
  return bindNames({ n: unscaledSql(a), d: unscaledSql(b) }, (v) => {
    const quotient = bindNames(
      { n: v.n, d: v.d, x: paddedDigits(v.n, a.scale), y: paddedDigits(v.d, b.scale) },
      (w) => {
        const x = `CASE WHEN ${w.n} = 0 THEN 0 ELSE ${weight(w.x, a.scale)} END`;
        const quotientWeight = `${x} - ${weight(w.y, b.scale)} - CASE WHEN ${digit(w.x)} <= ${digit(w.y)} THEN 1 ELSE 0 END`;
        const resultScale = `least(${scale}, greatest(${leastScale}, 16 - 4 * (${quotientWeight})))`;
        return bindNames({ n: w.n, d: w.d, r: resultScale }, (s) => {
          const shift = `(${s.r} + ${b.scale - a.scale})`;
          const numerator = `abs(${s.n}) * ${power(`greatest(${shift}, 0)`)}`;
          const denominator = `abs(${s.d}) * ${power(`greatest(-${shift}, 0)`)}`;
          return bindNames({ n: numerator, d: denominator, s: `sign(${s.n}) * sign(${s.d})`, r: s.r }, (q) => {
            const rounded = `(${q.n} // ${q.d} + CASE WHEN 2 * (${q.n} % ${q.d}) >= ${q.d} THEN 1 ELSE 0 END)`;
            return decimalFromUnscaled(`${rounded} * ${q.s} * ${power(`${scale} - ${q.r}`)}`, type);
          });
        });
      },
    );
    return `CASE WHEN ${v.d} = 0 AND ${v.n} IS NOT NULL THEN ${raise('division_by_zero', 'division by zero')} ELSE ${quotient} END`;
  });
}
