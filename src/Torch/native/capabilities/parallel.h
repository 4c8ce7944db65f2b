// What the CPU kernels of this folder share: fixed shares of work for libtorch's threads, and single-precision BLAS.
#pragma once

#include "shim.h"

#include <ATen/Parallel.h>
#include <algorithm>
#include <cstring>

// Compiles a kernel for the vector units of several generations; the loader picks the one that the processor has.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define TT_KERNEL __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define TT_KERNEL
#endif

namespace tt {

// Sixteen floats at any address.
typedef float Lanes __attribute__((vector_size(64), aligned(4)));
typedef double WideLanes __attribute__((vector_size(128), aligned(8)));
constexpr int64_t kLanes = 16;

// Calls work(share, shares) once for every thread of libtorch's. Which share does what follows from the number of threads alone,
// so results do not depend on scheduling.
template <class F> void in_shares(const F& work) {
  const int64_t shares = at::in_parallel_region() ? 1 : at::get_num_threads();
  at::parallel_for(0, shares, 1, [&](int64_t begin, int64_t end) {
    for (int64_t share = begin; share < end; share++) work(share, shares);
  });
}

struct Range {
  int64_t begin, end;
  int64_t size() const { return end - begin; }
};

// The part of [0, count) that belongs to a share, cut at multiples of `unit`.
inline Range part(int64_t count, int64_t unit, int64_t share, int64_t shares) {
  const int64_t units = (count + unit - 1) / unit;
  return {std::min(count, units * share / shares * unit), std::min(count, units * (share + 1) / shares * unit)};
}

// Whether matrix products may be called for from within a parallel region: some BLAS is there, and sees the same OpenMP as this library,
// so that it stays on the calling thread.
bool blas_in_parallel();

// C ← alpha · op(A) · op(B) + beta · C in BLAS's column-major order, on the calling thread when in a parallel region.
void sgemm(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, float alpha, const float* a, int64_t lda,
           const float* b, int64_t ldb, float beta, float* c, int64_t ldc);

// Plain dense 32-bit floats in the host's memory.
inline bool is_host_float(const at::Tensor& t) {
  return t.device().is_cpu() && t.scalar_type() == at::kFloat && t.is_contiguous() && t.layout() == at::kStrided;
}

}  // namespace tt
