#include "builder.h"

Builder::Builder(Memory &memory, const Type *type) : type(type), memory(memory), valid(memory), data(memory), offsets(memory) {
  if (type->kind != kList) return;
  void *at = memory.take(sizeof(Builder));
  if (at) child = new (at) Builder(memory, type->element);
}
Builder::~Builder() {
  if (!child) return;
  child->~Builder();
  memory.give(child, sizeof(Builder));
}

bool Builder::appendValid(const Vec &vec, uint32_t n) {
  bool nulls = false;
  if (vec.valid)
    for (uint32_t i = 0; i < n; i++) nulls |= !vec.valid[i];
  if (!nulls && !anyNull) return true;
  if (!valid.reach(rows + n)) return false;
  if (!anyNull) memset(valid.data(), 1, size_t(rows));
  anyNull = true;
  if (vec.valid) memcpy(valid.data() + rows, vec.valid, n);
  else memset(valid.data() + rows, 1, n);
  return true;
}

template <class From, class To> bool Builder::appendFlat(const Vec &vec, uint32_t n) {
  if (!data.reach((rows + n) * sizeof(To))) return false;
  uint8_t *at = data.data() + rows * sizeof(To);
  const From *x = vec.as<From>();
  used += n * sizeof(To);
  if (sizeof(From) == sizeof(To) && !vec.valid) {
    if (n) memcpy(at, x, n * sizeof(To));
    return true;
  }
  for (uint32_t i = 0; i < n; i++) {
    const To v = vec.valid && !vec.valid[i] ? To(0) : To(x[i]);
    memcpy(at + i * sizeof(To), &v, sizeof(To));
  }
  return true;
}

template <class T> bool Builder::appendFloats(const Vec &vec, uint32_t n, T nan) {
  if (!data.reach((rows + n) * sizeof(T))) return false;
  T *at = reinterpret_cast<T *>(data.data()) + rows;
  const T *x = vec.as<T>();
  used += n * sizeof(T);
  for (uint32_t i = 0; i < n; i++) at[i] = x[i] == x[i] ? x[i] : nan;
  if (vec.valid)
    for (uint32_t i = 0; i < n; i++)
      if (!vec.valid[i]) at[i] = 0;
  return true;
}

bool Builder::appendText(const Vec &vec, uint32_t n) {
  const Slice *x = vec.as<Slice>();
  uint64_t more = 0;
  for (uint32_t i = 0; i < n; i++) more += vec.isValid(i) ? x[i].size : 0;
  if (textBytes + more > INT32_MAX) return memory.failed = true, false;
  if (!offsets.reach(rows + n + 1) || !data.reach(textBytes + more)) return false;
  offsets[0] = 0;
  for (uint32_t i = 0; i < n; i++) {
    if (vec.isValid(i) && x[i].size) {
      memcpy(data.data() + textBytes, x[i].at, x[i].size);
      textBytes += x[i].size;
    }
    offsets[rows + i + 1] = int32_t(textBytes);
  }
  used += more + 4 * uint64_t(n);
  return true;
}

bool Builder::appendLists(Arena &scratch, const Vec &vec, uint32_t n) {
  Vec lists = vec, elements;
  if (vec.valid) {
    // NULL lists lose their elements.
    uint32_t *index = scratch.make<uint32_t>(n);
    if (!index) return false;
    for (uint32_t i = 0; i < n; i++) index[i] = i;
    if (!gather(scratch, vec, index, n, lists)) return false;
  }
  const int32_t *from = lists.offsets();
  const uint64_t base = child->rows;
  if (base + uint32_t(from[n]) > INT32_MAX) return memory.failed = true, false;
  if (!offsets.reach(rows + n + 1) || !spread(scratch, *lists.child, uint32_t(from[n]), elements)) return false;
  offsets[0] = 0;
  for (uint32_t i = 1; i <= n; i++) offsets[rows + i] = from[i] + int32_t(base);
  used += 4 * uint64_t(n);
  return child->append(scratch, elements, uint32_t(from[n]));
}

bool Builder::append(Arena &scratch, const Vec &vec, uint32_t n) {
  if (type->kind == kList && !child) return false;
  if (!appendValid(vec, n)) return false;
  bool good;
  switch (type->kind) {
    case kList: good = appendLists(scratch, vec, n); break;
    case kBool: good = appendFlat<uint8_t, uint8_t>(vec, n); break;
    case kInt1: case kUint1: good = appendFlat<int32_t, uint8_t>(vec, n); break;
    case kInt2: case kUint2: good = appendFlat<int32_t, uint16_t>(vec, n); break;
    case kUint4: good = appendFlat<int64_t, uint32_t>(vec, n); break;
    case kNumeric: good = appendFlat<i128, i128>(vec, n); break;
    default:
      switch (physicalOf(type->kind)) {
        case pText: good = appendText(vec, n); break;
        case pF32: good = appendFloats(vec, n, __builtin_nanf("")); break;
        case pF64: good = appendFloats(vec, n, __builtin_nan("")); break;
        case pI32: good = appendFlat<uint32_t, uint32_t>(vec, n); break;
        default: good = appendFlat<uint64_t, uint64_t>(vec, n);
      }
  }
  rows += n;
  return good;
}

uint64_t Builder::lengthOf(uint32_t buffer) const {
  const Physical p = physicalOf(type->kind);
  if (buffer == 0) return anyNull ? (rows + 7) / 8 : 0;
  if (buffer == 2) return textBytes;
  if (p == pText || p == pList) return 4 * (rows + 1);
  return type->kind == kBool ? (rows + 7) / 8 : rows * storedWidth(type->kind);
}

void Builder::lengths(uint8_t *&out) const {
  const uint32_t own = physicalOf(type->kind) == pText ? 3 : 2;
  for (uint32_t b = 0; b < own; b++) {
    const uint64_t length = lengthOf(b);
    memcpy(out, &length, 8);
    out += 8;
  }
  if (child) child->lengths(out);
}

uint64_t Builder::sizeFrom(uint64_t at) const {
  const uint32_t own = physicalOf(type->kind) == pText ? 3 : 2;
  for (uint32_t b = 0; b < own; b++) at = ((at + 7) & ~uint64_t(7)) + lengthOf(b);
  return child ? child->sizeFrom(at) : at;
}

namespace {

void align(uint8_t *start, uint8_t *&out) {
  while ((out - start) & 7) *out++ = 0;
}
void packBits(const uint8_t *bytes, uint64_t n, uint8_t *&out) {
  const uint64_t size = (n + 7) / 8;
  memset(out, 0, size_t(size));
  for (uint64_t i = 0; i < n; i++) out[i >> 3] |= uint8_t(bytes[i] << (i & 7));
  out += size;
}
void copy(const void *from, uint64_t n, uint8_t *&out) {
  if (n) memcpy(out, from, size_t(n));
  out += n;
}

}  // namespace

void Builder::write(uint8_t *start, uint8_t *&out) const {
  const Physical p = physicalOf(type->kind);
  align(start, out);
  if (anyNull) packBits(valid.data(), rows, out);
  align(start, out);
  if (p == pText || p == pList) {
    const int32_t zero = 0;
    if (rows == 0) copy(&zero, 4, out);
    else copy(offsets.data(), 4 * (rows + 1), out);
    if (p == pText) {
      align(start, out);
      copy(data.data(), textBytes, out);
    }
  } else if (type->kind == kBool) packBits(data.data(), rows, out);
  else copy(data.data(), lengthOf(1), out);
  if (child) child->write(start, out);
}

namespace {

constexpr uint32_t resultMagic = 0x52594b53;
constexpr uint16_t resultVersion = 1;

void head(uint8_t *&out, uint16_t kind) {
  copy(&resultMagic, 4, out);
  copy(&resultVersion, 2, out);
  copy(&kind, 2, out);
}

}  // namespace

uint8_t *writeRows(Run &run, uint64_t rows, Builder *const *columns, uint32_t nColumns, uint64_t &size) {
  uint64_t at = 8 + 3 * 8 + 4;
  for (uint32_t c = 0; c < nColumns; c++) at += columns[c]->type->code.size + 2 + 8 * uint64_t(columns[c]->buffers());
  for (uint32_t c = 0; c < nColumns; c++) at = columns[c]->sizeFrom(at);
  size = at;
  uint8_t *answer = static_cast<uint8_t *>(run.memory.take(size));
  if (!answer) return nullptr;
  uint8_t *out = answer;
  head(out, 0);
  copy(&rows, 8, out);
  copy(&run.fragment.rows, 8, out);
  copy(&run.bytesRead, 8, out);
  copy(&nColumns, 4, out);
  for (uint32_t c = 0; c < nColumns; c++) {
    const uint16_t buffers = uint16_t(columns[c]->buffers());
    copy(columns[c]->type->code.at, columns[c]->type->code.size, out);
    copy(&buffers, 2, out);
    columns[c]->lengths(out);
  }
  for (uint32_t c = 0; c < nColumns; c++) columns[c]->write(answer, out);
  return answer;
}

uint8_t *writeTexts(Run &run, uint16_t kind, const Slice *texts, uint32_t n, uint64_t &size) {
  size = 8;
  for (uint32_t t = 0; t < n; t++) size += 4 + texts[t].size;
  // What there is to say fits always.
  Memory free;
  uint8_t *answer = static_cast<uint8_t *>(free.take(size));
  if (!answer) return nullptr;
  run.memory.held += size;
  uint8_t *out = answer;
  head(out, kind);
  for (uint32_t t = 0; t < n; t++) {
    copy(&texts[t].size, 4, out);
    copy(texts[t].at, texts[t].size, out);
  }
  return answer;
}
