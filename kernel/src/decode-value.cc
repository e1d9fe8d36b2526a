#include "decode-value.h"

#include "numeric.h"
#include "sort.h"

namespace {

constexpr uint32_t maxDepth = 16;

// The range of an integer kind; false for none.
bool rangeOf(uint8_t kind, int64_t &low, int64_t &high) {
  switch (kind) {
    case kInt1: return low = -128, high = 127, true;
    case kInt2: return low = -32768, high = 32767, true;
    case kInt4: case kDate: return low = INT32_MIN, high = INT32_MAX, true;
    case kUint1: return low = 0, high = 255, true;
    case kUint2: return low = 0, high = 65535, true;
    case kUint4: return low = 0, high = UINT32_MAX, true;
    default: return low = INT64_MIN, high = INT64_MAX, true;
  }
}

bool readNumeric(Reader &in, const Type *type, i128 &out) {
  const int32_t scale = int16_t(in.u16());
  if (scale > 1000 || scale < -1000) return in.refuse("malformed: numeric scale out of range");
  const uint64_t low = in.get<uint64_t>();
  out = i128((u128(in.get<uint64_t>()) << 64) | low);
  return rescale(out, scale, type->scale) || in.refuse("a numeric constant that this kernel lacks");
}

bool readFlat(Reader &in, const Type *type, uint32_t i, void *data) {
  switch (type->kind) {
    case kBool: static_cast<uint8_t *>(data)[i] = in.u8() != 0; return true;
    case kFloat4: static_cast<float *>(data)[i] = float(in.get<double>()); return true;
    case kFloat8: static_cast<double *>(data)[i] = in.get<double>(); return true;
    case kNumeric: return readNumeric(in, type, static_cast<i128 *>(data)[i]);
    case kUint8: static_cast<uint64_t *>(data)[i] = in.get<uint64_t>(); return true;
    default: break;
  }
  if (physicalOf(type->kind) == pText) {
    static_cast<Slice *>(data)[i] = type->kind == kBytea ? in.blob() : in.text();
    return true;
  }
  int64_t low, high, v = in.get<int64_t>();
  rangeOf(type->kind, low, high);
  if (v < low || v > high) return in.refuse("malformed: integer constant out of range");
  if (physicalOf(type->kind) == pI32) static_cast<int32_t *>(data)[i] = int32_t(v);
  else static_cast<int64_t *>(data)[i] = v;
  return true;
}

// Lists of lists are read one after the other: their vectors are concatenated level by level.
bool readLists(Reader &in, Arena &arena, const Type *type, uint32_t n, uint32_t depth, Vec &out);

bool readAt(Reader &in, Arena &arena, const Type *type, uint32_t n, uint32_t depth, Vec &out) {
  if (depth > maxDepth) return in.refuse("malformed: value nested too deeply");
  if (type->kind == kList) return readLists(in, arena, type, n, depth, out);
  uint8_t *valid = arena.zeros<uint8_t>(n);
  uint8_t *data = arena.zeros<uint8_t>(uint64_t(n) * widthOf(physicalOf(type->kind)));
  if (!valid || !data) return false;
  bool anyNull = false;
  for (uint32_t i = 0; i < n; i++) {
    valid[i] = in.u8() != 0;
    anyNull |= !valid[i];
    if (valid[i] && !readFlat(in, type, i, data)) return false;
  }
  out = Vec{type, n, false, anyNull ? valid : nullptr, data, nullptr};
  return !in.reason;
}

bool readLists(Reader &in, Arena &arena, const Type *type, uint32_t n, uint32_t depth, Vec &out) {
  uint8_t *valid = arena.zeros<uint8_t>(n);
  int32_t *offsets = arena.zeros<int32_t>(uint64_t(n) + 1);
  Vec *parts = arena.make<Vec>(n), *child = arena.make<Vec>(1);
  const Vec **list = arena.make<const Vec *>(n);
  if (!valid || !offsets || !parts || !child || !list) return false;
  bool anyNull = false;
  uint64_t total = 0;
  for (uint32_t i = 0; i < n; i++) {
    valid[i] = in.u8() != 0;
    anyNull |= !valid[i];
    const uint32_t count = valid[i] ? in.count(in.u32(), 1) : 0;
    if (!readAt(in, arena, type->element, count, depth + 1, parts[i])) return false;
    list[i] = &parts[i];
    total += count;
    offsets[i + 1] = int32_t(total);
  }
  if (!concat(arena, list, n, type->element, *child)) return false;
  out = Vec{type, n, false, anyNull ? valid : nullptr, offsets, child};
  return true;
}

}  // namespace

const Type *readType(Reader &in, Arena &arena) {
  const Type *outer = nullptr;
  Type *inner = nullptr;
  for (uint32_t depth = 0;; depth++) {
    if (depth > maxDepth) return in.refuse("malformed: type nested too deeply"), nullptr;
    Type *type = arena.make<Type>(1);
    if (!type) return nullptr;
    *type = Type{};
    type->length = noLength;
    type->code.at = in.at;
    type->kind = in.u8();
    if (inner) inner->element = type;
    else outer = type;
    if (type->kind > kStruct) return in.refuse("malformed: unknown type code"), nullptr;
    if (type->kind == kUnknown || type->kind == kInterval || type->kind == kStruct) return in.refuse("a type that this kernel lacks"), nullptr;
    if (type->kind == kNumeric) {
      type->precision = in.u8();
      type->scale = int16_t(in.u16());
      if (type->precision > 38) return in.refuse("a type that this kernel lacks"), nullptr;
    }
    if (type->kind == kVarchar || type->kind == kChar) type->length = in.u32();
    if (in.reason) return nullptr;
    if (type->kind != kList) break;
    inner = type;
  }
  for (Type *type = const_cast<Type *>(outer); type; type = const_cast<Type *>(type->element))
    type->code.size = uint32_t(in.at - type->code.at);
  return outer;
}

bool readValues(Reader &in, Arena &arena, const Type *type, uint32_t n, Vec &out) { return readAt(in, arena, type, n, 0, out); }

bool sortValues(Arena &arena, Vec &values, bool &nullAmong) {
  uint32_t *index = arena.make<uint32_t>(values.n);
  if (!index) return false;
  uint32_t n = 0;
  for (uint32_t i = 0; i < values.n; i++)
    if (values.isValid(i)) index[n++] = i;
  nullAmong = n < values.n;
  sortPositions(index, n, [&](uint32_t a, uint32_t b) { return orderAt(values, a, values, b) < 0; });
  values.valid = nullptr;
  return gather(arena, values, index, n, values);
}
