// Numerics of any digits inside DuckDB, where they are text as PostgreSQL prints it: their order, and sums within 38 digits.
import { isDecimal, needsKey, type SqlType } from '../../sql-type.js';
import { bindNames } from './bind-arguments.js';

/** Text in whose order, by bytes, the numbers stand; equal for equal numbers of different scale. NaN is above all. */
function orderedText(sql: string): string {
  return bindNames({ x: sql }, ({ x }) => {
    const digits = bindNames(
      { i: `ltrim(split_part(${x}, '.', 1), '-')`, f: `rtrim(split_part(${x}, '.', 2), '0')` },
      ({ i, f }) => `lpad(CAST(length(${i}) AS VARCHAR), 6, '0') || ${i} || ${f}`,
    );
    const negative = `'1' || translate(${digits}, '0123456789', '9876543210') || '~'`;
    return `CASE WHEN ${x} IS NULL THEN NULL WHEN ${x} = 'NaN' THEN '4' WHEN ${x} = 'Infinity' THEN '3' WHEN ${x} = '-Infinity' THEN '0' WHEN starts_with(${x}, '-') THEN ${negative} ELSE '2' || ${digits} END`;
  });
}

/** What stands for a value wherever DuckDB compares, sorts or groups: itself, but for numerics that are text, and jsonb (equality alone). */
export function comparableSql(sql: string, type: SqlType): string {
  if (!needsKey(type)) return sql;
  switch (type.kind) {
    case 'list':
      return `list_transform(${sql}, lambda _k: ${comparableSql('_k', type.element)})`;
    case 'struct': {
      const fields = type.fields.map((f, i) => `f${i} := ${comparableSql(`struct_extract(_s, ${i + 1})`, f.type)}`);
      return `list_transform([${sql}], lambda _s: CASE WHEN _s IS NULL THEN NULL ELSE struct_pack(${fields.join(', ')}) END)[1]`;
    }
    case 'jsonb':
      return plainJsonb(sql);
    default:
      return orderedText(sql);
  }
}

/** jsonb's text without zeros at the end of fractions: strings in it are matched first, and stay. */
function plainJsonb(sql: string): string {
  const tokens = '("(?:[^"\\\\]|\\\\.)*")|([0-9]+\\.[0-9]*[1-9])0*|([0-9]+)\\.0+';
  return `regexp_replace(${sql}, '${tokens}', '\\1\\2\\3', 'g')`;
}

/** Equal texts for equal numbers, also inside jsonb: without zeros at the end of the fraction. */
export function plainSql(sql: string, type: SqlType): string {
  if (!needsKey(type)) return sql;
  if (type.kind === 'list') return `list_transform(${sql}, lambda _k: ${plainSql('_k', type.element)})`;
  if (type.kind === 'jsonb') return plainJsonb(sql);
  if (type.kind !== 'numeric') return sql;
  return bindNames(
    { x: sql },
    ({ x }) => `CASE WHEN contains(${x}, '.') THEN rtrim(rtrim(${x}, '0'), '.') ELSE ${x} END`,
  );
}

/** Both sides of a comparison of one kind, where either may be a decimal. */
export function comparablePair(args: readonly string[], argTypes: readonly SqlType[]): readonly string[] {
  if (!argTypes.some(needsKey)) return args;
  return args.map((arg, i) => {
    const type = argTypes[i]!;
    return isDecimal(type) ? orderedText(`CAST(${arg} AS VARCHAR)`) : comparableSql(arg, type);
  });
}
