// Operations position by position, and reductions. Each runs over `n` positions of its arguments, of which constant ones have one value;
// false where the run has ended or there is no memory.
#pragma once
#include "run.h"

struct Call {
  Run &run;
  Arena &arena;
  const Instruction &i;
  const Vec *const *args;
  uint32_t n;
};

bool callOp(const Call &call, Vec &out);

bool arithmeticOp(const Call &call, Vec &out);
bool signOp(const Call &call, Vec &out);
bool bitwiseOp(const Call &call, Vec &out);
bool compareOp(const Call &call, Vec &out);
bool distinctOp(const Call &call, Vec &out);
bool inOp(const Call &call, Vec &out);
bool extremeArgOp(const Call &call, Vec &out);
bool logicalOp(const Call &call, Vec &out);
bool castOp(const Call &call, Vec &out);
bool textOp(const Call &call, Vec &out);
bool mathOp(const Call &call, Vec &out);
bool makeListOp(const Call &call, Vec &out);
bool subscriptOp(const Call &call, Vec &out);

struct Lists {
  uint32_t n;
  const int32_t *offsets;
  const uint8_t *valid;
};
bool reduceOp(Run &run, Arena &arena, const Instruction &i, const Vec &elements, const Lists &lists, Vec &out);
