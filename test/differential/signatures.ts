// Which documented signatures the statements use, by PostgreSQL's own word: it prints the parsed tree of a statement (debug_print_parse), and in the
// tree stand the oids of the functions, operators and casts that the statement resolved to.
import { readFileSync } from 'node:fs';
import type pg from 'pg';
import type { PostgresServer } from '../support/postgres.js';
import { allNodes, isList, type ParseNode, type ParseValue, parseNodeTree, typeOfNode } from './node-tree.js';
import { loadPostgres } from './sample-tables.js';
import type { DifferentialStatement } from './statement-file.js';

/** The types this system has or has been asked for; signatures over others count where the documentation writes the type out. */
const types = [
  'boolean smallint integer bigint numeric real',
  'double precision|date|interval|text|character varying|character|bytea|json|jsonb|jsonpath|uuid|record',
  'time without time zone|time with time zone|timestamp without time zone|timestamp with time zone',
].flatMap((line) => (line.includes('|') ? line.split('|') : line.split(' ')));

/** The pseudo-types that stand for one of those types. */
const polymorphic = new Set([
  '"any"',
  'anyelement',
  'anyarray',
  'anynonarray',
  'anycompatible',
  'anycompatiblearray',
  'anycompatiblenonarray',
  'record[]',
]);

export interface Signature {
  readonly chapter: string;
  /** As PostgreSQL prints it: `round(numeric, integer)`, `integer + bigint`, `integer::text`. */
  readonly text: string;
  /** `proc:OID`, `operator:OID`, `cast:SOURCE:TARGET` or `syntax:NODE`. */
  readonly key: string;
}

/** What has a node of its own in the tree instead of a function or an operator. */
const syntax: readonly (readonly [chapter: string, text: string, node: string])[] = [
  ['comparison', 'IS [NOT] NULL', 'NULLTEST'],
  ['comparison', 'IS TRUE | FALSE | UNKNOWN', 'BOOLEANTEST'],
  ['comparison', 'IS DISTINCT FROM', 'DISTINCTEXPR'],
  ['comparison', 'ANY | ALL (array)', 'SCALARARRAYOPEXPR'],
  ['comparison', 'row comparison', 'ROWCOMPAREEXPR'],
  ['logical', 'AND | OR | NOT', 'BOOLEXPR'],
  ['conditional', 'CASE', 'CASEEXPR'],
  ['conditional', 'COALESCE', 'COALESCEEXPR'],
  ['conditional', 'NULLIF', 'NULLIFEXPR'],
  ['conditional', 'GREATEST | LEAST', 'MINMAXEXPR'],
  ['datetime', 'CURRENT_DATE and its kin', 'SQLVALUEFUNCTION'],
  ['array', 'ARRAY[]', 'ARRAYEXPR'],
  ['array', 'subscripts and slices', 'SUBSCRIPTINGREF'],
  ['aggregate', 'GROUPING', 'GROUPINGFUNC'],
  ['subquery', 'EXISTS | IN | ANY | ALL', 'SUBLINK'],
];

interface DocumentedName {
  readonly chapter: string;
  readonly kind: string;
  readonly name: string;
  readonly types: readonly string[];
}

function readDocumented(): DocumentedName[] {
  const text = readFileSync(new URL('./documented.tsv', import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [chapter, kind, name, written] = line.split('\t');
      return { chapter: chapter!, kind: kind!, name: name!, types: written === '' ? [] : written!.split(',') };
    });
}

/** The documented signatures that no statement uses. */
export async function unusedSignatures(
  server: PostgresServer,
  statements: readonly DifferentialStatement[],
): Promise<{ readonly unused: readonly Signature[]; readonly total: number }> {
  const client = await server.connect();
  try {
    await loadPostgres(client);
    const used = await usedSignatures(client, statements);
    const signatures = await documentedSignatures(client);
    return { unused: signatures.filter((s) => !used.has(s.key)), total: signatures.length };
  } finally {
    await client.end();
  }
}

/** Every documented signature: the documented names, over the types at hand, as the server's catalogue has them. */
async function documentedSignatures(client: pg.Client): Promise<Signature[]> {
  const documented = readDocumented();
  const named = (kind: string, name: string) => documented.filter((d) => d.kind === kind && d.name === name);
  const elements = new Set([...types, ...types.map((t) => `${t}[]`)]);
  const plausible = (type: string, written: readonly string[]) =>
    elements.has(type) || polymorphic.has(type) || type === '-' || written.includes(type);
  const signatures = new Map<string, Signature>(
    syntax.map(([chapter, text, node]) => [`syntax:${node}`, { chapter, text, key: `syntax:${node}` }]),
  );

  const procs = await client.query<string[]>({
    rowMode: 'array',
    text: `SELECT p.oid, p.proname, array_to_string(array(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) t), '|'), p.provariadic
      FROM pg_proc p WHERE pronamespace = 'pg_catalog'::regnamespace ORDER BY 2, 3`,
  });
  for (const [oid, name, args] of procs.rows) {
    const argTypes = args === '' ? [] : args!.split('|');
    for (const entry of named('function', name!)) {
      if (!argTypes.every((t) => plausible(t, entry.types))) continue;
      const text = `${name}(${argTypes.join(', ')})`;
      if (!signatures.has(`proc:${oid}`))
        signatures.set(`proc:${oid}`, { chapter: entry.chapter, text, key: `proc:${oid}` });
    }
  }

  const operators = await client.query<string[]>({
    rowMode: 'array',
    text: `SELECT oid, oprname, CASE WHEN oprleft = 0 THEN '-' ELSE format_type(oprleft, NULL) END, format_type(oprright, NULL)
      FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace ORDER BY 2, 3, 4`,
  });
  for (const [oid, name, left, right] of operators.rows) {
    for (const entry of named('operator', name!)) {
      if (!plausible(left!, entry.types) || !plausible(right!, entry.types)) continue;
      // An operator of one chapter has another meaning over types of another one (text @@ text searches).
      const isWritten = (type: string) => polymorphic.has(type) || entry.types.includes(type);
      if (entry.types.length > 0 && !isWritten(left!) && !isWritten(right!)) continue;
      const text = left === '-' ? `${name} ${right}` : `${left} ${name} ${right}`;
      if (!signatures.has(`operator:${oid}`))
        signatures.set(`operator:${oid}`, { chapter: entry.chapter, text, key: `operator:${oid}` });
    }
  }

  const casts = await client.query<string[]>({
    rowMode: 'array',
    text: 'SELECT castsource::oid, casttarget::oid, format_type(castsource, NULL), format_type(casttarget, NULL) FROM pg_cast ORDER BY 3, 4',
  });
  for (const [source, target, from, to] of casts.rows) {
    // A cast from a type to itself applies a length or a precision.
    if (!elements.has(from!) || !elements.has(to!)) continue;
    const key = `cast:${source}:${target}`;
    signatures.set(key, { chapter: 'cast', text: `${from}::${to}`, key });
  }
  return [...signatures.values()];
}

/** The keys of all signatures that the statements use. Statements that PostgreSQL refuses while parsing use none. */
async function usedSignatures(client: pg.Client, statements: readonly DifferentialStatement[]): Promise<Set<string>> {
  const used = new Set<string>();
  const onNotice = (notice: { message: string | undefined; detail: string | undefined }) => {
    if (notice.message !== 'parse tree:' || notice.detail === undefined) return;
    for (const node of allNodes(parseNodeTree(notice.detail))) addUsed(node, used);
  };
  client.on('notice', onNotice);
  await client.query(
    `SET debug_print_parse = on; SET debug_pretty_print = off; SET client_min_messages = log; SET statement_timeout = '5s'`,
  );
  try {
    for (const { sql } of statements) await client.query({ text: sql, rowMode: 'array' }).catch(() => undefined);
  } finally {
    await client.query('ROLLBACK; RESET debug_print_parse; RESET client_min_messages').catch(() => undefined);
    client.off('notice', onNotice);
  }
  return used;
}

function addUsed(node: ParseNode, used: Set<string>): void {
  used.add(`syntax:${node.tag}`);
  const oid = (field: string): string | undefined => {
    const value = node.fields.get(field);
    return typeof value === 'string' && value !== '0' ? value : undefined;
  };
  for (const field of ['funcid', 'aggfnoid', 'winfnoid']) {
    const found = oid(field);
    if (found !== undefined) used.add(`proc:${found}`);
  }
  const operator = oid('opno');
  if (operator !== undefined) used.add(`operator:${operator}`);
  const operators = node.fields.get('opnos');
  if (isList(operators)) for (const one of operators) if (typeof one === 'string') used.add(`operator:${one}`);
  const argument = castArgument(node);
  const source = argument && typeOfNode(argument);
  const target = typeOfNode(node);
  if (source !== undefined && target !== undefined) used.add(`cast:${source}:${target}`);
}

/** The argument of a node that casts, else `undefined`. */
function castArgument(node: ParseNode): ParseNode | undefined {
  if (node.tag === 'RELABELTYPE' || node.tag === 'COERCEVIAIO' || node.tag === 'ARRAYCOERCEEXPR')
    return asNode(node.fields.get('arg'));
  // funcformat 1 and 2 are explicit and implicit casts.
  if (node.tag !== 'FUNCEXPR' || node.fields.get('funcformat') === '0') return undefined;
  const args = node.fields.get('args');
  return isList(args) ? asNode(args[0]) : undefined;
}

const asNode = (value: ParseValue | undefined): ParseNode | undefined =>
  value === undefined || typeof value === 'string' || isList(value) ? undefined : value;
