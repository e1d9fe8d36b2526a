// The vocabulary both languages share: token types, and the categories that say where a word may be a name.
import type { IToken, TokenType } from 'chevrotain';
import { createToken, EOF, Lexer } from './chevrotain.js';
import { type Keyword, keywords } from './keywords.js';

/** One lexeme. Offsets are UTF-16, `endOffset` is inclusive. `image` is the text as written, `value` what it denotes. */
export class Token implements IToken {
  image: string;
  startOffset: number;
  endOffset: number;
  tokenTypeIdx: number;
  tokenType: TokenType;
  /** Decoded text of a string or a quoted name; decimal text of a number; else the image. */
  value: string;

  constructor(tokenType: TokenType, image: string, startOffset: number, end: number, value: string) {
    this.image = image;
    this.startOffset = startOffset;
    this.endOffset = end - 1;
    this.tokenType = tokenType;
    this.tokenTypeIdx = tokenType.tokenTypeIdx!;
    this.value = value;
  }
}

/** Every token type there is, for the parsers' vocabulary. */
export const vocabulary: TokenType[] = [EOF];

function define(name: string, categories: TokenType[] = [], label?: string): TokenType {
  const type = createToken({ name, pattern: Lexer.NA, categories, ...(label !== undefined && { label }) });
  vocabulary.push(type);
  return type;
}

// ---- categories ------------------------------------------------------------------------------------------------------

/** PostgreSQL's ColId: what may name a column, table or alias. */
export const ColId = define('ColId', [], 'name');
/** What may stand first in a generic type name: type_function_name, and the built-in types' own words. */
export const TypeStart = define('TypeStart', [], 'type name');
/** Names a function or a type but not a column. */
export const TypeFuncWord = define('TypeFuncWord', [], 'function name');
/** Any word: after AS or a dot. */
export const ColLabel = define('ColLabel', [], 'name');
/** What may be a column label without AS. */
export const BareColLabel = define('BareColLabel', [], 'alias');
export const BinaryOperator = define('BinaryOperator', [], 'operator');
export const PrefixOperator = define('PrefixOperator', [], 'operator');
/** Operators but AND and OR. */
export const SymbolOperator = define('SymbolOperator', [], 'operator');
export const Constant = define('Constant', [], 'constant');
export const LParen = define('LParen', [], '(');
/** Current date, user and the like: functions called without parentheses. */
export const ValueFunction = define('ValueFunction', [], 'function name');
/** Those that take an optional precision. */
export const TimeFunction = define('TimeFunction', [], 'function name');
export const IntervalField = define('IntervalField', [], 'interval field');

// ---- words -----------------------------------------------------------------------------------------------------------

export const Identifier = define('Identifier', [ColId, TypeStart, ColLabel, BareColLabel], 'name');
export const QuotedIdentifier = define('QuotedIdentifier', [ColId, TypeStart, ColLabel, BareColLabel], 'name');

function categoriesOf({ category, bareLabel }: Pick<Keyword, 'category' | 'bareLabel'>): TokenType[] {
  const label = bareLabel ? [ColLabel, BareColLabel] : [ColLabel];
  switch (category) {
    case 'unreserved':
      return [ColId, TypeStart, ...label];
    case 'col_name':
      return [ColId, ...label];
    case 'type_func_name':
      return [TypeFuncWord, TypeStart, ...label];
    case 'reserved':
      return label;
  }
}

/** Words without a part in the grammar share a type per category. */
const wordTypes = new Map<string, TokenType>();
function wordType(keyword: Pick<Keyword, 'category' | 'bareLabel'>): TokenType {
  const name = `${keyword.category}${keyword.bareLabel ? '' : '_as'}_word`;
  let type = wordTypes.get(name);
  if (!type) {
    type = define(name, categoriesOf(keyword), 'name');
    wordTypes.set(name, type);
  }
  return type;
}
export const UnreservedWord = wordType({ category: 'unreserved', bareLabel: true });
export const ColNameWord = wordType({ category: 'col_name', bareLabel: true });
/** A reserved word used as a label: `select a and from t`. */
export const LabelWord = wordType({ category: 'reserved', bareLabel: true });
/** The same for IS, LIKE, ILIKE and SIMILAR, which may also name a type. */
export const TypeFuncLabel = wordType({ category: 'type_func_name', bareLabel: true });
/** `int`, `varchar`, `time`, …: a column name, or a type. */
export const TypeWord = define('TypeWord', [ColId, TypeStart, ColLabel, BareColLabel], 'name');
export const TypeWordAs = define('TypeWordAs', [ColId, TypeStart, ColLabel], 'name');

/** No keyword, but a word with a meaning before certain others (retag.ts): `lambda`, `try_cast`, `ignore`, `respect`, `project`. */
export const ContextWord = define('ContextWord', [ColId, TypeStart, ColLabel, BareColLabel], 'name');

const typeWords = new Set(
  'bigint bit boolean char character dec decimal float int integer interval national nchar numeric real smallint time timestamp varchar'.split(
    ' ',
  ),
);

// prettier-ignore
const grammarWords = [
  'ABORT',
  'ABSOLUTE',
  'ACTION',
  'ADD',
  'ALL',
  'ALTER',
  'ALWAYS',
  'ANALYZE',
  'AND',
  'ANY',
  'ARRAY',
  'AS',
  'ASC',
  'ASENSITIVE',
  'ASYMMETRIC',
  'AT',
  'AUTHORIZATION',
  'BACKWARD',
  'BEGIN',
  'BETWEEN',
  'BINARY',
  'BOTH',
  'BREADTH',
  'BY',
  'CASCADE',
  'CASCADED',
  'CASE',
  'CAST',
  'CHAIN',
  'CHARACTERISTICS',
  'CHECK',
  'CLOSE',
  'COLLATE',
  'COLLATION',
  'COLUMN',
  'COMMENT',
  'COMMIT',
  'COMMITTED',
  'CONCURRENTLY',
  'CONFLICT',
  'CONSTRAINT',
  'CONTINUE',
  'COPY',
  'CREATE',
  'CROSS',
  'CSV',
  'CUBE',
  'CURRENT',
  'CURRENT_CATALOG',
  'CURRENT_DATE',
  'CURRENT_ROLE',
  'CURRENT_SCHEMA',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
  'CURRENT_USER',
  'CURSOR',
  'CYCLE',
  'DATA',
  'DATABASE',
  'DAY',
  'DEALLOCATE',
  'DECLARE',
  'DEFAULT',
  'DEFERRABLE',
  'DEFERRED',
  'DELETE',
  'DELIMITER',
  'DELIMITERS',
  'DEPTH',
  'DESC',
  'DISCARD',
  'DISTINCT',
  'DO',
  'DOCUMENT',
  'DROP',
  'ELSE',
  'ENCODING',
  'END',
  'ESCAPE',
  'EXCEPT',
  'EXCLUDE',
  'EXCLUDING',
  'EXECUTE',
  'EXPLAIN',
  'EXPRESSION',
  'FALSE',
  'FETCH',
  'FILTER',
  'FIRST',
  'FOLLOWING',
  'FOR',
  'FORCE',
  'FOREIGN',
  'FORWARD',
  'FREEZE',
  'FROM',
  'FULL',
  'GENERATED',
  'GLOBAL',
  'GROUP',
  'GROUPING',
  'GROUPS',
  'HAVING',
  'HEADER',
  'HOLD',
  'HOUR',
  'IDENTITY',
  'IF',
  'ILIKE',
  'IMMEDIATE',
  'IN',
  'INCLUDING',
  'INDEX',
  'INHERIT',
  'INITIALLY',
  'INNER',
  'INSENSITIVE',
  'INSERT',
  'INTERSECT',
  'INTO',
  'IS',
  'ISNULL',
  'ISOLATION',
  'JOIN',
  'KEY',
  'LAST',
  'LATERAL',
  'LEADING',
  'LEFT',
  'LEVEL',
  'LIKE',
  'LIMIT',
  'LISTEN',
  'LOCAL',
  'LOCALTIME',
  'LOCALTIMESTAMP',
  'LOCKED',
  'MATCH',
  'MATERIALIZED',
  'MINUTE',
  'MONTH',
  'MOVE',
  'NAMES',
  'NATURAL',
  'NEXT',
  'NFC',
  'NFD',
  'NFKC',
  'NFKD',
  'NO',
  'NORMALIZED',
  'NOT',
  'NOTHING',
  'NOTIFY',
  'NOTNULL',
  'NOWAIT',
  'NULL',
  'OF',
  'OFFSET',
  'OIDS',
  'ON',
  'ONLY',
  'OPTION',
  'OR',
  'ORDER',
  'ORDINALITY',
  'OTHERS',
  'OUTER',
  'OVER',
  'OVERLAPS',
  'OVERRIDING',
  'PARTIAL',
  'PARTITION',
  'PLACING',
  'PLANS',
  'PRECEDING',
  'PRECISION',
  'PREPARE',
  'PRESERVE',
  'PRIMARY',
  'PRIOR',
  'PROGRAM',
  'QUOTE',
  'RANGE',
  'READ',
  'RECURSIVE',
  'REFERENCES',
  'RELATIVE',
  'RELEASE',
  'RENAME',
  'REPEATABLE',
  'REPLACE',
  'RESET',
  'RESTART',
  'RESTRICT',
  'RETURNING',
  'RIGHT',
  'ROLE',
  'ROLLBACK',
  'ROLLUP',
  'ROW',
  'ROWS',
  'SAVEPOINT',
  'SCHEMA',
  'SCROLL',
  'SEARCH',
  'SECOND',
  'SELECT',
  'SEQUENCES',
  'SERIALIZABLE',
  'SESSION',
  'SESSION_USER',
  'SET',
  'SETS',
  'SHARE',
  'SHOW',
  'SIMILAR',
  'SIMPLE',
  'SKIP',
  'SOME',
  'START',
  'STDIN',
  'STDOUT',
  'STORED',
  'SYMMETRIC',
  'SYSTEM',
  'TABLE',
  'TABLESAMPLE',
  'TEMP',
  'TEMPORARY',
  'THEN',
  'TIES',
  'TO',
  'TRAILING',
  'TRANSACTION',
  'TRUE',
  'TRUNCATE',
  'TYPE',
  'UNBOUNDED',
  'UNCOMMITTED',
  'UNION',
  'UNIQUE',
  'UNKNOWN',
  'UNLISTEN',
  'UNLOGGED',
  'UPDATE',
  'USER',
  'USING',
  'VALUE',
  'VARIADIC',
  'VARYING',
  'VERBOSE',
  'VIEW',
  'WHEN',
  'WHERE',
  'WINDOW',
  'WITH',
  'WITHIN',
  'WITHOUT',
  'WORK',
  'WRITE',
  'YEAR',
  'ZONE',
] as const;

/** CURRENT_SCHEMA needs no parentheses, unlike its kind. */
const withoutCategory: Record<string, TokenType> = { CURRENT_SCHEMA: TypeFuncWord };
const extraCategories: Record<string, TokenType[]> = {
  AND: [BinaryOperator],
  OR: [BinaryOperator],
  NOT: [PrefixOperator],
  NULL: [Constant],
  TRUE: [Constant],
  FALSE: [Constant],
  DEFAULT: [Constant],
  CURRENT_CATALOG: [ValueFunction],
  CURRENT_DATE: [ValueFunction],
  CURRENT_ROLE: [ValueFunction],
  CURRENT_USER: [ValueFunction],
  SESSION_USER: [ValueFunction],
  USER: [ValueFunction],
  CURRENT_TIME: [TimeFunction],
  CURRENT_TIMESTAMP: [TimeFunction],
  LOCALTIME: [TimeFunction],
  LOCALTIMESTAMP: [TimeFunction],
  YEAR: [IntervalField],
  MONTH: [IntervalField],
  DAY: [IntervalField],
  HOUR: [IntervalField],
  MINUTE: [IntervalField],
  SECOND: [IntervalField],
};

/** Keywords that have a part in the grammar, by their upper-case word. */
export const kw = Object.fromEntries(
  grammarWords.map((word) => {
    const keyword = keywords.get(word.toLowerCase());
    if (!keyword) throw new Error(`${word} is not in the keyword table`);
    return [
      word,
      define(
        word,
        [...categoriesOf(keyword).filter((type) => type !== withoutCategory[word]), ...(extraCategories[word] ?? [])],
        word,
      ),
    ];
  }),
) as Record<(typeof grammarWords)[number], TokenType>;

// Words that mean something only before what follows them; the retagger (retag.ts) tells them from plain names.
const label = [ColLabel, BareColLabel];
const labelAs = [ColLabel];
/** NOT before BETWEEN, IN, LIKE, ILIKE or SIMILAR. */
export const NOT_LA = define('NOT_LA', [...label, PrefixOperator], 'NOT');
/** NULLS before FIRST or LAST. */
export const NULLS_LA = define('NULLS_LA', categoriesOf({ category: 'unreserved', bareLabel: true }), 'NULLS');
/** WITH before TIME or ORDINALITY. */
export const WITH_LA = define('WITH_LA', labelAs, 'WITH');
/** VALUES before a parenthesis. */
export const VALUES = define('VALUES', label, 'VALUES');
/** SIMILAR before TO. */
export const SIMILAR_TO = define('SIMILAR_TO', label, 'SIMILAR TO');
/** ROWS before FROM. */
export const ROWS_FROM = define('ROWS_FROM', label, 'ROWS FROM');
/** OPERATOR before a parenthesis. */
export const OPERATOR = define('OPERATOR', label, 'OPERATOR');
/** IGNORE or RESPECT before NULLS. */
export const NullTreatment = define('NullTreatment', [ColId, ...label], 'IGNORE NULLS');
/** `lambda` before names and a colon. */
export const LAMBDA = define('LAMBDA', label, 'LAMBDA');
/** GROUPING before SETS. */
export const GROUPING_SETS = define('GROUPING_SETS', label, 'GROUPING SETS');
export const EXISTS = define('EXISTS', label, 'EXISTS');
export const ROW_CALL = define('ROW_CALL', label, 'ROW');
/** COALESCE, GREATEST, LEAST, NULLIF, GROUPING before a parenthesis: a plain list of expressions. */
export const ListFunction = define('ListFunction', label, 'function name');
/** COLLATION before FOR. */
export const COLLATION_FOR = define('COLLATION_FOR', label, 'COLLATION FOR');
export const EXTRACT = define('EXTRACT', label);
export const NORMALIZE = define('NORMALIZE', label);
export const OVERLAY = define('OVERLAY', label);
export const POSITION = define('POSITION', label);
export const SUBSTRING = define('SUBSTRING', label);
export const TREAT = define('TREAT', label);
export const TRIM = define('TRIM', label);
export const TRY_CAST = define('TRY_CAST', label);
/** CHAR, CHARACTER, NCHAR or BIT before VARYING. */
export const VaryingType = define('VaryingType', label, 'type name');
/** NATIONAL before CHAR or CHARACTER. */
export const NATIONAL = define('NATIONAL', label);
/** DOUBLE before PRECISION. */
export const DOUBLE = define('DOUBLE', label);
/** TIME or TIMESTAMP before a precision or WITH/WITHOUT TIME ZONE. */
export const TimeType = define('TimeType', label, 'type name');
/** INTERVAL before a string, a precision or a field. */
export const INTERVAL = define('INTERVAL', label);
/** WITH before INSERT, UPDATE or DELETE. */
export const WITH_CHANGE = define('WITH_CHANGE', labelAs, 'WITH');
/** IF before EXISTS or NOT EXISTS. */
export const IF_EXISTS = define('IF_EXISTS', label, 'IF');
/** TIME before ZONE in SET, SHOW and RESET. */
export const TIME_ZONE = define('TIME_ZONE', label, 'TIME ZONE');
/** CURRENT between WHERE and OF. */
export const CURRENT_OF = define('CURRENT_OF', label, 'CURRENT OF');
/** PROJECT in the native language. */
export const PROJECT = define('PROJECT', label);

// ---- literals, operators, punctuation --------------------------------------------------------------------------------

export const Integer = define('Integer', [Constant], 'number');
export const Decimal = define('Decimal', [Constant], 'number');
export const StringConstant = define('StringConstant', [Constant], 'string');
export const BitString = define('BitString', [Constant], 'bit string');
export const Parameter = define('Parameter', [Constant], 'parameter');
/** Native only: `dir/Tree;75`. */
export const TreeCycle = define('TreeCycle', [], 'tree');

export const ExprParen = define('ExprParen', [LParen], '(');
/** An opening parenthesis with nothing in it. */
export const EmptyParen = define('EmptyParen', [LParen], '(');
/** An opening parenthesis around a query (retag.ts). */
export const QueryParen = define('QueryParen', [LParen], '(');
/** An opening parenthesis around an INSERT, UPDATE or DELETE (retag.ts). */
export const ChangeParen = define('ChangeParen', [LParen], '(');
export const RParen = define('RParen', [], ')');
export const LBracket = define('LBracket', [], '[');
export const RBracket = define('RBracket', [], ']');
export const LBrace = define('LBrace', [], '{');
export const RBrace = define('RBrace', [], '}');
export const Comma = define('Comma', [], ',');
export const Dot = define('Dot', [], '.');
export const Semicolon = define('Semicolon', [], ';');
export const Colon = define('Colon', [], ':');
export const TypeCast = define('TypeCast', [], '::');
export const ColonEquals = define('ColonEquals', [], ':=');
export const EqualsGreater = define('EqualsGreater', [], '=>');
export const DotDot = define('DotDot', [], '..');

const binary = [BinaryOperator, SymbolOperator];
export const Plus = define('Plus', [...binary, PrefixOperator], '+');
export const Minus = define('Minus', [...binary, PrefixOperator], '-');
export const Star = define('Star', binary, '*');
export const Slash = define('Slash', binary, '/');
export const Percent = define('Percent', binary, '%');
export const Caret = define('Caret', binary, '^');
export const Less = define('Less', binary, '<');
export const Greater = define('Greater', binary, '>');
export const Equals = define('Equals', binary, '=');
export const LessEquals = define('LessEquals', binary, '<=');
export const GreaterEquals = define('GreaterEquals', binary, '>=');
export const NotEquals = define('NotEquals', binary, '<>');
/** Any other operator. */
export const Op = define('Op', [...binary, PrefixOperator], 'operator');

// ---- the words' types ------------------------------------------------------------------------------------------------

function typeOfWord(keyword: Keyword): TokenType {
  const own = (kw as Record<string, TokenType>)[keyword.word.toUpperCase()];
  if (own) return own;
  if (keyword.word === 'analyse') return kw.ANALYZE;
  if (typeWords.has(keyword.word)) return keyword.bareLabel ? TypeWord : TypeWordAs;
  return wordType(keyword);
}

/**
 * The type of a word as it stands alone, by its lower-case and its upper-case spelling. Mixed case is folded by the lexer, which asks
 * again.
 */
export const typeOfKeyword: ReadonlyMap<string, TokenType> = new Map(
  [
    ...[...keywords.values()].map((keyword) => [keyword.word, typeOfWord(keyword)] as const),
    ...['lambda', 'try_cast', 'ignore', 'respect', 'project'].map((word) => [word, ContextWord] as const),
  ].flatMap(([word, type]) => [[word, type] as const, [word.toUpperCase(), type] as const]),
);
