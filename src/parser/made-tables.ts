// For completion: the columns of CTEs and of subqueries in FROM, read off the tokens of a statement that may not be whole.
import { type Token, tokens as t } from '../../grammar/index.js';
import type { KnownTable } from './complete.js';

const { kw } = t;
const isName = (token: Token | undefined): token is Token =>
  token !== undefined && token.tokenType.CATEGORIES!.includes(t.ColId);
const endsItems = new Set([kw.FROM, kw.WHERE, kw.GROUP, kw.HAVING, kw.WINDOW, kw.ORDER, kw.LIMIT, kw.OFFSET, kw.UNION]);

/** @param tablesOf the tables that tokens outside of brackets name */
export function madeTables(
  statement: readonly Token[],
  tablesOf: (own: readonly Token[], made: readonly KnownTable[]) => readonly (KnownTable | undefined)[],
): KnownTable[] {
  const made: KnownTable[] = [];
  for (let i = 0; i < statement.length; i++) {
    const first = statement[i + 1]?.tokenType;
    if (
      statement[i]!.image !== '(' ||
      (first !== kw.SELECT && statement[i + 1]?.image.toLowerCase() !== 'values' && first !== kw.WITH)
    )
      continue;
    const end = closing(statement, i);
    const found = named(statement, i, end);
    if (!found) continue;
    const inner = statement.slice(i + 1, end);
    const labels = labelsOf(inner, (own) => tablesOf(own, made));
    made.push({ schema: '', name: found.name, columns: labels.map((label, at) => found.columns[at] ?? label) });
  }
  return made;
}

function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (tokens[i]!.image === '(') depth++;
    if (tokens[i]!.image === ')' && --depth === 0) return i;
  }
  return tokens.length;
}

/** `name (columns) AS (…)` and `(…) AS name (columns)`. */
function named(tokens: readonly Token[], open: number, end: number): { name: string; columns: string[] } | undefined {
  let before = open - 1;
  while (tokens[before]?.tokenType === kw.MATERIALIZED || tokens[before]?.tokenType === kw.NOT) before--;
  if (tokens[before]?.tokenType === kw.AS) {
    let at = before - 1;
    let columns: string[] = [];
    if (tokens[at]?.image === ')') {
      const list = tokens
        .slice(0, at)
        .map((token) => token.image)
        .lastIndexOf('(');
      columns = namesIn(tokens.slice(list + 1, at));
      at = list - 1;
    }
    if (isName(tokens[at])) return { name: tokens[at]!.value, columns };
  }
  const name = tokens[end + 1]?.tokenType === kw.AS ? end + 2 : end + 1;
  if (!isName(tokens[name])) return undefined;
  const list = tokens[name + 1]?.image === '(' ? tokens.slice(name + 2, closing(tokens, name + 1)) : [];
  return { name: tokens[name]!.value, columns: namesIn(list) };
}

const namesIn = (tokens: readonly Token[]): string[] => tokens.filter(isName).map((token) => token.value);

function labelsOf(
  inner: readonly Token[],
  tablesOf: (own: readonly Token[]) => readonly (KnownTable | undefined)[],
): string[] {
  const own: Token[] = [];
  let depth = 0;
  for (const token of inner) {
    if (token.image === '(') depth++;
    if (depth === 0) own.push(token);
    // What is in brackets has no say but that it is there.
    if (token.image === ')' && --depth === 0) own.push(token);
  }
  const select = own.findIndex((token) => token.tokenType === kw.SELECT);
  if (select < 0)
    return ['column1', 'column2', 'column3'].slice(0, 1 + own.filter((c) => c.tokenType === t.Comma).length);
  const labels: string[] = [];
  let item: Token[] = [];
  const finish = () => {
    const last = item.at(-1);
    if (last?.image === '*' && item.length <= 3) labels.push(...tablesOf(own).flatMap((table) => table?.columns ?? []));
    else labels.push(isName(last) ? last.value : '?column?');
    item = [];
  };
  for (const token of own.slice(select + 1)) {
    if (endsItems.has(token.tokenType)) break;
    if (token.tokenType === t.Comma) finish();
    else item.push(token);
  }
  finish();
  return labels;
}
