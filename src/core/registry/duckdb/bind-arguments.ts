// Local names inside one DuckDB expression, so that a rendering can use an argument twice without writing it twice.

/** Columns, literals and casts of them: short, and the same every time they are evaluated. */
const atom = /^(?:(?:"[^"]*"|[A-Za-z_]\w*)(?:\.(?:"[^"]*"|\w+))*|-?[\d.]+|'[^']*'|NULL)$/;
const castAtom = /^CAST\((.*) AS [\w(), ]+(?:\[\])*\)$/;

function isAtom(sql: string): boolean {
  if (sql.length > 60) return false;
  return atom.test(sql) || atom.test(castAtom.exec(sql)?.[1] ?? '(');
}

/**
 * `list_transform([{…}], lambda _let: body)[1]`: 20 ns a row, evaluated lazily inside CASE (a derived table would not be).
 * Inside `body` only the given names may be used, since an outer `_let` is hidden.
 */
export function bindNames<K extends string>(
  fields: Readonly<Record<K, string>>,
  body: (names: Readonly<Record<K, string>>) => string,
): string {
  const keys = Object.keys(fields) as K[];
  const names = Object.fromEntries(keys.map((key) => [key, `_let.${key}`])) as Record<K, string>;
  const list = keys.map((key) => `${key}: ${fields[key]}`).join(', ');
  return `list_transform([{${list}}], lambda _let: ${body(names)})[1]`;
}

/** Calls `body` with the arguments themselves where all are atoms, else with names for them: text stays linear in depth. */
export function bindArguments(args: readonly string[], body: (args: readonly string[]) => string): string {
  if (args.every(isAtom)) return body(args);
  return bindNames(Object.fromEntries(args.map((arg, i) => [`a${i + 1}`, arg])), (names) => body(Object.values(names)));
}
