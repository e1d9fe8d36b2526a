// Names, strings and types as SQL text.
import type { Name, QualifiedName, TypeName } from './ast.js';

const plain = /^[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*$/;

/** As it was written: an unquoted keyword stood where it may be a name, and stands there again. */
export function printName({ text, quoted }: Name): string {
  return quoted || !plain.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function printQualified(name: QualifiedName): string {
  return name.map(printName).join('.');
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
