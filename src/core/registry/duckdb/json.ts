// json_build_object and its kin in DuckDB-WASM, which has no JSON: of values whose JSON text is plain to see.
import type { SqlType } from '../../sql-type.js';
import { quoteDuckDbText, raise } from './errors.js';

/** A text's JSON: the quotation mark, the backslash and the control characters behind a backslash, as JSON.stringify writes them. */
function jsonOfText(arg: string): string {
  let sql = arg;
  const special = ['\\', '"', ...Array.from({ length: 31 }, (_, i) => String.fromCharCode(i + 1))];
  for (const char of special) {
    const code = char.charCodeAt(0);
    sql = `replace(${sql}, chr(${code}), ${quoteDuckDbText(JSON.stringify(char).slice(1, -1))})`;
  }
  return `('"' || ${sql} || '"')`;
}

/** `undefined` where the value's JSON text is more than that. */
export function jsonValue(arg: string, type: SqlType): string | undefined {
  switch (type.kind) {
    case 'unknown':
      return `'null'`;
    case 'text':
    case 'varchar':
      return `coalesce(${jsonOfText(arg)}, 'null')`;
    case 'json':
      return `coalesce(${arg}, 'null')`;
    case 'bool':
    case 'int2':
    case 'int4':
    case 'int8':
      return 'as' in type && type.as !== undefined ? undefined : `coalesce(CAST(${arg} AS VARCHAR), 'null')`;
    default:
      return undefined;
  }
}

export function jsonObject(args: readonly string[], argTypes: readonly SqlType[]): string | undefined {
  if (args.length % 2 === 1) return undefined;
  const members: string[] = [];
  for (let i = 0; i < args.length; i += 2) {
    const kind = argTypes[i]!.kind;
    const value = jsonValue(args[i + 1]!, argTypes[i + 1]!);
    if (value === undefined || (kind !== 'text' && kind !== 'varchar')) return undefined;
    const missing = raise('invalid_parameter_value', `argument ${i + 1} cannot be null`);
    members.push(
      `(CASE WHEN ${args[i]} IS NULL THEN ${missing} ELSE ${jsonOfText(args[i]!)} END || ' : ' || ${value})`,
    );
  }
  return `('{' || ${members.join(` || ', ' || `)} || '}')`;
}
