// SQL/JSON paths as trees: what the parser of jsonpath gives, and the printer and the evaluator take.
import type { NumericValue } from '../../registry/overload.js';

export interface JsonPath {
  readonly lax: boolean;
  readonly steps: Steps;
}

/** A value or predicate, then what is applied to it: `$`, `.a`, `[*]`. */
export type Steps = readonly PathStep[];

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';
export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type PathMethod = 'type' | 'size' | 'double' | 'ceiling' | 'floor' | 'abs' | 'keyvalue';

/** Of `**`: all levels up to here, or the leaves alone. */
export const lastLevel = Number.POSITIVE_INFINITY;

export type PathStep =
  | { readonly kind: 'null' | 'root' | 'current' | 'last' | 'any_key' | 'any_element' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly value: NumericValue }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'variable' | 'key'; readonly name: string }
  | { readonly kind: 'elements'; readonly ranges: readonly { readonly from: Steps; readonly to?: Steps }[] }
  | { readonly kind: 'levels'; readonly first: number; readonly last: number }
  | { readonly kind: 'filter' | 'exists' | 'not' | 'is_unknown'; readonly arg: Steps }
  | { readonly kind: 'method'; readonly method: PathMethod }
  | { readonly kind: 'datetime'; readonly template?: string }
  | { readonly kind: 'arithmetic'; readonly op: ArithmeticOperator; readonly left: Steps; readonly right: Steps }
  | { readonly kind: 'sign'; readonly op: '+' | '-'; readonly arg: Steps }
  | { readonly kind: 'comparison'; readonly op: ComparisonOperator; readonly left: Steps; readonly right: Steps }
  | { readonly kind: 'and' | 'or' | 'starts_with'; readonly left: Steps; readonly right: Steps }
  | { readonly kind: 'like_regex'; readonly arg: Steps; readonly pattern: string; readonly flags: string };

const predicates = new Set<PathStep['kind']>([
  'comparison',
  'and',
  'or',
  'not',
  'exists',
  'is_unknown',
  'starts_with',
  'like_regex',
]);

/** Whether the whole of it is true, false or unknown. */
export const isPredicate = (steps: Steps): boolean => steps.length === 1 && predicates.has(steps[0]!.kind);
