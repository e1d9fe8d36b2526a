// Expressions, CST → AST: applies PostgreSQL's operator precedence to the grammar's flat rows. A shift-reduce loop with the
// precedence table of PostgreSQL's gram.y, so that nothing recurses along a chain and even its non-associative errors agree.
import type {
  ExpressionCstNode,
  OperandCstNode,
  PlainExpressionCstNode,
  PlainPredicateCstNode,
  PredicateCstNode,
  QualifiedOperatorCstNode,
} from '../../grammar/index.js';
import { type Token, tokens as t } from '../../grammar/index.js';
import { fail, type Span } from '../core/index.js';
import type { Expr, IsTest, LikeExpr, LogicalExpr, Name } from './ast.js';
import { firstOf, join, nodeSpan, tokenSpan, toName, toNames, UnexpectedToken } from './build.js';
import { toPrimary, toQuantifier } from './to-operand.js';
import { toSubquery } from './to-query.js';

const { kw } = t;

// gram.y, loosest first. IS, comparison and BETWEEN/IN/LIKE do not associate.
const precedence = {
  lambda: 0,
  or: 1,
  and: 2,
  not: 3,
  is: 4,
  comparison: 5,
  predicate: 6,
  escape: 7,
  operator: 8,
  additive: 9,
  multiplicative: 10,
  power: 11,
  at: 12,
  collate: 13,
  sign: 14,
} as const;
const nonAssociative = new Set<number>([precedence.is, precedence.comparison, precedence.predicate, precedence.escape]);

const precedenceOf: number[] = [];
for (const type of t.vocabulary)
  if (type.CATEGORIES?.includes(t.BinaryOperator)) precedenceOf[type.tokenTypeIdx!] = precedence.operator;
for (const [level, types] of [
  [precedence.or, [kw.OR]],
  [precedence.and, [kw.AND]],
  [precedence.comparison, [t.Less, t.Greater, t.Equals, t.LessEquals, t.GreaterEquals, t.NotEquals]],
  [precedence.additive, [t.Plus, t.Minus]],
  [precedence.multiplicative, [t.Star, t.Slash, t.Percent]],
  [precedence.power, [t.Caret]],
] as const)
  for (const type of types) precedenceOf[type.tokenTypeIdx!] = level;

/** Words that are operators as well. */
const labelPrecedence = new Map<string, number>([
  ['and', precedence.and],
  ...['is', 'isnull', 'notnull'].map((word) => [word, precedence.is] as const),
  ...['between', 'in', 'like', 'ilike', 'similar'].map((word) => [word, precedence.predicate] as const),
  ['escape', precedence.escape],
  ['operator', precedence.operator],
  ['at', precedence.at],
  ['collate', precedence.collate],
]);

type Operator =
  | {
      readonly kind: 'prefix';
      readonly precedence: number;
      readonly op: string;
      readonly opSpan: Span;
      readonly schema?: Name;
    }
  | {
      readonly kind: 'binary';
      readonly precedence: number;
      readonly op: string;
      readonly opSpan: Span;
      readonly schema?: Name;
    }
  | { readonly kind: 'lambda'; readonly precedence: number; readonly params: readonly Name[]; readonly start: Span }
  | { readonly kind: 'logical'; readonly precedence: number; readonly op: 'and' | 'or' }
  | { readonly kind: 'distinct'; readonly precedence: number; readonly negated: boolean }
  | { readonly kind: 'at'; readonly precedence: number }
  | {
      readonly kind: 'like';
      readonly precedence: number;
      readonly variant: LikeExpr['variant'];
      readonly negated: boolean;
      escaped: boolean;
    }
  | {
      readonly kind: 'between';
      readonly precedence: number;
      readonly low: Expr;
      readonly symmetric: boolean;
      readonly negated: boolean;
    };

export function operatorText(token: Token): string {
  return token.tokenType === t.NotEquals ? '<>' : token.image;
}

export function toQualifiedOperator(cst: QualifiedOperatorCstNode): { op: string; opSpan: Span; schema?: Name } {
  const { operator, part } = cst.children;
  const names = toNames(part ?? []);
  const schema = names[names.length - 1];
  return { op: operatorText(operator[0]!), opSpan: nodeSpan(cst), ...(schema && { schema }) };
}

/** LIKE and its kin by their operator, as ANY and ALL take them. */
const likeOperators = { like: '~~', ilike: '~~*', similar: '~' } as const;

const hasPrefix = ({ children: { prefix, qualifiedOperator, lambdaHead } }: OperandCstNode): boolean =>
  prefix !== undefined || qualifiedOperator !== undefined || lambdaHead !== undefined;

class Reducer {
  private readonly operands: Expr[] = [];
  private readonly operators: Operator[] = [];
  /** b_expr: NOT and quantifiers are out. */
  private readonly plain: boolean;

  constructor(plain: boolean) {
    this.plain = plain;
  }

  /** Before anything else: what is read next is the pattern of a SIMILAR TO. */
  startSimilar(text: Expr): void {
    this.operands.push(text);
    const variant = 'similar';
    this.operators.push({ kind: 'like', precedence: precedence.predicate, variant, negated: false, escaped: false });
  }

  private pop(): Expr {
    return this.operands.pop()!;
  }

  operand(cst: OperandCstNode): void {
    const { quantified } = cst.children;
    if (hasPrefix(cst)) this.prefixes(cst);
    if (quantified) throw new UnexpectedToken(quantified[0]!.location.startOffset);
    this.operands.push(toPrimary(cst));
  }

  private prefixes({ children }: OperandCstNode): void {
    const { prefix = [], qualifiedOperator = [], lambdaHead = [] } = children;
    const entries = [
      ...prefix.map((token) => ({ at: token.startOffset, entry: this.prefix(token) })),
      ...qualifiedOperator.map((cst) => ({
        at: cst.location.startOffset,
        entry: { kind: 'prefix', precedence: precedence.operator, ...toQualifiedOperator(cst) } as const,
      })),
      ...lambdaHead.map((cst) => ({
        at: cst.location.startOffset,
        entry: {
          kind: 'lambda',
          precedence: precedence.lambda,
          params: toNames(cst.children.name),
          start: nodeSpan(cst),
        } as const,
      })),
    ];
    if (qualifiedOperator.length + lambdaHead.length > 0) entries.sort((a, b) => a.at - b.at);
    for (const { entry } of entries) this.operators.push(entry);
  }

  private prefix(token: Token): Operator {
    const type = token.tokenType;
    const isNot = type === kw.NOT || type === t.NOT_LA;
    if (isNot && this.plain) throw new UnexpectedToken(token.startOffset);
    const level = isNot ? precedence.not : type === t.Op ? precedence.operator : precedence.sign;
    return { kind: 'prefix', precedence: level, op: isNot ? 'not' : token.image, opSpan: tokenSpan(token) };
  }

  /** `a OR b like` is no label: where an operator waits that binds looser, PostgreSQL takes the word for an operator. */
  label(token: Token): void {
    const level = labelPrecedence.get(token.image.toLowerCase());
    if (level === undefined) return;
    this.reduceFor(level, token.startOffset);
    // ESCAPE is one beside a pattern only.
    const waits = level === precedence.escape ? this.operators.at(-1)?.kind === 'like' : this.operators.length > 0;
    if (waits) throw new UnexpectedToken(token.endOffset! + 1);
  }

  /** Makes room for an operator: everything on the stack that binds tighter (or as tight, from the left) is done first. */
  private reduceFor(level: number, at: number): void {
    for (;;) {
      const top = this.operators[this.operators.length - 1];
      if (!top || top.precedence < level) return;
      if (top.precedence === level && nonAssociative.has(level)) throw new UnexpectedToken(at);
      this.reduce();
    }
  }

  binary(token: Token, right: OperandCstNode): void {
    const level = precedenceOf[token.tokenTypeIdx]!;
    this.reduceFor(level, token.startOffset);
    if (level <= precedence.and) {
      this.operators.push({ kind: 'logical', precedence: level, op: level === precedence.or ? 'or' : 'and' });
      this.operand(right);
    } else this.apply({ kind: 'binary', precedence: level, op: operatorText(token), opSpan: tokenSpan(token) }, right);
  }

  /** Pushes a binary operator and its right operand, unless that is ANY or ALL, which completes it. */
  private apply(operator: Operator & { kind: 'binary' }, right: OperandCstNode): void {
    if (!this.quantified(operator.op, right)) {
      this.operators.push(operator);
      this.operand(right);
    }
  }

  private quantified(op: string, right: OperandCstNode): boolean {
    const { quantified, postfix } = right.children;
    if (!quantified) return false;
    if (hasPrefix(right) || this.plain) throw new UnexpectedToken(quantified[0]!.location.startOffset);
    if (postfix) throw new UnexpectedToken(postfix[0]!.location.startOffset);
    this.operands.push(toQuantifier(quantified[0]!, op, this.pop()));
    return true;
  }

  /** IS DISTINCT FROM and OPERATOR(…) inside a b_expr. */
  plainPredicate(cst: PlainPredicateCstNode): void {
    const { qualifiedOperator, NOT, operand } = cst.children;
    if (qualifiedOperator) {
      this.reduceFor(precedence.operator, cst.location.startOffset);
      this.apply(
        { kind: 'binary', precedence: precedence.operator, ...toQualifiedOperator(qualifiedOperator[0]!) },
        operand[0]!,
      );
    } else {
      this.reduceFor(precedence.is, cst.location.startOffset);
      this.operators.push({ kind: 'distinct', precedence: precedence.is, negated: NOT !== undefined });
      this.operand(operand[0]!);
    }
  }

  predicate(cst: PredicateCstNode): void {
    const c = cst.children;
    const at = cst.location.startOffset;
    const negated = c.NOT_LA !== undefined;
    const like = firstOf(c.LIKE, c.ILIKE, c.SIMILAR_TO);
    if (negated && !like && !c.BETWEEN && !c.IN) throw new UnexpectedToken(c.NOT_LA![0]!.endOffset + 1);
    if (c.IS || c.ISNULL || c.NOTNULL) {
      this.is(cst);
      return;
    }
    if (like) {
      this.reduceFor(precedence.predicate, at);
      const variant = c.LIKE ? 'like' : c.ILIKE ? 'ilike' : 'similar';
      const op = `${negated ? '!' : ''}${likeOperators[variant]}`;
      if (variant !== 'similar' && this.quantified(op, c.operand![0]!)) return;
      this.operators.push({ kind: 'like', precedence: precedence.predicate, variant, negated, escaped: false });
      this.operand(c.operand![0]!);
      return;
    }
    if (c.ESCAPE) {
      this.escape(c.operand![0]!, at);
      return;
    }
    if (c.BETWEEN) {
      this.reduceFor(precedence.predicate, at);
      const low = toPlainExpr(c.plainExpression![0]!);
      const symmetric = c.SYMMETRIC !== undefined;
      this.operators.push({ kind: 'between', precedence: precedence.predicate, low, symmetric, negated });
      this.operand(c.operand![0]!);
      return;
    }
    if (c.IN) {
      this.in(cst, negated);
      return;
    }
    if (c.COLLATE) {
      this.reduceFor(precedence.collate, at);
      const arg = this.pop();
      const collation = toNames(c.anyName![0]!.children.part);
      this.operands.push({ kind: 'collate', arg, collation, span: join(arg.span, nodeSpan(cst)) });
      return;
    }
    if (c.AT) {
      this.reduceFor(precedence.at, at);
      this.operators.push({ kind: 'at', precedence: precedence.at });
      this.operand(c.operand![0]!);
      return;
    }
    this.reduceFor(precedence.operator, at);
    this.apply(
      { kind: 'binary', precedence: precedence.operator, ...toQualifiedOperator(c.qualifiedOperator![0]!) },
      c.operand![0]!,
    );
  }

  private escape(right: OperandCstNode, at: number): void {
    this.reduceFor(precedence.escape, at);
    const top = this.operators[this.operators.length - 1];
    if (top?.kind !== 'like' || top.escaped) throw new UnexpectedToken(at);
    top.escaped = true;
    this.operand(right);
  }

  private in(cst: PredicateCstNode, negated: boolean): void {
    this.reduceFor(precedence.predicate, cst.location.startOffset);
    const { parens, subquery } = cst.children;
    const arg = this.pop();
    const span = join(arg.span, nodeSpan(cst));
    this.operands.push(
      subquery
        ? { kind: 'in_query', arg, query: toSubquery(subquery[0]!), negated, span }
        : { kind: 'in_list', arg, list: parens![0]!.children.expression.map(toExpr), negated, span },
    );
  }

  private is(cst: PredicateCstNode): void {
    const c = cst.children;
    this.reduceFor(precedence.is, cst.location.startOffset);
    const negated = c.NOT !== undefined || c.NOTNULL !== undefined;
    if (c.DISTINCT) {
      this.operators.push({ kind: 'distinct', precedence: precedence.is, negated });
      this.operand(c.operand![0]!);
      return;
    }
    if (c.DOCUMENT)
      throw fail('feature_not_supported', 'IS DOCUMENT is not supported', { span: tokenSpan(c.DOCUMENT[0]!) });
    const arg = this.pop();
    const span = join(arg.span, nodeSpan(cst));
    const test: IsTest['test'] = c.TRUE
      ? 'true'
      : c.FALSE
        ? 'false'
        : c.UNKNOWN
          ? 'unknown'
          : c.NORMALIZED
            ? 'normalized'
            : 'null';
    const form = c.normalForm?.[0]?.value.toLowerCase();
    this.operands.push({ kind: 'is', arg, test, negated, ...(form !== undefined && { normalForm: form }), span });
  }

  private reduce(): void {
    const operator = this.operators.pop()!;
    const right = this.pop();
    if (operator.kind === 'prefix') {
      const span = join(operator.opSpan, right.span);
      const { op, opSpan, schema } = operator;
      this.operands.push(
        op === 'not'
          ? { kind: 'not', arg: right, span }
          : { kind: 'unary', op, opSpan, ...(schema && { opSchema: schema }), arg: right, span },
      );
      return;
    }
    if (operator.kind === 'lambda') {
      const { params, start } = operator;
      this.operands.push({ kind: 'lambda', params, body: right, span: join(start, right.span) });
      return;
    }
    const left = this.pop();
    const span = join(left.span, right.span);
    switch (operator.kind) {
      case 'binary': {
        const { op, opSpan, schema } = operator;
        this.operands.push({ kind: 'binary', op, opSpan, ...(schema && { opSchema: schema }), left, right, span });
        return;
      }
      case 'logical':
        this.operands.push(conjoin(operator.op, left, right, span));
        return;
      case 'distinct':
        this.operands.push({ kind: 'is_distinct', left, right, negated: operator.negated, span });
        return;
      case 'between': {
        const { low, symmetric, negated } = operator;
        this.operands.push({ kind: 'between', arg: left, low, high: right, symmetric, negated, span });
        return;
      }
      case 'at': {
        const args = [right, left].map((value) => ({ value, variadic: false, span: value.span }));
        const name = [{ text: 'timezone', quoted: false, span }];
        this.operands.push({
          kind: 'call',
          name,
          args,
          star: false,
          distinct: false,
          orderBy: [],
          special: 'at time zone',
          span,
        });
        return;
      }
      case 'like': {
        const { variant, negated } = operator;
        if (operator.escaped) {
          const arg = this.pop();
          this.operands.push({
            kind: 'like',
            variant,
            arg,
            pattern: left,
            escape: right,
            negated,
            span: join(arg.span, span),
          });
        } else this.operands.push({ kind: 'like', variant, arg: left, pattern: right, negated, span });
        return;
      }
    }
  }

  result(): Expr {
    while (this.operators.length > 0) this.reduce();
    return this.operands[0]!;
  }
}

/** One node per chain: the left side is still being built and grows in place. */
function conjoin(op: 'and' | 'or', left: Expr, right: Expr, span: Span): LogicalExpr {
  if (left.kind !== 'logical' || left.op !== op) return { kind: 'logical', op, args: [left, right], span };
  const chain = left as { args: Expr[]; span: Span } & LogicalExpr;
  chain.args.push(right);
  chain.span = span;
  return chain;
}

/** Links from `from` on, in the order of the text: the grammar keeps operators and predicates apart. */
function continueWith(
  reducer: Reducer,
  operands: readonly OperandCstNode[],
  operators: readonly Token[],
  predicates: readonly (PredicateCstNode | PlainPredicateCstNode)[],
  from: number,
  label?: Token,
): Expr {
  reducer.operand(operands[from]!);
  const after = operands[from]!.location.startOffset;
  let next = 0;
  while (next < predicates.length && predicates[next]!.location.startOffset < after) next++;
  for (let i = from; i < operators.length || next < predicates.length; ) {
    const operator = operators[i];
    const predicate = predicates[next];
    if (operator && (!predicate || operator.startOffset < predicate.location.startOffset)) {
      reducer.binary(operator, operands[++i]!);
    } else {
      next++;
      if (predicate!.name === 'predicate') reducer.predicate(predicate as PredicateCstNode);
      else reducer.plainPredicate(predicate as PlainPredicateCstNode);
    }
  }
  if (label) reducer.label(label);
  return reducer.result();
}

export function toExpr(cst: ExpressionCstNode): Expr {
  return toExprFrom(cst, 0);
}

/** @param label a name without AS after the expression */
export function toLabelledExpr(cst: ExpressionCstNode, label: Token | undefined): Expr {
  return toExprFrom(cst, 0, label);
}

/** The expression without its first `from` operands and operators: the body of `x -> body`. */
export function toExprFrom(cst: ExpressionCstNode, from: number, label?: Token): Expr {
  const { operand, operator, predicate } = cst.children;
  const first = operand[from]!;
  if ((!operator || operator.length <= from) && !predicate && !hasPrefix(first)) {
    const { quantified } = first.children;
    if (quantified) throw new UnexpectedToken(quantified[0]!.location.startOffset);
    return toPrimary(first);
  }
  return continueWith(new Reducer(false), operand, operator ?? [], predicate ?? [], from, label);
}

function toPlainExpr(cst: PlainExpressionCstNode): Expr {
  const { operand, operator, plainPredicate } = cst.children;
  return continueWith(new Reducer(true), operand, operator ?? [], plainPredicate ?? [], 0);
}

export { toPlainExpr };

/** `text SIMILAR pattern ESCAPE symbol`, whose pattern and symbol are one expression to the grammar. */
export function toSimilar(text: Expr, cst: ExpressionCstNode): readonly Expr[] {
  const { operand, operator, predicate } = cst.children;
  const reducer = new Reducer(false);
  reducer.startSimilar(text);
  const expr = continueWith(reducer, operand, operator ?? [], predicate ?? [], 0);
  if (expr.kind !== 'like' || expr.arg !== text || !expr.escape) throw new UnexpectedToken(cst.location.endOffset! + 1);
  return [text, expr.pattern, expr.escape];
}

/** `x -> body` or `(x, y) -> body`: the parameters, if the expression can be read so. */
export function lambdaParameters(cst: ExpressionCstNode): Name[] | undefined {
  const { operand, operator, predicate } = cst.children;
  const arrow = operator?.[0];
  if (arrow?.image !== '->') return undefined;
  if (predicate && predicate[0]!.location.startOffset < arrow.startOffset) return undefined;
  const { postfix, nameExpression, parens } = operand[0]!.children;
  if (hasPrefix(operand[0]!) || postfix) return undefined;
  if (nameExpression) {
    const name = bareName(operand[0]!);
    return name && [name];
  }
  if (!parens) return undefined;
  const names: Name[] = [];
  for (const field of parens[0]!.children.expression) {
    const name = field.children.operator || field.children.predicate ? undefined : bareName(field.children.operand[0]!);
    if (!name) return undefined;
    names.push(name);
  }
  return names;
}

function bareName(operand: OperandCstNode): Name | undefined {
  const expression = operand.children.nameExpression?.[0]?.children;
  if (!expression || hasPrefix(operand) || operand.children.postfix) return undefined;
  return expression.part.length === 1 && !expression.callTail && !expression.Star
    ? toName(expression.part[0]!)
    : undefined;
}
