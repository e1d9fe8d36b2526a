// Runs a section of the program over some rows: instruction by instruction, each over its frame (src/exec/eval/run-program.ts).
#pragma once
#include "run.h"

// Rows of the partition: [from, from + n), or those at `index`, which are counted from `from` and ascend.
struct Rows {
  uint32_t from, n;
  const uint32_t *index;
};

struct Frame {
  uint32_t n;
  // Parent position of each position; null where they are the same. Of `enter` made when first asked for.
  const uint32_t *index;
  // Of `enter`: where each parent position's elements lie, which parent positions have lists, and the elements themselves.
  const int32_t *offsets;
  const uint8_t *valid;
  const Vec *elements;
};

class SectionRun {
 public:
  SectionRun(Run &run, const Section &section, Arena &chunk) : run(run), section(section), chunk(chunk) {}
  // False where the run has ended, or there is no memory.
  bool over(const Rows &rows, const uint8_t *needed);
  const Vec &get(uint32_t reg) const { return vecs[reg]; }
  uint32_t sizeOf(uint32_t frame) const { return frames[frame].n; }
  // Positions in frame 0 of the positions of a chain of `where` frames; null where they are the same.
  bool rowsOf(uint32_t frame, const uint32_t *&index);

  Run &run;
  const Section &section;
  Arena &chunk;

 private:
  Vec *vecs = nullptr;
  Frame *frames = nullptr;
  Rows rows{};

  bool step(const Instruction &i, Vec &out);
  bool enter(const Instruction &i);
  bool where(const Instruction &i);
  bool indexOf(uint32_t frame, const uint32_t *&index);
  bool chain(uint32_t frame, uint32_t stop, const uint32_t *&index);
  bool merge(const Instruction &i, Vec &out);
  bool reduce(const Instruction &i, Vec &out);
  bool entries(const Type *type, Vec &out);
  bool isEnterFrame(uint32_t frame) const { return frame > 0 && isEnter(section.code[section.frames[frame].maker].op); }
};

// The column's values at some rows of the partition; its buffers are there and checked.
bool columnAt(Arena &arena, const Column &column, const Rows &rows, Vec &out);
// Offsets ascend and end inside what they point to. Raises data_corrupted.
bool checkColumn(Run &run, uint32_t column, uint64_t rows);
