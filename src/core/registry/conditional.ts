// Conditional functions that are no syntax: the greatest and the least of several values.
import { compareValues } from '../value/compare.js';
import { chapter, on } from './define.js';
import type { FunctionEntry } from './overload.js';

const scalar = chapter('conditional', 'scalar');

const extreme = (name: 'greatest' | 'least', sign: 1 | -1, description: string): FunctionEntry =>
  scalar(name, description, [
    on(['anycompatible'], 'anycompatible', {
      strict: false,
      variadic: true,
      kernel: name,
      duckdb: `${name}($*)`,
      textNumerics: false,
      fold: (args, { type }) => {
        const some = args.filter((v) => v !== null);
        return some.length === 0 ? null : some.reduce((a, b) => (sign * compareValues(b, a, type) > 0 ? b : a));
      },
    }),
  ]);

export const conditionalFunctions: readonly FunctionEntry[] = [
  extreme('greatest', 1, 'The greatest argument that is not NULL; NULL when all are.'),
  extreme('least', -1, 'The least argument that is not NULL; NULL when all are.'),
];
