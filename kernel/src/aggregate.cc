#include "aggregate.h"

namespace {

constexpr uint64_t maxCells = 1u << 27;

const uint8_t codeInt8[] = {kInt8}, codeBytea[] = {kBytea}, codeInt8List[] = {kList, kInt8};
const Type typeInt8{kInt8, 0, 0, noLength, nullptr, {codeInt8, 1}};
const Type typeBytea{kBytea, 0, 0, noLength, nullptr, {codeBytea, 1}};
const Type typeInt8List{kList, 0, 0, noLength, &typeInt8, {codeInt8List, 2}};

// Calls `f(i, group)` for the positions that count.
template <class F> inline void eachPosition(const Grouped &g, F f) {
  if (g.groups) {
    if (g.mask) {
      for (uint32_t i = 0; i < g.n; i++)
        if (g.mask[i]) f(i, g.groups[i]);
    } else
      for (uint32_t i = 0; i < g.n; i++) f(i, g.groups[i]);
  } else if (g.mask) {
    for (uint32_t i = 0; i < g.n; i++)
      if (g.mask[i]) f(i, 0u);
  } else
    for (uint32_t i = 0; i < g.n; i++) f(i, 0u);
}

}  // namespace

bool AggregateState::count(const Grouped &g) {
  if (!counts.zeros(g.size)) return false;
  int64_t *at = counts.data();
  if (!g.groups) {
    int64_t kept = g.n;
    if (g.mask) {
      kept = 0;
      for (uint32_t i = 0; i < g.n; i++) kept += g.mask[i];
    }
    at[0] += kept;
  } else if (g.mask)
    for (uint32_t i = 0; i < g.n; i++) at[g.groups[i]] += g.mask[i];
  else
    for (uint32_t i = 0; i < g.n; i++) at[g.groups[i]]++;
  return true;
}

bool AggregateState::histogram(const double *x, const Grouped &g) {
  const uint64_t width = uint64_t(aggregate.bins) + 2;
  if (g.size * width > maxCells) return run.cannot("it has too many histograms");
  if (!counts.zeros(g.size * width) || !flags.zeros(g.size)) return false;
  const double low = aggregate.low, high = aggregate.high, span = high - low, bins = aggregate.bins;
  int64_t *cells = counts.data();
  uint8_t *seen = flags.data();
  eachPosition(g, [&](uint32_t i, uint32_t group) {
    const double v = x[i];
    const uint64_t bin = v < low ? 0 : v < high ? least(uint64_t((v - low) / span * bins), width - 3) + 1 : width - 1;
    cells[group * width + bin]++;
    seen[group] = 1;
  });
  return true;
}

template <class T> bool AggregateState::addIntegers(const T *x, const Grouped &g) {
  if (!sums.zeros(g.size)) return false;
  i128 *at = sums.data();
  if (sizeof(T) <= 8 && !g.groups) {
    // 2^31 values of 32 bits fit 64; of wider ones the halves are summed apart.
    int64_t low = 0, high = 0;
    if (sizeof(T) <= 4) {
      if (g.mask)
        for (uint32_t i = 0; i < g.n; i++) low += int64_t(x[i]) & -int64_t(g.mask[i]);
      else
        for (uint32_t i = 0; i < g.n; i++) low += int64_t(x[i]);
    } else
      for (uint32_t i = 0; i < g.n; i++) {
        const int64_t v = g.mask ? int64_t(x[i]) & -int64_t(g.mask[i]) : int64_t(x[i]);
        low += v & 0xffffffff;
        high += v >> 32;
      }
    at[0] += i128(low) + i128(high) * (i128(1) << 32);
    return true;
  }
  bool beyond = false;
  eachPosition(g, [&](uint32_t i, uint32_t group) {
    const i128 sum = i128(u128(at[group]) + u128(i128(x[i])));
    beyond |= sizeof(T) == 16 && ((at[group] ^ sum) & (i128(x[i]) ^ sum)) < 0;
    at[group] = sum;
  });
  return !beyond || run.cannot("a sum beyond 128 bits");
}

bool AggregateState::wideAt(uint32_t group, ExactSum *&out) {
  if (wideOf[group] == 0) {
    if (!wides.zeros(uint64_t(nWides) + 1)) return false;
    wideOf[group] = ++nWides;
  }
  out = &wides[wideOf[group] - 1];
  return true;
}

template <class T> bool AggregateState::addFloats(const T *x, const Grouped &g) {
  if (!small.zeros(g.size) || !flags.zeros(g.size) || !wideOf.zeros(g.size)) return false;
  ExactSum *wide;
  if (!g.groups) {
    if (!wideAt(0, wide)) return false;
    wide->addAll(x, g.n, g.mask);
    return true;
  }
  bool good = true;
  SmallSum *sums = small.data();
  uint8_t *seen = flags.data();
  eachPosition(g, [&](uint32_t i, uint32_t group) {
    const double v = double(x[i]);
    seen[group] |= sumFlags(v);
    if (v == 0 || v - v != 0 || sums[group].add(v)) return;
    if (!good || !wideAt(group, wide)) {
      good = false;
      return;
    }
    sums[group].pourInto(*wide);
    if (!sums[group].add(v)) wide->add(v);
  });
  return good;
}

template <class T> bool AggregateState::extremes(const T *x, const Grouped &g) {
  if (!best.zeros(g.size * sizeof(T)) || !flags.zeros(g.size)) return false;
  T *at = reinterpret_cast<T *>(best.data());
  uint8_t *seen = flags.data();
  const bool smallest = aggregate.op == aMin || aggregate.op == aBoolAnd;
  // Of equal values the first stays.
  if (smallest)
    eachPosition(g, [&](uint32_t i, uint32_t group) {
      if (seen[group] && order(x[i], at[group]) >= 0) return;
      at[group] = x[i];
      seen[group] = 1;
    });
  else
    eachPosition(g, [&](uint32_t i, uint32_t group) {
      if (seen[group] && order(x[i], at[group]) <= 0) return;
      at[group] = x[i];
      seen[group] = 1;
    });
  return true;
}

bool AggregateState::update(const Vec *value, const Grouped &g) {
  switch (aggregate.op) {
    case aCountStar: case aCount: return count(g);
    case aHist: return histogram(value->as<double>(), g);
    case aSum: case aAvg:
      if (!count(g)) return false;
      switch (value->physical()) {
        case pI32: return addIntegers(value->as<int32_t>(), g);
        case pI64: return addIntegers(value->as<int64_t>(), g);
        case pI128: return addIntegers(value->as<i128>(), g);
        case pF32: return addFloats(value->as<float>(), g);
        default: return addFloats(value->as<double>(), g);
      }
    default:
      return byPhysical(value->physical(), [&](auto tag) { return extremes(value->as<typename decltype(tag)::type>(), g); });
  }
}

const Type *AggregateState::typeOf(uint32_t column, Arena &arena) const {
  switch (aggregate.op) {
    case aCountStar: case aCount: return &typeInt8;
    case aHist: return &typeInt8List;
    case aSum: case aAvg: {
      if (column == 0) return &typeInt8;
      if (isFloat(arg->kind)) return &typeBytea;
      Type *type = arena.make<Type>(1);
      uint8_t *code = arena.make<uint8_t>(4);
      if (!type || !code) return nullptr;
      *type = Type{kNumeric, 38, arg->kind == kNumeric ? arg->scale : int16_t(0), noLength, nullptr, {code, 4}};
      code[0] = kNumeric;
      code[1] = 38;
      memcpy(code + 2, &type->scale, 2);
      return type;
    }
    default: return arg;
  }
}

bool AggregateState::append(Arena &scratch, uint32_t groups, Builder *const *columns) {
  Vec vec{columns[0]->type, groups, false, nullptr, nullptr, nullptr};
  switch (aggregate.op) {
    case aCountStar: case aCount:
      if (!counts.zeros(groups)) return false;
      vec.data = counts.data();
      return columns[0]->append(scratch, vec, groups);
    case aHist: {
      const uint32_t width = aggregate.bins + 2;
      int32_t *offsets = scratch.make<int32_t>(uint64_t(groups) + 1);
      if (uint64_t(groups) * width > maxCells) return run.cannot("it has too many histograms");
      if (!offsets || !counts.zeros(uint64_t(groups) * width) || !flags.zeros(groups)) return false;
      for (uint32_t g = 0; g <= groups; g++) offsets[g] = int32_t(g * width);
      Vec child{&typeInt8, groups * width, false, nullptr, counts.data(), nullptr};
      vec.data = offsets;
      vec.child = &child;
      vec.valid = flags.data();
      return columns[0]->append(scratch, vec, groups);
    }
    case aSum: case aAvg: {
      if (!counts.zeros(groups)) return false;
      vec.data = counts.data();
      if (!columns[0]->append(scratch, vec, groups)) return false;
      vec.type = columns[1]->type;
      if (!isFloat(arg->kind)) {
        if (!sums.zeros(groups)) return false;
        i128 bound = 1;
        for (int k = 0; k < 38; k++) bound *= 10;
        for (uint32_t g = 0; g < groups; g++)
          if (sums[g] >= bound || sums[g] <= -bound) return run.cannot("a sum beyond 38 digits");
        vec.data = sums.data();
        return columns[1]->append(scratch, vec, groups);
      }
      if (!small.zeros(groups) || !flags.zeros(groups) || !wideOf.zeros(groups)) return false;
      // In parts, so that the states are not all there twice.
      constexpr uint32_t atOnce = 1024;
      Slice *slices = scratch.make<Slice>(atOnce);
      uint8_t *bytes = scratch.make<uint8_t>(uint64_t(atOnce) * ExactSum::maxBytes);
      if (!slices || !bytes) return false;
      for (uint32_t from = 0; from < groups; from += atOnce) {
        const uint32_t n = least(atOnce, groups - from);
        uint8_t *at = bytes;
        for (uint32_t g = from; g < from + n; g++) {
          ExactSum sum;
          if (wideOf[g]) sum = wides[wideOf[g] - 1];
          sum.flags |= flags[g];
          SmallSum rest = small[g];
          rest.pourInto(sum);
          slices[g - from] = Slice{at, sum.serialize(at)};
          at += slices[g - from].size;
        }
        vec.data = slices;
        vec.n = n;
        if (!columns[1]->append(scratch, vec, n) || !run.onTime(n * 64)) return false;
      }
      return true;
    }
    default: {
      const Physical p = physicalOf(arg->kind);
      if (!best.zeros(uint64_t(groups) * widthOf(p)) || !flags.zeros(groups)) return false;
      vec.data = best.data();
      vec.valid = flags.data();
      return columns[0]->append(scratch, vec, groups);
    }
  }
}
