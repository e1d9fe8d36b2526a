// Type names, CST → AST. Types of several words get PostgreSQL's canonical spelling as their one name.
import type {
  IntervalFieldsCstNode,
  KeywordTypeCstNode,
  TypeModifiersCstNode,
  TypeNameCstNode,
} from '../../grammar/index.js';
import type { Expr, Name, TypeName } from './ast.js';
import { join, nodeSpan, toNames, UnexpectedToken } from './build.js';
import { toExpr } from './to-expr.js';

export function toModifiers(cst: TypeModifiersCstNode | undefined): Expr[] {
  return cst ? cst.children.expression.map(toExpr) : [];
}

function word(text: string, node: { location?: unknown } & Parameters<typeof nodeSpan>[0]): Name {
  return { text, quoted: false, span: nodeSpan(node) };
}

/** `double precision`, `character varying(3)`, `timestamp(3) with time zone`, …. */
export function toKeywordType(cst: KeywordTypeCstNode): TypeName {
  const { DOUBLE, NATIONAL, TimeType, TypeWord, VaryingType, WITH_LA, typeModifiers } = cst.children;
  let text: string;
  if (DOUBLE) text = 'double precision';
  else if (TimeType) {
    const zone = TypeWord?.[0];
    if (zone && zone.value.toLowerCase() !== 'time') throw new UnexpectedToken(zone.startOffset);
    text = TimeType[0]!.value.toLowerCase() + (WITH_LA ? ' with time zone' : '');
  } else if (VaryingType)
    text = VaryingType[0]!.value.toLowerCase() === 'bit' && !NATIONAL ? 'bit varying' : 'character varying';
  else text = 'character';
  return { name: [word(text, cst)], modifiers: toModifiers(typeModifiers?.[0]), dimensions: 0, span: nodeSpan(cst) };
}

/** Which field may follow which in `interval '1' day to second`. */
const endFields: Readonly<Record<string, readonly string[]>> = {
  year: ['month'],
  day: ['hour', 'minute', 'second'],
  hour: ['minute', 'second'],
  minute: ['second'],
};

/** `day to second(3)`: the fields, and the precision, which only seconds have, as a modifier. */
export function toIntervalFields(cst: IntervalFieldsCstNode): { fields: string; modifiers: Expr[] } {
  const { IntervalField, typeModifiers, TO } = cst.children;
  const [first, last] = IntervalField.map((field) => field.value.toLowerCase());
  if (last !== undefined && !endFields[first!]?.includes(last))
    throw new UnexpectedToken((endFields[first!] ? IntervalField[1]! : TO![0]!).startOffset);
  const precision = typeModifiers?.[0];
  if (precision && ((last ?? first) !== 'second' || (TO && precision.location.startOffset < TO[0]!.startOffset)))
    throw new UnexpectedToken(precision.location.startOffset);
  return { fields: [first, ...(last === undefined ? [] : [last])].join(' to '), modifiers: toModifiers(precision) };
}

export function toTypeName(cst: TypeNameCstNode): TypeName {
  const { children } = cst;
  const span = nodeSpan(cst);
  const dimensions = children.ARRAY ? 1 : (children.LBracket?.length ?? 0);
  if (children.keywordType) return { ...toKeywordType(children.keywordType[0]!), dimensions, span };
  const modifiers = toModifiers(children.typeModifiers?.[0]);
  if (children.INTERVAL) {
    const name = [{ text: 'interval', quoted: false, span: join(span, span) }];
    const fields = children.intervalFields && toIntervalFields(children.intervalFields[0]!);
    return fields
      ? { name, modifiers: fields.modifiers, dimensions, intervalFields: fields.fields, span }
      : { name, modifiers, dimensions, span };
  }
  if (children.part!.length === 1 && /^national$/i.test(children.part![0]!.image))
    throw new UnexpectedToken(cst.location.endOffset + 1);
  return { name: toNames(children.part!), modifiers, dimensions, span };
}
