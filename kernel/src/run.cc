// The stages of a run: the filter over its columns, the output over the rows that passed, and of a top-N the items of the rows it keeps.
// Columns are asked for stage by stage, so that those of the output are read only where rows pass (src/exec/fragment/run-fragment.ts).
#include "../include/skyhook_kernel.h"
#include "aggregate.h"
#include "crc32.h"
#include "groups.h"
#include "section.h"
#include "sort.h"
#include "top-rows.h"

bool Run::askClock() {
  spent = 0;
  const double now = nowMillis();
  if (now > deadline) {
    raise("54000", "a fragment took longer than ");
    message.add(uint64_t(fragment.budgetMillis)).add(" ms");
    return false;
  }
  return now <= ownDeadline || cannot("it takes longer than it may here");
}

namespace {

// Rows of a chunk: fewer where rows are wide. An error is that of the first instruction that fails in a chunk, so these are the evaluator's.
constexpr uint32_t chunkRows = 16384, leastChunkRows = 64, chunkBytes = 1 << 20;
// What is looked at together, so that vectors stay in the processor's cache.
constexpr uint32_t batchRows = 2048;

// Rows of a chunk that passed the filter; `index` null: all.
struct Selection {
  uint32_t from, n;
  uint32_t *index;
};

enum Progress : uint8_t { failed, paused, complete };

}  // namespace

struct sk_run {
  Run run;
  sk_limits limits{};
  uint32_t trusted = 0;
  Arena chunk{run.memory}, kept{run.memory}, spare{run.memory};
  uint8_t *answer = nullptr;
  uint64_t answerSize = 0, answerHeld = 0;

  enum { start, filtering, output, late, done } stage = start;
  uint8_t *filterNeeds = nullptr, *needs = nullptr;
  Grown<Selection> selections{run.memory};
  uint64_t nSelections = 0, selected = 0;
  uint32_t *passed = nullptr;
  // Where a stage goes on after a pause: rows done, selections done, rows that a limit leaves.
  uint64_t cursor = 0, nextSelection = 0, room = UINT64_MAX;
  double sliceEnd = 0;

  // What is taken of the output's values: items, or keys and items, or group keys and arguments.
  uint32_t nTaken = 0;
  uint32_t *taken = nullptr;
  Builder **columns = nullptr;
  uint32_t nColumns = 0;
  uint64_t given = 0;
  // Top-N: candidates (their keys, then rows or items), part by part, and the best of them in order.
  uint32_t held = 0, nParts = 0, nBest = 0;
  Grown<Vec *> parts{run.memory};
  Vec *candidates = nullptr;
  uint32_t *best = nullptr, *ranked = nullptr;
  // Aggregates.
  GroupTable *table = nullptr;
  AggregateState **states = nullptr;

  const Fragment &fragment() const { return run.fragment; }
  const Section &main() const { return run.fragment.main; }
  ~sk_run();

  bool advance();
  bool prepare();
  bool reach(const Section &s, const uint32_t *registers, uint32_t n, uint32_t frame, uint8_t *&needed);
  bool want(const Section &s, const uint8_t *needed);
  bool load();
  uint32_t rowsPerChunk() const;
  Progress filter();
  bool filterChunk(uint32_t from, uint32_t n, uint32_t step, uint32_t *passed, uint32_t &nPassed);
  Progress evaluate();
  bool evaluateChunk(const Selection &s, uint32_t step);
  bool take(SectionRun &section, const Rows &rows, uint32_t n);
  bool takeRows(const Vec *values, uint32_t n);
  bool takeItems(const Vec *values, uint32_t n);
  bool takeTop(const Vec *values, uint32_t n, const Rows &rows);
  bool takeGroups(const Vec *values, uint32_t n);
  bool reduceTop();
  Progress takeLate();
  bool finish();
  bool checkSize(uint64_t rows, uint64_t bytes);
  bool pauses() const { return sliceEnd > 0 && nowMillis() > sliceEnd; }
  Builder *makeBuilder(const Type *type);
  void conclude();
  bool ofRows() const { return main().frame == 0; }
  uint32_t topWidth() const { return fragment().nKeys + (ofRows() ? 1 : fragment().nRegisters); }
};

namespace {
const uint8_t codeInt8[] = {kInt8};
const Type typeInt8{kInt8, 0, 0, noLength, nullptr, {codeInt8, 1}};
}  // namespace

sk_run::~sk_run() {
  for (uint32_t c = 0; columns && c < nColumns; c++)
    if (columns[c]) columns[c]->~Builder();
  for (uint32_t a = 0; states && a < fragment().nAggregates; a++)
    if (states[a]) states[a]->~AggregateState();
  if (table) table->~GroupTable();
  run.memory.give(answer, answerHeld);
}

Builder *sk_run::makeBuilder(const Type *type) {
  Builder *at = type ? run.arena.make<Builder>(1) : nullptr;
  return at ? new (at) Builder(run.memory, type) : nullptr;
}

// The instructions some registers rest on, with the makers of the frames they live in, and of `frame`.
bool sk_run::reach(const Section &s, const uint32_t *registers, uint32_t n, uint32_t frame, uint8_t *&needed) {
  needed = run.arena.zeros<uint8_t>(s.n);
  if (!needed) return false;
  for (uint32_t k = 0; k < n; k++) needed[registers[k]] = 1;
  if (frame != 0) needed[s.frames[frame].maker] = 1;
  // Arguments and makers come before what rests on them.
  for (uint32_t k = s.n; k > 0; k--) {
    if (!needed[k - 1]) continue;
    const Instruction &i = s.code[k - 1];
    for (uint32_t a = 0; a < i.nArgs; a++) needed[i.args[a]] = 1;
    if (i.frame != constantFrame && i.frame != 0 && s.frames[i.frame].maker != k - 1) needed[s.frames[i.frame].maker] = 1;
  }
  return true;
}

// Marks the columns to be read; false where the run ends.
bool sk_run::want(const Section &s, const uint8_t *needed) {
  for (uint32_t k = 0; k < s.n; k++) {
    if (!needed[k] || s.code[k].op != oColumn) continue;
    Column &column = run.fragment.columns[s.code[k].immediate];
    if (column.loaded || column.wanted) continue;
    column.wanted = true;
    for (uint32_t b = 0; b < column.nBuffers; b++) run.bytesRead += column.buffers[b].length;
  }
  if (run.bytesRead > fragment().budgetBytes) {
    run.raise("54000", "a fragment would read ");
    run.message.add(run.bytesRead).add(" bytes");
    return false;
  }
  if (limits.read && run.bytesRead > limits.read) return run.cannot("it would read more than it may here");
  for (uint32_t c = 0; c < fragment().nColumns; c++) {
    Column &column = run.fragment.columns[c];
    if (!column.wanted || column.loaded) continue;
    for (uint32_t b = 0; b < column.nBuffers; b++)
      if (!column.buffers[b].bytes && !(column.buffers[b].bytes = run.arena.make<uint8_t>(column.buffers[b].length))) return false;
  }
  return true;
}

// What was wanted is there: checks it.
bool sk_run::load() {
  for (uint32_t c = 0; c < fragment().nColumns; c++) {
    Column &column = run.fragment.columns[c];
    if (!column.wanted || column.loaded) continue;
    if (!trusted)
      for (uint32_t b = 0; b < column.nBuffers; b++) {
        const Buffer &buffer = column.buffers[b];
        if (!run.onTime(buffer.length / 8)) return false;
        if (buffer.length == 0 || crc32(buffer.bytes, buffer.length) == buffer.checksum) continue;
        run.raise("XX001", "buffer ");
        run.message.add(uint64_t(b)).add(" of column \"").add(uint64_t(c)).add("\" fails its checksum");
        return false;
      }
    if (!checkColumn(run, c, fragment().rows)) return false;
    column.loaded = true;
    column.wanted = false;
  }
  return true;
}

// Of the columns read so far.
uint32_t sk_run::rowsPerChunk() const {
  double widest = 0;
  const double rows = double(most(fragment().rows, uint64_t(1)));
  for (uint32_t c = 0; c < fragment().nColumns; c++) {
    const Column &column = fragment().columns[c];
    if (!column.loaded) continue;
    uint64_t bytes = 0;
    for (uint32_t b = 0; b < column.nBuffers; b++) bytes += column.buffers[b].length;
    widest = most(widest, double(bytes) / rows);
  }
  const double fit = __builtin_floor(chunkBytes / most(widest, 1.0));
  return most(leastChunkRows, fit < chunkRows ? uint32_t(fit) : chunkRows);
}

bool sk_run::filterChunk(uint32_t from, uint32_t n, uint32_t step, uint32_t *passed, uint32_t &nPassed) {
  const Section &s = fragment().filter;
  for (uint32_t at = 0; at < n; at += step) {
    chunk.reset();
    SectionRun section(run, s, chunk);
    const Rows rows{from + at, least(step, n - at), nullptr};
    const uint32_t *index;
    if (!section.over(rows, filterNeeds) || !section.rowsOf(s.frame, index)) return false;
    const uint32_t size = section.sizeOf(s.frame);
    for (uint32_t k = 0; k < size; k++) passed[nPassed + k] = at + (index ? index[k] : k);
    nPassed += size;
  }
  return true;
}

// An error in a batch may not be the chunk's first: the chunk is then looked at as a whole.
template <class F> static bool inBatches(Run &run, uint32_t n, uint32_t batch, F f) {
  if (f(least(batch, most(n, 1u)))) return true;
  if (run.ending != raisedError || batch >= n) return false;
  run.ending = running;
  run.message.size = 0;
  return f(n);
}

Progress sk_run::filter() {
  const uint32_t size = rowsPerChunk(), batch = least(batchRows, size);
  const uint64_t enough = fragment().output == outRows && ofRows() ? fragment().limit : UINT64_MAX;
  // Where nothing is asked of the rows, their number is enough.
  bool readsRows = fragment().output == outTop;
  for (uint32_t k = 0; k < main().n; k++) readsRows |= needs[k];
  if (!passed && !(passed = run.arena.make<uint32_t>(size))) return failed;
  for (; cursor < fragment().rows && selected < enough; cursor += size) {
    if (pauses()) return paused;
    const uint64_t from = cursor;
    const uint32_t n = uint32_t(least(uint64_t(size), fragment().rows - from));
    uint32_t nPassed = 0;
    if (!inBatches(run, n, batch, [&](uint32_t step) { return nPassed = 0, filterChunk(uint32_t(from), n, step, passed, nPassed); }))
      return failed;
    if (nPassed == 0) continue;
    Selection made{uint32_t(from), nPassed, nullptr};
    if (readsRows && nPassed < n) {
      if (!(made.index = run.arena.make<uint32_t>(nPassed))) return failed;
      memcpy(made.index, passed, nPassed * sizeof(uint32_t));
    }
    if (!selections.reach(nSelections + 1)) return failed;
    selections[nSelections++] = made;
    selected += nPassed;
  }
  return complete;
}

bool sk_run::checkSize(uint64_t rows, uint64_t bytes) {
  if (rows > fragment().budgetRows || bytes > fragment().budgetBytes) {
    run.raise("54000", "a fragment gives more than ");
    if (rows > fragment().budgetRows) run.message.add(fragment().budgetRows).add(" rows");
    else run.message.add(fragment().budgetBytes).add(" bytes");
    return false;
  }
  return !limits.answer || bytes <= limits.answer || run.cannot("it gives more than it may here");
}

bool sk_run::takeRows(const Vec *values, uint32_t n) {
  uint64_t bytes = 0;
  given += n;
  for (uint32_t c = 0; c < nTaken; c++) {
    if (!columns[c]->append(chunk, values[c], n)) return false;
    bytes += columns[c]->bytes();
  }
  return checkSize(given, bytes);
}

bool sk_run::takeItems(const Vec *values, uint32_t n) {
  Vec *part = kept.make<Vec>(nTaken);
  uint32_t *index = chunk.make<uint32_t>(n);
  if (!part || !index || !parts.reach(uint64_t(nParts) + 1)) return false;
  for (uint32_t k = 0; k < n; k++) index[k] = k;
  for (uint32_t c = 0; c < nTaken; c++)
    if (!gather(kept, values[c], index, n, part[c])) return false;
  parts[nParts++] = part;
  return true;
}

bool sk_run::takeTop(const Vec *values, uint32_t n, const Rows &rows) {
  const Fragment &f = fragment();
  uint32_t *index = chunk.make<uint32_t>(least(n, f.limit));
  if (!index) return false;
  const uint32_t wanted = topRows(values, f.keys, f.nKeys, n, f.limit, index);
  if (wanted == 0) return true;
  // Ascending, so that ties stay in order.
  sortAscending(index, wanted);
  Vec *part = kept.make<Vec>(topWidth());
  if (!part || !parts.reach(uint64_t(nParts) + 1)) return false;
  const uint32_t nValues = ofRows() ? f.nKeys : f.nKeys + f.nRegisters;
  for (uint32_t c = 0; c < nValues; c++)
    if (!gather(kept, values[c], index, wanted, part[c])) return false;
  if (ofRows()) {
    int64_t *at = makeFlat<int64_t>(kept, &typeInt8, wanted, part[f.nKeys]);
    if (!at) return false;
    for (uint32_t k = 0; k < wanted; k++) at[k] = rows.from + (rows.index ? rows.index[index[k]] : index[k]);
  }
  parts[nParts++] = part;
  held += wanted;
  // Candidates are reduced to the best when there are so many more of them than wanted.
  constexpr uint32_t spareCandidates = 1 << 14;
  if (uint64_t(held) > 2 * uint64_t(f.limit) + spareCandidates) {
    if (!reduceTop()) return false;
    sortAscending(best, nBest);
    Vec *one = spare.make<Vec>(topWidth());
    if (!one) return false;
    for (uint32_t c = 0; c < topWidth(); c++)
      if (!gather(spare, candidates[c], best, nBest, one[c])) return false;
    kept.clear();
    kept.swap(spare);
    parts[0] = one;
    nParts = 1;
    held = nBest;
  }
  return checkSize(least(held, f.limit), 0);
}

// All candidates in one, and the best of them in order.
bool sk_run::reduceTop() {
  const Fragment &f = fragment();
  candidates = kept.make<Vec>(topWidth());
  const Vec **list = kept.make<const Vec *>(nParts);
  best = kept.make<uint32_t>(least(held, f.limit));
  if (!candidates || !list || !best) return false;
  for (uint32_t c = 0; c < topWidth(); c++) {
    for (uint32_t p = 0; p < nParts; p++) list[p] = parts[p] + c;
    const Type *type = c < f.nKeys ? main().code[f.keys[c].reg].type : ofRows() ? &typeInt8 : main().code[f.registers[c - f.nKeys]].type;
    if (!concat(kept, list, nParts, type, candidates[c])) return false;
  }
  nBest = topRows(candidates, f.keys, f.nKeys, held, f.limit, best);
  return true;
}

bool sk_run::takeGroups(const Vec *values, uint32_t n) {
  const Fragment &f = fragment();
  Grouped grouped{n, nullptr, nullptr, 0};
  if (!table->assign(chunk, values, n, grouped.groups)) return false;
  grouped.size = table->size;
  if (!checkSize(table->size, 0)) return false;
  uint32_t at = f.nRegisters;
  for (uint32_t a = 0; a < f.nAggregates; a++) {
    const Aggregate &aggregate = f.aggregates[a];
    const Vec *value = aggregate.arg == none ? nullptr : &values[at++];
    const uint8_t *mask = value ? value->valid : nullptr;
    if (aggregate.filter != none) {
      const Vec &condition = values[at++];
      uint8_t *made = chunk.make<uint8_t>(n);
      if (!made) return false;
      const uint8_t *holds = condition.as<uint8_t>();
      for (uint32_t i = 0; i < n; i++) made[i] = holds[i] & (condition.valid ? condition.valid[i] : 1) & (mask ? mask[i] : 1);
      mask = made;
    }
    grouped.mask = mask;
    if (!run.onTime(n) || !states[a]->update(value, grouped)) return false;
  }
  return true;
}

bool sk_run::take(SectionRun &section, const Rows &rows, uint32_t n) {
  Vec *values = chunk.make<Vec>(nTaken);
  if (!values) return false;
  for (uint32_t c = 0; c < nTaken; c++) {
    if (!spread(chunk, section.get(taken[c]), n, values[c])) return false;
    values[c].type = main().code[taken[c]].type;
  }
  if (stage == late) return takeItems(values, n);
  switch (fragment().output) {
    case outRows: return takeRows(values, n);
    case outTop: return takeTop(values, n, rows);
    default: return takeGroups(values, n);
  }
}

bool sk_run::evaluateChunk(const Selection &s, uint32_t step) {
  for (uint32_t at = 0; at < s.n; at += step) {
    chunk.reset();
    SectionRun section(run, main(), chunk);
    Rows rows{s.from, least(step, s.n - at), nullptr};
    if (s.index) rows.index = s.index + at;
    else rows.from += at;
    if (!section.over(rows, needs)) return false;
    const uint32_t n = uint32_t(least(uint64_t(section.sizeOf(main().frame)), room));
    if (n == 0) continue;
    if (!take(section, rows, n)) return false;
    if (room != UINT64_MAX) room -= n;
  }
  return true;
}

Progress sk_run::evaluate() {
  const Fragment &f = fragment();
  const uint32_t size = rowsPerChunk();
  const bool limited = f.output == outRows && stage != late && f.limit != none;
  // The elements of a whole chunk are looked at before a limit cuts them.
  const uint32_t batch = limited && !ofRows() ? size : least(batchRows, size);
  if (cursor == 0 && limited) room = f.limit;
  for (; room > 0; cursor += size) {
    if (cursor > 0 && pauses()) return paused;
    Selection s{uint32_t(cursor), 0, nullptr};
    if (f.hasFilter) {
      if (nextSelection == nSelections) break;
      s = selections[nextSelection++];
    } else {
      if (cursor >= f.rows) break;
      s.n = uint32_t(least(uint64_t(size), f.rows - cursor));
    }
    if (limited && ofRows()) s.n = uint32_t(least(uint64_t(s.n), room));
    // What was taken before an error is of no use any more.
    if (!inBatches(run, s.n, batch, [&](uint32_t step) { return evaluateChunk(s, step); })) return failed;
  }
  return complete;
}

// The items of the best rows, which are known now.
Progress sk_run::takeLate() {
  const uint32_t size = rowsPerChunk();
  const int64_t *rows = candidates[fragment().nKeys].as<int64_t>();
  if (cursor == 0) nParts = 0;
  while (cursor < nBest) {
    if (cursor > 0 && pauses()) return paused;
    const uint32_t at = uint32_t(cursor);
    const uint32_t from = uint32_t(rows[ranked[at]]) / size * size;
    uint32_t end = at;
    while (end < nBest && uint64_t(rows[ranked[end]]) < uint64_t(from) + size) end++;
    uint32_t *index = kept.make<uint32_t>(end - at);
    if (!index) return failed;
    for (uint32_t k = at; k < end; k++) index[k - at] = uint32_t(rows[ranked[k]]) - from;
    const Selection s{from, end - at, index};
    if (!inBatches(run, s.n, least(batchRows, size), [&](uint32_t step) { return evaluateChunk(s, step); })) return failed;
    cursor = end;
  }
  return complete;
}

bool sk_run::prepare() {
  const Fragment &f = fragment();
  Arena &arena = run.arena;
  const Section &s = main();
  auto typeOf = [&](uint32_t reg) { return s.code[reg].type; };
  switch (f.output) {
    case outRows:
      nTaken = nColumns = f.nRegisters;
      taken = f.registers;
      if (!(columns = arena.zeros<Builder *>(nColumns))) return false;
      for (uint32_t c = 0; c < nColumns; c++)
        if (!(columns[c] = makeBuilder(typeOf(taken[c])))) return false;
      return true;
    case outTop:
      nTaken = ofRows() ? f.nKeys : f.nKeys + f.nRegisters;
      nColumns = f.nRegisters + f.nKeys;
      if (!(taken = arena.make<uint32_t>(nTaken)) || !(columns = arena.zeros<Builder *>(nColumns))) return false;
      for (uint32_t k = 0; k < f.nKeys; k++) taken[k] = f.keys[k].reg;
      for (uint32_t k = f.nKeys; k < nTaken; k++) taken[k] = f.registers[k - f.nKeys];
      for (uint32_t c = 0; c < nColumns; c++)
        if (!(columns[c] = makeBuilder(typeOf(c < f.nRegisters ? f.registers[c] : f.keys[c - f.nRegisters].reg)))) return false;
      return true;
    default: break;
  }
  nTaken = f.nRegisters;
  nColumns = f.nRegisters;
  for (uint32_t a = 0; a < f.nAggregates; a++) nTaken += (f.aggregates[a].arg != none) + (f.aggregates[a].filter != none);
  const Type **types = arena.make<const Type *>(f.nRegisters);
  states = arena.zeros<AggregateState *>(f.nAggregates);
  GroupTable *at = arena.make<GroupTable>(1);
  if (!(taken = arena.make<uint32_t>(nTaken)) || !types || !states || !at) return false;
  uint32_t t = 0;
  for (uint32_t g = 0; g < f.nRegisters; g++) {
    taken[t++] = f.registers[g];
    types[g] = typeOf(f.registers[g]);
  }
  table = new (at) GroupTable(run, types, f.nRegisters, arena);
  for (uint32_t a = 0; a < f.nAggregates; a++) {
    const Aggregate &aggregate = f.aggregates[a];
    if (aggregate.arg != none) taken[t++] = aggregate.arg;
    if (aggregate.filter != none) taken[t++] = aggregate.filter;
    AggregateState *made = arena.make<AggregateState>(1);
    if (!made) return false;
    states[a] = new (made) AggregateState(run, aggregate, aggregate.arg == none ? nullptr : typeOf(aggregate.arg));
    nColumns += states[a]->width();
  }
  if (!(columns = arena.zeros<Builder *>(nColumns))) return false;
  uint32_t c = 0;
  for (uint32_t g = 0; g < f.nRegisters; g++)
    if (!(columns[c++] = makeBuilder(types[g]))) return false;
  for (uint32_t a = 0; a < f.nAggregates; a++)
    for (uint32_t w = 0; w < states[a]->width(); w++)
      if (!(columns[c++] = makeBuilder(states[a]->typeOf(w, arena)))) return false;
  return true;
}

bool sk_run::finish() {
  const Fragment &f = fragment();
  uint64_t rows = 0;
  chunk.reset();
  if (f.output == outRows) {
    rows = given;
  } else if (f.output == outTop) {
    rows = nBest;
    Vec vec;
    for (uint32_t k = 0; k < f.nKeys; k++)
      if (!gather(chunk, candidates[k], best, nBest, vec) || !columns[f.nRegisters + k]->append(chunk, vec, nBest)) return false;
    // Items of rows came by ascending row: they are put in order.
    const uint32_t *order = best;
    const Vec **list = chunk.make<const Vec *>(nParts);
    if (!list) return false;
    if (ranked) {
      uint32_t *rank = chunk.make<uint32_t>(held), *inOrder = chunk.make<uint32_t>(nBest);
      if (!rank || !inOrder) return false;
      for (uint32_t k = 0; k < nBest; k++) rank[ranked[k]] = k;
      for (uint32_t k = 0; k < nBest; k++) inOrder[k] = rank[best[k]];
      order = inOrder;
    }
    for (uint32_t c = 0; nBest > 0 && c < f.nRegisters; c++) {
      Vec all = candidates[ofRows() ? 0 : f.nKeys + c];
      if (ofRows()) {
        for (uint32_t p = 0; p < nParts; p++) list[p] = parts[p] + c;
        if (!concat(chunk, list, nParts, columns[c]->type, all)) return false;
      }
      if (!gather(chunk, all, order, nBest, vec) || !columns[c]->append(chunk, vec, nBest)) return false;
    }
  } else {
    rows = table->size;
    Vec vec;
    for (uint32_t g = 0; g < f.nRegisters; g++) {
      table->keysOf(g, vec);
      if (!columns[g]->append(chunk, vec, table->size)) return false;
    }
    uint32_t c = f.nRegisters;
    for (uint32_t a = 0; a < f.nAggregates; c += states[a++]->width())
      if (!states[a]->append(chunk, table->size, columns + c)) return false;
  }
  uint64_t bytes = 0;
  for (uint32_t c = 0; c < nColumns; c++) bytes += columns[c]->bytes();
  if (!checkSize(rows, bytes) || run.memory.failed) return false;
  if (!(answer = writeRows(run, rows, columns, nColumns, answerSize))) return false;
  answerHeld = answerSize;
  run.ending = answered;
  return true;
}

// One stage after the other, as far as there are columns; false where more must be read.
bool sk_run::advance() {
  const Fragment &f = fragment();
  auto waits = [&] {
    for (uint32_t c = 0; c < f.nColumns; c++)
      if (f.columns[c].wanted) return true;
    return false;
  };
  switch (stage) {
    case start:
      stage = filtering;
      if (!prepare() || !reach(main(), taken, nTaken, main().frame, needs)) return true;
      if (f.hasFilter) {
        if (!reach(f.filter, nullptr, 0, f.filter.frame, filterNeeds) || !want(f.filter, filterNeeds)) return true;
        if (waits()) return false;
      }
      [[fallthrough]];
    case filtering:
      if (f.hasFilter) {
        if (!load()) return true;
        const Progress progress = filter();
        if (progress != complete) return progress == failed;
      }
      stage = output;
      cursor = 0;
      if (!f.hasFilter || selected > 0) {
        if (!want(main(), needs)) return true;
        if (waits()) return false;
      }
      [[fallthrough]];
    case output:
      if (!f.hasFilter || selected > 0) {
        if (!load()) return true;
        const Progress progress = evaluate();
        if (progress != complete) return progress == failed;
      }
      stage = late;
      cursor = 0;
      room = UINT64_MAX;
      if (f.output == outTop) {
        if (!reduceTop()) return true;
        if (ofRows() && nBest > 0 && f.nRegisters > 0) {
          if (!(ranked = kept.make<uint32_t>(nBest))) return true;
          memcpy(ranked, best, nBest * sizeof(uint32_t));
          sortAscending(ranked, nBest);
          taken = run.fragment.registers;
          nTaken = f.nRegisters;
          if (!reach(main(), taken, nTaken, main().frame, needs) || !want(main(), needs)) return true;
          if (waits()) return false;
        }
      }
      [[fallthrough]];
    case late:
      if (ranked) {
        if (!load()) return true;
        const Progress progress = takeLate();
        if (progress != complete) return progress == failed;
      }
      finish();
      return true;
    default: return true;
  }
}

// An answer for whatever ended the run.
void sk_run::conclude() {
  stage = done;
  if (answer) return;
  if (run.ending == running) run.cannot("it needs more memory than it may take here");
  const Slice message{reinterpret_cast<const uint8_t *>(run.message.at), run.message.size};
  if (run.ending == raisedError) {
    const Slice texts[] = {{reinterpret_cast<const uint8_t *>(run.code), 5}, message, {nullptr, 0}, {nullptr, 0}};
    answer = writeTexts(run, 1, texts, 4, answerSize);
  } else answer = writeTexts(run, 2, &message, 1, answerSize);
  answerHeld = answer ? answerSize : 0;
}

uint32_t sk_version() { return 1; }
uint8_t *sk_allocate(size_t size) { return static_cast<uint8_t *>(malloc(size ? size : 1)); }
void sk_release(uint8_t *bytes) { free(bytes); }

sk_run *sk_open(const uint8_t *bytes, size_t size, const sk_limits *limits, uint32_t flags) {
  void *at = malloc(sizeof(sk_run));
  if (!at) return nullptr;
  sk_run *run = new (at) sk_run;
  if (limits) run->limits = *limits;
  if (run->limits.memory) run->run.memory.limit = run->limits.memory;
  run->trusted = flags & SK_TRUST_BUFFERS;
  const double now = nowMillis();
  run->run.ownDeadline = run->limits.millis ? now + double(run->limits.millis) : __builtin_inf();
  run->run.deadline = __builtin_inf();
  if (const char *reason = decodeFragment(bytes, size, run->run.arena, run->run.fragment)) {
    run->run.cannot(reason);
    run->conclude();
  } else run->run.deadline = now + double(run->run.fragment.budgetMillis);
  return run;
}

int sk_step(sk_run *run) {
  if (run->answer || run->stage == sk_run::done) return 1;
  run->sliceEnd = run->limits.slice ? nowMillis() + double(run->limits.slice) : 0;
  if (!run->advance()) return 0;
  run->conclude();
  return 1;
}

uint32_t sk_columns(const sk_run *run) { return run->run.fragment.columns ? run->run.fragment.nColumns : 0; }
uint32_t sk_wants(const sk_run *run, uint32_t column) {
  if (column >= sk_columns(run) || run->stage == sk_run::done) return 0;
  const Column &c = run->run.fragment.columns[column];
  return c.wanted ? c.nBuffers : 0;
}
uint8_t *sk_buffer(sk_run *run, uint32_t column, uint32_t buffer) {
  return buffer < sk_wants(run, column) ? run->run.fragment.columns[column].buffers[buffer].bytes : nullptr;
}
uint64_t sk_buffer_offset(const sk_run *run, uint32_t column, uint32_t buffer) {
  return buffer < sk_wants(run, column) ? run->run.fragment.columns[column].buffers[buffer].offset : 0;
}
uint64_t sk_buffer_length(const sk_run *run, uint32_t column, uint32_t buffer) {
  return buffer < sk_wants(run, column) ? run->run.fragment.columns[column].buffers[buffer].length : 0;
}
const uint8_t *sk_answer(const sk_run *run) { return run->answer; }
size_t sk_answer_size(const sk_run *run) { return size_t(run->answerSize); }
void sk_close(sk_run *run) {
  if (!run) return;
  run->~sk_run();
  free(run);
}

int64_t sk_execute(const uint8_t *bytes, size_t size, const sk_limits *limits, sk_read_fn read, void *context, uint8_t **answer,
                   size_t *answerSize) {
  *answer = nullptr;
  *answerSize = 0;
  sk_run *run = sk_open(bytes, size, limits, 0);
  if (!run) return SK_NO_MEMORY;
  run->limits.slice = 0;
  int64_t status = SK_OK;
  while (status == SK_OK && !sk_step(run)) {
    for (uint32_t c = 0; status == SK_OK && c < sk_columns(run); c++)
      for (uint32_t b = 0; status == SK_OK && b < sk_wants(run, c); b++) {
        const Buffer &buffer = run->run.fragment.columns[c].buffers[b];
        if (buffer.length == 0) continue;
        const int64_t got = read(context, buffer.offset, buffer.length, buffer.bytes);
        if (got < 0) status = got;
        else if (uint64_t(got) < buffer.length) {
          run->run.raise("XX001", "the object ends before a buffer of column ");
          run->run.message.add(uint64_t(c));
          run->conclude();
        }
      }
  }
  if (status == SK_OK && !run->answer) status = SK_NO_MEMORY;
  if (status == SK_OK) {
    *answer = run->answer;
    *answerSize = size_t(run->answerSize);
    run->run.memory.held -= run->answerHeld;
    run->answer = nullptr;
    run->answerHeld = 0;
  }
  sk_close(run);
  return status;
}
