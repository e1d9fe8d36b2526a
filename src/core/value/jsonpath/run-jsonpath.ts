// Evaluation of jsonpath over jsonb: SQL/JSON's lax and strict modes, as PostgreSQL's executor has them.
import { type Condition, fail } from '../../diagnostic.js';
import type { NumericValue } from '../../registry/overload.js';
import { compareText } from '../compare-text.js';
import { isArray, isNumber, isObject, type Json, kindOf } from '../json/json.js';
import { toObject } from '../json/jsonb.js';
import {
  absNumeric,
  addNumeric,
  ceilNumeric,
  compareNumeric,
  divideNumeric,
  floorNumeric,
  modNumeric,
  multiplyNumeric,
  negateNumeric,
  numericToFloat,
  parseNumeric,
  subtractNumeric,
  toNumeric,
  truncateNumeric,
} from '../numeric.js';
import { compareJsonDatetimes, JsonDatetime, readJsonDatetime } from './json-datetime.js';
import {
  type ArithmeticOperator,
  type ComparisonOperator,
  type JsonPath,
  lastLevel,
  type PathMethod,
  type PathStep,
  type Steps,
} from './jsonpath.js';
import { likeRegex } from './like-regex.js';
import { positionInJsonb } from './position-in-jsonb.js';

/** What a path leads to. */
export type Item = Json | JsonDatetime;

export interface PathOptions {
  /** Values of `$name`. */
  readonly variables: Json;
  /** Whether times with and without zone may be compared. */
  readonly zoned: boolean;
}

type Outcome = 'ok' | 'not found' | 'error';
type Truth = true | false | 'unknown';
/** What was found; absent where it only matters whether there is something. */
type Found = Item[] | undefined;

/** All that the path finds; up to an error, where errors are suppressed. */
export function queryPath(path: JsonPath, target: Json, options: PathOptions, silent: boolean): Item[] {
  const found: Item[] = [];
  new PathRun(path, target, options, !silent).start(found);
  return found;
}

/** Whether the path finds anything; `undefined` for an error, where errors are suppressed. */
export function existsPath(path: JsonPath, target: Json, options: PathOptions, silent: boolean): boolean | undefined {
  const outcome = new PathRun(path, target, options, !silent).start(undefined);
  return outcome === 'error' ? undefined : outcome === 'ok';
}

class PathRun {
  private readonly strict: boolean;
  /** Whether what is missing is passed over. */
  private forgiving: boolean;
  private current: Item;
  private base: { readonly value: Json; readonly id: number };
  /** 0 is the root, 1 are the variables; the objects that keyvalue() makes follow. */
  private nextId = 2;
  /** Of the innermost array whose subscripts are evaluated. */
  private size = -1;

  constructor(
    private readonly path: JsonPath,
    private readonly root: Json,
    private readonly options: PathOptions,
    private throws: boolean,
  ) {
    this.strict = !path.lax;
    this.forgiving = path.lax;
    this.current = root;
    this.base = { value: root, id: 0 };
    if (!isObject(options.variables))
      throw fail('invalid_parameter_value', '"vars" argument is not an object', {
        detail: 'Jsonpath parameters should be encoded as key-value pairs of "vars" object.',
      });
  }

  start(found: Found): Outcome {
    // In strict mode only the whole list shows that there is no error.
    if (this.strict && !found) {
      const all: Item[] = [];
      const outcome = this.run(this.path.steps, 0, this.root, all);
      return outcome === 'error' ? 'error' : all.length > 0 ? 'ok' : 'not found';
    }
    return this.run(this.path.steps, 0, this.root, found);
  }

  private error(condition: Condition, message: string): 'error' {
    if (this.throws) throw fail(condition, message);
    return 'error';
  }

  /** A structural error: none where those are passed over. */
  private missing(condition: Condition, message: string): Outcome {
    return this.forgiving ? 'not found' : this.error(condition, message);
  }

  /** What follows step `at`, over `value`. */
  private next(steps: Steps, at: number, value: Item, found: Found): Outcome {
    if (at + 1 < steps.length) return this.run(steps, at + 1, value, found);
    found?.push(value);
    return 'ok';
  }

  private run(steps: Steps, at: number, value: Item, found: Found, unwrap = !this.strict): Outcome {
    const step = steps[at]!;
    /** Nothing follows, and nobody asks for the value. */
    const isEnough = at + 1 === steps.length && !found;
    switch (step.kind) {
      case 'and':
      case 'or':
      case 'not':
      case 'is_unknown':
      case 'comparison':
      case 'exists':
      case 'starts_with':
      case 'like_regex': {
        const truth = this.test([step], value);
        return isEnough ? 'ok' : this.next(steps, at, truth === 'unknown' ? null : truth, found);
      }
      case 'null':
      case 'boolean':
      case 'number':
      case 'string':
        return isEnough ? 'ok' : this.next(steps, at, 'value' in step ? step.value : null, found);
      case 'variable': {
        if (isEnough) return 'ok';
        const variable = this.variable(step.name);
        return this.within(this.options.variables, 1, () => this.next(steps, at, variable, found));
      }
      case 'root':
        return this.within(this.root, 0, () => this.next(steps, at, this.root, found));
      case 'current':
        return this.next(steps, at, this.current, found);
      case 'last':
        return isEnough ? 'ok' : this.next(steps, at, toNumeric(this.size - 1), found);
      case 'key':
        if (isObject(value as Json)) {
          const member = (value as ReadonlyMap<string, Json>).get(step.name);
          if (member !== undefined) return this.next(steps, at, member, found);
          return this.missing('sql_json_member_not_found', `JSON object does not contain key "${step.name}"`);
        }
        if (unwrap && isArray(value as Json)) return this.eachElement(steps, at, value, found);
        return this.missing('sql_json_member_not_found', 'jsonpath member accessor can only be applied to an object');
      case 'any_key':
        if (isObject(value as Json)) return this.below(steps, at, value as Json, found, 1, 1, 1, false);
        if (unwrap && isArray(value as Json)) return this.eachElement(steps, at, value, found);
        return this.missing(
          'sql_json_object_not_found',
          'jsonpath wildcard member accessor can only be applied to an object',
        );
      case 'any_element':
        if (isArray(value as Json)) return this.below(steps, at, value as Json, found, 1, 1, 1, false);
        if (!this.strict) return this.next(steps, at, value, found);
        return this.missing(
          'sql_json_array_not_found',
          'jsonpath wildcard array accessor can only be applied to an array',
        );
      case 'elements':
        return this.elements(step, steps, at, value, found);
      case 'levels':
        return this.levels(step, steps, at, value, found);
      case 'filter': {
        if (unwrap && isArray(value as Json)) return this.eachElement(steps, at, value, found);
        const before = this.current;
        this.current = value;
        const truth = this.test(step.arg, value);
        this.current = before;
        return truth === true ? this.next(steps, at, value, found) : 'not found';
      }
      case 'arithmetic':
        return this.arithmetic(step, steps, at, value, found);
      case 'sign':
        return this.sign(step, steps, at, value, found);
      case 'method':
        return this.method(step.method, steps, at, value, found, unwrap);
      case 'datetime':
        if (unwrap && isArray(value as Json)) return this.eachElement(steps, at, value, found);
        return this.datetime(step.template, steps, at, value, found);
    }
  }

  private variable(name: string): Json {
    const variable = (this.options.variables as ReadonlyMap<string, Json>).get(name);
    if (variable === undefined) throw fail('undefined_object', `could not find jsonpath variable "${name}"`);
    return variable;
  }

  /** What is found in a value that is numbered, of which the `id` of keyvalue() tells. */
  private within<T>(value: Json, id: number, run: () => T): T {
    const before = this.base;
    this.base = { value, id };
    try {
      return run();
    } finally {
      this.base = before;
    }
  }

  /** The same step over each element of an array, which is not unwrapped further. */
  private eachElement(steps: Steps, at: number, array: Item, found: Found): Outcome {
    return this.over(array as readonly Json[], found, (element) => this.run(steps, at, element, found, false));
  }

  /** One after the other, until an error, or until one is found where that is enough. */
  private over<T>(values: Iterable<T>, found: Found, run: (value: T) => Outcome): Outcome {
    let outcome: Outcome = 'not found';
    for (const value of values) {
      const each = run(value);
      if (each === 'error') return each;
      if (each === 'ok') {
        if (!found) return each;
        outcome = each;
      }
    }
    return outcome;
  }

  /** What lies `first` to `last` levels below. */
  private below(
    steps: Steps,
    at: number,
    value: Json,
    found: Found,
    level: number,
    first: number,
    last: number,
    forgiving: boolean,
  ): Outcome {
    if (level > last) return 'not found';
    const children = isArray(value) ? value : isObject(value) ? value.values() : [];
    return this.over(children, found, (child): Outcome => {
      const isLeaf = !isArray(child) && !isObject(child);
      let outcome: Outcome = 'not found';
      if (level >= first || (first === lastLevel && last === lastLevel && isLeaf)) {
        outcome = this.forgivingly(forgiving, () => this.next(steps, at, child, found));
        if (outcome === 'error' || (outcome === 'ok' && !found)) return outcome;
      }
      if (level < last && !isLeaf) {
        const deeper = this.below(steps, at, child, found, level + 1, first, last, forgiving);
        if (deeper !== 'not found') outcome = deeper;
      }
      return outcome;
    });
  }

  private forgivingly<T>(forgiving: boolean, run: () => T): T {
    if (!forgiving) return run();
    const before = this.forgiving;
    this.forgiving = true;
    try {
      return run();
    } finally {
      this.forgiving = before;
    }
  }

  private levels(
    { first, last }: PathStep & { kind: 'levels' },
    steps: Steps,
    at: number,
    value: Item,
    found: Found,
  ): Outcome {
    let outcome: Outcome = 'not found';
    if (first === 0) {
      outcome = this.forgivingly(true, () => this.next(steps, at, value, found));
      if (outcome === 'ok' && !found) return outcome;
    }
    // As in PostgreSQL, what lies below covers up an error here.
    const hasParts = isArray(value as Json) || isObject(value as Json);
    return hasParts ? this.below(steps, at, value as Json, found, 1, first, last, true) : outcome;
  }

  private elements(
    { ranges }: PathStep & { kind: 'elements' },
    steps: Steps,
    at: number,
    value: Item,
    found: Found,
  ): Outcome {
    const isList = isArray(value as Json);
    if (!isList && this.strict)
      return this.missing('sql_json_array_not_found', 'jsonpath array accessor can only be applied to an array');
    const list = isList ? (value as readonly Json[]) : [value];
    const before = this.size;
    this.size = list.length;
    try {
      return this.over(ranges, found, (range): Outcome => {
        const from = this.position(range.from, value);
        if (from === 'error') return from;
        const to = range.to ? this.position(range.to, value) : from;
        if (to === 'error') return to;
        if (!this.forgiving && (from < 0 || from > to || to >= list.length))
          return this.error('invalid_sql_json_subscript', 'jsonpath array subscript is out of bounds');
        const within = list.slice(Math.max(from, 0), Math.max(Math.min(to, list.length - 1) + 1, 0));
        return this.over(within, found, (element) => this.next(steps, at, element, found));
      });
    } finally {
      this.size = before;
    }
  }

  private position(steps: Steps, value: Item): number | 'error' {
    const found: Item[] = [];
    if (this.run(steps, 0, value, found) === 'error') return 'error';
    const [only] = found;
    if (found.length !== 1 || !isNumber(only as Json))
      return this.error('invalid_sql_json_subscript', 'jsonpath array subscript is not a single numeric value');
    const { unscaled } = truncateNumeric(only as NumericValue);
    if (unscaled > 2147483647n || unscaled < -2147483648n)
      return this.error('invalid_sql_json_subscript', 'jsonpath array subscript is out of integer range');
    return Number(unscaled);
  }

  /** The results of an operand; in lax mode the elements of those that are arrays. */
  private operand(steps: Steps, value: Item, unwrap: boolean): Item[] | 'error' {
    const found: Item[] = [];
    if (this.run(steps, 0, value, found) === 'error') return 'error';
    if (!unwrap || this.strict) return found;
    return found.flatMap((item): Item[] => (isArray(item as Json) ? [...(item as readonly Json[])] : [item]));
  }

  private silently<T>(run: () => T): T {
    const before = this.throws;
    this.throws = false;
    try {
      return run();
    } finally {
      this.throws = before;
    }
  }

  private test(steps: Steps, value: Item): Truth {
    const step = steps[0]!;
    switch (step.kind) {
      case 'and': {
        const left = this.test(step.left, value);
        if (left === false) return false;
        const right = this.test(step.right, value);
        return right === true ? left : right;
      }
      case 'or': {
        const left = this.test(step.left, value);
        if (left === true) return true;
        const right = this.test(step.right, value);
        return right === false ? left : right;
      }
      case 'not': {
        const truth = this.test(step.arg, value);
        return truth === 'unknown' ? truth : !truth;
      }
      case 'is_unknown':
        return this.test(step.arg, value) === 'unknown';
      case 'exists':
        return this.silently(() => this.exists(step.arg, value));
      case 'comparison':
        return this.any(step.left, step.right, value, true, (a, b) => this.compare(step.op, a, b!));
      case 'starts_with':
        return this.any(step.left, step.right, value, false, (a, b) =>
          typeof a === 'string' && typeof b === 'string' ? a.startsWith(b) : 'unknown',
        );
      case 'like_regex':
        return this.any(step.arg, undefined, value, false, (a) =>
          typeof a === 'string' ? likeRegex(step.pattern, step.flags).test(a) : 'unknown',
        );
      default:
        throw new Error(`a ${step.kind} is no predicate`);
    }
  }

  private exists(steps: Steps, value: Item): Truth {
    const found = this.strict ? [] : undefined;
    const outcome = this.run(steps, 0, value, found);
    if (outcome === 'error') return 'unknown';
    return found ? found.length > 0 : outcome === 'ok';
  }

  /** Whether the test is true of any pair of results; in strict mode all pairs have to be known. */
  private any(
    left: Steps,
    right: Steps | undefined,
    value: Item,
    unwrapRight: boolean,
    test: (left: Item, right: Item | undefined) => Truth,
  ): Truth {
    const lefts = this.silently(() => this.operand(left, value, true));
    if (lefts === 'error') return 'unknown';
    const rights = right ? this.silently(() => this.operand(right, value, unwrapRight)) : [undefined];
    if (rights === 'error') return 'unknown';
    let isUnknown = false;
    let isFound = false;
    for (const a of lefts)
      for (const b of rights) {
        const truth = test(a, b);
        if (truth === 'unknown') {
          if (this.strict) return truth;
          isUnknown = true;
        } else if (truth) {
          if (!this.strict) return true;
          isFound = true;
        }
      }
    return isFound || (isUnknown ? 'unknown' : false);
  }

  private compare(op: ComparisonOperator, a: Item, b: Item): Truth {
    let order: number | undefined;
    if (a instanceof JsonDatetime || b instanceof JsonDatetime) {
      if (a instanceof JsonDatetime && b instanceof JsonDatetime)
        order = compareJsonDatetimes(a, b, this.options.zoned);
      else if (a === null || b === null) return op === '!=';
    } else {
      const kind = kindOf(a);
      if (kind !== kindOf(b)) return a === null || b === null ? op === '!=' : 'unknown';
      if (a === null) order = 0;
      else if (typeof a === 'boolean') order = Number(a) - Number(b);
      else if (typeof a === 'string') order = compareText(a, b as string);
      else if (isNumber(a)) order = compareNumeric(a, b as NumericValue);
    }
    if (order === undefined) return 'unknown';
    return { '==': order === 0, '!=': order !== 0, '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[
      op
    ];
  }

  private arithmetic(
    { op, left, right }: PathStep & { kind: 'arithmetic' },
    steps: Steps,
    at: number,
    value: Item,
    found: Found,
  ): Outcome {
    const lefts = this.operand(left, value, true);
    if (lefts === 'error') return lefts;
    const rights = this.operand(right, value, true);
    if (rights === 'error') return rights;
    const single = (items: Item[]): NumericValue | undefined =>
      items.length === 1 && isNumber(items[0] as Json) ? (items[0] as NumericValue) : undefined;
    const wrong = (side: string) =>
      this.error(
        'singleton_sql_json_item_required',
        `${side} operand of jsonpath operator ${op} is not a single numeric value`,
      );
    const a = single(lefts);
    if (!a) return wrong('left');
    const b = single(rights);
    if (!b) return wrong('right');
    if ((op === '/' || op === '%') && b.unscaled === 0n) return this.error('division_by_zero', 'division by zero');
    const result = operators[op](a, b);
    return at + 1 === steps.length && !found ? 'ok' : this.next(steps, at, result, found);
  }

  private sign({ op, arg }: PathStep & { kind: 'sign' }, steps: Steps, at: number, value: Item, found: Found): Outcome {
    const items = this.operand(arg, value, true);
    if (items === 'error') return items;
    const isEnough = at + 1 === steps.length && !found;
    return this.over(items, found, (item): Outcome => {
      if (!isNumber(item as Json))
        return isEnough
          ? 'not found'
          : this.error('sql_json_number_not_found', `operand of unary jsonpath operator ${op} is not a numeric value`);
      if (isEnough) return 'ok';
      const number = item as NumericValue;
      return this.next(steps, at, op === '-' ? negateNumeric(number) : number, found);
    });
  }

  private method(method: PathMethod, steps: Steps, at: number, value: Item, found: Found, unwrap: boolean): Outcome {
    const json = value as Json;
    switch (method) {
      case 'type':
        return this.next(steps, at, value instanceof JsonDatetime ? value.typeName : kindOf(json), found);
      case 'size':
        if (!isArray(json) && this.strict)
          return this.missing(
            'sql_json_array_not_found',
            'jsonpath item method .size() can only be applied to an array',
          );
        return this.next(steps, at, toNumeric(isArray(json) ? json.length : 1), found);
    }
    if (unwrap && isArray(json)) return this.eachElement(steps, at, value, found);
    switch (method) {
      case 'double':
        return this.double(steps, at, json, found);
      case 'keyvalue':
        return this.keyvalue(steps, at, json, found);
      default: {
        if (!isNumber(json))
          return this.error(
            'non_numeric_sql_json_item',
            `jsonpath item method .${method}() can only be applied to a numeric value`,
          );
        const result = { ceiling: ceilNumeric, floor: floorNumeric, abs: absNumeric }[method](json);
        return this.next(steps, at, result, found);
      }
    }
  }

  private double(steps: Steps, at: number, value: Json, found: Found): Outcome {
    const wrong = (what: string) => this.error('non_numeric_sql_json_item', what);
    if (isNumber(value)) {
      if (!Number.isFinite(numericToFloat(value)))
        return wrong('numeric argument of jsonpath item method .double() is out of range for type double precision');
      return this.next(steps, at, value, found);
    }
    if (typeof value !== 'string')
      return wrong('jsonpath item method .double() can only be applied to a string or numeric value');
    const isNumberText = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(value);
    const double = isNumberText ? Number(value) : Number.NaN;
    if (!Number.isFinite(double))
      return wrong(
        'string argument of jsonpath item method .double() is not a valid representation of a double precision number',
      );
    return this.next(steps, at, parseNumeric(String(Number(double.toPrecision(15))))!, found);
  }

  private keyvalue(steps: Steps, at: number, value: Json, found: Found): Outcome {
    if (!isObject(value))
      return this.error(
        'sql_json_object_not_found',
        'jsonpath item method .keyvalue() can only be applied to an object',
      );
    const { base } = this;
    const id = toNumeric(BigInt(base.id) * 10_000_000_000n + BigInt(positionInJsonb(value, base.value)));
    return this.over(value, found, ([key, member]) => {
      const pair = toObject([
        ['key', key],
        ['value', member],
        ['id', id],
      ]);
      return this.within(pair, this.nextId++, () => this.next(steps, at, pair, found));
    });
  }

  private datetime(template: string | undefined, steps: Steps, at: number, value: Item, found: Found): Outcome {
    if (typeof value !== 'string')
      return this.error(
        'invalid_argument_for_sql_json_datetime_function',
        'jsonpath item method .datetime() can only be applied to a string',
      );
    const read = readJsonDatetime(value, template, this.throws);
    return read === undefined ? 'error' : this.next(steps, at, read, found);
  }
}

const operators: Readonly<Record<ArithmeticOperator, (a: NumericValue, b: NumericValue) => NumericValue>> = {
  '+': addNumeric,
  '-': subtractNumeric,
  '*': multiplyNumeric,
  '/': divideNumeric,
  '%': modNumeric,
};
