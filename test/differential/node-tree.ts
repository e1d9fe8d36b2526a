// Reads the text form of PostgreSQL's node trees (nodeToString in its src/backend/nodes/outfuncs.c): {TAG :field value …}, lists in parentheses.
export interface ParseNode {
  readonly tag: string;
  readonly fields: ReadonlyMap<string, ParseValue>;
}
export type ParseValue = string | ParseNode | readonly ParseValue[];

/** @throws Error where the text is no node tree */
export function parseNodeTree(text: string): ParseValue {
  // A backslash takes the next character as it is; a datum is written as its bytes in brackets.
  const tokens = text.match(/\[[^\]]*\]|[{}()]|(?:\\[\s\S]|[^\s{}()\\])+/g) ?? [];
  let at = 0;
  const value = (): ParseValue => {
    const token = tokens[at++];
    if (token === '{') {
      const tag = tokens[at++]!;
      const fields = new Map<string, ParseValue>();
      while (tokens[at] !== '}') {
        const name = tokens[at++];
        if (name === undefined) throw new Error('a node without its end');
        if (!name.startsWith(':')) continue;
        // Fields of several words (a datum's length and bytes) keep the first.
        fields.set(name.slice(1), tokens[at]?.startsWith(':') || tokens[at] === '}' ? '' : value());
      }
      at++;
      return { tag, fields };
    }
    if (token === '(') {
      const items: ParseValue[] = [];
      while (tokens[at] !== ')') {
        if (tokens[at] === undefined) throw new Error('a list without its end');
        items.push(value());
      }
      at++;
      return items;
    }
    if (token === undefined) throw new Error('a value is missing');
    return token;
  };
  return value();
}

export function* allNodes(value: ParseValue): Generator<ParseNode> {
  if (typeof value === 'string') return;
  if (isList(value)) {
    for (const item of value) yield* allNodes(item);
    return;
  }
  yield value;
  for (const field of value.fields.values()) yield* allNodes(field);
}

export const isList = (value: ParseValue | undefined): value is readonly ParseValue[] => Array.isArray(value);

const typeFields = [
  'resulttype vartype consttype paramtype funcresulttype opresulttype aggtype wintype casetype coalescetype minmaxtype',
  'array_typeid row_typeid refrestype typeId type',
].flatMap((line) => line.split(' '));

/** The oid of an expression's type, as its node names it. */
export function typeOfNode(node: ParseNode): string | undefined {
  for (const field of typeFields) {
    const found = node.fields.get(field);
    if (typeof found === 'string' && /^\d+$/.test(found) && found !== '0') return found;
  }
  return undefined;
}
