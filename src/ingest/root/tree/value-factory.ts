// From a C++ type and the file's streamer information to a reader of its values.
import { Malformed } from '../container/malformed.js';
import { elementType, readTObject, type StreamerElement, type StreamerInfos } from '../object/streamer-info.js';
import { type CppType, type Primitive, parseTypeName } from '../object/type-name.js';
import { PackedNode, packedKind, packingOf } from './packed-float.js';
import { Unsupported } from './unsupported.js';
import { ListNode, PrimitiveNode, StringNode, type StructMember, StructNode, type ValueNode } from './value-node.js';

const deepest = 12;

/** ROOT's basic streamer types (TVirtualStreamerInfo); Float16_t and Double32_t have encodings of their own. */
const basicTypes: Record<number, Primitive> = {
  1: 'int8',
  2: 'int16',
  3: 'int32',
  4: 'int64',
  5: 'float32',
  6: 'int32',
  8: 'float64',
  10: 'int8',
  11: 'uint8',
  12: 'uint16',
  13: 'uint32',
  14: 'uint64',
  15: 'uint32',
  16: 'int64',
  17: 'uint64',
  18: 'bool',
};

/** The number type of a basic member, or of the elements of an array of them. A counter (6) may be any integer: its type is in its name. */
export function primitiveOf({ type, typeName }: StreamerElement): Primitive | undefined {
  if (type % 20 !== 6) return basicTypes[type % 20];
  const named = parseTypeName(typeName);
  return named.kind === 'primitive' ? named.type : 'int32';
}

/** `header`: whether byte count and version come before a container or string, as they do outside other containers. */
export function valueNode(type: CppType, infos: StreamerInfos, header: boolean, depth = 0): ValueNode {
  if (depth > deepest) throw new Unsupported('its type nests without end');
  switch (type.kind) {
    case 'primitive':
      return new PrimitiveNode(type.type);
    case 'string':
      return new StringNode({ kind: 'counted', header }, infos.text);
    case 'bitset':
      return new ListNode(new PrimitiveNode('bool'), { kind: 'counted', header }); // a byte for each bit
    case 'sequence':
      return new ListNode(valueNode(type.element, infos, false, depth + 1), { kind: 'counted', header });
    case 'map': {
      const members = [
        { name: 'key', node: valueNode(type.key, infos, false, depth + 1) },
        { name: 'value', node: valueNode(type.value, infos, false, depth + 1) },
      ];
      return new ListNode(new StructNode(members, undefined), { kind: 'counted', header });
    }
    case 'class':
      return classNode(type.name, infos, depth + 1);
  }
}

/** `header`: whether byte count and version come before it; a few top-level objects go without. */
export function classNode(name: string, infos: StreamerInfos, depth: number, header = true): StructNode {
  if (depth > deepest) throw new Unsupported(`class ${name} contains itself`);
  const info = infos.find(name);
  if (!info) throw new Unsupported(`class ${name} has no streamer information in the file`);
  const members: StructMember[] = [];
  for (const element of info.elements) members.push(memberOf(name, element, members, infos, depth));
  return new StructNode(members, header ? info.version : undefined);
}

function memberOf(
  className: string,
  element: StreamerElement,
  siblings: readonly StructMember[],
  infos: StreamerInfos,
  depth: number,
): StructMember {
  const { name, type } = element;
  const refuse = (why: string) => new Unsupported(`member ${className}::${name} ${why}`);
  if (type === elementType.base) {
    if (name === 'TObject') return { name: '', node: { skip: readTObject } };
    return { name: '', node: classNode(name, infos, depth + 1) };
  }
  const text = textNode(element, infos);
  if (text) return { name, node: text };
  if (type > 0 && type < 60) {
    const make = numberNode(element);
    if (!make) throw refuse(inWords(element));
    if (type < 20) return { name, node: make() };
    if (type < 40) return { name, node: fixedLists(make(), element.dimensions) };
    const counter = siblings.find((s) => s.name === element.countName)?.node;
    if (!counter || 'skip' in counter) throw refuse('is an array whose length is not beside it');
    return {
      name,
      node: new ListNode(make(), { kind: 'pointer', count: () => counter.last ?? 0 }),
    };
  }
  switch (type) {
    case elementType.tstring:
      return { name, node: new StringNode({ kind: 'counted', header: false }, infos.text) };
    case elementType.stl:
    case elementType.stlString:
    case elementType.streamer:
      if (type === elementType.streamer && !/^(?:std::)?(?:vector|string|map|set|list|deque)/.test(element.typeName))
        break;
      return { name, node: valueNode(parseTypeName(element.typeName), infos, true, depth + 1) };
    case elementType.object:
    case elementType.any:
      return { name, node: classNode(element.typeName, infos, depth + 1) };
    case elementType.object + elementType.offsetL:
    case elementType.any + elementType.offsetL:
      return { name, node: fixedLists(classNode(element.typeName, infos, depth + 1), element.dimensions) };
  }
  throw refuse(inWords(element));
}

function numberNode(element: StreamerElement): (() => ValueNode) | undefined {
  const packed = packedKind(element);
  if (packed) return () => new PackedNode(packingOf(packed, element.title));
  const primitive = primitiveOf(element);
  return primitive && (() => new PrimitiveNode(primitive));
}

/**
 * `char x[n]` and `char*` are text in C++, the last dimension being its room. `signed char`, `unsigned char` and `x[n]/B` leaves, which
 * ROOT takes for small numbers, are not.
 */
export function textNode({ type, typeName, dimensions }: StreamerElement, infos: StreamerInfos): ValueNode | undefined {
  if (type === elementType.charStar) return new StringNode({ kind: 'pointer' }, infos.text);
  const size = dimensions.at(-1);
  if (type !== elementType.char + elementType.offsetL || !/^(?:char|Char_t)$/.test(typeName) || !size) return undefined;
  const text = new StringNode({ kind: 'fixed', size }, infos.text);
  return dimensions.length > 1 ? fixedLists(text, dimensions.slice(0, -1)) : text;
}

/** What a member is that cannot be read. */
export function inWords({ type, typeName }: StreamerElement): string {
  const named = typeName.replace(/\*+$/, '');
  switch (type) {
    case elementType.streamLoop:
      return `is an array of ${named} objects behind a pointer, which is not read yet`;
    case elementType.objectp:
    case elementType.objectpNotNull:
    case elementType.anyp:
    case elementType.anypNotNull:
      return `is a pointer to a ${named} object, which is not read yet`;
    case elementType.streamer:
      return `is a ${named}, which its class writes in a way that the file does not describe`;
  }
  return `is a ${typeName}, which is not read yet (ROOT's streamer type ${type})`;
}

/** Nested lists for `x[2][3]`. */
export function fixedLists(node: ValueNode, dimensions: readonly number[]): ValueNode {
  if (dimensions.length === 0) throw new Malformed('an array without dimensions');
  return dimensions.reduceRight<ValueNode>((child, count) => new ListNode(child, { kind: 'fixed', count }), node);
}
