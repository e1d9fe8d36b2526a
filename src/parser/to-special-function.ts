// Functions with a syntax of their own, CST → AST: plain calls by PostgreSQL's internal names, `special` says how they were written.
import type { OverlayCstNode, SpecialFunctionCstNode, SubstringCstNode } from '../../grammar/index.js';
import { fail, type Span } from '../core/index.js';
import type { CallArg, CallExpr, Expr, Name } from './ast.js';
import { nodeSpan, tokenSpan, toName, UnexpectedToken } from './build.js';
import { toArguments } from './to-call.js';
import { toExpr, toPlainExpr, toSimilar } from './to-expr.js';
import { toTypeName } from './to-type-name.js';

function call(text: string, args: readonly Expr[], special: string, span: Span): CallExpr {
  const name: Name = { text, quoted: false, span };
  const callArgs = args.map((value): CallArg => ({ value, variadic: false, span: value.span }));
  return { kind: 'call', name: [name], args: callArgs, star: false, distinct: false, orderBy: [], special, span };
}

export function toSpecialFunction(cst: SpecialFunctionCstNode): Expr {
  const c = cst.children;
  const span = nodeSpan(cst);
  if (c.overlay) return toOverlay(c.overlay[0]!, span);
  if (c.substring) return toSubstring(c.substring[0]!, span);
  if (c.collationFor)
    return call('pg_collation_for', [toExpr(c.collationFor[0]!.children.expression[0]!)], 'collation for', span);
  const head = c.function![0]!;
  const word = head.value.toLowerCase();
  const args = (c.expression ?? []).map(toExpr);
  if (c.typeName) {
    if (word === 'treat') throw fail('feature_not_supported', 'TREAT is not supported', { span: tokenSpan(head) });
    return { kind: 'cast', arg: args[0]!, type: toTypeName(c.typeName[0]!), attempt: word === 'try_cast', span };
  }
  switch (word) {
    case 'extract': {
      const field = c.field![0]!;
      return call(word, [{ kind: 'string', value: field.value, span: tokenSpan(field) }, args[0]!], word, span);
    }
    case 'normalize': {
      const form = c.normalForm?.[0];
      const forms: Expr[] = form ? [{ kind: 'string', value: form.value.toUpperCase(), span: tokenSpan(form) }] : [];
      return call(word, [...args, ...forms], word, span);
    }
    case 'position': {
      const [part, whole] = c.plainExpression!.map(toPlainExpr);
      return call(word, [whole!, part!], word, span);
    }
    case 'trim': {
      const characters = c.characters ? [toExpr(c.characters[0]!)] : [];
      if (characters.length + args.length === 0) throw new UnexpectedToken(cst.location.endOffset);
      const side = c.side?.[0]?.value.toLowerCase();
      const name = side === 'leading' ? 'ltrim' : side === 'trailing' ? 'rtrim' : 'btrim';
      return call(name, c.FROM ? [...args, ...characters] : [...characters, ...args], word, span);
    }
    case 'nullif':
      if (args.length !== 2) throw new UnexpectedToken(args.length < 2 ? cst.location.endOffset : args[1]!.span.end);
      return call(word, args, word, span);
    case 'current_schema':
      if (c.argumentList) return toArguments([toName(head)], c.argumentList[0]!, span);
      return call(word, [], 'value function', span);
  }
  if (c.Integer) {
    const precision = c.Integer[0]!;
    return call(word, [{ kind: 'number', text: precision.value, span: tokenSpan(precision) }], 'value function', span);
  }
  return call(word, args, args.length > 0 ? word : 'value function', span);
}

function toOverlay(cst: OverlayCstNode, span: Span): Expr {
  const { OVERLAY, argument, placing, from, for: count } = cst.children;
  const plain = plainCall('overlay', tokenSpan(OVERLAY[0]!), argument ?? [], span);
  if (!placing) return plain;
  const rest = [...placing, ...from!, ...(count ?? [])].map(toExpr);
  return call('overlay', [soleArgument(plain, placing[0]!.location.startOffset), ...rest], 'overlay', span);
}

function toSubstring(cst: SubstringCstNode, span: Span): Expr {
  const { SUBSTRING, argument, from, for: count, similar } = cst.children;
  const plain = plainCall('substring', tokenSpan(SUBSTRING[0]!), argument ?? [], span);
  const clauses = [...(from ?? []), ...(count ?? []), ...(similar ?? [])];
  if (clauses.length === 0) return plain;
  const text = soleArgument(plain, clauses[0]!.location.startOffset);
  const repeated = from?.[1] ?? count?.[1] ?? (similar && (from || count) ? (from ?? count)![0] : undefined);
  if (repeated) throw new UnexpectedToken(repeated.location.startOffset);
  if (similar) return call('substring', toSimilar(text, similar[0]!), 'substring similar', span);
  const start: Expr = from ? toExpr(from[0]!) : { kind: 'number', text: '1', span: nodeSpan(count![0]!) };
  return call('substring', [text, start, ...(count ?? []).map(toExpr)], 'substring', span);
}

function plainCall(
  text: string,
  nameSpan: Span,
  args: NonNullable<OverlayCstNode['children']['argument']>,
  span: Span,
): CallExpr {
  const list = { name: 'argumentList', children: { argument: args, LParen: [], RParen: [] } } as const;
  return toArguments(
    [{ text, quoted: false, span: nameSpan }],
    list as unknown as Parameters<typeof toArguments>[1],
    span,
  );
}

function soleArgument(plain: CallExpr, at: number): Expr {
  if (plain.args.length !== 1 || plain.args[0]!.name || plain.args[0]!.variadic) throw new UnexpectedToken(at - 1);
  return plain.args[0]!.value;
}
