#include "section.h"

#include "ops.h"

bool SectionRun::over(const Rows &over, const uint8_t *needed) {
  rows = over;
  uint32_t widest = 1;
  for (uint32_t k = 0; k < section.n; k++) widest = most(widest, section.code[k].nArgs);
  vecs = chunk.make<Vec>(section.n);
  frames = chunk.zeros<Frame>(section.nFrames);
  if (!vecs || !frames) return false;
  frames[0].n = over.n;
  for (uint32_t k = 0; k < section.n; k++) {
    if (!needed[k]) continue;
    const Instruction &i = section.code[k];
    const uint64_t size = i.frame == constantFrame ? 1 : frames[i.frame].n;
    if (!run.onTime(64 + size * (1 + i.nArgs))) return false;
    vecs[k] = Vec{};
    if (!step(i, vecs[k])) return false;
  }
  return true;
}

bool SectionRun::step(const Instruction &i, Vec &out) {
  switch (i.op) {
    case oConstant: out = *i.values; return true;
    case oFile: {
      Slice *text = makeFlat<Slice>(chunk, i.type, 1, out);
      if (!text) return false;
      *text = run.fragment.file;
      out.constant = true;
      return true;
    }
    case oFileOrdinal: {
      int32_t *ordinal = makeFlat<int32_t>(chunk, i.type, 1, out);
      if (!ordinal) return false;
      *ordinal = int32_t(run.fragment.fileOrdinal);
      out.constant = true;
      return true;
    }
    case oEntry: return entries(i.type, out);
    case oColumn:
      if (!columnAt(chunk, run.fragment.columns[i.immediate], rows, out)) return false;
      out.type = i.type;
      return true;
    case oEnter: case oEnterPadded: return enter(i);
    case oWhere: return where(i);
    case oElements: {
      const Instruction &maker = section.code[section.frames[i.frame].maker];
      uint32_t a = 0;
      while (maker.args[a] != i.args[0]) a++;
      out = frames[i.frame].elements[a];
      return true;
    }
    case oOrdinal: {
      const Frame &frame = frames[i.frame];
      int64_t *data = makeFlat<int64_t>(chunk, i.type, frame.n, out);
      if (!data) return false;
      const uint32_t parents = frames[section.frames[i.frame].parent].n;
      for (uint32_t p = 0; p < parents; p++)
        for (int32_t k = frame.offsets[p]; k < frame.offsets[p + 1]; k++) data[k] = k - frame.offsets[p] + 1;
      return true;
    }
    case oBring: {
      const Vec &value = vecs[i.args[0]];
      const uint32_t *index;
      if (value.constant || i.frame == 0) return out = value, true;
      if (!indexOf(i.frame, index)) return false;
      return index ? gather(chunk, value, index, frames[i.frame].n, out) : (out = value, true);
    }
    case oMerge: return merge(i, out);
    default: break;
  }
  if (isReduction(i.op) || i.op == oCollect) return reduce(i, out);
  const Vec **args = chunk.make<const Vec *>(i.nArgs);
  if (!args) return false;
  bool constant = i.nArgs > 0;
  for (uint32_t a = 0; a < i.nArgs; a++) {
    args[a] = &vecs[i.args[a]];
    constant &= args[a]->constant;
  }
  uint32_t n = i.frame == constantFrame ? 1 : frames[i.frame].n;
  // No position, no work, and no error.
  if (n == 0) return nulls(chunk, i.type, 0, out);
  if (i.frame == constantFrame || constant) n = 1, constant = true;
  if (!callOp(Call{run, chunk, i, args, n}, out)) return false;
  out.constant = constant;
  return true;
}

bool SectionRun::entries(const Type *type, Vec &out) {
  int64_t *data = makeFlat<int64_t>(chunk, type, rows.n, out);
  if (!data) return false;
  const int64_t first = int64_t(run.fragment.firstEntry) + rows.from;
  if (rows.index)
    for (uint32_t k = 0; k < rows.n; k++) data[k] = first + rows.index[k];
  else
    for (uint32_t k = 0; k < rows.n; k++) data[k] = first + k;
  return true;
}

namespace {

inline int32_t lengthAt(const Vec &list, uint32_t i) {
  return list.valid && !list.valid[i] ? 0 : list.offsets()[i + 1] - list.offsets()[i];
}

// The list's elements at `offsets`: its child where they lie there one list after the other.
bool elementsOf(Arena &arena, const Vec &list, const int32_t *offsets, uint32_t size, Vec &out) {
  const int32_t *from = list.offsets();
  int32_t apart = 0;
  for (uint32_t i = 1; i <= size; i++) apart |= from[i] - offsets[i];
  if (!apart) {
    out = *list.child;
    if (!out.constant) out.n = uint32_t(offsets[size]);
    return true;
  }
  uint32_t *index = arena.filled<uint32_t>(uint32_t(offsets[size]), nowhere);
  if (!index) return false;
  for (uint32_t i = 0; i < size; i++) {
    const int32_t count = least(lengthAt(list, i), offsets[i + 1] - offsets[i]);
    for (int32_t k = 0; k < count; k++) index[offsets[i] + k] = uint32_t(from[i] + k);
  }
  return gatherOrNull(arena, *list.child, index, uint32_t(offsets[size]), out);
}

}  // namespace

// `enter_padded`: the shorter of the lists at a position, and NULL ones, are filled up with NULLs. Otherwise they must be equally long,
// and a NULL among them leaves the position without elements.
bool SectionRun::enter(const Instruction &i) {
  const uint32_t size = frames[section.frames[i.frame].parent].n;
  const bool padded = i.op == oEnterPadded;
  Vec *lists = chunk.make<Vec>(i.nArgs), *elements = chunk.make<Vec>(i.nArgs);
  int32_t *offsets = chunk.make<int32_t>(uint64_t(size) + 1);
  if (!lists || !elements || !offsets) return false;
  bool anyNull = false;
  for (uint32_t a = 0; a < i.nArgs; a++) {
    if (!spread(chunk, vecs[i.args[a]], size, lists[a])) return false;
    anyNull |= lists[a].valid != nullptr;
  }
  uint8_t *valid = nullptr;
  if (anyNull && !padded) {
    if (!(valid = chunk.filled<uint8_t>(size, 1))) return false;
    for (uint32_t a = 0; a < i.nArgs; a++)
      if (lists[a].valid)
        for (uint32_t p = 0; p < size; p++) valid[p] &= lists[a].valid[p];
  }
  uint64_t total = 0;
  offsets[0] = 0;
  for (uint32_t p = 0; p < size; p++) {
    int32_t length = 0;
    if (padded)
      for (uint32_t a = 0; a < i.nArgs; a++) length = most(length, lengthAt(lists[a], p));
    else if (!valid || valid[p]) {
      length = lists[0].offsets()[p + 1] - lists[0].offsets()[p];
      for (uint32_t a = 1; a < i.nArgs; a++) {
        const int32_t other = lists[a].offsets()[p + 1] - lists[a].offsets()[p];
        if (other == length) continue;
        if (run.ending != running) return false;
        run.raise("2202E", "lists of different lengths: ");
        run.message.add(uint64_t(length)).add(" and ").add(uint64_t(other));
        return false;
      }
    }
    total += uint32_t(length);
    if (total > INT32_MAX) return run.cannot("it has too many elements at a time");
    offsets[p + 1] = int32_t(total);
  }
  for (uint32_t a = 0; a < i.nArgs; a++)
    if (!elementsOf(chunk, lists[a], offsets, size, elements[a])) return false;
  frames[i.frame] = Frame{uint32_t(total), nullptr, offsets, valid, elements};
  return true;
}

bool SectionRun::where(const Instruction &i) {
  Vec condition;
  const uint32_t size = frames[section.frames[i.frame].parent].n;
  if (!spread(chunk, vecs[i.args[0]], size, condition)) return false;
  // One more: without a branch, the last position that fails is written too.
  uint32_t *index = chunk.make<uint32_t>(uint64_t(size) + 1);
  if (!index) return false;
  const uint8_t *x = condition.as<uint8_t>(), *valid = condition.valid;
  uint32_t n = 0;
  if (!valid && i.immediate == whereTrue)
    for (uint32_t k = 0; k < size; k++) index[n] = k, n += x[k];
  else
    for (uint32_t k = 0; k < size; k++) {
      const bool known = !valid || valid[k], holds = x[k];
      index[n] = k;
      n += i.immediate == whereTrue       ? known && holds
           : i.immediate == whereNotTrue  ? !known || !holds
           : i.immediate == whereNotFalse ? !known || holds
                                          : !known;
    }
  frames[i.frame] = Frame{n, n == size ? nullptr : index, nullptr, nullptr, nullptr};
  return true;
}

bool SectionRun::indexOf(uint32_t at, const uint32_t *&index) {
  Frame &frame = frames[at];
  index = frame.index;
  if (index || !frame.offsets) return true;
  uint32_t *made = chunk.make<uint32_t>(frame.n);
  if (!made) return false;
  const uint32_t parents = frames[section.frames[at].parent].n;
  for (uint32_t p = 0; p < parents; p++)
    for (int32_t k = frame.offsets[p]; k < frame.offsets[p + 1]; k++) made[k] = p;
  index = frame.index = made;
  return true;
}

bool SectionRun::chain(uint32_t frame, uint32_t stop, const uint32_t *&index) {
  index = nullptr;
  const uint32_t n = frames[frame].n;
  for (uint32_t at = frame; at != stop; at = section.frames[at].parent) {
    const uint32_t *outer;
    if (!indexOf(at, outer)) return false;
    if (!outer || !index) {
      index = outer ? outer : index;
      continue;
    }
    uint32_t *made = chunk.make<uint32_t>(n);
    if (!made) return false;
    for (uint32_t k = 0; k < n; k++) made[k] = outer[index[k]];
    index = made;
  }
  return true;
}

bool SectionRun::rowsOf(uint32_t frame, const uint32_t *&index) { return chain(frame, 0, index); }

// Each part's values at its positions; NULL where no part has any. Of two parts at one position the last.
bool SectionRun::merge(const Instruction &i, Vec &out) {
  const uint32_t n = frames[i.frame].n;
  const Vec **parts = chunk.make<const Vec *>(uint64_t(i.nArgs) + 1);
  Vec *spreads = chunk.make<Vec>(uint64_t(i.nArgs) + 1), all;
  uint32_t *from = chunk.filled<uint32_t>(n, nowhere);
  if (!parts || !spreads || !from) return false;
  uint64_t base = 0;
  for (uint32_t a = 0; a < i.nArgs; a++) {
    const Frame &frame = frames[section.code[i.args[a]].frame];
    if (!spread(chunk, vecs[i.args[a]], frame.n, spreads[a])) return false;
    if (!frame.index && frame.n == n) return out = spreads[a], true;
    parts[a] = &spreads[a];
  }
  for (uint32_t a = 0; a < i.nArgs; a++) {
    const Frame &frame = frames[section.code[i.args[a]].frame];
    for (uint32_t k = 0; k < frame.n; k++) from[frame.index ? frame.index[k] : k] = uint32_t(base) + k;
    base += frame.n;
    if (base > INT32_MAX) return run.cannot("it has too many elements at a time");
  }
  return concat(chunk, parts, i.nArgs, i.type, all) && gatherOrNull(chunk, all, from, n, out);
}

bool SectionRun::reduce(const Instruction &i, Vec &out) {
  const uint32_t inner = section.code[i.args[0]].frame;
  uint32_t top = inner;
  while (!isEnterFrame(top)) top = section.frames[top].parent;
  const Frame &enter = frames[top];
  Lists lists{frames[section.frames[top].parent].n, enter.offsets, enter.valid};
  const uint32_t *index;
  if (!chain(inner, top, index)) return false;
  if (index) {
    // What the `where` frames between leave of each list.
    int32_t *offsets = chunk.make<int32_t>(uint64_t(lists.n) + 1);
    if (!offsets) return false;
    offsets[0] = 0;
    const uint32_t size = frames[inner].n;
    uint32_t kept = 0;
    for (uint32_t p = 0; p < lists.n; p++) {
      while (kept < size && index[kept] < uint32_t(enter.offsets[p + 1])) kept++;
      offsets[p + 1] = int32_t(kept);
    }
    lists.offsets = offsets;
  }
  Vec values;
  if (!spread(chunk, vecs[i.args[0]], uint32_t(lists.offsets[lists.n]), values)) return false;
  if (i.op != oCollect) return reduceOp(run, chunk, i, values, lists, out);
  Vec *child = chunk.make<Vec>(1);
  if (!child) return false;
  *child = values;
  out = Vec{i.type, lists.n, false, lists.valid, lists.offsets, child};
  return true;
}
