#!/usr/bin/env bash
# kernel.wasm, the same bytes each time: Debian's clang-14, lld-14, wasi-libc and libclang-rt-14-dev-wasm32 (bookworm).
#   kernel/build-wasm.sh [OUT]
set -euo pipefail
cd "$(dirname "$0")"
out=${1:-kernel.wasm}
clang++-14 --target=wasm32-wasi -mexec-model=reactor -std=c++17 -O2 -msimd128 -ffp-contract=off -fno-exceptions -fno-rtti \
  -fno-threadsafe-statics -nostdinc++ -nostdlib++ -Wall -Wextra -Werror \
  -Wl,--strip-all -Wl,-z,stack-size=262144 -Wl,--max-memory=4294967296 -o "$out" src/*.cc
