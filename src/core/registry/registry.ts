// The one function registry: binder, planner, engines, completion and documentation look things up here.
import { aggregateFunctions } from './aggregate.js';
import { orderedSetAggregates } from './aggregate-ordered.js';
import { statisticalAggregates } from './aggregate-statistics.js';
import { arithmeticOperators } from './arithmetic.js';
import { arrayFunctions } from './array.js';
import { bitStringFunctions } from './bit-string.js';
import { byteaFunctions } from './bytea.js';
import { catalogFunctions } from './catalog.js';
import { comparisonFunctions } from './comparison.js';
import { conditionalFunctions } from './conditional.js';
import { datetimeFunctions } from './datetime.js';
import { moreDatetimeFunctions } from './datetime-functions.js';
import { formattingFunctions } from './formatting.js';
import { jsonAccessFunctions } from './json-access.js';
import { jsonAggregates } from './json-aggregates.js';
import { jsonFunctions } from './json-functions.js';
import { jsonTableFunctions } from './json-tables.js';
import { jsonPathFunctions } from './jsonpath.js';
import { listFunctions } from './list.js';
import { mathematicalFunctions } from './mathematical.js';
import { numericFunctions } from './numeric-functions.js';
import type { FunctionEntry } from './overload.js';
import { patternFunctions } from './pattern.js';
import { physicsFunctions } from './physics.js';
import { regexFunctions } from './regex.js';
import { stringFunctions } from './string.js';
import { moreStringFunctions } from './string-functions.js';
import { tableFunctions } from './table-functions.js';
import { timetzFunctions } from './timetz.js';
import { windowFunctions } from './window.js';

const entries: readonly FunctionEntry[] = [
  ...arithmeticOperators,
  ...comparisonFunctions,
  ...conditionalFunctions,
  ...mathematicalFunctions,
  ...stringFunctions,
  ...patternFunctions,
  ...regexFunctions,
  ...datetimeFunctions,
  ...listFunctions,
  ...arrayFunctions,
  ...jsonAccessFunctions,
  ...jsonFunctions,
  ...jsonTableFunctions,
  ...jsonPathFunctions,
  ...physicsFunctions,
  ...aggregateFunctions,
  ...windowFunctions,
  ...numericFunctions,
  ...formattingFunctions,
  ...moreStringFunctions,
  ...byteaFunctions,
  ...bitStringFunctions,
  ...moreDatetimeFunctions,
  ...timetzFunctions,
  ...statisticalAggregates,
  ...orderedSetAggregates,
  ...jsonAggregates,
  ...tableFunctions,
  ...catalogFunctions,
];

const functions = new Map<string, FunctionEntry>();
const operators = new Map<string, FunctionEntry>();
for (const entry of entries) {
  const target = entry.kind === 'operator' ? operators : functions;
  const known = target.get(entry.name);
  target.set(entry.name, known ? together(known, entry) : entry);
}

/** An operator of two chapters. */
function together(a: FunctionEntry, b: FunctionEntry): FunctionEntry {
  const description = a.description === b.description ? a.description : `${a.description} ${b.description}`;
  return { ...a, description, overloads: [...a.overloads, ...b.overloads] };
}

export function allFunctions(): readonly FunctionEntry[] {
  return [...functions.values(), ...operators.values()];
}

/** By name, lower case. */
export function lookupFunction(name: string): FunctionEntry | undefined {
  return functions.get(name);
}

/** `arity` 1 for a prefix operator, 2 between two operands. */
export function lookupOperator(symbol: string, arity: number): FunctionEntry | undefined {
  const entry = operators.get(symbol);
  if (!entry?.overloads.some((o) => o.args.length !== arity)) return entry;
  const overloads = entry.overloads.filter((o) => o.args.length === arity);
  return overloads.length > 0 ? { ...entry, overloads } : undefined;
}

/** Whether argument `index` (from 0) of a function may be a lambda. */
export function isLambdaArgument(name: string, index: number): boolean {
  return functions.get(name)?.lambdas?.includes(index) ?? false;
}
