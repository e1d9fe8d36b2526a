// Completion in both languages: keywords from the grammar, names from the scope of the cursor, functions from the registry.
import {
  expectedAfter,
  keywords,
  type Language,
  type Token,
  tokens as t,
  tokenize,
  wordOfType,
} from '../../grammar/index.js';
import { allFunctions, DiagnosticError } from '../core/index.js';
import { madeTables } from './made-tables.js';

const { kw } = t;

/** A table there is, as the catalogue knows it. */
export interface KnownTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
}

export interface Candidate {
  /** Quoted where it must be. */
  readonly text: string;
  readonly kind: 'keyword' | 'column' | 'table' | 'schema' | 'alias' | 'function';
}

export interface Completion {
  /** What lies between here and the cursor is replaced. */
  readonly start: number;
  readonly candidates: readonly Candidate[];
}

const nothing = (start: number): Completion => ({ start, candidates: [] });

/**
 * What may stand at the cursor and begins as the word before it does.
 * @param tables what there is; in the native language, the trees of its dataset
 */
export function complete(
  text: string,
  offset: number,
  tables: readonly KnownTable[],
  language: Language = 'sql',
): Completion {
  const before = text.slice(0, offset);
  const { start, partial, isQuoted } = wordAt(before, language);
  const prefix = before.slice(0, start);
  const tokens = tokensOf(prefix, language);
  if (!tokens) return nothing(offset);
  const first = tokens.map(({ tokenType }) => tokenType).lastIndexOf(t.Semicolon) + 1;
  const statement = language === 'sql' ? tokens.slice(first) : tokens;
  const rest = tokensOf(text.slice(offset), language) ?? [];
  const expected = expectations(prefix, statement, first, language);
  const all = [...(isQuoted ? [] : expected.words), ...names(expected, statement, rest, tables, language)];
  const wanted = partial.toLowerCase();
  const seen = new Set<string>();
  const candidates = all.filter(({ text: word }) => {
    const bare = word.startsWith('"') ? word.slice(1) : word;
    const fits = bare.toLowerCase().startsWith(wanted) && !seen.has(word);
    if (fits) seen.add(word);
    return fits;
  });
  return { start, candidates };
}

const lastWord = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*$/;
const lastPath = /(?:[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*\/)*[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*(?:;\d*)?$/;

/** The word that ends at the cursor, perhaps the beginning of a quoted name. */
function wordAt(before: string, language: Language): { start: number; partial: string; isQuoted: boolean } {
  try {
    tokenize(before, language);
  } catch (error) {
    const at = error instanceof DiagnosticError ? error.diagnostic.span?.start : undefined;
    if (at !== undefined && before[at] === '"') return { start: at, partial: before.slice(at + 1), isQuoted: true };
  }
  const word = (language === 'native' ? lastPath : lastWord).exec(before)?.[0] ?? '';
  return { start: before.length - word.length, partial: word, isQuoted: false };
}

function tokensOf(text: string, language: Language): Token[] | undefined {
  try {
    return tokenize(text, language);
  } catch (error) {
    if (error instanceof DiagnosticError) return undefined;
    throw error;
  }
}

interface Expected {
  readonly words: readonly Candidate[];
  readonly expression: boolean;
  readonly table: boolean;
  readonly column: boolean;
  readonly path: boolean;
}

/** What the next token may be decides the type of the last, so some are tried. */
const probes = new Map<string, readonly string[]>([
  ['(', ['x', 'select', 'insert']],
  [')', ['x', 'insert']],
  ['not', ['x', 'in']],
  ['nulls', ['first']],
  ['grouping', ['sets', '(']],
  ['similar', ['to']],
  ['is', ['x', 'null']],
]);

function expectations(prefix: string, statement: readonly Token[], first: number, language: Language): Expected {
  const words = new Map<string, Candidate>();
  const expected = { expression: false, table: false, column: false, path: false };
  const last = statement[statement.length - 1]?.image.toLowerCase() ?? '';
  const rule = language === 'native' ? 'nativeQuery' : 'script';
  for (const probe of probes.get(last) ?? ['x']) {
    const probed = tokensOf(`${prefix} ${probe}`, language);
    if (!probed) continue;
    for (const types of expectedAfter(rule, probed.slice(first, first + statement.length))) {
      const has = (type: { tokenTypeIdx?: number }) => types.has(type.tokenTypeIdx!);
      const isName = has(t.Identifier);
      if (isName && has(kw.SELECT)) {
        // Any word may stand here: a part of a path, or a label, which is the user's to choose.
        if (has(t.TreeCycle)) expected.path = true;
        else if (last === '.') expected.column = true;
        else if (last !== 'as' && has(kw.AS)) words.set('as', { text: 'as', kind: 'keyword' });
        continue;
      }
      if (isName && has(t.StringConstant) && has(kw.CASE)) expected.expression = true;
      else if (isName && has(kw.ONLY)) expected.table = true;
      else if (isName) expected.column = true;
      for (const type of types) {
        const word = wordOfType.get(type);
        if (word === undefined) continue;
        // Words that may be names themselves would be offered wherever a name may stand.
        if (isName && mayBeName.has(type)) continue;
        words.set(word, { text: word, kind: 'keyword' });
      }
    }
  }
  return { ...expected, words: [...words.values()] };
}

const mayBeName = new Set([...(t.ColId.categoryMatches ?? []), ...(t.TypeFuncWord.categoryMatches ?? [])]);

// ---- names -----------------------------------------------------------------------------------------------------------

const plain = /^[a-z_][a-z0-9_$]*$/;
/** SQL folds what is not quoted; the native language does not. */
function spell(name: string, language: Language): string {
  const isPlain =
    language === 'native' ? /^[A-Za-z_][\w$]*(?:\/[A-Za-z_][\w$]*)*(?:;\d+)?$/.test(name) : plain.test(name);
  return isPlain && !keywords.has(name.toLowerCase()) ? name : `"${name.replaceAll('"', '""')}"`;
}

interface Source {
  readonly alias: string;
  readonly table: KnownTable | undefined;
}

function names(
  expected: Expected,
  statement: readonly Token[],
  rest: readonly Token[],
  tables: readonly KnownTable[],
  language: Language,
): Candidate[] {
  const as = (kind: Candidate['kind']) => (name: string) => ({ text: spell(name, language), kind });
  const afterDot = statement[statement.length - 1]?.tokenType === t.Dot;
  if (language === 'native') return nativeNames(expected, statement, rest, tables, afterDot);
  const made = madeTables([...statement, ...rest], (own, before) =>
    tablesIn(own, [...before, ...tables]).map(({ table }) => table),
  ).filter(({ name }) => !tables.some((table) => table.name === name));
  const known = [...made, ...tables];
  const sources = scope(statement, rest, known);
  if (afterDot) {
    const owner = statement[statement.length - 2];
    if (!owner) return [];
    const source = sources.find(({ alias, table }) => table && isSame(alias, owner));
    const ofSchema = tables.filter(({ schema }) => isSame(schema, owner));
    const columns = source?.table?.columns ?? (ofSchema.length > 0 ? [] : (findTable([owner], known)?.columns ?? []));
    return [...columns.map(as('column')), ...(source ? [] : ofSchema.map(({ name }) => name).map(as('table')))];
  }
  if (expected.table || isTablePlace(statement))
    return [
      ...tables.map(({ name }) => name).map(as('table')),
      ...tables
        .map(({ schema }) => schema)
        .filter((name) => name !== '')
        .map(as('schema')),
      ...ctes(statement).map(as('table')),
    ];
  if (!expected.expression && !(expected.column && isColumnPlace(statement))) return [];
  return [
    ...sources
      .flatMap(({ table }) => table?.columns ?? [])
      .filter((name) => name !== '?column?')
      .map(as('column')),
    ...(expected.expression ? sources.map(({ alias }) => alias).map(as('alias')) : []),
    ...(expected.expression ? functionNames() : []),
  ];
}

function nativeNames(
  expected: Expected,
  statement: readonly Token[],
  rest: readonly Token[],
  tables: readonly KnownTable[],
  afterDot: boolean,
): Candidate[] {
  const as = (kind: Candidate['kind']) => (name: string) => ({ text: spell(name, 'native'), kind });
  const inPaths = statement.some(({ tokenType }) => tokenType === t.PROJECT);
  if (afterDot) return (findTable([statement[statement.length - 2]!], tables)?.columns ?? []).map(as('column'));
  if (inPaths) return expected.path || expected.column ? tables.map(({ name }) => name).map(as('table')) : [];
  if (!expected.expression) return [];
  const project = rest.findIndex(
    ({ tokenType, image }) => tokenType === t.PROJECT || image.toLowerCase() === 'project',
  );
  const named = project < 0 ? undefined : rest[project + 1];
  const tree = named && findTable([named], tables);
  const columns = new Set((tree ? [tree] : tables).flatMap((table) => table.columns));
  return [...[...columns, 'event_id'].map(as('column')), ...functionNames()];
}

/** Functions with a syntax of their own. */
const special = ['coalesce', 'extract', 'nullif', 'overlay', 'position', 'substring', 'trim', 'try_cast'];

const functionNames = (): Candidate[] =>
  [
    ...special,
    ...allFunctions()
      .map(({ name }) => name)
      .filter((name) => plain.test(name)),
  ].map((text) => ({
    text,
    kind: 'function',
  }));

const isSame = (name: string, token: Token): boolean =>
  name === token.value || (token.tokenType !== t.QuotedIdentifier && name.toLowerCase() === token.value.toLowerCase());

function findTable(parts: readonly Token[], tables: readonly KnownTable[]): KnownTable | undefined {
  const name = parts[parts.length - 1]!;
  const schema = parts[parts.length - 2];
  return tables.find((table) => isSame(table.name, name) && (!schema || isSame(table.schema, schema)));
}

/** UPDATE, INTO, TABLE and the like take a table's name. */
const isTablePlace = (statement: readonly Token[]): boolean => {
  const last = statement[statement.length - 1]?.tokenType;
  return last === kw.UPDATE || last === kw.INTO || last === kw.TABLE || last === kw.COPY;
};

/** The list of an INSERT or of USING, and what SET changes. */
const isColumnPlace = (statement: readonly Token[]): boolean => {
  let depth = 0;
  for (let i = statement.length - 1; i >= 0; i--) {
    const { image, tokenType } = statement[i]!;
    if (image === ')') depth++;
    else if (image === '(' && depth-- === 0) {
      const before = statement.slice(0, i).map((token) => token.tokenType);
      return before.includes(kw.INTO) || before[i - 1] === kw.USING;
    } else if (depth === 0 && tokenType === kw.SET) return statement[0]?.tokenType === kw.UPDATE;
  }
  return false;
};

function ctes(statement: readonly Token[]): string[] {
  return statement
    .filter((_, i) => statement[i + 1]?.tokenType === kw.AS && statement[i + 2]?.image === '(')
    .map(({ value }) => value);
}

const startsTable = new Set([kw.FROM, kw.JOIN, kw.UPDATE, kw.INTO, kw.USING]);
const isNamePart = (token: Token | undefined): token is Token =>
  token !== undefined && token.tokenType.CATEGORIES!.includes(t.ColId);

/** The tables of the query around the cursor and of those around it, the nearest first. */
function scope(before: readonly Token[], after: readonly Token[], tables: readonly KnownTable[]): Source[] {
  const sources: Source[] = [];
  let level = before.length;
  let end = 0;
  for (;;) {
    // Back to the bracket that is open here, and on to its end; what is in brackets of its own is not in scope.
    const own: Token[] = [];
    let depth = 0;
    let i = level - 1;
    for (; i >= 0 && !(depth === 0 && before[i]!.image === '('); i--) {
      if (before[i]!.image === ')') depth++;
      if (depth === 0) own.unshift(before[i]!);
      if (before[i]!.image === '(') depth--;
      if (depth === 0 && before[i]!.tokenType === kw.SELECT) {
        i = lastOpen(before, i);
        break;
      }
    }
    depth = 0;
    for (; end < after.length && !(depth === 0 && after[end]!.image === ')'); end++) {
      if (after[end]!.image === '(') depth++;
      if (depth === 0) own.push(after[end]!);
      if (after[end]!.image === ')') depth--;
    }
    end++;
    sources.push(...tablesIn(own, tables));
    if (i < 0) return sources;
    level = i;
  }
}

/** The bracket that is open before the token at `at`, or -1. */
function lastOpen(tokens: readonly Token[], at: number): number {
  let depth = 0;
  for (let i = at - 1; i >= 0; i--) {
    if (tokens[i]!.image === ')') depth++;
    else if (tokens[i]!.image === '(' && depth-- === 0) return i;
  }
  return -1;
}

function tablesIn(own: readonly Token[], tables: readonly KnownTable[]): Source[] {
  const sources: Source[] = [];
  let inFrom = false;
  for (let i = 0; i < own.length; i++) {
    const type = own[i]!.tokenType;
    if (type === kw.UNION || type === kw.INTERSECT || type === kw.EXCEPT) return sources;
    if (type === kw.WHERE || type === kw.GROUP || type === kw.ORDER) inFrom = false;
    if (startsTable.has(type)) inFrom = true;
    if (!startsTable.has(type) && !(inFrom && type === t.Comma)) continue;
    const parts: Token[] = [];
    // What stood in brackets is named after it.
    if (own[i + 1]?.tokenType === kw.AS) i++;
    while (isNamePart(own[i + 1])) {
      parts.push(own[++i]!);
      if (own[i + 1]?.tokenType !== t.Dot) break;
      i++;
    }
    if (parts.length === 0) continue;
    const table = findTable(parts, tables);
    if (own[i + 1]?.tokenType === kw.AS) i++;
    const alias = isNamePart(own[i + 1]) && own[i + 1]!.tokenType !== kw.SET ? own[++i]! : parts[parts.length - 1]!;
    sources.push({
      alias:
        alias.tokenType === t.QuotedIdentifier
          ? alias.value
          : table && alias === parts[parts.length - 1]
            ? table.name
            : alias.value,
      table,
    });
  }
  return sources;
}
