// Constructors that keep a registry entry to a line or two.
import { fail } from '../diagnostic.js';
import { holdsTextNumeric, printSqlType, type SqlType } from '../sql-type.js';
import { checkTextLength } from '../value/characters.js';
import { bindArguments } from './duckdb/bind-arguments.js';
import type { FunctionEntry, FunctionKind, Overload, RenderContext, TypePattern, Value } from './overload.js';

type Rendering = NonNullable<Overload['duckdb']>;

/** An overload before it knows its function's name. `duckdb` may be a template: `'abs($1)'`. */
export interface Draft extends Partial<Omit<Overload, 'args' | 'returns' | 'duckdb'>> {
  readonly args: readonly TypePattern[];
  readonly returns: Overload['returns'];
  readonly duckdb?: string | Rendering;
  /**
   * Whether the rendering may be given, or gives, numerics that are text in DuckDB (see `isDecimal`): false by default where an
   * argument is a numeric, else true. One that compares values of any type says false, or compares by `comparableSql`.
   */
  readonly textNumerics?: boolean;
  /** The rendering over such numerics where the evaluator cannot go: see {@link RenderContext.lastResort}. */
  readonly lastResort?: Rendering;
}

type Rest = Omit<Draft, 'args' | 'returns'>;

export function on(args: readonly TypePattern[], returns: Overload['returns'], rest: Rest = {}): Draft {
  return { args, returns, ...rest };
}

/** A fold from a function of plain values. */
export function values<A extends readonly unknown[]>(fold: (...args: A) => Value): NonNullable<Overload['fold']> {
  return (args) => fold(...(args as unknown as A));
}

const mostRows = 10_000_000;

/** A table function by its rows: `fold` makes the list of them, which is bounded. */
export function rowsOf<A extends readonly unknown[]>(
  name: string,
  rows: (...args: A) => Iterable<Value>,
): Required<Pick<Overload, 'rows' | 'fold'>> {
  const of = (args: readonly Value[]) => rows(...(args as unknown as A));
  const list = (args: readonly Value[]): Value => {
    const found: Value[] = [];
    for (const row of of(args)) {
      if (found.length >= mostRows) throw fail('program_limit_exceeded', `${name} gives more than ${mostRows} rows`);
      found.push(row);
    }
    return found;
  };
  return { rows: of, fold: list };
}

/** `$1`, `$2`, … are the arguments, `$*` all of them with commas between. An argument used twice is bound to a name. */
export function template(text: string): (args: readonly string[]) => string {
  const parts = text.split(/\$(\d|\*)/);
  const places = parts.filter((_, i) => i % 2 === 1);
  const repeated = new Set(places).size < places.length;
  const fill = (args: readonly string[]) =>
    parts.map((part, i) => (i % 2 === 0 ? part : part === '*' ? args.join(', ') : args[Number(part) - 1])).join('');
  return repeated ? (args) => bindArguments(args, fill) : fill;
}

export function printPattern(pattern: TypePattern): string {
  return typeof pattern === 'string' ? pattern : printSqlType(pattern);
}

type More = Partial<
  Pick<FunctionEntry, 'column' | 'example' | 'lambdas' | 'parameters' | 'reducesLists' | 'showsOrder'>
>;
type Define = (name: string, description: string, overloads: readonly Draft[], more?: More) => FunctionEntry;

/** Parameters that a call may name. */
export const parametersOf = (...names: readonly string[]): Pick<More, 'parameters'> => ({
  parameters: names.map((name) => ({ name })),
});

/** The constructor of one chapter's entries of one kind. */
export function chapter(name: string, kind: FunctionKind): Define {
  return (functionName, description, drafts, more = {}) => ({
    name: functionName,
    kind,
    chapter: name,
    description,
    ...more,
    overloads: drafts.map((draft) => toOverload(functionName, draft)),
  });
}

/** Numerics that are text inside DuckDB are the evaluator's, but where the rendering says that it takes them. */
function ofDecimals(rendering: Rendering | undefined, lastResort: Rendering | undefined): Rendering {
  return (args, context) => {
    if (![...context.argTypes, context.type].some(holdsTextNumeric)) return rendering?.(args, context);
    return context.lastResort ? lastResort?.(args, context) : undefined;
  };
}

const isOfNumerics = (pattern: TypePattern): boolean =>
  typeof pattern !== 'string' &&
  (pattern.kind === 'numeric' || (pattern.kind === 'list' && isOfNumerics(pattern.element)));

/** No text of any length. */
const isShort = (returns: Overload['returns']): boolean =>
  typeof returns === 'object' && ['bool', 'int2', 'int4', 'int8', 'float4', 'float8'].includes(returns.kind);

/** @throws DiagnosticError program_limit_exceeded where a text is too long */
const bounded =
  (fold: NonNullable<Overload['fold']>): typeof fold =>
  (args, context) => {
    let value: Value;
    try {
      value = fold(args, context);
    } catch (error) {
      // JavaScript's own limit.
      if (error instanceof RangeError && error.message === 'Invalid string length') checkTextLength(Infinity);
      throw error;
    }
    if (typeof value === 'string') checkTextLength(value.length);
    return value;
  };

function toOverload(name: string, draft: Draft): Overload {
  const { args, returns, duckdb, textNumerics, lastResort, fold, ...rest } = draft;
  const shown = args.map(printPattern).join(', ');
  const given = typeof duckdb === 'string' ? template(duckdb) : duckdb;
  const takesText = textNumerics ?? !args.some(isOfNumerics);
  const rendering = (given && !takesText) || lastResort ? ofDecimals(given, lastResort) : given;
  return {
    op: `${name}(${rest.variadic ? 'variadic ' : ''}${shown})`,
    args,
    returns,
    strict: true,
    volatility: 'immutable',
    ...rest,
    ...(fold && { fold: isShort(returns) ? fold : bounded(fold) }),
    ...(rendering && { duckdb: rendering }),
  };
}

/** One native aggregate call, decorated as the query asks. */
export function nativeCall(context: RenderContext, name: string, args: readonly string[]): string {
  return context.call ? context.call(name, args) : `${name}(${args.join(', ')})`;
}

/** For overloads of one shape over several types. */
export function each<T extends SqlType>(kinds: readonly T[], draft: (type: T) => Draft): Draft[] {
  return kinds.map(draft);
}
