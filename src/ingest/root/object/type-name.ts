// C++ type names, as branches, leaves and streamer elements spell them, to a small tree.

export type Primitive =
  | 'bool'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float32'
  | 'float64';

/** What text columns are: Utf8, or Binary where other bytes were met. */
export type TextType = 'utf8' | 'binary';

export type CppType =
  | { readonly kind: 'primitive'; readonly type: Primitive }
  | { readonly kind: 'string' }
  | { readonly kind: 'sequence'; readonly element: CppType }
  | { readonly kind: 'map'; readonly key: CppType; readonly value: CppType }
  | { readonly kind: 'bitset'; readonly size: number }
  | { readonly kind: 'class'; readonly name: string };

const primitives: Record<string, Primitive> = {
  bool: 'bool',
  Bool_t: 'bool',
  char: 'int8',
  Char_t: 'int8',
  'signed char': 'int8',
  int8_t: 'int8',
  Int8_t: 'int8',
  'unsigned char': 'uint8',
  UChar_t: 'uint8',
  Byte_t: 'uint8',
  uint8_t: 'uint8',
  UInt8_t: 'uint8',
  short: 'int16',
  Short_t: 'int16',
  int16_t: 'int16',
  'unsigned short': 'uint16',
  UShort_t: 'uint16',
  uint16_t: 'uint16',
  int: 'int32',
  Int_t: 'int32',
  int32_t: 'int32',
  unsigned: 'uint32',
  'unsigned int': 'uint32',
  UInt_t: 'uint32',
  uint32_t: 'uint32',
  // ROOT streams `long` in eight bytes on every platform.
  long: 'int64',
  Long_t: 'int64',
  'long long': 'int64',
  Long64_t: 'int64',
  int64_t: 'int64',
  'unsigned long': 'uint64',
  ULong_t: 'uint64',
  'unsigned long long': 'uint64',
  ULong64_t: 'uint64',
  uint64_t: 'uint64',
  size_t: 'uint64',
  float: 'float32',
  Float_t: 'float32',
  double: 'float64',
  Double_t: 'float64',
};

const sequences =
  /^(?:vector|list|deque|set|multiset|unordered_set|unordered_multiset|forward_list|ROOT::VecOps::RVec|RVec)$/;
const maps = /^(?:map|multimap|unordered_map|unordered_multimap)$/;

/** Template arguments of `name<…>` at the outermost level. */
function templateArguments(text: string): { name: string; args: string[] } | undefined {
  const open = text.indexOf('<');
  if (open < 0 || !text.endsWith('>')) return undefined;
  const args: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let i = open; i < text.length; i++) {
    const c = text[i];
    if (c === '<') depth++;
    else if (c === '>') depth--;
    else if (c === ',' && depth === 1) {
      args.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  args.push(text.slice(start, -1).trim());
  return { name: text.slice(0, open).trim(), args };
}

/** @throws RangeError where templates nest deeper than any real type does */
export function parseTypeName(text: string, depth = 0): CppType {
  if (depth > 32) throw new RangeError(`type ${text} nests too deeply`);
  const name = text
    .replaceAll(/\bstd::/g, '')
    .replaceAll(/\b(?:const|class|struct|enum)\s+/g, '')
    .trim();
  const primitive = primitives[name];
  if (primitive) return { kind: 'primitive', type: primitive };
  if (name === 'string' || name === 'TString' || name.startsWith('basic_string<char')) return { kind: 'string' };
  const template = templateArguments(name);
  if (template) {
    const [first, second] = template.args;
    if (sequences.test(template.name) && first) return { kind: 'sequence', element: parseTypeName(first, depth + 1) };
    if (maps.test(template.name) && first && second) {
      return { kind: 'map', key: parseTypeName(first, depth + 1), value: parseTypeName(second, depth + 1) };
    }
    if (template.name === 'bitset' && first) return { kind: 'bitset', size: Number.parseInt(first, 10) };
  }
  return { kind: 'class', name };
}
