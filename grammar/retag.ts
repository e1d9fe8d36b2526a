// Between scanner and parsers: gives words and parentheses their final type by looking at their neighbours, as PostgreSQL's
// base_yylex does, so that one token of lookahead suffices for the grammar; and counts nesting, before anything recurses.
import type { TokenType } from 'chevrotain';
import { fail } from '../src/core/index.js';
import type { Language } from './scanner.js';
import * as t from './tokens.js';
import { kw, type Token } from './tokens.js';

/** How deep parentheses, brackets, CASE, pending joins and lambdas may nest. */
export const maxNesting = 200;

type Rule = (token: Token, next: TokenType | undefined, i: number, tokens: Token[]) => void;

function become(token: Token, type: TokenType): void {
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx!;
}

/** What may follow a select item: a keyword before it that is no operand is a label. */
const afterLabel = new Set<TokenType | undefined>([
  undefined,
  t.Comma,
  t.RParen,
  t.Semicolon,
  kw.FROM,
  kw.WHERE,
  kw.GROUP,
  kw.HAVING,
  kw.WINDOW,
  kw.UNION,
  kw.INTERSECT,
  kw.EXCEPT,
  kw.ORDER,
  kw.LIMIT,
  kw.OFFSET,
  kw.FETCH,
  kw.FOR,
  kw.INTO,
]);
const labelUnlessOperand =
  (label: TokenType): Rule =>
  (token, next) => {
    if (afterLabel.has(next)) become(token, label);
  };
const when =
  (type: TokenType, ...followers: TokenType[]): Rule =>
  (token, next) => {
    if (next && followers.includes(next)) become(token, type);
  };
const unless =
  (otherwise: TokenType, ...followers: TokenType[]): Rule =>
  (token, next) => {
    if (!next || !followers.includes(next)) become(token, otherwise);
  };

/** Column names that are functions with a syntax of their own before a parenthesis. */
const callTypes: Readonly<Record<string, TokenType>> = {
  coalesce: t.ListFunction,
  greatest: t.ListFunction,
  least: t.ListFunction,
  nullif: t.ListFunction,
  extract: t.EXTRACT,
  normalize: t.NORMALIZE,
  overlay: t.OVERLAY,
  position: t.POSITION,
  substring: t.SUBSTRING,
  treat: t.TREAT,
  trim: t.TRIM,
  exists: t.EXISTS,
  values: t.VALUES,
};

/** A column word that can be no alias: behind DISTINCT ON (…) and OPERATOR(…). */
function callOf(token: Token | undefined, next: Token | undefined): void {
  const type = token?.tokenType === t.ColNameWord ? callTypes[token.image.toLowerCase()] : undefined;
  if (type && next?.tokenType === t.ExprParen) become(token!, type);
}

/** After these a word is an alias, so a parenthesis opens its column list. */
const endsOperand = new Set<TokenType | undefined>([t.Identifier, t.QuotedIdentifier, t.RParen, kw.AS]);

const columnWord: Rule = (token, next, i, tokens) => {
  if (next !== t.ExprParen && next !== t.QueryParen) return;
  if (endsOperand.has(tokens[i - 1]?.tokenType)) return;
  const word = token.image.toLowerCase();
  if (word.startsWith('xml'))
    throw fail('feature_not_supported', `${word} is not supported`, {
      span: { start: token.startOffset, end: token.endOffset + 1 },
    });
  const type = callTypes[word];
  if (type) become(token, type);
};

const beforeTimeZone = new Set<TokenType | undefined>([kw.SET, kw.SESSION, kw.LOCAL, kw.SHOW, kw.RESET]);

const typeWord: Rule = (token, next, i, tokens) => {
  switch (token.value.toLowerCase()) {
    case 'char':
    case 'character':
    case 'nchar':
    case 'bit':
      if (next === kw.VARYING) become(token, t.VaryingType);
      return;
    case 'national':
      if (next === t.TypeWord || next === t.TypeWordAs) become(token, t.NATIONAL);
      return;
    case 'time':
    case 'timestamp':
      if (next === t.ExprParen || next === kw.WITH || next === kw.WITHOUT) become(token, t.TimeType);
      else if (next === kw.ZONE && beforeTimeZone.has(tokens[i - 1]?.tokenType)) become(token, t.TIME_ZONE);
      return;
    case 'interval':
      if (next === t.StringConstant || next === t.ExprParen || next?.CATEGORIES?.includes(t.IntervalField))
        become(token, t.INTERVAL);
      return;
  }
};

/** `lambda x:` or `lambda x, y:`; `try_cast(`; `ignore nulls`. */
const contextWord: Rule = (token, next, i, tokens) => {
  switch (token.image.toLowerCase()) {
    case 'lambda':
      for (let at = i + 1; tokens[at]?.tokenType.CATEGORIES?.includes(t.ColId); at += 2) {
        const after = tokens[at + 1]?.tokenType;
        if (after === t.Colon) return become(token, t.LAMBDA);
        if (after !== t.Comma) return;
      }
      return;
    case 'try_cast':
      if (next === t.ExprParen) become(token, t.TRY_CAST);
      return;
    case 'ignore':
    case 'respect':
      if (tokens[i + 1]?.image.toLowerCase() === 'nulls') become(token, t.NullTreatment);
      return;
  }
};

const rules: (Rule | undefined)[] = [];
const on = (type: TokenType, rule: Rule) => {
  rules[type.tokenTypeIdx!] = rule;
};
const predicates = [kw.BETWEEN, kw.IN, kw.LIKE, kw.ILIKE, kw.SIMILAR];
on(kw.NOT, (token, next) => {
  if (next && predicates.includes(next)) become(token, t.NOT_LA);
  else if (afterLabel.has(next)) become(token, t.LabelWord);
});
for (const type of [kw.AND, kw.OR, kw.IN, kw.COLLATE]) on(type, labelUnlessOperand(t.LabelWord));
for (const type of [kw.IS, kw.LIKE, kw.ILIKE]) on(type, labelUnlessOperand(t.TypeFuncLabel));
on(kw.SIMILAR, (token, next) => {
  if (next === kw.TO) become(token, t.SIMILAR_TO);
  else if (afterLabel.has(next)) become(token, t.TypeFuncLabel);
});
on(kw.BETWEEN, labelUnlessOperand(t.ColNameWord));
on(kw.ESCAPE, labelUnlessOperand(t.UnreservedWord));
on(kw.AT, (token, _next, i, tokens) => {
  const after = tokens[i + 1];
  if (after?.image.toLowerCase() !== 'time') become(token, t.UnreservedWord);
});
on(t.ColNameWord, columnWord);
on(kw.ROW, when(t.ROW_CALL, t.ExprParen));
on(kw.GROUPING, (token, next) => {
  if (next === t.ExprParen) become(token, t.ListFunction);
  else if (next === kw.SETS) become(token, t.GROUPING_SETS);
});
on(kw.COLLATION, when(t.COLLATION_FOR, kw.FOR));
on(kw.CUBE, unless(t.UnreservedWord, t.ExprParen));
on(kw.ROLLUP, unless(t.UnreservedWord, t.ExprParen));
on(kw.RECURSIVE, (token, next) => {
  if (next === kw.AS || next === t.ExprParen) become(token, t.UnreservedWord);
});
on(kw.IF, (token, _next, i, tokens) => {
  const after = tokens[i + 1]?.tokenType === kw.NOT ? tokens[i + 2] : tokens[i + 1];
  if (after?.image.toLowerCase() === 'exists') become(token, t.IF_EXISTS);
});
on(kw.CURRENT, (token, next, i, tokens) => {
  if (next === kw.OF && tokens[i - 1]?.tokenType === kw.WHERE) become(token, t.CURRENT_OF);
});
on(t.TypeWord, typeWord);
on(t.TypeWordAs, typeWord);
on(t.ContextWord, contextWord);
on(kw.WITH, (token, next, i, tokens) => {
  if (next === kw.ORDINALITY || tokens[i + 1]?.image.toLowerCase() === 'time') become(token, t.WITH_LA);
});

/** Words that share a type with others: told apart by their spelling. */
const byWord: Readonly<Record<string, Rule>> = {
  nulls: when(t.NULLS_LA, kw.FIRST, kw.LAST),
  operator: when(t.OPERATOR, t.ExprParen),
  double: when(t.DOUBLE, kw.PRECISION),
};
on(t.UnreservedWord, (token, next, i, tokens) => byWord[token.image.toLowerCase()]?.(token, next, i, tokens));

// ---- parentheses and depth -------------------------------------------------------------------------------------------

const startsQuery = new Set<TokenType | undefined>([kw.SELECT, kw.WITH, t.WITH_LA, kw.TABLE]);
/** After `((select …)`: the outer parenthesis holds a query too. */
const continuesQuery = new Set<TokenType | undefined>([
  t.RParen,
  kw.UNION,
  kw.INTERSECT,
  kw.EXCEPT,
  kw.ORDER,
  kw.LIMIT,
  kw.OFFSET,
  kw.FETCH,
  kw.FOR,
]);
const joinWords = new Set<TokenType | undefined>([kw.INNER, kw.LEFT, kw.RIGHT, kw.FULL, kw.OUTER]);

interface Level {
  readonly open: number;
  isQuery: boolean;
  /** Where a WITH stands whose statement has not begun yet. */
  with: number;
  /** Between INSERT, CREATE or PREPARE and its query. */
  awaits: TokenType | undefined;
  /** After FROM: what a comma divides are tables. */
  isFrom: boolean;
  joins: number;
  lambdas: number;
}

function newLevel(open: number): Level {
  return { open, isQuery: false, with: -1, awaits: undefined, isFrom: false, joins: 0, lambdas: 0 };
}

/** The first join and the first lambda within a bracket are of its own level: `f(lambda x: f(lambda y: …))` nests twice. */
function extra({ joins, lambdas }: Level): number {
  return Math.max(0, joins - 1) + Math.max(0, lambdas - 1);
}

const changes = new Set<TokenType | undefined>([kw.INSERT, kw.UPDATE, kw.DELETE]);
/** What a parenthesis with joins in it follows. */
const beforeTable = new Set<TokenType | undefined>([kw.FROM, kw.JOIN, t.Comma, t.ExprParen]);
/** What a parenthesis with an INSERT, UPDATE or DELETE in it follows. */
const beforeChange = new Set<TokenType | undefined>([kw.AS, kw.MATERIALIZED, kw.COPY]);

/** The end of a CTE, its SEARCH and CYCLE clauses included. */
const afterCtes = new Set<TokenType | undefined>([t.RParen, t.Identifier, t.QuotedIdentifier]);

class Nesting {
  private readonly levels: Level[] = [newLevel(-1)];
  private depth = 0;
  private readonly tokens: Token[];

  constructor(tokens: Token[]) {
    this.tokens = tokens;
  }

  deeper(token: Token): void {
    if (++this.depth > maxNesting)
      throw fail('statement_too_complex', 'the statement is nested too deeply', {
        span: { start: token.startOffset, end: token.endOffset + 1 },
        hint: `At most ${maxNesting} levels of parentheses, brackets, CASE and the like are possible.`,
      });
  }

  open(token: Token, i: number): void {
    this.deeper(token);
    this.levels.push(newLevel(i));
  }

  openParen(token: Token, i: number): void {
    this.open(token, i);
    const next = this.tokens[i + 1]?.tokenType;
    if (next === t.RParen) {
      become(token, t.EmptyParen);
      return;
    }
    if (changes.has(next) && beforeChange.has(this.tokens[i - 1]?.tokenType)) {
      become(token, t.ChangeParen);
      return;
    }
    const first = next === t.ColNameWord ? this.tokens[i + 1]!.image.toLowerCase() : '';
    if (startsQuery.has(next) || (first === 'values' && this.tokens[i + 2]?.tokenType === t.ExprParen))
      this.queryAt(this.levels[this.levels.length - 1]!);
  }

  private queryAt(level: Level): void {
    level.isQuery = true;
    become(this.tokens[level.open]!, t.QueryParen);
  }

  close(i: number, round: boolean): void {
    if (this.levels.length === 1) return;
    const level = this.levels.pop()!;
    this.depth -= 1 + extra(level);
    const before = this.tokens[level.open - 1]?.tokenType;
    if (before === t.OPERATOR || (before === kw.ON && this.tokens[level.open - 2]?.tokenType === kw.DISTINCT))
      callOf(this.tokens[i + 1], this.tokens[i + 2]);
    if (!round || !level.isQuery) return;
    const outer = this.levels[this.levels.length - 1]!;
    if (outer.open >= 0 && outer.open === level.open - 1 && this.tokens[outer.open]!.tokenType === t.ExprParen)
      if (continuesQuery.has(this.tokens[i + 1]?.tokenType)) this.queryAt(outer);
  }

  comma(): void {
    const level = this.levels[this.levels.length - 1]!;
    this.depth -= extra(level);
    level.joins = 0;
    level.lambdas = 0;
  }

  lambda(token: Token): void {
    if (this.levels[this.levels.length - 1]!.lambdas++ > 0) this.deeper(token);
  }

  /** A join waits for its condition, except CROSS and NATURAL ones. */
  join(token: Token, i: number): void {
    let before = i - 1;
    while (joinWords.has(this.tokens[before]?.tokenType)) before--;
    const type = this.tokens[before]?.tokenType;
    if (type === kw.CROSS || type === kw.NATURAL) return;
    if (this.levels[this.levels.length - 1]!.joins++ > 0) this.deeper(token);
  }

  joinCondition(): void {
    const level = this.levels[this.levels.length - 1]!;
    if (level.joins === 0) return;
    if (--level.joins > 0) this.depth--;
  }

  with(i: number): void {
    const level = this.levels[this.levels.length - 1]!;
    if (level.with < 0) level.with = i;
  }

  /** SELECT, VALUES, TABLE: what begins here is no change, and has rows of its own. */
  statement(token: Token): void {
    const level = this.levels[this.levels.length - 1]!;
    level.with = -1;
    level.isFrom = false;
    if (token.tokenType !== kw.TABLE) level.awaits = undefined;
  }

  from(i: number): void {
    if (this.tokens[i - 1]?.tokenType !== kw.DISTINCT) this.levels[this.levels.length - 1]!.isFrom = true;
  }

  /** ROWS FROM, where a table may stand. */
  rows(token: Token, i: number): void {
    if (this.tokens[i + 1]?.tokenType !== kw.FROM) return;
    const before = this.tokens[i - 1]?.tokenType;
    const isTable = before === t.Comma && this.levels[this.levels.length - 1]!.isFrom;
    const inParens = before === t.ExprParen && beforeTable.has(this.tokens[i - 2]?.tokenType);
    if (isTable || inParens || before === kw.FROM || before === kw.JOIN || before === kw.LATERAL)
      become(token, t.ROWS_FROM);
  }

  /** INSERT, UPDATE, DELETE: right after its CTEs, a WITH becomes the change's. */
  change(token: Token, i: number): void {
    const level = this.levels[this.levels.length - 1]!;
    if (level.with >= 0 && afterCtes.has(this.tokens[i - 1]?.tokenType)) {
      become(this.tokens[level.with]!, t.WITH_CHANGE);
      if (level.open >= 0 && level.open === level.with - 1 && beforeChange.has(this.tokens[level.open - 1]?.tokenType))
        become(this.tokens[level.open]!, t.ChangeParen);
    }
    level.with = -1;
    level.awaits = token.tokenType === kw.INSERT ? kw.INSERT : undefined;
  }

  /** CREATE, PREPARE. */
  definition(token: Token, i: number): void {
    const before = this.tokens[i - 1]?.tokenType;
    if (token.tokenType === kw.CREATE || before === undefined || before === t.Semicolon)
      this.levels[this.levels.length - 1]!.awaits = kw.AS;
  }

  /** VALUES after INSERT or AS: no alias, as it would be in FROM. */
  columnWord(token: Token, i: number): void {
    const level = this.levels[this.levels.length - 1]!;
    if (token.image.toLowerCase() !== 'values') return;
    const next = this.tokens[i + 1]?.tokenType;
    const word = this.tokens[i - 2]?.tokenType;
    const endsCte = this.tokens[i - 1]?.tokenType === t.RParen || word === kw.SET || word === kw.USING;
    if (level.with >= 0 && endsCte && next === t.ExprParen) become(token, t.VALUES);
    if (!level.awaits) return;
    if (next !== undefined && next !== t.ExprParen) return;
    const before = this.tokens[i - 1]?.tokenType;
    if (level.awaits === kw.AS ? before !== kw.AS : before === kw.INTO || before === kw.DEFAULT) return;
    become(token, t.VALUES);
    level.awaits = undefined;
  }

  /** CASE and END as keywords, not as labels. */
  case(token: Token, i: number, delta: 1 | -1): void {
    const before = this.tokens[i - 1]?.tokenType;
    if (before === t.Dot || before === kw.AS) return;
    if (delta === 1) this.deeper(token);
    else if (this.depth > 0) this.depth--;
  }
}

type NestingStep = (nesting: Nesting, token: Token, i: number) => void;
const nestingSteps: (NestingStep | undefined)[] = [];
const step = (type: TokenType, run: NestingStep) => {
  nestingSteps[type.tokenTypeIdx!] = run;
};
step(t.ExprParen, (nesting, token, i) => nesting.openParen(token, i));
for (const type of [t.LBracket, t.LBrace]) step(type, (nesting, token, i) => nesting.open(token, i));
step(t.RParen, (nesting, _token, i) => nesting.close(i, true));
for (const type of [t.RBracket, t.RBrace]) step(type, (nesting, _token, i) => nesting.close(i, false));
step(t.Comma, (nesting) => nesting.comma());
step(t.LAMBDA, (nesting, token) => nesting.lambda(token));
step(kw.CASE, (nesting, token, i) => nesting.case(token, i, 1));
step(kw.END, (nesting, token, i) => nesting.case(token, i, -1));
for (const type of [kw.WITH, t.WITH_LA]) step(type, (nesting, _token, i) => nesting.with(i));
for (const type of [kw.SELECT, t.VALUES, kw.TABLE, t.Semicolon])
  step(type, (nesting, token) => nesting.statement(token));
for (const type of [kw.INSERT, kw.UPDATE, kw.DELETE]) step(type, (nesting, token, i) => nesting.change(token, i));
for (const type of [kw.CREATE, kw.PREPARE]) step(type, (nesting, token, i) => nesting.definition(token, i));
step(kw.FROM, (nesting, _token, i) => nesting.from(i));
step(kw.ROWS, (nesting, token, i) => nesting.rows(token, i));
step(t.ColNameWord, (nesting, token, i) => nesting.columnWord(token, i));
step(kw.JOIN, (nesting, token, i) => nesting.join(token, i));
for (const type of [kw.ON, kw.USING]) step(type, (nesting) => nesting.joinCondition());

/** Native: PROJECT after a comma or SELECT, where a path follows. */
function retagProject(tokens: Token[]): void {
  for (let i = 1; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.tokenType !== t.ContextWord || token.image.toLowerCase() !== 'project') continue;
    const before = tokens[i - 1]!.tokenType;
    const next = tokens[i + 1]?.tokenType;
    const after = tokens[i + 2]?.tokenType;
    const startsPath =
      !next ||
      next === t.Semicolon ||
      next === t.TreeCycle ||
      next === t.Star ||
      next.CATEGORIES!.includes(t.ColId) ||
      // `project and b` is a predicate, `project and.b` a path.
      (next.CATEGORIES!.includes(t.ColLabel) && (after === t.Dot || after === t.Slash));
    if (startsPath && (before === t.Comma || before === kw.SELECT)) become(token, t.PROJECT);
  }
}

/** Changes the tokens in place; throws 54001 where they nest deeper than {@link maxNesting}. */
export function retag(tokens: Token[], language: Language): Token[] {
  const nesting = new Nesting(tokens);
  if (language === 'native') retagProject(tokens);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    rules[token.tokenTypeIdx]?.(token, tokens[i + 1]?.tokenType, i, tokens);
    nestingSteps[token.tokenTypeIdx]?.(nesting, token, i);
  }
  return tokens;
}
