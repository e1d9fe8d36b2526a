// Stored columns, in Arrow's layout, as vectors. Wide values are read where they lie; narrow ones, bits and texts are unpacked.
#include "section.h"

namespace {

inline uint8_t bitAt(const uint8_t *bits, uint64_t at) { return (bits[at >> 3] >> (at & 7)) & 1; }

void unpackBits(const uint8_t *bits, uint64_t from, uint32_t n, uint8_t *out) {
  uint32_t i = 0;
  for (; i < n && ((from + i) & 7); i++) out[i] = bitAt(bits, from + i);
  for (const uint8_t *at = bits + ((from + i) >> 3); i + 8 <= n; i += 8, at++) {
    // Eight bits to eight bytes by one multiplication.
    const uint64_t spread = ((uint64_t(*at) * 0x8040201008040201ull) >> 7) & 0x0101010101010101ull;
    uint64_t swapped = __builtin_bswap64(spread);
    memcpy(out + i, &swapped, 8);
  }
  for (; i < n; i++) out[i] = bitAt(bits, from + i);
}

template <class From, class To> const To *widened(Arena &arena, const void *values, const Rows &rows) {
  To *out = arena.make<To>(rows.n);
  if (!out) return nullptr;
  const From *from = static_cast<const From *>(values) + rows.from;
  if (rows.index)
    for (uint32_t k = 0; k < rows.n; k++) out[k] = To(from[rows.index[k]]);
  else
    for (uint32_t k = 0; k < rows.n; k++) out[k] = To(from[k]);
  return out;
}
template <class T> const T *inPlace(Arena &arena, const void *values, const Rows &rows) {
  return rows.index ? widened<T, T>(arena, values, rows) : static_cast<const T *>(values) + rows.from;
}
const uint8_t *bits(Arena &arena, const Buffer &buffer, const Rows &rows) {
  uint8_t *out = arena.make<uint8_t>(rows.n);
  if (!out) return nullptr;
  if (rows.index)
    for (uint32_t k = 0; k < rows.n; k++) out[k] = bitAt(buffer.bytes, uint64_t(rows.from) + rows.index[k]);
  else unpackBits(buffer.bytes, rows.from, rows.n, out);
  return out;
}

const void *valuesAt(Arena &arena, const Type *type, const Buffer *buffers, const Rows &rows) {
  const void *values = buffers[1].bytes;
  switch (type->kind) {
    case kBool: return bits(arena, buffers[1], rows);
    case kInt1: return widened<int8_t, int32_t>(arena, values, rows);
    case kInt2: return widened<int16_t, int32_t>(arena, values, rows);
    case kUint1: return widened<uint8_t, int32_t>(arena, values, rows);
    case kUint2: return widened<uint16_t, int32_t>(arena, values, rows);
    case kUint4: return widened<uint32_t, int64_t>(arena, values, rows);
    case kInt4: case kDate: return inPlace<int32_t>(arena, values, rows);
    case kFloat4: return inPlace<float>(arena, values, rows);
    case kFloat8: return inPlace<double>(arena, values, rows);
    case kNumeric: return inPlace<i128>(arena, values, rows);
    default: break;
  }
  if (physicalOf(type->kind) != pText) return inPlace<int64_t>(arena, values, rows);
  const int32_t *offsets = static_cast<const int32_t *>(values) + rows.from;
  const uint8_t *bytes = buffers[2].bytes;
  Slice *out = arena.make<Slice>(rows.n);
  if (!out) return nullptr;
  for (uint32_t k = 0; k < rows.n; k++) {
    const uint32_t at = rows.index ? rows.index[k] : k;
    out[k] = Slice{bytes + offsets[at], uint32_t(offsets[at + 1] - offsets[at])};
  }
  return out;
}

bool vecAt(Arena &arena, const Type *type, const Buffer *buffers, const Rows &rows, Vec &out) {
  Vec made{type, rows.n, false, nullptr, nullptr, nullptr};
  if (rows.n == 0) return nulls(arena, type, 0, out);
  if (buffers[0].length && !(made.valid = bits(arena, buffers[0], rows))) return false;
  if (type->kind != kList) {
    if (!(made.data = valuesAt(arena, type, buffers, rows))) return false;
    return out = made, true;
  }
  int32_t *offsets = arena.make<int32_t>(uint64_t(rows.n) + 1);
  Vec *child = arena.make<Vec>(1);
  if (!offsets || !child) return false;
  const int32_t *from = reinterpret_cast<const int32_t *>(buffers[1].bytes) + rows.from;
  Rows elements{0, 0, nullptr};
  offsets[0] = 0;
  if (!rows.index) {
    for (uint32_t i = 0; i <= rows.n; i++) offsets[i] = from[i] - from[0];
    elements = Rows{uint32_t(from[0]), uint32_t(offsets[rows.n]), nullptr};
  } else {
    // NULL lists lose their elements. Rows ascend, so that positions fit.
    uint64_t total = 0;
    for (uint32_t i = 0; i < rows.n; i++) {
      const uint32_t at = rows.index[i];
      if (!made.valid || made.valid[i]) total += uint32_t(from[at + 1] - from[at]);
      offsets[i + 1] = int32_t(total);
    }
    uint32_t *index = arena.make<uint32_t>(total);
    if (!index) return false;
    for (uint32_t i = 0; i < rows.n; i++) {
      const uint32_t shift = uint32_t(from[rows.index[i]]) - uint32_t(offsets[i]);
      for (int32_t k = offsets[i]; k < offsets[i + 1]; k++) index[k] = uint32_t(k) + shift;
    }
    elements = Rows{0, uint32_t(total), index};
  }
  if (!vecAt(arena, type->element, buffers + 2, elements, *child)) return false;
  made.data = offsets;
  made.child = child;
  out = made;
  return true;
}

bool checkAt(const Type *type, const Buffer *buffers, uint64_t rows) {
  if (buffers[0].length && buffers[0].length * 8 < rows) return false;
  const Physical p = physicalOf(type->kind);
  if (p != pList && p != pText) return buffers[1].length >= (type->kind == kBool ? (rows + 7) / 8 : rows * storedWidth(type->kind));
  uint64_t end = 0;
  if (rows > 0) {
    if (buffers[1].length < (rows + 1) * 4) return false;
    const int32_t *offsets = reinterpret_cast<const int32_t *>(buffers[1].bytes);
    int32_t falls = offsets[0];
    for (uint64_t i = 0; i < rows; i++) falls |= offsets[i + 1] < offsets[i] ? -1 : 0;
    if (falls < 0) return false;
    end = uint64_t(offsets[rows]);
  }
  return p == pText ? buffers[2].length >= end : checkAt(type->element, buffers + 2, end);
}

}  // namespace

bool columnAt(Arena &arena, const Column &column, const Rows &rows, Vec &out) {
  return vecAt(arena, column.type, column.buffers, rows, out);
}

bool checkColumn(Run &run, uint32_t column, uint64_t rows) {
  const Column &c = run.fragment.columns[column];
  if (checkAt(c.type, c.buffers, rows)) return true;
  run.raise("XX001", "a column's buffers do not fit its rows: column ");
  run.message.add(uint64_t(column));
  return false;
}
