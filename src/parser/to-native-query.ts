// The native query, CST → AST: the same Query as its SQL twin, over one table named by its tree.
import {
  keywords,
  type NativeQueryCstNode,
  type PathCstNode,
  type SegmentCstNode,
  tokens as t,
} from '../../grammar/index.js';
import { fail, type Span } from '../core/index.js';
import type { Expr, LogicalExpr, Name, SelectItem, TableRef } from './ast.js';
import { join, nodeSpan, tokenSpan, toName, UnexpectedToken } from './build.js';
import { mapColumns } from './map-columns.js';
import type { QueryStatement } from './statement-ast.js';
import { toExpr } from './to-expr.js';

interface Path {
  readonly tree: Name;
  readonly item: SelectItem;
}

interface Segment {
  readonly name: Name;
  readonly isPattern: boolean;
}

/** Pieces of a pattern touch; a blank between them is a mistake. */
function toSegment(cst: SegmentCstNode): Segment {
  const tokens = [...(cst.children.name ?? []), ...(cst.children.Star ?? [])].sort(
    (a, b) => a.startOffset - b.startOffset,
  );
  for (let i = 1; i < tokens.length; i++)
    if (tokens[i]!.startOffset !== tokens[i - 1]!.endOffset + 1) throw new UnexpectedToken(tokens[i]!.startOffset);
  if (!cst.children.Star) return { name: toName(cst.children.name![0]!), isPattern: false };
  const quoted = cst.children.name?.find((token) => token.tokenType === t.QuotedIdentifier);
  if (quoted) throw new UnexpectedToken(quoted.startOffset);
  return {
    name: { text: tokens.map((token) => token.value).join(''), quoted: true, span: nodeSpan(cst) },
    isPattern: true,
  };
}

function toPath(cst: PathCstNode): Path {
  const { TreeCycle, segment, branch, alias } = cst.children;
  const span = nodeSpan(cst);
  const directories = (segment ?? []).map(toSegment);
  const branches = (branch ?? []).map(toSegment);
  const stray = [...directories, ...branches.slice(0, -1)].find((part) => part.isPattern);
  if (stray)
    throw fail('syntax_error', 'a "*" may stand in the last part of a path only', {
      span: stray.name.span,
      hint: 'Write for example project Events.Muon_*.',
    });
  const tree: Name = TreeCycle
    ? { text: TreeCycle[0]!.value, quoted: true, span: tokenSpan(TreeCycle[0]!) }
    : {
        text: directories.map((part) => part.name.text).join('/'),
        quoted: true,
        span: join(directories[0]!.name.span, directories[directories.length - 1]!.name.span),
      };
  if (branches.length === 0 && !TreeCycle)
    throw fail('syntax_error', `the path "${tree.text}" names no branch`, {
      span,
      hint: `A path is a tree and a branch: project ${tree.text}.*, or Events.${tree.text} for a branch of the tree Events.`,
    });
  const last = branches[branches.length - 1];
  if (!last || last.isPattern) {
    if (alias) throw new UnexpectedToken(alias[0]!.startOffset);
    if (!last || (last.name.text === '*' && branches.length === 1))
      return { tree, item: { kind: 'star', qualifier: [], span } };
    const prefix = branches.map((part) => part.name.text).join('.');
    return { tree, item: { kind: 'wildcard', qualifier: [], pattern: { ...last.name, text: prefix }, span } };
  }
  const parts = branches.map((part) => part.name);
  const expr: Expr = { kind: 'column', parts, span: join(parts[0]!.span, parts[parts.length - 1]!.span) };
  // Names keep their spelling in the native language.
  return { tree, item: { kind: 'expr', expr, ...(alias && { alias: { ...toName(alias[0]!), quoted: true } }), span } };
}

const withoutCycle = (tree: string) => tree.replace(/;\d+$/, '');

/** The column's own path; a keyword that the tree's name made harmless needs quotes now. */
function withoutTree([first, ...rest]: readonly Name[]): readonly Name[] {
  return [keywords.has(first!.text.toLowerCase()) ? { ...first!, quoted: true } : first!, ...rest];
}

/** Takes the tree off the front of column paths; a path into another tree is refused. */
function stripTree(expr: Expr, tree: { name: Name | undefined }): Expr {
  return mapColumns(expr, (column) => {
    const [first, ...rest] = column.parts;
    if (!first) return column;
    if (/;\d+$/.test(first.text)) {
      if (rest.length === 0) throw new UnexpectedToken(first.span.end);
      tree.name ??= first;
      if (tree.name.text !== first.text) throw twoTrees(tree.name, first);
      return { ...column, parts: withoutTree(rest) };
    }
    const isTree =
      tree.name && rest.length > 0 && (first.text === tree.name.text || first.text === withoutCycle(tree.name.text));
    return isTree ? { ...column, parts: withoutTree(rest) } : column;
  });
}

function twoTrees(first: Name, second: Name) {
  const sameTree = withoutCycle(first.text) === withoutCycle(second.text);
  return fail(
    'feature_not_supported',
    `a native query reads one tree, here are two: "${first.text}" and "${second.text}"`,
    {
      span: second.span,
      hint: sameTree ? 'Write the tree and its cycle alike in every path.' : 'In SQL, trees can be joined by event_id.',
    },
  );
}

export function toNativeQuery(cst: NativeQueryCstNode): QueryStatement {
  const { expression, Star, projection, SELECT } = cst.children;
  const span = nodeSpan(cst);
  checkShape(cst);
  const paths = (projection?.[0]?.children.path ?? []).map(toPath);
  const tree: { name: Name | undefined } = { name: paths[0]?.tree };
  for (const path of paths) if (path.tree.text !== tree.name!.text) throw twoTrees(tree.name!, path.tree);
  const predicates = (expression ?? []).map((predicate) => stripTree(toExpr(predicate), tree));
  const where = conjunction(predicates);
  const from: TableRef = {
    kind: 'table',
    name: tree.name ? [{ ...tree.name, quoted: true }] : [],
    only: false,
    span: tree.name?.span ?? span,
  };
  const starSpan: Span = tokenSpan(Star?.[0] ?? SELECT[0]!);
  const items =
    paths.length > 0 ? paths.map((path) => path.item) : [{ kind: 'star', qualifier: [], span: starSpan } as const];
  return {
    kind: 'query_statement',
    language: 'native',
    query: {
      kind: 'query',
      body: {
        kind: 'select',
        distinct: false,
        items,
        from: [from],
        ...(where && { where }),
        groupBy: [],
        groupDistinct: false,
        windows: [],
        span,
      },
      orderBy: [],
      withTies: false,
      locking: [],
      span,
    },
    span,
  };
}

/** `*` stands alone; `project` comes once, last, and after something. */
function checkShape({ children, location }: NativeQueryCstNode): void {
  const { expression, Star, projection } = children;
  if (projection && !expression && !Star)
    throw fail('syntax_error', 'syntax error at or near "project"', {
      span: tokenSpan(projection[0]!.children.PROJECT[0]!),
      hint: 'Say which events first: select *, project …',
    });
  if (Star && (Star.length > 1 || expression)) {
    const stars = Star[Star.length - 1]!;
    throw fail('syntax_error', 'syntax error at or near "*"', {
      span: tokenSpan(stars),
      hint: '"*" means every event and stands alone: select *, project …',
    });
  }
  if (!expression && !Star && !projection) throw new UnexpectedToken(location.endOffset + 1);
}

/** Commas mean AND: one flat conjunction, as the SQL twin has it. */
function conjunction(predicates: readonly Expr[]): Expr | undefined {
  if (predicates.length <= 1) return predicates[0];
  const isAnd = (expr: Expr): expr is LogicalExpr => expr.kind === 'logical' && expr.op === 'and';
  const args = predicates.flatMap((predicate) => (isAnd(predicate) ? predicate.args : [predicate]));
  return { kind: 'logical', op: 'and', args, span: join(args[0]!.span, args[args.length - 1]!.span) };
}
