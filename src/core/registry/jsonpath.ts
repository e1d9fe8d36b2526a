// SQL/JSON paths: the functions and operators that ask jsonb by a jsonpath.
import { fail } from '../diagnostic.js';
import { type SqlType, types } from '../sql-type.js';
import type { Json } from '../value/json/json.js';
import { parseJsonb, printJsonb } from '../value/json/jsonb.js';
import { JsonDatetime } from '../value/jsonpath/json-datetime.js';
import type { JsonPath } from '../value/jsonpath/jsonpath.js';
import { parseJsonPath } from '../value/jsonpath/parse-jsonpath.js';
import { existsPath, type Item, type PathOptions, queryPath } from '../value/jsonpath/run-jsonpath.js';
import { chapter, on } from './define.js';
import type { FunctionEntry, Overload, Value } from './overload.js';

const operator = chapter('json', 'operator');
const scalar = chapter('json', 'scalar');
const table = chapter('json', 'table');
const { bool, jsonb, jsonpath } = types;
type Fold = NonNullable<Overload['fold']>;

const compiled = new Map<string, JsonPath>();
const mostCompiled = 200;

/** Most queries ask all rows by one path. */
function pathOf(text: string): JsonPath {
  let path = compiled.get(text);
  if (!path) {
    path = parseJsonPath(text);
    if (compiled.size >= mostCompiled) compiled.clear();
    compiled.set(text, path);
  }
  return path;
}

const toJson = (item: Item): Json => (item instanceof JsonDatetime ? item.print() : item);

interface Asked {
  readonly path: JsonPath;
  readonly target: Json;
  readonly options: PathOptions;
  readonly silent: boolean;
}

/** A fold over a target, a path, and where there are some, variables and whether errors are suppressed. */
const asking =
  (zoned: boolean, answer: (asked: Asked) => Value, silently = false): Fold =>
  ([target, path, variables, silent]) =>
    answer({
      path: pathOf(path as string),
      target: parseJsonb(target as string),
      options: { variables: parseJsonb((variables as string | undefined) ?? '{}'), zoned },
      silent: silently || silent === true,
    });

const query = ({ path, target, options, silent }: Asked): Json[] =>
  queryPath(path, target, options, silent).map(toJson);

const exists = ({ path, target, options, silent }: Asked): Value => existsPath(path, target, options, silent) ?? null;

function match({ path, target, options, silent }: Asked): Value {
  const found = queryPath(path, target, options, silent);
  const [only] = found;
  if (found.length === 1 && (typeof only === 'boolean' || only === null)) return only;
  if (!silent) throw fail('singleton_sql_json_item_required', 'single boolean result is expected');
  return null;
}

const all = (asked: Asked): Value => query(asked).map(printJsonb);
const array = (asked: Asked): Value => printJsonb(query(asked));
const first = (asked: Asked): Value => {
  const found = query(asked);
  return found.length === 0 ? null : printJsonb(found[0]!);
};

const parameters = {
  parameters: [
    { name: 'target' },
    { name: 'path' },
    { name: 'vars', default: '{}' },
    { name: 'silent', default: false },
  ],
};

/** Without zones, and with those of the session. */
const bothWays = (
  define: typeof scalar,
  name: string,
  description: string,
  returns: SqlType,
  answer: (asked: Asked) => Value,
  example?: { sql: string; result: string },
): FunctionEntry[] =>
  [false, true].map((zoned) =>
    define(
      zoned ? `${name}_tz` : name,
      zoned ? `${description} Times without a zone are taken for the session's.` : description,
      [
        on([jsonb, jsonpath, jsonb, bool], returns, {
          ...(zoned && { volatility: 'stable' as const }),
          fold: asking(zoned, answer),
        }),
      ],
      { ...parameters, ...(example && !zoned && { example }) },
    ),
  );

export const jsonPathFunctions: readonly FunctionEntry[] = [
  operator(
    '@?',
    'Whether the path finds anything; NULL for an error.',
    [on([jsonb, jsonpath], bool, { op: 'jsonb_path_exists_opr', fold: asking(false, exists, true) })],
    { example: { sql: `'{"a": [1, 5]}'::jsonb @? '$.a[*] ? (@ > 4)'`, result: 'true' } },
  ),
  operator(
    '@@',
    'What the path says as a predicate; NULL where it is none.',
    [on([jsonb, jsonpath], bool, { op: 'jsonb_path_match_opr', fold: asking(false, match, true) })],
    { example: { sql: `'{"a": [1, 5]}'::jsonb @@ '$.a[*] > 4'`, result: 'true' } },
  ),
  ...bothWays(scalar, 'jsonb_path_exists', 'Whether the path finds anything.', bool, exists),
  ...bothWays(scalar, 'jsonb_path_match', 'What the path says as a predicate.', bool, match),
  ...bothWays(table, 'jsonb_path_query', 'All that the path finds.', jsonb, all, {
    sql: `jsonb_path_query('{"a": [1, 5]}', '$.a[*] * 2')`,
    result: '2, 10',
  }),
  ...bothWays(scalar, 'jsonb_path_query_array', 'All that the path finds, as an array.', jsonb, array, {
    sql: `jsonb_path_query_array('{"a": [1, 5]}', '$.a[*] ? (@ > $x)', '{"x": 2}')`,
    result: '[5]',
  }),
  ...bothWays(scalar, 'jsonb_path_query_first', 'The first that the path finds.', jsonb, first),
];
