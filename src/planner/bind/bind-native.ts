// `skyhook.native('dataset', $$select …, project …$$)` in FROM: a native query as a relation of SQL.
import { DiagnosticError, fail, type Span } from '../../core/index.js';
import { type CallExpr, type Expr, parseNative, type QualifiedName } from '../../parser/index.js';
import type { LogicalPlan } from '../logical/logical-plan.js';
import { QueryBinder } from './bind-query.js';
import { BindContext, foldName, hintFor, matchName } from './environment.js';
import type { Column } from './scalar.js';

export const isNativeCall = ({ name }: Pick<CallExpr, 'name'>): boolean =>
  name.length === 2 && foldName(name[0]!) === 'skyhook' && foldName(name[1]!) === 'native';

/** The dataset that a call names, as a relation's name would: what the session fetches. */
export function nativeRelation(call: CallExpr): QualifiedName | undefined {
  const dataset = call.args[0]?.value;
  if (!isNativeCall(call) || dataset?.kind !== 'string') return undefined;
  const { span } = dataset;
  return [
    { text: dataset.value, quoted: true, span },
    { text: '*', quoted: true, span },
  ];
}

/** @throws DiagnosticError with the place inside the native text, where that is written plainly */
export function bindNativeCall(
  context: BindContext,
  call: CallExpr,
): { readonly plan: LogicalPlan; readonly columns: readonly Column[] } {
  const [dataset, text] = call.args.map(({ value }) => value);
  if (call.args.length !== 2)
    throw fail('undefined_function', `skyhook.native takes 2 arguments, not ${call.args.length}`, {
      span: call.span,
      hint: "As in: skyhook.native('dataset', $$select *, project Tree.branch$$)",
    });
  const name = constantText(dataset!);
  const native = constantText(text!);
  const { environment } = context;
  const found = matchName(
    { text: name, quoted: true, span: dataset!.span },
    environment.datasets.keys(),
    (n) => n,
    'dataset',
  );
  const snapshot = found === undefined ? undefined : environment.datasets.get(found);
  if (!snapshot)
    throw fail('invalid_schema_name', `dataset "${name}" does not exist`, {
      span: dataset!.span,
      hint: hintFor(name, environment.datasetNames),
    });
  const { searchPath: _, parameterTypes: __, ...rest } = environment;
  const inner = { ...rest, datasets: new Map([[snapshot.name, snapshot]]), native: { dataset: snapshot.name } };
  try {
    const { query } = parseNative(native);
    return new QueryBinder(new BindContext(inner, 'native', { within: context })).bindQuery(query, undefined);
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const { condition, message, span, ...more } = error.diagnostic;
    throw fail(condition, message, { ...more, span: placeIn(text!.span, native, span), cause: error });
  }
}

function constantText(expr: Expr): string {
  if (expr.kind === 'string') return expr.value;
  throw fail('feature_not_supported', 'the arguments of skyhook.native are text constants', { span: expr.span });
}

/** A place of the native text in the statement: it stands between quotes or dollars of equal length, or is escaped somehow. */
function placeIn(literal: Span, text: string, span: Span | undefined): Span {
  const around = literal.end - literal.start - text.length;
  if (!span || around < 2 || around % 2 === 1) return literal;
  const start = literal.start + around / 2;
  return { start: start + span.start, end: start + span.end };
}
