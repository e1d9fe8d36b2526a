// A run and its stages: what run.cc, output.cc and interface.cc share.
#pragma once
#include "../include/skyhook_kernel.h"
#include "aggregate.h"
#include "groups.h"
#include "section.h"

// Rows of a chunk that passed the filter; `index` null: all.
struct Selection {
  uint32_t from, n;
  uint32_t *index;
};

enum Progress : uint8_t { failed, paused, complete };

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
