// COPY, CST → AST. The old options become the new ones.
import {
  type CopyCstNode,
  type CopyOptionCstNode,
  type OldCopyOptionCstNode,
  type PlainValueCstNode,
  type Token,
  tokens as t,
} from '../../grammar/index.js';
import { fail } from '../core/index.js';
import type { Name } from './ast.js';
import { nodeSpan, tokenSpan, toName, toNames, UnexpectedToken } from './build.js';
import type { CopyOption, CopyStatement } from './statement-ast.js';
import { toChange } from './to-change.js';
import { toExpr } from './to-expr.js';
import { nameOf } from './to-from-item.js';
import { toSubquery } from './to-query.js';

const { kw } = t;

/** A word, a string or a signed number as text. */
export function toPlainText({ children }: PlainValueCstNode): string {
  const { word, value, sign } = children;
  if (word) return word[0]!.tokenType === t.QuotedIdentifier ? word[0]!.value : word[0]!.value.toLowerCase();
  return `${sign?.[0]?.image ?? ''}${value![0]!.value}`;
}

const settingWords = new Set([kw.TRUE, kw.FALSE, kw.ON, kw.DEFAULT]);

/** PostgreSQL takes no reserved word but a few as the value of an option or a setting. */
export function isSettingWord({ tokenType: type }: Token): boolean {
  const isReserved =
    type.CATEGORIES!.includes(t.ColLabel) && !type.CATEGORIES!.some((c) => c === t.ColId || c === t.TypeFuncWord);
  return !isReserved || settingWords.has(type);
}

/** {@link toPlainText} where a reserved word is refused. */
export function toSettingText(cst: PlainValueCstNode): string {
  const word = cst.children.word?.[0];
  if (word && !isSettingWord(word)) throw new UnexpectedToken(cst.location.startOffset);
  return toPlainText(cst);
}

/** A column, as a name or as a string. */
function toListed(cst: PlainValueCstNode): Name {
  const { word, value } = cst.children;
  if (word) return toName(word[0]!);
  return { text: value![0]!.value, quoted: true, span: nodeSpan(cst) };
}

function toOption({ children }: CopyOptionCstNode): [string, CopyOption] {
  const { name, plainValue, Star, list } = children;
  const value = plainValue ? toSettingText(plainValue[0]!) : Star ? '*' : list ? list.map(toListed) : true;
  return [name[0]!.value.toLowerCase(), value];
}

function toOldOption({ children }: OldCopyOptionCstNode): [string, CopyOption] {
  const { flag, textOption, value, force, NOT, Star, list } = children;
  if (flag) {
    const word = flag[0]!.value.toLowerCase();
    return word === 'csv' || word === 'binary' ? ['format', word] : [word, true];
  }
  if (textOption) return [textOption[0]!.value.toLowerCase(), value![0]!.value];
  const name = `force_${NOT ? 'not_' : ''}${force![0]!.value.toLowerCase()}`;
  return [name, Star ? '*' : toNames(list!)];
}

export function toCopy(cst: CopyCstNode): CopyStatement {
  const c = cst.children;
  const options = new Map<string, CopyOption>();
  const isFrom = c.FROM !== undefined;
  const source = c.subquery?.[0] ?? c.changeInParens?.[0];
  if (source) {
    if (isFrom) throw new UnexpectedToken(c.FROM![0]!.startOffset);
    const unwanted = c.delimiter?.[0] ?? c.WHERE?.[0];
    if (unwanted) throw new UnexpectedToken(unwanted.startOffset);
  }
  if (c.BINARY) options.set('format', 'binary');
  if (c.delimiter) options.set('delimiter', c.delimiter[0]!.value);
  for (const option of [...(c.copyOption ?? []).map(toOption), ...(c.oldCopyOption ?? []).map(toOldOption)]) {
    if (options.has(option[0]))
      throw fail('syntax_error', 'conflicting or redundant options', { span: nodeSpan(cst), hint: option[0] });
    options.set(...option);
  }
  if (c.PROGRAM && !c.path) throw new UnexpectedToken(c.PROGRAM[0]!.endOffset + 1);
  if (c.WHERE && !isFrom)
    throw fail('syntax_error', 'WHERE clause not allowed with COPY TO', {
      span: tokenSpan(c.WHERE[0]!),
      hint: 'Try the COPY (SELECT ... WHERE ...) TO variant.',
    });
  return {
    kind: 'copy',
    source: c.subquery
      ? { query: toSubquery(c.subquery[0]!) }
      : c.changeInParens
        ? { change: toChange(c.changeInParens[0]!.children.dataChange[0]!) }
        : {
            table: nameOf(c.anyName![0]!),
            columns: c.nameList ? toNames(c.nameList[0]!.children.name) : [],
          },
    direction: isFrom ? 'from' : 'to',
    ...(c.path && { path: c.path[0]!.value }),
    isProgram: c.PROGRAM !== undefined,
    options,
    ...(c.WHERE && { where: toExpr(c.expression![0]!) }),
    span: nodeSpan(cst),
  };
}
