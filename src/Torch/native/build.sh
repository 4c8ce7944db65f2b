#!/bin/sh
# usage: build.sh   compiles libtracker_torch.so into native/build against LIBTORCH or the system's libtorch.
# The normal build runs it; after a failure its only output is one sentence.
set -u
here=$(cd "${0%/*}" && pwd)
torch=${LIBTORCH:-}

fail() {
    echo "$1"
    exit 1
}

for tool in cmake c++; do
    command -v $tool >/dev/null || fail "The tensor library needs $tool: apt-get install cmake g++ libtorch-dev libopenblas0-openmp."
done
if [ -n "$torch" ]; then
    [ -f "$torch/include/ATen/ATen.h" ] || fail "LIBTORCH is $torch, which has no include/ATen/ATen.h: set it to a folder with libtorch's include and lib, or unset it to use the system's."
elif ! echo '#include <ATen/ATen.h>' | c++ -std=c++17 -M -x c++ - >/dev/null 2>&1; then
    fail "libtorch was not found: apt-get install libtorch-dev libopenblas0-openmp, or set LIBTORCH to a folder with its include and lib."
fi

mkdir -p "$here/build"
exec 9>"$here/build/lock"
flock 9
# A change of libtorch invalidates everything that CMake found before.
cached=$(sed -n 's/^TORCH_DIR:PATH=//p' "$here/build/CMakeCache.txt" 2>/dev/null)
[ "$cached" = "$torch" ] || rm -rf "$here/build/CMakeCache.txt" "$here/build/CMakeFiles"
log="$here/build/build.log"
if ! { cmake -S "$here" -B "$here/build" -DCMAKE_BUILD_TYPE=Release -DTORCH_DIR="$torch" && cmake --build "$here/build" -j2; } >"$log" 2>&1; then
    fail "Compiling the tensor library failed (all of it is in $log): $(grep -m 1 -iE 'error' "$log")"
fi
touch "$here/build/libtracker_torch.so"
