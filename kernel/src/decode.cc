// Bytes to fragment, everything checked before data is touched: counts against the bytes that are left, types, registers before use,
// frames, buffer lengths against the rows (src/core/fragment/decode-fragment.ts).
#include "decode-value.h"
#include "numeric.h"
#include "program.h"
#include "reader.h"

namespace {

constexpr uint32_t magic = 0x46594b53, version = 1, maxInstructions = 1 << 20;

struct Decoder {
  Reader &in;
  Arena &arena;
  Fragment &f;
  uint32_t nTypes = 0;
  const Type **types = nullptr;

  bool section(Section &s);
  bool instruction(Section &s, uint32_t self);
  bool immediate(Section &s, Instruction &i);
  bool framesAgree(Section &s, const Instruction &i, uint32_t self);
  bool output(Section &s);
  bool valueOf(const Section &s, uint32_t reg) {
    if (reg >= s.n || makesFrame(s.code[reg].op)) return in.refuse("malformed: register before it is set");
    const uint32_t frame = s.code[reg].frame;
    return frame == s.frame || frame == constantFrame || in.refuse("malformed: output is not a value of its frame");
  }
  bool registers(const Section &s, uint32_t &n, uint32_t *&list) {
    n = in.count(in.u32(), 4);
    if (!(list = arena.make<uint32_t>(n))) return false;
    for (uint32_t k = 0; k < n; k++)
      if (!valueOf(s, list[k] = in.u32())) return false;
    return true;
  }
  bool aggregate(Section &s, Aggregate &a);
};

bool Decoder::immediate(Section &s, Instruction &i) {
  switch (i.op) {
    case oConstant: {
      Vec *made = arena.make<Vec>(1);
      if (!made || !readValues(in, arena, i.type, 1, *made)) return false;
      made->constant = true;
      i.values = made;
      return true;
    }
    case oIn: {
      Vec *made = arena.make<Vec>(1);
      const uint32_t n = in.count(in.u32(), 1);
      return made && readValues(in, arena, s.code[i.args[0]].type, n, *made) && sortValues(arena, *made, i.nullAmong) && (i.values = made);
    }
    case oColumn:
      i.immediate = in.u32();
      return (i.immediate < f.nColumns && sameShape(f.columns[i.immediate].type, i.type)) || in.refuse("malformed: column of another type");
    case oWhere:
    case oCast:
      i.immediate = in.u32();
      return i.immediate <= 3 || in.refuse("malformed: unknown mode");
    default: return true;
  }
}

bool Decoder::framesAgree(Section &s, const Instruction &i, uint32_t self) {
  auto frameOf = [&](uint32_t a) { return s.code[i.args[a]].frame; };
  const bool constant = i.frame == constantFrame;
  if (!makesFrame(i.op) && !constant && i.frame >= s.nFrames) return false;
  auto maker = [&](uint32_t frame) { return s.code[s.frames[frame].maker].op; };
  switch (i.op) {
    case oConstant: case oFile: case oFileOrdinal: return constant;
    case oEntry: case oColumn: return i.frame == 0;
    case oEnter: case oEnterPadded: case oWhere: {
      const uint32_t parent = frameOf(0);
      if (i.frame != s.nFrames || parent == constantFrame) return false;
      for (uint32_t a = 1; a < i.nArgs; a++)
        if (frameOf(a) != parent) return false;
      s.frames[s.nFrames++] = {parent, self};
      return true;
    }
    case oOrdinal: return !constant && i.frame > 0 && isEnter(maker(i.frame));
    case oElements: {
      if (constant || i.frame == 0 || !isEnter(maker(i.frame))) return false;
      const Instruction &enter = s.code[s.frames[i.frame].maker];
      for (uint32_t a = 0; a < enter.nArgs; a++)
        if (enter.args[a] == i.args[0]) return true;
      return false;
    }
    case oBring:
      return !constant && (frameOf(0) == constantFrame || (i.frame > 0 && frameOf(0) == s.frames[i.frame].parent));
    case oMerge:
      if (constant) return false;
      for (uint32_t a = 0; a < i.nArgs; a++) {
        const uint32_t from = frameOf(a);
        if (from == constantFrame || from == 0 || maker(from) != oWhere || s.frames[from].parent != i.frame) return false;
      }
      return true;
    default:
      if (isReduction(i.op) || i.op == oCollect) {
        uint32_t from = frameOf(0);
        if (from == constantFrame) return false;
        while (from > 0 && maker(from) == oWhere) from = s.frames[from].parent;
        return from > 0 && s.frames[from].parent == i.frame;
      }
      for (uint32_t a = 0; a < i.nArgs; a++)
        if (frameOf(a) != i.frame && frameOf(a) != constantFrame) return false;
      return true;
  }
}

bool Decoder::instruction(Section &s, uint32_t self) {
  Instruction &i = s.code[self];
  i = Instruction{};
  i.op = in.u8();
  const uint32_t type = in.u16();
  if (type >= nTypes) return in.refuse("malformed: unknown type");
  i.type = types[type];
  i.frame = in.u32();
  i.nArgs = in.count(in.u32(), 4);
  if (!(i.args = arena.make<uint32_t>(i.nArgs))) return false;
  for (uint32_t a = 0; a < i.nArgs; a++) {
    i.args[a] = in.u32();
    if (i.args[a] >= self || makesFrame(s.code[i.args[a]].op)) return in.refuse("malformed: register before it is set");
  }
  if (in.reason) return false;
  if (!acceptsTypes(i, s)) return in.refuse("an operation that this kernel lacks");
  return immediate(s, i) && !in.reason && (framesAgree(s, i, self) || in.refuse("malformed: an operation mixes frames"));
}

bool Decoder::section(Section &s) {
  const uint32_t n = in.count(in.u32(), 11);
  if (n > maxInstructions) return in.refuse("malformed: too many instructions");
  s.code = arena.make<Instruction>(n);
  s.frames = arena.make<FrameInfo>(uint64_t(n) + 1);
  if (!s.code || !s.frames) return false;
  s.frames[0] = {0, 0};
  for (uint32_t k = 0; k < n; k++) {
    if (!instruction(s, k)) return false;
    s.n = k + 1;
  }
  s.frame = in.u32();
  return s.frame < s.nFrames || in.refuse("malformed: unknown frame");
}

bool Decoder::aggregate(Section &s, Aggregate &a) {
  a = Aggregate{};
  a.op = AggregateOp(in.u8());
  a.arg = in.u32();
  a.filter = in.u32();
  if (a.filter != none && (!valueOf(s, a.filter) || s.code[a.filter].type->kind != kBool))
    return in.refuse("malformed: aggregate filter is not a condition");
  if (a.arg != none && !valueOf(s, a.arg)) return false;
  const Type *type = a.arg == none ? nullptr : s.code[a.arg].type;
  bool fits = (a.op == aCountStar) == (type == nullptr);
  if (fits && type) switch (a.op) {
      case aCount: break;
      case aMin: case aMax: fits = ordered(type); break;
      case aBoolAnd: case aBoolOr: fits = type->kind == kBool; break;
      case aHist: fits = type->kind == kFloat8; break;
      case aSum: case aAvg: fits = isNumber(type->kind) || type->kind == kNumeric; break;
      default: fits = false;
    }
  if (!fits) return in.refuse("malformed: aggregate does not take this type");
  if (a.op != aHist) return !in.reason;
  a.low = in.get<double>();
  a.high = in.get<double>();
  a.bins = in.u32();
  const double width = a.high - a.low;
  return (a.bins >= 1 && a.bins <= maxBins && a.low < a.high && width - width == 0) || in.refuse("malformed: histogram without bins");
}

bool Decoder::output(Section &s) {
  const uint8_t kind = in.u8();
  if (kind > outAggregate) return in.refuse("malformed: unknown output");
  f.output = Output(kind);
  if (!registers(s, f.nRegisters, f.registers)) return false;
  switch (f.output) {
    case outRows: f.limit = in.u32(); return true;
    case outTop:
      f.nKeys = in.count(in.u32(), 5);
      if (!(f.keys = arena.make<SortKey>(f.nKeys))) return false;
      for (uint32_t k = 0; k < f.nKeys; k++) {
        f.keys[k].reg = in.u32();
        const uint8_t flags = in.u8();
        f.keys[k].descending = flags & 1;
        f.keys[k].nullsFirst = flags & 2;
        if (!valueOf(s, f.keys[k].reg)) return false;
        if (!ordered(s.code[f.keys[k].reg].type)) return in.refuse("malformed: sort key has no order");
      }
      f.limit = in.u32();
      return true;
    default:
      for (uint32_t k = 0; k < f.nRegisters; k++)
        if (!ordered(s.code[f.registers[k]].type)) return in.refuse("malformed: group key has no equality");
      f.nAggregates = in.count(in.u32(), 9);
      if (!(f.aggregates = arena.make<Aggregate>(f.nAggregates))) return false;
      for (uint32_t k = 0; k < f.nAggregates; k++)
        if (!aggregate(s, f.aggregates[k])) return false;
      return true;
  }
}

bool readProgram(Reader &in, Arena &arena, Fragment &f) {
  Decoder d{in, arena, f};
  d.nTypes = in.count(in.u16(), 1);
  if (!(d.types = arena.make<const Type *>(d.nTypes))) return false;
  for (uint32_t t = 0; t < d.nTypes; t++)
    if (!(d.types[t] = readType(in, arena))) return false;
  f.hasFilter = in.u8() != 0;
  if (f.hasFilter) {
    if (!d.section(f.filter)) return false;
    for (uint32_t at = f.filter.frame; at != 0; at = f.filter.frames[at].parent)
      if (f.filter.code[f.filter.frames[at].maker].op != oWhere) return in.refuse("malformed: filter frame does not select rows");
  }
  return d.section(f.main) && d.output(f.main) && (in.left() == 0 || in.refuse("malformed: trailing bytes"));
}

uint64_t bytesFor(const Type *type, uint32_t buffer, uint64_t rows) {
  const Physical p = physicalOf(type->kind);
  if (p == pList || p == pText) return buffer == 1 ? (rows == 0 ? 0 : (rows + 1) * 4) : 0;
  return type->kind == kBool ? (rows + 7) / 8 : rows * storedWidth(type->kind);
}

bool readColumn(Reader &in, Arena &arena, uint64_t rows, Column &column) {
  column = Column{};
  if (!(column.type = readType(in, arena))) return false;
  column.nBuffers = 0;
  const Type *leaf = column.type;
  for (; leaf->kind == kList; leaf = leaf->element) column.nBuffers += 2;
  column.nBuffers += physicalOf(leaf->kind) == pText ? 3 : 2;
  if (in.u16() != column.nBuffers) return in.refuse("malformed: wrong number of buffers");
  if (!(column.buffers = arena.make<Buffer>(column.nBuffers))) return false;
  for (uint32_t b = 0; b < column.nBuffers; b++) {
    Buffer &buffer = column.buffers[b];
    buffer = Buffer{};
    buffer.offset = in.size();
    buffer.length = in.size();
    if (buffer.length > maxRows) return in.refuse("malformed: buffer too long");
    buffer.checksum = in.u32();
    if (in.u8() != 0) return in.refuse("a codec that this kernel lacks");
  }
  if ((column.buffers[0].length != 0 && column.buffers[0].length * 8 < rows) || column.buffers[1].length < bytesFor(column.type, 1, rows))
    return in.refuse("malformed: buffer shorter than the rows");
  return !in.reason;
}

bool readAll(Reader &in, Arena &arena, Fragment &f) {
  if (in.u32() != magic) return in.refuse("no fragment");
  if (in.u16() != version) return in.refuse("a version that this kernel lacks");
  in.u16();
  f.budgetRows = in.size();
  f.budgetBytes = in.size();
  f.budgetMillis = in.u32();
  f.rows = in.size();
  if (f.rows > maxRows) return in.refuse("malformed: too many rows");
  f.firstEntry = in.size();
  f.fileOrdinal = in.u32();
  if (f.fileOrdinal > maxRows) return in.refuse("malformed: file ordinal out of range");
  f.file = in.text();
  f.nColumns = in.count(in.u32(), 3);
  if (!(f.columns = arena.make<Column>(f.nColumns))) return false;
  for (uint32_t c = 0; c < f.nColumns; c++)
    if (!readColumn(in, arena, f.rows, f.columns[c])) return false;
  const Slice bytes = in.blob();
  if (in.reason || in.left() != 0) return in.refuse("malformed: trailing bytes");
  Reader program{bytes.at, bytes.at + bytes.size};
  const bool good = readProgram(program, arena, f) && !program.reason;
  in.reason = program.reason;
  return good;
}

}  // namespace

const char *decodeFragment(const uint8_t *bytes, size_t size, Arena &arena, Fragment &f) {
  Reader in{bytes, bytes + size};
  if (readAll(in, arena, f) && !in.reason) return nullptr;
  return in.reason ? in.reason : "it needs more memory than it may take here";
}
