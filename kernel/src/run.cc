// The stages of a run: the filter over its columns, the output over the rows that passed, and of a top-N the items of the rows it keeps.
// Columns are asked for stage by stage, so that those of the output are read only where rows pass (src/exec/fragment/run-fragment.ts).
#include "stages.h"

#include "crc32.h"
#include "sort.h"

namespace {

// Rows of a chunk: fewer where rows are wide. An error is that of the first instruction that fails in a chunk, so these are the evaluator's.
constexpr uint32_t chunkRows = 16384, leastChunkRows = 64, chunkBytes = 1 << 20;
// What is looked at together, so that vectors stay in the processor's cache.
constexpr uint32_t batchRows = 2048;

}  // namespace

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
