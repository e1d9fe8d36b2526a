// Hints for one statement, in a comment as pg_hint_plan has them: `/*+ pushdown(off) */`. What is wrong with them is told, and left out.
import type { HintComment } from '../../grammar/index.js';
import { suggest } from '../core/index.js';
import type { Hints, Statement } from './statement-ast.js';

const values = {
  pushdown: ['auto', 'on', 'off'],
  kernel: ['on', 'evaluator', 'off'],
} as const;
type HintName = keyof typeof values;
const isName = (name: string): name is HintName => Object.hasOwn(values, name);

const hint = /([\w.]+)\s*(?:\(([^()]*)\))?/y;
const blank = /\s*/y;

export function parseHints(comments: readonly HintComment[]): Hints {
  const found: { pushdown?: string; kernel?: string } = {};
  const wrong: string[] = [];
  const take = (written: string, name: string, args: readonly string[]): void => {
    const [value, ...more] = args;
    if (!isName(name)) {
      const meant = suggest(name, [...Object.keys(values), 'set']);
      wrong.push(`hint ${written} is not known${meant === undefined ? '' : `; perhaps ${meant}(…)?`}`);
    } else if (value === undefined || more.length > 0 || !(values[name] as readonly string[]).includes(value))
      wrong.push(`hint ${written} is left out: ${name} takes one of ${values[name].join(', ')}`);
    else if (found[name] !== undefined) wrong.push(`hint ${written} is left out: ${name} has been given before`);
    else found[name] = value;
  };
  for (const { text } of comments) {
    for (let at = 0; ; ) {
      blank.lastIndex = at;
      at += blank.exec(text)![0].length;
      if (at >= text.length) break;
      hint.lastIndex = at;
      const match = hint.exec(text);
      if (!match || match[2] === undefined) {
        wrong.push(`hint syntax error at or near "${text.slice(at).trim()}"`);
        break;
      }
      at = hint.lastIndex;
      const args = match[2]
        .toLowerCase()
        .split(/[\s,]+/)
        .filter((word) => word !== '');
      const name = match[1]!.toLowerCase();
      // pg_hint_plan's own way to change a setting for one statement.
      if (name === 'set') take(match[0], (args[0] ?? '').replace(/^skyhook\./, ''), args.slice(1));
      else take(match[0], name, args);
    }
  }
  return { ...found, wrong } as Hints;
}

/** A comment belongs to the statement that it stands in, or in front of. */
export function withHints<S extends Statement>(statements: readonly S[], comments: readonly HintComment[]): S[] {
  let rest = comments;
  return statements.map((statement, i) => {
    const isLast = i === statements.length - 1;
    const own = rest.filter(({ start }) => isLast || start < statement.span.end);
    rest = rest.slice(own.length);
    return own.length === 0 ? statement : hinted(statement, parseHints(own));
  });
}

/** What a statement explains or keeps for later is hinted as itself. */
function hinted<S extends Statement>(statement: S, hints: Hints): S {
  if (statement.kind !== 'explain' && statement.kind !== 'prepare') return { ...statement, hints };
  return { ...statement, hints, statement: hinted(statement.statement, hints) };
}
