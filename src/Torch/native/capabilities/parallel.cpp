#include "parallel.h"

#include <dlfcn.h>

namespace tt {

namespace {

using Blas = void (*)(const char*, const char*, const int*, const int*, const int*, const float*, const float*, const int*,
                      const float*, const int*, const float*, float*, const int*);
using OneDnn = int (*)(char, char, int64_t, int64_t, int64_t, float, const float*, int64_t, const float*, int64_t, float, float*, int64_t);

template <class F> F find(const char* name) { return reinterpret_cast<F>(dlsym(RTLD_DEFAULT, name)); }

// What libtorch itself was linked with. oneDNN compiles its kernels for the processor at hand; OpenBLAS chooses among those that it
// was built with, which for a processor newer than itself may be half as fast. Neither is there when libtorch has them inside.
const OneDnn s_onednn = find<OneDnn>("dnnl_sgemm");
const Blas s_blas = find<Blas>("sgemm_");

bool shares_openmp() {
  if (at::get_num_threads() == 1) return true;
  bool seen = false;
  at::parallel_for(0, 2, 1, [&](int64_t begin, int64_t) {
    if (begin == 0) seen = at::in_parallel_region();
  });
  return seen;
}

}  // namespace

bool blas_in_parallel() { return (s_onednn || s_blas) && shares_openmp(); }

void sgemm(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, float alpha, const float* a, int64_t lda,
           const float* b, int64_t ldb, float beta, float* c, int64_t ldc) {
  const char ta = transpose_a ? 'T' : 'N', tb = transpose_b ? 'T' : 'N';
  if (s_onednn) {
    // Row-major: the same product of transposes.
    TORCH_CHECK(s_onednn(tb, ta, n, m, k, alpha, b, ldb, a, lda, beta, c, ldc) == 0, "oneDNN refused a matrix product.");
    return;
  }
  const int mi = static_cast<int>(m), ni = static_cast<int>(n), ki = static_cast<int>(k);
  const int ai = static_cast<int>(lda), bi = static_cast<int>(ldb), ci = static_cast<int>(ldc);
  s_blas(&ta, &tb, &mi, &ni, &ki, &alpha, a, &ai, b, &bi, &beta, c, &ci);
}

}  // namespace tt

// Whether the kernels that mix matrix products with other work can run on the threads that libtorch has now.
TT_API int32_t tt_blas_in_parallel() { return tt::blas_in_parallel() ? 1 : 0; }
