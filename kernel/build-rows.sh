#!/usr/bin/env bash
# rows.wasm, the same bytes each time, by the tools of build-wasm.sh:
#   kernel/build-rows.sh [OUT]
set -euo pipefail
cd "$(dirname "$0")"
out=${1:-rows.wasm}
clang++-14 --target=wasm32-wasi -mexec-model=reactor -std=c++17 -O3 -mllvm -inline-threshold=2000 -msimd128 -mbulk-memory -fno-exceptions -fno-rtti \
  -fno-threadsafe-statics -nostdinc++ -nostdlib++ -Wall -Wextra -Werror \
  -Wl,--strip-all -Wl,-z,stack-size=65536 -Wl,--max-memory=4294967296 -o "$out" rows/*.cc
