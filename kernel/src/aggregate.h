// Partial aggregates per group; the columns of their states are those of src/core/fragment/state-types.ts.
#pragma once
#include "builder.h"
#include "exact-sum.h"

// A chunk's values by group; `groups` null: all in group 0. `mask`: 1 for the positions that count; null: all.
struct Grouped {
  uint32_t n;
  const uint32_t *groups;
  const uint8_t *mask;
  // Groups so far.
  uint32_t size;
};

class AggregateState {
 public:
  AggregateState(Run &run, const Aggregate &aggregate, const Type *arg)
      : run(run), aggregate(aggregate), arg(arg), counts(run.memory), sums(run.memory), small(run.memory), flags(run.memory),
        wideOf(run.memory), wides(run.memory), best(run.memory) {}
  bool update(const Vec *value, const Grouped &g);
  uint32_t width() const { return aggregate.op == aSum || aggregate.op == aAvg ? 2 : 1; }
  // The types of the state's columns.
  const Type *typeOf(uint32_t column, Arena &arena) const;
  bool append(Arena &scratch, uint32_t groups, Builder *const *columns);

 private:
  Run &run;
  const Aggregate &aggregate;
  const Type *arg;
  // Of `count`, `sum`, `avg`; the cells of `hist`.
  Grown<int64_t> counts;
  // Of integers and numerics.
  Grown<i128> sums;
  // Of floats: two doubles where they hold the sum, else an accumulator (its number + 1).
  Grown<SmallSum> small;
  Grown<uint8_t> flags;
  Grown<uint32_t> wideOf;
  Grown<ExactSum> wides;
  uint32_t nWides = 0;
  // Of extremes; `flags` says which groups have one. Of `hist` too.
  Grown<uint8_t> best;

  bool count(const Grouped &g);
  bool histogram(const double *x, const Grouped &g);
  template <class T> bool addIntegers(const T *x, const Grouped &g);
  template <class T> bool addFloats(const T *x, const Grouped &g);
  template <class T> bool extremes(const T *x, const Grouped &g);
  bool wideAt(uint32_t group, ExactSum *&out);
};
