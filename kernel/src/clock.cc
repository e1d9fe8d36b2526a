#include "run.h"

#ifdef __wasm__
extern "C" __attribute__((import_module("env"), import_name("now"))) double sk_now();
double nowMillis() { return sk_now(); }
#else
#include <time.h>
double nowMillis() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return double(t.tv_sec) * 1e3 + double(t.tv_nsec) * 1e-6;
}
#endif
