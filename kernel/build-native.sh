#!/usr/bin/env bash
# Native programs around the kernel (clang-14), into kernel/build: `serve` for comparisons and timings, `fuzz` for libFuzzer with ASan and UBSan.
# Does nothing where the program is newer than what it is made of.
#   kernel/build-native.sh serve|fuzz
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p build
flags="-std=c++17 -ffp-contract=off -fno-exceptions -fno-rtti -fno-threadsafe-statics -Wall -Wextra -Werror"
program=build/${1:-serve}
if [ -e "$program" ] && [ -z "$(find src include native build-native.sh -type f -newer "$program" -print)" ]; then exit 0; fi
case "${1:-serve}" in
  serve) clang++-14 $flags -O2 -o build/serve native/serve.cc src/*.cc ;;
  fuzz)
    clang++-14 $flags -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -o build/fuzz native/fuzz.cc src/*.cc
    ;;
  *)
    echo "usage: kernel/build-native.sh serve|fuzz" >&2
    exit 2
    ;;
esac
