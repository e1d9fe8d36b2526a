// WITH RECURSIVE: the term that starts, the term that goes on, and PostgreSQL's rules for it.
import { fail, printSqlType, type SqlType, sameType } from '../../core/index.js';
import type { Cte, QueryBody } from '../../parser/index.js';
import type { LogicalPlan } from '../logical/logical-plan.js';
import { forEachNode, planInputs, planScalars } from '../logical/walk-plan.js';
import { hasSubquery } from '../logical/walk-scalar.js';
import { cteColumns, matchColumns, type QueryBinder } from './bind-query.js';
import type { Column } from './scalar.js';
import type { Scope } from './scope.js';
import { checkNewColumns, newColumns, withSearchAndCycle } from './search-cycle.js';

interface BoundCte {
  readonly plan: LogicalPlan;
  readonly columns: readonly Column[];
}

/** @param open makes the CTE visible with these columns; what it gives back hides it and says how often it was read */
export function bindRecursive(
  binder: QueryBinder,
  written: Cte,
  outer: Scope | undefined,
  open: (columns: readonly Column[]) => () => number,
): BoundCte {
  const name = written.name.text;
  const { span } = written.name;
  const malformed = () =>
    fail(
      'invalid_recursion',
      `recursive query "${name}" does not have the form non-recursive-term UNION [ALL] recursive-term`,
      { span },
    );
  const [first] = written.query.body.kind === 'set' ? written.query.body.inputs : [];
  if (!first) throw malformed();
  let cte = written;
  if (written.search || written.cycle) {
    const { columns } = bindStart(binder, first, outer, open, malformed);
    cte = withSearchAndCycle(
      written,
      cteColumns(written, columns).map((c) => c.name),
    );
  }
  const { query } = cte;
  const { body } = query;
  if (body.kind !== 'set' || body.op !== 'union' || query.with) throw malformed();
  if (query.orderBy.length > 0 || query.limit || query.offset)
    throw fail('feature_not_supported', 'ORDER BY, LIMIT and OFFSET in a recursive query are not implemented', {
      span,
    });
  const startTerms = body.inputs.slice(0, -1);
  const step = body.inputs.at(-1)!;
  const startBody: QueryBody = startTerms.length === 1 ? startTerms[0]! : { ...body, inputs: startTerms };
  const start = bindStart(binder, startBody, outer, open, malformed);
  const visible = cteColumns(cte, start.columns);
  const close = open(visible);
  const going = binder.bindBody(step, outer);
  const references = close();
  if (references > 1)
    throw fail('invalid_recursion', `recursive reference to query "${name}" must not appear more than once`, { span });
  checkStep(going.plan, name, span, references);
  if (going.columns.length !== start.columns.length)
    throw fail('syntax_error', 'each UNION query must have the same number of columns', { span: body.span });
  const columns = matchColumns(binder.context, [start, going], 'UNION', body.span);
  columns.forEach((column, i) => {
    const { type } = start.columns[i]!;
    if (!sameType(column.type, type) && (column.type.kind !== type.kind || isText(type)))
      throw fail(
        'datatype_mismatch',
        `recursive query "${name}" column ${i + 1} has type ${printSqlType(start.columns[i]!.type)} in non-recursive term but type ${printSqlType(column.type)} overall`,
        { span, hint: 'Cast the output of the non-recursive term to the correct type.' },
      );
  });
  checkNewColumns(
    written,
    visible.slice(0, visible.length - newColumns(written)).map((c) => c.name),
  );
  const inputs = [start, going].map((input) => binder.matched(input, columns));
  return { plan: { kind: 'set', op: 'union', all: body.all, inputs, columns }, columns: cteColumns(cte, columns) };
}

/** Whose length is part of the type, where a numeric's digits are ours alone. */
const isText = (type: SqlType): boolean => type.kind === 'varchar' || type.kind === 'char';

/** The first term must not read the CTE: it stands for nothing yet. */
function bindStart(
  binder: QueryBinder,
  body: QueryBody,
  outer: Scope | undefined,
  open: (columns: readonly Column[]) => () => number,
  malformed: () => Error,
): BoundCte {
  const close = open([]);
  try {
    const bound = binder.bindBody(body, outer);
    if (close() > 0) throw malformed();
    return bound;
  } catch (error) {
    if (close() > 0) throw malformed();
    throw error;
  }
}

function checkStep(plan: LogicalPlan, name: string, span: Cte['span'], references: number): void {
  const refuse = (where: string) =>
    fail('invalid_recursion', `recursive reference to query "${name}" must not appear within ${where}`, { span });
  // What is not reached through plain inputs is read in a subquery.
  let direct = 0;
  const visit = (node: LogicalPlan, outerSide: boolean): void => {
    if (node.kind === 'aggregate')
      throw fail('invalid_recursion', "aggregate functions are not allowed in a recursive query's recursive term", {
        span,
      });
    if (node.kind === 'set' && node.op === 'except') {
      node.inputs.forEach((input, i) => {
        visit(input, outerSide || i > 0);
      });
      return;
    }
    if (node.kind === 'cte_scan' && node.name.toLowerCase() === name.toLowerCase()) {
      if (outerSide) throw refuse('an outer join');
      direct++;
    }
    if (node.kind === 'join') {
      visit(node.left, outerSide || node.type === 'right' || node.type === 'full');
      visit(node.right, outerSide || node.type === 'left' || node.type === 'full');
      return;
    }
    for (const input of planInputs(node)) visit(input, outerSide);
  };
  visit(plan, false);
  if (direct < references) {
    forEachNode(plan, (node) => {
      if (planScalars(node).some(hasSubquery)) throw refuse('a subquery');
    });
  }
}
