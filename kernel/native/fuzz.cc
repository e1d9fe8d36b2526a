// libFuzzer over the kernel: an input is u32 fragment size, the fragment, then the object. Checksums are not checked, so that mutated columns
// are run; the home's limits are small, so that running out of everything is tried too.
#include <stdlib.h>
#include <string.h>

#include "../include/skyhook_kernel.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  uint32_t n;
  if (size < 8) return 0;
  memcpy(&n, data, 4);
  if (n > size - 4) return 0;
  // A copy of its own, so that reading past its end is seen.
  uint8_t *fragment = static_cast<uint8_t *>(malloc(n ? n : 1));
  memcpy(fragment, data + 4, n);
  const uint8_t *object = data + 4 + n;
  const uint64_t objectSize = size - 4 - n;
  sk_limits limits{};
  limits.memory = (data[size - 1] & 7) == 0 ? (uint64_t(data[size - 2]) + 1) << 10 : 8 << 20;
  limits.millis = 200;
  sk_run *run = sk_open(fragment, n, &limits, SK_TRUST_BUFFERS);
  if (run) {
    while (!sk_step(run))
      for (uint32_t c = 0; c < sk_columns(run); c++)
        for (uint32_t b = 0; b < sk_wants(run, c); b++) {
          // The buffer's place and length stand in the fragment; here it is filled with what there is of the object, over and over.
          uint8_t *to = sk_buffer(run, c, b);
          const uint64_t length = sk_buffer_length(run, c, b);
          const uint64_t offset = sk_buffer_offset(run, c, b);
          for (uint64_t i = 0, n; i < length; i += n) {
            const uint64_t from = objectSize ? (offset + i) % objectSize : 0;
            n = objectSize ? objectSize - from : length;
            if (n > length - i) n = length - i;
            if (objectSize) memcpy(to + i, object + from, n);
            else memset(to + i, 0, n);
          }
        }
    volatile uint8_t sink = 0;
    const uint8_t *answer = sk_answer(run);
    for (size_t i = 0; answer && i < sk_answer_size(run); i++) sink = uint8_t(sink + answer[i]);
    sk_close(run);
  }
  free(fragment);
  return 0;
}
