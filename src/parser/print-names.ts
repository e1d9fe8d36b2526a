// Names, strings and types as SQL text.
import { keywords } from '../../grammar/index.js';
import type { Name, QualifiedName, TypeName } from './ast.js';

const plain = /^[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*$/;

/** Double quotes where the text needs them, or where it had them and would fold. */
export function printName({ text, quoted }: Name): string {
  const needsQuotes = !plain.test(text) || quoted || keywords.has(text.toLowerCase());
  return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
}

export function printQualified(name: QualifiedName): string {
  return name.map(printName).join('.');
}

/** A function's name: keywords stand unquoted, since `left(…)` is a call and `"left"(…)` another spelling. */
export function printFunctionName(name: QualifiedName): string {
  return name
    .map((part) => {
      const category = part.quoted ? undefined : keywords.get(part.text.toLowerCase())?.category;
      const callable = category === 'unreserved' || category === 'type_func_name';
      return callable && name.length === 1 ? part.text : printName(part);
    })
    .join('.');
}

export function printString(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

export function printTypeName(type: TypeName, modifiers: readonly string[]): string {
  const spelled = type.name.map((part) => (part.quoted ? printName(part) : part.text)).join('.');
  const inParens = modifiers.length > 0 ? `(${modifiers.join(', ')})` : '';
  const brackets = '[]'.repeat(type.dimensions);
  if (type.intervalFields !== undefined) return `${spelled} ${type.intervalFields}${inParens}${brackets}`;
  // The precision comes before WITH TIME ZONE.
  const zone = /^(time|timestamp) (with time zone)$/i.exec(spelled);
  return zone ? `${zone[1]}${inParens} ${zone[2]}${brackets}` : `${spelled}${inParens}${brackets}`;
}
