// A tree's branches and leaves, taken from its streamed object.
import { Malformed } from '../container/malformed.js';
import { asObject, itemsOf, type RootObject } from '../object/object-reader.js';

export interface Leaf {
  readonly className: string;
  readonly name: string;
  readonly title: string;
  /** Values per entry, or per element where a counter says how many elements there are. */
  readonly length: number;
  readonly unsigned: boolean;
  readonly typeName: string | undefined;
  /** Fixed dimensions, as in `x[n][2][3]`: 2, 3. */
  readonly dimensions: readonly number[];
  /** Name of the leaf that counts this one's elements. */
  readonly counter: string | undefined;
}

/** What a TBranchElement holds: ROOT's TBranchElement::fType. */
export const branchType = {
  leaf: 0,
  base: 1,
  object: 2,
  clones: 3,
  collection: 4,
  clonesMember: 31,
  collectionMember: 41,
} as const;

export interface Branch {
  readonly className: string;
  readonly name: string;
  /** Names from the tree down, as stored, with `/` between. */
  readonly path: string;
  readonly title: string;
  readonly leaves: readonly Leaf[];
  readonly children: readonly Branch[];
  readonly entries: number;
  readonly basketSeek: readonly number[];
  readonly basketBytes: readonly number[];
  readonly basketEntry: readonly number[];
  /** Index of the basket that was being filled last: how many the arrays describe. */
  readonly writeBasket: number;
  /** Baskets streamed inside the tree, by index. */
  readonly embedded: ReadonlyMap<number, Buffer>;
  readonly compressedBytes: number;
  readonly uncompressedBytes: number;
  /** Baskets are in another file. */
  readonly fileName: string;
  /** TBranchElement only; -1 elsewhere. */
  readonly type: number;
  readonly streamerType: number;
  readonly id: number;
  readonly elementClass: string;
  readonly classVersion: number;
}

const text = (object: RootObject, member: string): string => String(object.members.get(member) ?? '');
const number = (object: RootObject, member: string, otherwise = 0): number => {
  const value = object.members.get(member);
  return typeof value === 'number' ? value : otherwise;
};
const numbers = (object: RootObject, member: string): readonly number[] => {
  const value = object.members.get(member);
  return Array.isArray(value) ? (value as number[]) : [];
};

function toLeaf(object: RootObject): Leaf {
  const title = text(object, 'fTitle');
  const counter = asObject(object.members.get('fLeafCount'));
  return {
    className: object.className,
    name: text(object, 'fName'),
    title,
    length: number(object, 'fLen', 1),
    unsigned: number(object, 'fIsUnsigned') !== 0,
    typeName: undefined,
    // The part after `/` is a type or a packing, not a dimension.
    dimensions: [...title.split('/', 1)[0]!.matchAll(/\[(\d+)\]/g)].map((m) => Number(m[1])),
    counter: counter ? text(counter, 'fName') : undefined,
  };
}

/** `seen`: every branch of the tree so far; in a sound file none comes twice. */
export function toBranch(object: RootObject, parentPath: string, seen: Set<RootObject>): Branch {
  if (seen.has(object)) throw new Malformed('branches that contain each other');
  seen.add(object);
  const name = text(object, 'fName');
  const path = parentPath ? `${parentPath}/${name}` : name;
  const embedded = new Map<number, Buffer>();
  itemsOf(object.members.get('fBaskets')).forEach((basket, i) => {
    const bytes = basket?.members.get('basket');
    if (bytes instanceof Buffer) embedded.set(i, bytes);
  });
  return {
    className: object.className,
    name,
    path,
    title: text(object, 'fTitle'),
    leaves: itemsOf(object.members.get('fLeaves')).flatMap((leaf) => (leaf ? [toLeaf(leaf)] : [])),
    children: itemsOf(object.members.get('fBranches')).flatMap((child) => (child ? [toBranch(child, path, seen)] : [])),
    entries: number(object, 'fEntries'),
    basketSeek: numbers(object, 'fBasketSeek'),
    basketBytes: numbers(object, 'fBasketBytes'),
    basketEntry: numbers(object, 'fBasketEntry'),
    writeBasket: number(object, 'fWriteBasket'),
    embedded,
    compressedBytes: number(object, 'fZipBytes'),
    uncompressedBytes: number(object, 'fTotBytes'),
    fileName: text(object, 'fFileName'),
    type: number(object, 'fType', -1),
    streamerType: number(object, 'fStreamerType', -1),
    id: number(object, 'fID', -1),
    elementClass: text(object, 'fClassName'),
    classVersion: number(object, 'fClassVersion'),
  };
}
