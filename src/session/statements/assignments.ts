// SET of UPDATE and of ON CONFLICT: which column gets which expression.
import type { TableEntry } from '../../catalog/index.js';
import { fail, type Span } from '../../core/index.js';
import type { Expr, SetClause } from '../../parser/index.js';
import { foldName } from '../../planner/index.js';
import { columnOf, nameOf, selectOf } from './query-of.js';
import { ruleOf } from './row-rules.js';

export interface Assignment {
  /** Of the column. */
  readonly position: number;
  readonly value: Expr;
}

/** @param defaults what DEFAULT stands for, by position */
export function assignments(
  table: TableEntry,
  { set, span }: { readonly set: readonly SetClause[]; readonly span: Span },
  defaults: ReadonlyMap<number, Expr>,
): Assignment[] {
  const found = set.flatMap((clause) => {
    const values = valuesOf(clause);
    return clause.targets.map(({ column, path, span: place }, i) => {
      if (path.length > 0) throw fail('feature_not_supported', 'parts of columns cannot be assigned', { span: place });
      const position = table.columns.findIndex(({ name }) => name === column.text || name === foldName(column));
      if (position < 0)
        throw fail('undefined_column', `column "${foldName(column)}" of relation "${table.path}" does not exist`, {
          span: column.span,
        });
      return { position, value: assignedTo(table, position, values[i]!, defaults) };
    });
  });
  const twice = found.find(({ position }, i) => found.findIndex((other) => other.position === position) < i);
  if (twice)
    throw fail('syntax_error', `multiple assignments to same column "${table.columns[twice.position]!.name}"`, {
      span,
    });
  // A generated column computes itself.
  return found.filter(({ position }) => ruleOf(table, table.columns[position]!.name)?.generated === undefined);
}

/** One expression for each target. */
function valuesOf({ targets, isRow, value }: SetClause): readonly Expr[] {
  const { span } = value;
  if (isRow && value.kind === 'scalar_query' && targets.length > 1) {
    const names = targets.map((_, i) => nameOf(`c${i + 1}`, span));
    const source = {
      kind: 'query_ref',
      query: value.query,
      lateral: false,
      alias: { name: nameOf('assigned', span), columns: names, span },
      span,
    } as const;
    return names.map((name) => ({
      kind: 'scalar_query',
      query: selectOf([{ kind: 'expr', expr: columnOf([name], span), span }], [source], undefined, span),
      span,
    }));
  }
  const values = isRow && value.kind === 'row' ? value.fields : [value];
  if (values.length !== targets.length)
    throw fail(
      isRow && value.kind !== 'row' ? 'feature_not_supported' : 'syntax_error',
      isRow && value.kind !== 'row'
        ? 'source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression'
        : 'number of columns does not match number of values',
      { span },
    );
  return values;
}

function assignedTo(table: TableEntry, position: number, value: Expr, defaults: ReadonlyMap<number, Expr>): Expr {
  const { name } = table.columns[position]!;
  const rule = ruleOf(table, name);
  const { span } = value;
  if (value.kind !== 'default') {
    if (rule?.generated === undefined && rule?.identity !== 'always') return value;
    throw fail('generated_always', `column "${name}" can only be updated to DEFAULT`, {
      span,
      detail:
        rule.generated === undefined
          ? `Column "${name}" is an identity column defined as GENERATED ALWAYS.`
          : `Column "${name}" is a generated column.`,
    });
  }
  if (rule?.sequence !== undefined)
    throw fail('feature_not_supported', `column "${name}" cannot be updated to a sequence's next value`, { span });
  return defaults.get(position) ?? { kind: 'null', span };
}
