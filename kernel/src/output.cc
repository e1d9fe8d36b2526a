// What becomes of the output's values: rows, the best of a top-N, or partial aggregates; then the answer (src/exec/fragment/sink.ts).
#include "sort.h"
#include "stages.h"
#include "top-rows.h"

namespace {
const uint8_t codeInt8[] = {kInt8};
const Type typeInt8{kInt8, 0, 0, noLength, nullptr, {codeInt8, 1}};
}  // namespace

Builder *sk_run::makeBuilder(const Type *type) {
  Builder *at = type ? run.arena.make<Builder>(1) : nullptr;
  return at ? new (at) Builder(run.memory, type) : nullptr;
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
  if (!table->good) return false;
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
      if (!table->keysOf(chunk, g, vec) || !columns[g]->append(chunk, vec, table->size)) return false;
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
