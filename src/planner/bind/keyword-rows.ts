// pg_get_keywords(): the grammar's keywords as rows.
import { listOf, type SqlType, types } from '../../core/index.js';
import { keywords } from '../../parser/index.js';
import type { Scalar } from './scalar.js';

const categories = {
  unreserved: ['U', 'unreserved'],
  col_name: ['C', 'unreserved (cannot be function or type name)'],
  type_func_name: ['T', 'reserved (can be function or type name)'],
  reserved: ['R', 'reserved'],
} as const;

const { text, bool, internalChar } = types;
const columns: readonly (readonly [string, SqlType])[] = [
  ['word', text],
  ['catcode', internalChar],
  ['barelabel', bool],
  ['catdesc', text],
  ['baredesc', text],
];
const row: SqlType = { kind: 'struct', row: true, fields: columns.map(([name, type]) => ({ name, type })) };

export function keywordRows(): Scalar {
  const value = [...keywords.values()]
    .toSorted((a, b) => (a.word < b.word ? -1 : 1))
    .map(({ word, category, bareLabel }) => ({
      fields: [
        word,
        categories[category][0],
        bareLabel,
        categories[category][1],
        bareLabel ? 'can be bare label' : 'requires AS',
      ],
    }));
  return { kind: 'literal', type: listOf(row), value };
}
