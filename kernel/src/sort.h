// Heaps of positions, in place and without recursion.
#pragma once
#include <stdint.h>

// Restores the heap whose largest is on top, below `start`. `before(a, b)`: a comes before b.
template <class Before> inline void siftDown(uint32_t *heap, uint32_t start, uint32_t n, Before before) {
  for (uint32_t at = start;;) {
    uint32_t child = 2 * at + 1;
    if (child >= n) return;
    if (child + 1 < n && before(heap[child], heap[child + 1])) child++;
    if (!before(heap[at], heap[child])) return;
    uint32_t held = heap[at];
    heap[at] = heap[child];
    heap[child] = held;
    at = child;
  }
}
template <class Before> inline void makeHeap(uint32_t *heap, uint32_t n, Before before) {
  for (uint32_t at = n / 2; at > 0; at--) siftDown(heap, at - 1, n, before);
}
// Ascending; equal ones in any order.
template <class Before> inline void sortPositions(uint32_t *index, uint32_t n, Before before) {
  makeHeap(index, n, before);
  for (uint32_t last = n; last > 1; last--) {
    uint32_t held = index[0];
    index[0] = index[last - 1];
    index[last - 1] = held;
    siftDown(index, 0, last - 1, before);
  }
}
inline void sortAscending(uint32_t *index, uint32_t n) {
  sortPositions(index, n, [](uint32_t a, uint32_t b) { return a < b; });
}
