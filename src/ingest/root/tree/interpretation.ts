// What a branch's bytes mean: each leaf branch becomes one column (one per leaf where several share it), or a reason why not.
import type { Cursor } from '../container/cursor.js';
import { elementType, type StreamerElement, type StreamerInfos } from '../object/streamer-info.js';
import { type CppType, type Primitive, parseTypeName } from '../object/type-name.js';
import { type Branch, branchType, type Leaf } from './branch.js';
import { type Decoder, flatDecoder, jaggedDecoder, nodeDecoder, textDecoder } from './decoder.js';
import { packedDecoder, packedKind, packingOf } from './packed-float.js';
import { Unsupported } from './unsupported.js';
import { classNode, fixedLists, inWords, primitiveOf, textNode, valueNode } from './value-factory.js';
import { ListNode, primitiveSpecs, type ValueNode } from './value-node.js';

export interface Interpretation {
  /** Added to the branch's name; empty for the only leaf. */
  readonly leaf: string;
  /** C++ type. */
  readonly dataType: string;
  /** Tried in this order on the first entries: layouts that only the bytes tell apart. */
  readonly decoders: readonly Decoder[];
}

const leafTypes: Record<string, readonly [Primitive, Primitive, string]> = {
  TLeafO: ['bool', 'bool', 'Bool_t'],
  TLeafB: ['int8', 'uint8', 'Char_t'],
  TLeafS: ['int16', 'uint16', 'Short_t'],
  TLeafI: ['int32', 'uint32', 'Int_t'],
  TLeafL: ['int64', 'uint64', 'Long64_t'],
  TLeafG: ['int64', 'uint64', 'Long_t'],
  TLeafF: ['float32', 'float32', 'Float_t'],
  TLeafD: ['float64', 'float64', 'Double_t'],
};

/** @throws Unsupported with the reason */
export function interpret(branch: Branch, infos: StreamerInfos): Interpretation[] {
  if (branch.fileName !== '') throw new Unsupported(`its baskets are in another file (${branch.fileName})`);
  if (branch.className === 'TBranchElement') return [interpretElement(branch, infos)];
  if (branch.className === 'TBranchObject') return [interpretObject(branch, infos)];
  if (branch.className !== 'TBranch') throw new Unsupported(`it is a ${branch.className}`);
  if (branch.leaves.length === 0) throw new Unsupported('it has no leaves');
  return interpretLeaves(branch, infos);
}

function leafSize(leaf: Leaf): number {
  const type = leafTypes[leaf.className];
  if (type) return primitiveSpecs[type[0]].size * leaf.length;
  if (leaf.className === 'TLeafF16') return packingOf('Float16', leaf.title).size * leaf.length;
  if (leaf.className === 'TLeafD32') return packingOf('Double32', leaf.title).size * leaf.length;
  throw new Unsupported(`leaf ${leaf.name} is a ${leaf.className}`);
}

/** Fixed dimensions; a one-dimensional length may stand in `fLen` alone. */
function dimensionsOf(leaf: Leaf): readonly number[] {
  const product = leaf.dimensions.reduce((a, b) => a * b, 1);
  if (product === leaf.length) return leaf.dimensions;
  return leaf.length > 1 ? [leaf.length] : [];
}

function interpretLeaves(branch: Branch, infos: StreamerInfos): Interpretation[] {
  if (branch.leaves.some((leaf) => leaf.name === ''))
    throw new Unsupported('its leaf is of a class the file does not describe');
  const single = branch.leaves.length === 1;
  if (single && branch.leaves[0]!.className === 'TLeafC')
    return [{ leaf: '', dataType: 'char*', decoders: [textDecoder(infos.text)] }];
  if (!single && branch.leaves.some((leaf) => leaf.counter !== undefined)) {
    throw new Unsupported('it is a leaf list with an array of varying length');
  }
  const stride = single ? 0 : branch.leaves.reduce((sum, leaf) => sum + leafSize(leaf), 0);
  let offset = 0;
  return branch.leaves.map((leaf) => {
    const size = leafSize(leaf);
    const at = offset;
    offset += size;
    const dimensions = dimensionsOf(leaf);
    const shape = (leaf.counter === undefined ? '' : `[${leaf.counter}]`) + dimensions.map((d) => `[${d}]`).join('');
    const common = { leaf: single ? '' : leaf.name };
    const packed = leaf.className === 'TLeafF16' ? 'Float16' : leaf.className === 'TLeafD32' ? 'Double32' : undefined;
    if (packed) {
      if (!single) throw new Unsupported('it is a leaf list with a packed float');
      const jagged = leaf.counter === undefined ? false : { header: 0 };
      return {
        ...common,
        dataType: `${packed}_t${shape}`,
        decoders: [packedDecoder(packingOf(packed, leaf.title), dimensions, jagged)],
      };
    }
    const [signed, unsigned, name] = leafTypes[leaf.className]!;
    const primitive = leaf.unsigned ? unsigned : signed;
    const dataType = `${leaf.unsigned && signed !== unsigned ? `U${name}` : name}${shape}`;
    const decoder =
      leaf.counter === undefined
        ? flatDecoder(primitive, dimensions, single ? size : stride, at)
        : jaggedDecoder(primitive, dimensions, { header: 0, counter: leaf.counter });
    return { ...common, dataType, decoders: [decoder] };
  });
}

/** TBranchObject: the class's name (length, text, NUL) comes before each object. */
function interpretObject(branch: Branch, infos: StreamerInfos): Interpretation {
  const name = branch.elementClass;
  const skipName = (cursor: Cursor) => {
    cursor.take(cursor.u1() + 1);
  };
  return { leaf: '', dataType: name, decoders: [nodeDecoder(() => classNode(name, infos, 0), skipName)] };
}

function interpretElement(branch: Branch, infos: StreamerInfos): Interpretation {
  const inCollection = branch.type === branchType.clonesMember || branch.type === branchType.collectionMember;
  if (branch.id >= 0) {
    const info = infos.find(branch.elementClass, branch.classVersion);
    const element = info?.elements[branch.id];
    if (!element) throw new Unsupported(`class ${branch.elementClass} has no streamer information in the file`);
    return interpretMember(element, inCollection, infos);
  }
  if (branch.type === branchType.clones) throw new Unsupported('it is a TClonesArray that was not split');
  if (inCollection) throw new Unsupported('it is a member of a collection without a place in its class');
  return whole(parseTypeName(branch.elementClass), branch.elementClass, infos);
}

/** A value that has the branch to itself. */
function whole(type: CppType, dataType: string, infos: StreamerInfos): Interpretation {
  const common = { leaf: '', dataType };
  if (type.kind === 'sequence' && type.element.kind === 'primitive') {
    return { ...common, decoders: [jaggedDecoder(type.element.type, [], { header: 10 })] };
  }
  if (type.kind === 'class') {
    return {
      ...common,
      decoders: [true, false].map((header) => nodeDecoder(() => classNode(type.name, infos, 0, header))),
    };
  }
  const headers = type.kind === 'string' ? [false, true] : [true, false];
  return { ...common, decoders: headers.map((header) => nodeDecoder(() => valueNode(type, infos, header))) };
}

function interpretMember(element: StreamerElement, inCollection: boolean, infos: StreamerInfos): Interpretation {
  const { type, typeName } = element;
  const common = { leaf: '', dataType: typeName + element.dimensions.map((d) => `[${d}]`).join('') };
  const dimensions = element.dimensions;
  if (type > 0 && type < 60) {
    const text = textNode(element, infos);
    if (text) {
      const make = () => textNode(element, infos) ?? text;
      const decoder = inCollection
        ? nodeDecoder(() => new ListNode(make(), { kind: 'rest', header: false }))
        : nodeDecoder(make);
      return { ...common, decoders: [decoder] };
    }
    const packed = packedKind(element);
    const primitive = primitiveOf(element);
    if (!packed && !primitive) throw new Unsupported(`it ${inWords(element)}`);
    if (type > 40) {
      if (inCollection) throw new Unsupported('it is a pointer array inside a collection');
      const jagged = { header: 1 };
      if (packed) return { ...common, decoders: [packedDecoder(packingOf(packed, element.title), [], jagged)] };
      return { ...common, dataType: `${typeName}[]`, decoders: [jaggedDecoder(primitive!, [], jagged)] };
    }
    if (packed) {
      return {
        ...common,
        decoders: [packedDecoder(packingOf(packed, element.title), dimensions, inCollection && { header: 0 })],
      };
    }
    const size = primitiveSpecs[primitive!].size * dimensions.reduce((a, b) => a * b, 1);
    const decoder = inCollection
      ? jaggedDecoder(primitive!, dimensions, { header: 0 })
      : flatDecoder(primitive!, dimensions, size, 0);
    return { ...common, decoders: [decoder] };
  }
  if (!inCollection) return memberAlone(element, common.dataType, infos);
  return { ...common, decoders: collectionMember(element, infos) };
}

function memberAlone(element: StreamerElement, dataType: string, infos: StreamerInfos): Interpretation {
  const { type, typeName, dimensions } = element;
  switch (type) {
    case elementType.stl:
    case elementType.stlString:
    case elementType.tstring:
    case elementType.streamer:
      return whole(parseTypeName(typeName), dataType, infos);
    case elementType.base:
      return { leaf: '', dataType, decoders: [nodeDecoder(() => classNode(element.name, infos, 0))] };
    case elementType.object:
    case elementType.any:
      return { leaf: '', dataType, decoders: [nodeDecoder(() => classNode(typeName, infos, 0))] };
    case elementType.object + elementType.offsetL:
    case elementType.any + elementType.offsetL:
      return {
        leaf: '',
        dataType,
        decoders: [nodeDecoder(() => fixedLists(classNode(typeName, infos, 0), dimensions))],
      };
  }
  throw new Unsupported(`it ${inWords(element)}`);
}

/** The same member of all of an entry's objects, one after the other; containers behind one header for all, or one each. */
function collectionMember(element: StreamerElement, infos: StreamerInfos): Decoder[] {
  const { type, typeName, dimensions } = element;
  const rest = (make: () => ValueNode, header: boolean) =>
    nodeDecoder(() => new ListNode(make(), { kind: 'rest', header }));
  switch (type) {
    case elementType.tstring:
      return [rest(() => valueNode({ kind: 'string' }, infos, false), false)];
    case elementType.stl:
    case elementType.stlString:
    case elementType.streamer: {
      const cpp = parseTypeName(typeName);
      return [
        rest(() => valueNode(cpp, infos, false), true),
        rest(() => valueNode(cpp, infos, true), false),
        rest(() => valueNode(cpp, infos, false), false),
      ];
    }
    case elementType.base:
      return [rest(() => classNode(element.name, infos, 0), false)];
    case elementType.object:
    case elementType.any:
      return [rest(() => classNode(typeName, infos, 0), false)];
    case elementType.object + elementType.offsetL:
    case elementType.any + elementType.offsetL:
      return [rest(() => fixedLists(classNode(typeName, infos, 0), dimensions), false)];
  }
  throw new Unsupported(`it is in a collection and ${inWords(element)}`);
}
