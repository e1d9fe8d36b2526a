// The kernel as a native program, for comparisons and timings: requests on standard input, answers on standard output.
//   u8 'o', u32 size, the object that fragments run over · u8 'f', u32 repetitions, u32 size, a fragment -> u32 size, its answer, f64 the
//   least milliseconds of processor time of the repetitions
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../include/skyhook_kernel.h"

struct Object {
  uint8_t *bytes;
  uint32_t size;
};

static int64_t readObject(void *context, uint64_t offset, uint64_t length, uint8_t *to) {
  const Object &object = *static_cast<Object *>(context);
  if (offset >= object.size) return 0;
  const uint64_t n = length < object.size - offset ? length : object.size - offset;
  memcpy(to, object.bytes + offset, n);
  return int64_t(n);
}
static bool get(void *to, size_t n) { return fread(to, 1, n, stdin) == n; }
static double now() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return double(t.tv_sec) * 1e3 + double(t.tv_nsec) * 1e-6;
}

int main() {
  Object object{nullptr, 0};
  char kind;
  while (get(&kind, 1)) {
    uint32_t repetitions = 1, size;
    if (kind == 'f' && !get(&repetitions, 4)) return 1;
    if (!get(&size, 4)) return 1;
    uint8_t *bytes = static_cast<uint8_t *>(malloc(size ? size : 1));
    if (!bytes || !get(bytes, size)) return 1;
    if (kind == 'o') {
      free(object.bytes);
      object = Object{bytes, size};
      continue;
    }
    double least = 1e300;
    uint8_t *answer = nullptr;
    size_t length = 0;
    for (uint32_t r = 0; r < repetitions; r++) {
      sk_release(answer);
      const double start = now();
      if (sk_execute(bytes, size, nullptr, readObject, &object, &answer, &length) != SK_OK) return 2;
      const double took = now() - start;
      if (took < least) least = took;
    }
    const uint32_t n = uint32_t(length);
    fwrite(&n, 4, 1, stdout);
    fwrite(answer, 1, length, stdout);
    fwrite(&least, 8, 1, stdout);
    fflush(stdout);
    sk_release(answer);
    free(bytes);
  }
  free(object.bytes);
  return 0;
}
