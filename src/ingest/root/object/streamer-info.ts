// Streamer information: what each class of a file looks like in bytes. Read by hand, since everything else is read by it.
import { type Cursor, readVersion } from '../container/cursor.js';
import { Malformed } from '../container/malformed.js';
import type { TextType } from './type-name.js';

/** Element types, from ROOT's TVirtualStreamerInfo::EReadWrite. */
export const elementType = {
  base: 0,
  char: 1,
  charStar: 7,
  offsetL: 20,
  offsetP: 40,
  object: 61,
  any: 62,
  objectpNotNull: 63,
  objectp: 64,
  tstring: 65,
  tobject: 66,
  tnamed: 67,
  anypNotNull: 68,
  anyp: 69,
  stl: 300,
  stlString: 365,
  streamer: 500,
  streamLoop: 501,
} as const;

export interface StreamerElement {
  readonly name: string;
  readonly title: string;
  readonly type: number;
  readonly typeName: string;
  /** Product of the fixed dimensions, 0 for none. */
  readonly arrayLength: number;
  readonly dimensions: readonly number[];
  /** Of a pointer array: the member that counts its elements. */
  readonly countName?: string;
  readonly baseVersion?: number;
}

export interface StreamerInfo {
  readonly name: string;
  readonly version: number;
  readonly checksum: number;
  readonly elements: readonly StreamerElement[];
}

const builtIn = (name: string, elements: readonly (readonly [string, number, string])[]): StreamerInfo => ({
  name,
  version: 1,
  checksum: 0,
  elements: elements.map(([member, type, typeName]) => ({
    name: member,
    title: '',
    type,
    typeName,
    arrayLength: 0,
    dimensions: [],
  })),
});

/** Leaves as ROOT has written them ever since, for files whose writer left their description out. */
const leaves = new Map<string, StreamerInfo>([
  [
    'TLeaf',
    builtIn('TLeaf', [
      ['TNamed', elementType.base, 'BASE'],
      ['fLen', 3, 'int'],
      ['fLenType', 3, 'int'],
      ['fOffset', 3, 'int'],
      ['fIsRange', 18, 'bool'],
      ['fIsUnsigned', 18, 'bool'],
      ['fLeafCount', elementType.objectp, 'TLeaf*'],
    ]),
  ],
  ...['B', 'S', 'I', 'L', 'G', 'F', 'D', 'O', 'C', 'F16', 'D32'].map((letter): [string, StreamerInfo] => [
    `TLeaf${letter}`,
    builtIn(`TLeaf${letter}`, [['TLeaf', elementType.base, 'BASE']]),
  ]),
]);

/** Classes of one file, by name and version. */
export class StreamerInfos {
  readonly #byName: Map<string, StreamerInfo[]>;
  /** How columns made with these take text. */
  readonly text: TextType;

  constructor(text: TextType = 'utf8', byName = new Map<string, StreamerInfo[]>()) {
    this.text = text;
    this.#byName = byName;
  }

  /** The same classes, with text as bytes. */
  get asBinary(): StreamerInfos {
    return new StreamerInfos('binary', this.#byName);
  }

  add(info: StreamerInfo): void {
    const list = this.#byName.get(info.name);
    if (list) list.push(info);
    else this.#byName.set(info.name, [info]);
  }

  /** Of that version, or the newest where the version is unknown here or not given. */
  find(name: string, version?: number): StreamerInfo | undefined {
    const list = this.#byName.get(name) ?? this.#byName.get(name.replaceAll(' ', ''));
    if (!list) return leaves.get(name);
    return list.find((info) => info.version === version) ?? list.reduce((a, b) => (b.version > a.version ? b : a));
  }

  findByChecksum(name: string, checksum: number): StreamerInfo | undefined {
    return this.#byName.get(name)?.find((info) => info.checksum === checksum);
  }
}

export function readTObject(cursor: Cursor): void {
  readVersion(cursor);
  cursor.take(4);
  if (cursor.u4() & 0x10) cursor.take(2); // kIsReferenced: a process id follows
}

export function readTNamed(cursor: Cursor): { name: string; title: string } {
  const { end } = readVersion(cursor);
  readTObject(cursor);
  const named = { name: cursor.string(), title: cursor.string() };
  if (end !== undefined) cursor.moveTo(end);
  return named;
}

/** The elements' common part; the cursor is left behind it. */
function readElement(cursor: Cursor): StreamerElement {
  const { version, end } = readVersion(cursor);
  const { name, title } = readTNamed(cursor);
  const type = cursor.i4();
  cursor.take(4); // fSize
  const arrayLength = cursor.i4();
  const arrayDim = cursor.i4();
  if (version === 1) cursor.i4();
  const all = [cursor.i4(), cursor.i4(), cursor.i4(), cursor.i4(), cursor.i4()];
  const typeName = cursor.string();
  if (end !== undefined) cursor.moveTo(end);
  if (arrayDim < 0 || arrayDim > 5) throw new Malformed(`streamer element "${name}" has ${arrayDim} dimensions`);
  return { name, title, type, typeName, arrayLength, dimensions: all.slice(0, arrayDim) };
}

/** One of the TStreamerElement classes; `cursor` stands at its version. */
export function readStreamerElement(className: string, cursor: Cursor): StreamerElement {
  const { version, end } = readVersion(cursor);
  if (className === 'TStreamerSTLstring') return readStreamerElement('TStreamerSTL', cursor);
  let element = readElement(cursor);
  // Bases that ROOT knows (TObject, TNamed) carry a type of their own.
  if (element.typeName === 'BASE') element = { ...element, type: elementType.base };
  if (className === 'TStreamerBase' && version > 2) element = { ...element, baseVersion: cursor.i4() };
  else if (className === 'TStreamerBasicPointer' || className === 'TStreamerLoop') {
    cursor.take(4);
    element = { ...element, countName: cursor.string() };
  }
  if (end !== undefined) cursor.moveTo(end);
  return element;
}
