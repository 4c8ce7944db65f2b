// Lets libtorch choose algorithms that give the same bits every time.
#include "shim.h"

#include <ATen/Context.h>

#include <cstdlib>

namespace tt {
namespace {

// libtorch 2.2 and later fill uninitialized memory when algorithms are to be deterministic, unless told not to. Nothing here reads it.
template <class Context> auto leave_memory_unfilled(Context& context, int) -> decltype(context.setDeterministicFillUninitializedMemory(false)) {
  context.setDeterministicFillUninitializedMemory(false);
}
template <class Context> void leave_memory_unfilled(Context&, long) {}

}  // namespace
}  // namespace tt

using namespace tt;

// Operations that have no deterministic algorithm warn on stderr and go on. To be called before the first matrix product on a GPU:
// cuBLAS reads its variable when a handle is made.
TT_API int32_t tt_set_deterministic(int32_t on) {
  return run([&] {
    if (on) setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);
    auto& context = at::globalContext();
    context.setDeterministicCuDNN(on != 0);
    context.setBenchmarkCuDNN(false);
    context.setDeterministicAlgorithms(on != 0, true);
    leave_memory_unfilled(context, 0);
  });
}
TT_API int32_t tt_is_deterministic() {
  return at::globalContext().deterministicCuDNN() && at::globalContext().deterministicAlgorithms();
}
