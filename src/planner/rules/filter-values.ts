// Conditions over the catalogue's rows, which are literals, are decided while planning: rows that fail them are not handed to DuckDB.
// Before: Filter: oid = 16384 ─ Values: 1198 rows    After: Values: 1 row
// What fails on a row, or is not immutable, stays above.
import { DiagnosticError, type Value } from '../../core/index.js';
import type { ColumnId, LiteralScalar, Scalar } from '../bind/scalar.js';
import { outputIds } from '../logical/walk-plan.js';
import { conjunction, conjuncts, coveredBy, hasSubquery, isImmutable, rewriteScalar } from '../logical/walk-scalar.js';
import { foldConstants } from './fold-constants.js';
import { topDown } from './rule.js';

type Row = readonly Scalar[];
/** `undefined` where it cannot be told. */
type Decision = (row: Row) => Value | undefined;

export const FilterValues = topDown('FilterValues', (node) => {
  if (node.kind !== 'filter' || node.input.kind !== 'values' || !node.input.isLiteral) return node;
  const values = node.input;
  const available = outputIds(values);
  const positions = new Map(values.columns.map(({ id }, i) => [id, i]));
  const kept: Scalar[] = [];
  let rows: readonly Row[] = values.rows;
  for (const term of conjuncts(node.predicate)) {
    const decidable = !hasSubquery(term) && isImmutable(term) && coveredBy(term, available);
    const passed = decidable ? passing(rows, decisionOf(term, positions)) : undefined;
    if (passed) rows = passed;
    else kept.push(term);
  }
  if (kept.length === conjuncts(node.predicate).length) return node;
  const input = { ...values, rows };
  return kept.length === 0 ? input : { ...node, input, predicate: conjunction(kept) };
});

function passing(rows: readonly Row[], decide: Decision): readonly Row[] | undefined {
  const passed: Row[] = [];
  for (const row of rows) {
    const value = decide(row);
    if (value === undefined) return undefined;
    if (value === true) passed.push(row);
  }
  return passed;
}

function decisionOf(term: Scalar, positions: ReadonlyMap<ColumnId, number>): Decision {
  // Most are a comparison of a column with a constant, and rows are thousands.
  if (term.kind === 'call' && term.overload.fold && term.overload.strict) {
    const { overload, args, type } = term;
    const places = args.map((arg) => (arg.kind === 'column' ? positions.get(arg.column.id) : undefined));
    const context = { argTypes: args.map((arg) => arg.type), type };
    if (args.every((arg, i) => places[i] !== undefined || arg.kind === 'literal'))
      return (row) => {
        const given = args.map((arg, i) => (places[i] === undefined ? arg : row[places[i]]!) as LiteralScalar);
        if (given.some(({ kind, value }) => kind !== 'literal' || value === null))
          return given.some(({ kind }) => kind !== 'literal') ? undefined : null;
        try {
          return overload.fold!(
            given.map(({ value }) => value),
            context,
          );
        } catch (error) {
          if (error instanceof DiagnosticError) return undefined;
          throw error;
        }
      };
  }
  return (row) => {
    const placed = rewriteScalar(term, (scalar) => {
      const at = scalar.kind === 'column' ? positions.get(scalar.column.id) : undefined;
      return at === undefined ? scalar : row[at]!;
    });
    const folded = foldConstants(placed);
    return folded.kind === 'literal' ? folded.value : undefined;
  };
}
