// Names of result columns that the query gives none: PostgreSQL's FigureColname.
import type { SqlType } from '../../core/index.js';
import type { Expr, Query, TypeName } from '../../parser/index.js';
import { bindTypeName, isTypeName } from './bind-type-name.js';
import { foldName } from './environment.js';
import type { Scalar } from './scalar.js';

const unnamed = '?column?';

interface Found {
  readonly name: string;
  /** A weak name, of a CASE or a cast, gives way to that of a cast around it. */
  readonly weak: boolean;
}

const strong = (name: string): Found => ({ name, weak: false });
const weak = (name: string): Found => ({ name, weak: true });
const none = weak(unnamed);

/** `scalar` is what `expr` was bound to: a branch's label is its own spelling. */
export function labelOf(expr: Expr, scalar: Scalar): string {
  return find(expr, scalar).name;
}

/** Types of catalogue objects have no SQL type here, but a name. */
function castLabel(type: TypeName): string {
  const written = type.name.at(-1)!.text.toLowerCase();
  if (/^reg[a-z]+$/.test(written) || written === 'oid' || written === 'name') return written;
  if (written === 'char' && type.name.at(-1)!.quoted) return written;
  return isTypeName(type) ? typeLabel(bindTypeName(type)) : foldName(type.name.at(-1)!);
}

function find(expr: Expr, scalar: Scalar | undefined): Found {
  switch (expr.kind) {
    case 'column': {
      const column = scalar && columnUnder(scalar);
      const written = expr.parts.at(-1)!;
      const isIt = column?.toLowerCase().endsWith(written.text.toLowerCase());
      return strong(isIt ? column! : foldName(written));
    }
    case 'call':
      return strong(foldName(expr.name.at(-1)!));
    case 'typed_literal':
      return weak(castLabel(expr.type));
    case 'cast': {
      const inner = find(expr.arg, scalar);
      return inner.weak ? weak(castLabel(expr.type)) : inner;
    }
    case 'case': {
      const inner = expr.otherwise ? find(expr.otherwise, undefined) : none;
      return inner.weak ? weak('case') : inner;
    }
    case 'array':
    case 'array_query':
      return strong('array');
    case 'row':
      return strong('row');
    case 'exists':
      return strong('exists');
    case 'is':
      return expr.test === 'normalized' && !expr.negated ? strong('is_normalized') : none;
    case 'scalar_query':
      return firstOf(expr.query);
    case 'subscript':
    case 'slice':
      return find(expr.arg, scalar);
    case 'collate':
      return find(expr.arg, scalar);
    case 'field':
      return expr.field ? strong(foldName(expr.field)) : none;
    default:
      return none;
  }
}

function columnUnder(scalar: Scalar): string | undefined {
  let at = scalar;
  for (;;) {
    if (at.kind === 'column') return at.column.name;
    if (at.kind === 'cast' || at.kind === 'field') at = at.arg;
    else if (at.kind === 'call' && at.args[0]) at = at.args[0];
    else return undefined;
  }
}

function firstOf(query: Query): Found {
  let body = query.body;
  while (body.kind === 'set' || body.kind === 'query') body = body.kind === 'set' ? body.inputs[0]! : body.body;
  if (body.kind === 'values') return strong('column1');
  const [item] = body.items;
  if (item?.kind !== 'expr') return none;
  return item.alias ? strong(foldName(item.alias)) : find(item.expr, undefined);
}

const internal: Partial<Record<SqlType['kind'], string>> = { char: 'bpchar' };

function typeLabel(type: SqlType): string {
  let element = type;
  while (element.kind === 'list') element = element.element;
  return internal[element.kind] ?? element.kind;
}
