// Reads objects (trees, branches, leaves) by streamer information into plain records; references keep identity.
import { byteCountMask, Cursor, readVersion } from '../container/cursor.js';
import { Malformed } from '../container/malformed.js';
import {
  elementType,
  readStreamerElement,
  readTNamed,
  readTObject,
  type StreamerElement,
  type StreamerInfo,
  StreamerInfos,
} from './streamer-info.js';

/** A streamed object: its class and members, base classes merged in. */
export interface RootObject {
  readonly className: string;
  readonly members: Map<string, unknown>;
}

const classMask = 0x8000_0000;
const newClassTag = 0xffff_ffff;
const mapOffset = 2;
const deepest = 64;

export class ObjectReader {
  readonly #infos: StreamerInfos;
  readonly #cursor: Cursor;
  /** References count from the start of the record's key. */
  readonly #origin: number;
  readonly #references = new Map<number, RootObject | string | null>();
  #depth = 0;

  constructor(payload: Buffer, keyLength: number, infos: StreamerInfos) {
    this.#cursor = new Cursor(payload);
    this.#origin = keyLength;
    this.#infos = infos;
  }

  /** The object that a key holds. */
  readTop(className: string): RootObject {
    const object: RootObject = { className, members: new Map() };
    this.#readClass(className, object.members);
    return object;
  }

  /** `readObjectAny`: null, a reference, or a new object with its class. */
  readAny(): RootObject | null {
    const cursor = this.#cursor;
    const start = cursor.position;
    const word = cursor.u4();
    const counted = (word & byteCountMask) !== 0 && word !== newClassTag;
    const end = counted ? start + 4 + ((word & ~byteCountMask) >>> 0) : undefined;
    if (end !== undefined && end > cursor.limit) throw new Malformed(`object at ${start} ends beyond its record`);
    const tagStart = counted ? cursor.position : start;
    const tag = counted ? cursor.u4() : word;
    if ((tag & classMask) === 0) {
      if (tag === 0) return null;
      const known = this.#references.get(tag);
      if (known === undefined || typeof known === 'string') {
        // An object we skipped: nothing that trees need.
        if (end !== undefined) cursor.moveTo(end);
        return null;
      }
      return known;
    }
    let className: string;
    if (tag === newClassTag) {
      className = cursor.cString();
      this.#references.set(tagStart + this.#origin + mapOffset, className);
    } else {
      const known = this.#references.get((tag & ~classMask) >>> 0);
      if (typeof known !== 'string') throw new Malformed(`object at ${start} refers to no class`);
      className = known;
    }
    const object: RootObject = { className, members: new Map() };
    this.#references.set(start + this.#origin + mapOffset, object);
    this.#readClass(className, object.members, end);
    if (end !== undefined) cursor.moveTo(end);
    return object;
  }

  #readClass(className: string, members: Map<string, unknown>, end?: number): void {
    if (++this.#depth > deepest) throw new Malformed('objects nest without end');
    try {
      this.#readClassBody(className, members, end);
    } finally {
      this.#depth--;
    }
  }

  #readClassBody(className: string, members: Map<string, unknown>, outerEnd?: number): void {
    const cursor = this.#cursor;
    switch (className) {
      case 'TObject':
        readTObject(cursor);
        return;
      case 'TNamed': {
        const { name, title } = readTNamed(cursor);
        members.set('fName', name).set('fTitle', title);
        return;
      }
      case 'TList':
      case 'THashList':
        this.#readList(members);
        return;
      case 'TObjArray':
        this.#readObjArray(members);
        return;
      case 'TStreamerInfo':
        this.#readStreamerInfo(members);
        return;
      case 'TBasket':
        // Not versioned as other classes are: it begins with its key. Its end is known from the reference around it.
        if (outerEnd === undefined) throw new Malformed('a basket without a length');
        members.set('basket', cursor.slice(outerEnd - cursor.position));
        return;
    }
    if (/^TStreamer/.test(className)) {
      members.set('element', readStreamerElement(className, cursor));
      return;
    }
    const array = /^TArray([CSILFDL64])/.exec(className);
    if (array) {
      const size = { C: 1, S: 2, I: 4, L: 8, F: 4, D: 8 }[array[1]!] ?? 8;
      cursor.take(cursor.i4() * size);
      return;
    }
    const { version, end } = readVersion(cursor);
    const info = this.#infos.find(className, version);
    if (!info) {
      if (end === undefined) throw new Malformed(`class ${className} has no streamer information`);
      cursor.moveTo(end);
      return;
    }
    try {
      for (const element of info.elements) this.#readElement(info, element, members);
    } catch (error) {
      // Members past the one that is not understood are lost; those that trees need come before custom ones.
      if (end === undefined || !(error instanceof Malformed)) throw error;
      members.set('incomplete', error.message);
    }
    if (end !== undefined) cursor.moveTo(end);
  }

  #readList(members: Map<string, unknown>): void {
    const cursor = this.#cursor;
    const { end } = readVersion(cursor);
    readTObject(cursor);
    members.set('fName', cursor.string());
    const items: (RootObject | null)[] = [];
    for (let left = this.#count(); left > 0; left--) {
      items.push(this.readAny());
      cursor.take(cursor.u1());
    }
    members.set('items', items);
    if (end !== undefined) cursor.moveTo(end);
  }

  #readObjArray(members: Map<string, unknown>): void {
    const cursor = this.#cursor;
    const { version, end } = readVersion(cursor);
    if (version > 2) readTObject(cursor);
    if (version > 1) members.set('fName', cursor.string());
    const count = this.#count();
    cursor.take(4); // fLowerBound
    const items: (RootObject | null)[] = [];
    for (let i = 0; i < count; i++) items.push(this.readAny());
    members.set('items', items);
    if (end !== undefined) cursor.moveTo(end);
  }

  #count(): number {
    const count = this.#cursor.i4();
    if (count < 0 || count > this.#cursor.left) throw new Malformed(`a list of ${count} items`);
    return count;
  }

  #readStreamerInfo(members: Map<string, unknown>): void {
    const cursor = this.#cursor;
    const { end } = readVersion(cursor);
    const { name } = readTNamed(cursor);
    const checksum = cursor.u4();
    const version = cursor.i4();
    const elements = itemsOf(this.readAny()).flatMap((item) => {
      const element = item?.members.get('element');
      return element ? [element as StreamerElement] : [];
    });
    members.set('info', { name, checksum, version, elements } satisfies StreamerInfo);
    if (end !== undefined) cursor.moveTo(end);
  }

  #readElement(info: StreamerInfo, element: StreamerElement, members: Map<string, unknown>): void {
    const cursor = this.#cursor;
    const { type, name } = element;
    if (type === elementType.base) {
      this.#readClass(element.name, members);
      return;
    }
    if (type > 0 && type < 20) {
      members.set(name, readBasic(cursor, type, element));
    } else if (type > 20 && type < 40) {
      members.set(name, readBasics(cursor, type - 20, element.arrayLength));
    } else if (type > 40 && type < 60) {
      // A pointer array: one byte says whether it is there.
      const present = cursor.u1() !== 0;
      const length = Number(members.get(element.countName ?? '') ?? 0);
      members.set(name, present ? readBasics(cursor, type - 40, length) : []);
    } else {
      switch (type) {
        case elementType.object:
        case elementType.any:
        case elementType.tobject:
        case elementType.tnamed: {
          const object: RootObject = { className: element.typeName, members: new Map() };
          this.#readClass(element.typeName, object.members);
          members.set(name, object);
          return;
        }
        case elementType.objectp:
        case elementType.objectpNotNull:
        case elementType.anyp:
        case elementType.anypNotNull:
          members.set(name, this.readAny());
          return;
        case elementType.tstring:
          members.set(name, cursor.string());
          return;
        default:
          throw new Malformed(`member ${info.name}::${name} has streamer type ${type}`);
      }
    }
  }
}

/** The value as an object; damaged streamer information can make anything of a member. */
export function asObject(value: unknown): RootObject | undefined {
  return typeof value === 'object' && value !== null && 'members' in value && value.members instanceof Map
    ? (value as RootObject)
    : undefined;
}

export function itemsOf(value: unknown): readonly (RootObject | null)[] {
  const items = asObject(value)?.members.get('items');
  return Array.isArray(items) ? items : [];
}

/** Numbers as streamed in TTree, TBranch and TLeaf members; `type` is the basic part of an element type. */
function readBasic(cursor: Cursor, type: number, element?: StreamerElement): number {
  switch (type) {
    case 1:
      return cursor.i1();
    case 11:
    case 18:
      return cursor.u1();
    case 2:
      return cursor.i2();
    case 12:
      return cursor.u2();
    case 3:
    case 6:
      return cursor.i4();
    case 13:
    case 15:
      return cursor.u4();
    case 4:
    case 14:
    case 16:
    case 17:
      return cursor.i8();
    case 5:
      return cursor.f4();
    case 8:
      return cursor.f8();
    case 9:
      return cursor.f4();
    default:
      throw new Malformed(`member ${element?.name ?? ''} has basic type ${type}`);
  }
}

const basicSize: Record<number, number> = {
  1: 1,
  11: 1,
  18: 1,
  2: 2,
  12: 2,
  3: 4,
  6: 4,
  13: 4,
  15: 4,
  5: 4,
  9: 4,
  4: 8,
  14: 8,
  16: 8,
  17: 8,
  8: 8,
};

function readBasics(cursor: Cursor, type: number, length: number): number[] {
  const size = basicSize[type];
  if (!size || !(length >= 0 && length * size <= cursor.left))
    throw new Malformed(`an array of ${length} values of type ${type}`);
  return Array.from({ length }, () => readBasic(cursor, type));
}

/** The file's streamer information record (a TList). */
export function readStreamerInfos(payload: Buffer, keyLength: number): StreamerInfos {
  const infos = new StreamerInfos();
  for (const item of itemsOf(new ObjectReader(payload, keyLength, infos).readTop('TList'))) {
    const info = item?.members.get('info');
    if (info) infos.add(info as StreamerInfo);
  }
  return infos;
}
