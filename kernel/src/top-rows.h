// The first N of some rows in the order of sort keys, ties by position (src/exec/fragment/top-rows.ts).
#pragma once
#include "run.h"

// `out` has room for min(n, limit) positions; gives how many, in order.
uint32_t topRows(const Vec *keys, const SortKey *directions, uint32_t nKeys, uint32_t n, uint32_t limit, uint32_t *out);
