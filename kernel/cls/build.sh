#!/usr/bin/env bash
# Builds `libcls_skyhook.so`, the kernel as a Ceph object class, for the Ceph whose headers are installed.
#   apt-get install g++ rados-objclass-dev libradospp-dev
#   kernel/cls/build.sh [OUTPUT] [--test-methods]
# Does nothing where OUTPUT is newer than what it is made of.
set -euo pipefail
cd "$(dirname "$0")"
output=build/libcls_skyhook.so
methods=()
for argument in "$@"; do
  case "$argument" in
    --test-methods) methods=(-DSKYHOOK_TEST_METHODS) ;;
    *) output=$argument ;;
  esac
done
mkdir -p "$(dirname "$output")"
if [ -e "$output" ] && [ -z "$(find ../src/ ../include/ . -name build -prune -o -type f -newer "$output" -print)" ]; then exit 0; fi
objects=$(mktemp -d)
export objects
trap 'rm -rf "$objects"' EXIT
cxx=${CXX:-g++}
# No contraction to fused multiply-add: the same bits in both homes of the kernel. The daemon sees __cls_init and nothing else.
flags=(-std=c++17 -O2 -fPIC -fvisibility=hidden -ffp-contract=off -Wall -Wextra ${CXXFLAGS:-})
printf '%s\n' ../src/*.cc | xargs -P "$(nproc)" -I{} sh -c \
  'source=$1; shift; exec "$@" -c "$source" -o "$objects/kernel-$(basename "$source" .cc).o"' - {} \
  "$cxx" "${flags[@]}" -fno-exceptions -fno-rtti
"$cxx" "${flags[@]}" "${methods[@]}" -I/usr/include/rados -c cls_skyhook.cc -o "$objects/class.o"
"$cxx" -shared -Wl,--version-script=exports.map -Wl,-z,relro ${LDFLAGS:-} -o "$objects/class.so" "$objects"/*.o
# At once, for a daemon may be loading it.
mv "$objects/class.so" "$output"
