// Norms, clipping and the update of stochastic gradient descent over the vectors of all parameters, each in one pass over memory.
#include "parallel.h"

#include <cmath>

namespace tt {
namespace {

// Sums run over this many numbers in single precision, 16 sums side by side, and over these pieces in double precision: the same
// result whatever the number of threads.
constexpr int64_t kPiece = 4096;

TT_KERNEL double square_sum(const float* a, const float* b, int64_t n) {
  Lanes sums = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    Lanes v = *reinterpret_cast<const Lanes*>(a + i);
    if (b) v -= *reinterpret_cast<const Lanes*>(b + i);
    sums += v * v;
  }
  double total = 0;
  for (int64_t j = 0; j < kLanes; j++) total += sums[j];
  for (; i < n; i++) {
    const float v = b ? a[i] - b[i] : a[i];
    total += v * v;
  }
  return total;
}

// ‖a − b‖, or ‖a‖ without b.
double norm(const float* a, const float* b, int64_t n) {
  const int64_t pieces = (n + kPiece - 1) / kPiece;
  std::vector<double> sums(static_cast<size_t>(pieces));
  in_shares([&](int64_t share, int64_t shares) {
    const Range own = part(pieces, 1, share, shares);
    for (int64_t p = own.begin; p < own.end; p++) {
      const int64_t start = p * kPiece;
      sums[static_cast<size_t>(p)] = square_sum(a + start, b ? b + start : nullptr, std::min(kPiece, n - start));
    }
  });
  double total = 0;
  for (const double sum : sums) total += sum;
  return std::sqrt(total);
}

struct Step {
  float factor, decay, momentum, rate;
};

TT_KERNEL void update(float* w, const float* g, float* v, int64_t n, Step s) {
  if (v) {
    for (int64_t i = 0; i < n; i++) {
      const float velocity = s.momentum * v[i] + (s.factor * g[i] + s.decay * w[i]);
      v[i] = velocity;
      w[i] -= s.rate * velocity;
    }
  } else {
    for (int64_t i = 0; i < n; i++) w[i] -= s.rate * (s.factor * g[i] + s.decay * w[i]);
  }
}

void check(const at::Tensor& t, int64_t n) {
  TORCH_CHECK(is_host_float(t) && t.dim() == 1 && t.numel() == n, "A vector of ", n, " floats in the host's memory is needed.");
}

}  // namespace
}  // namespace tt

using namespace tt;

// ‖a − b‖, or ‖a‖ when b is null.
TT_API int32_t tt_fused_norm(Handle a, Handle b, double* result) {
  return run([&] {
    check(*a, a->numel());
    if (b) check(*b, a->numel());
    *result = norm(a->data_ptr<float>(), b ? b->data_ptr<float>() : nullptr, a->numel());
  });
}

// v ← momentum · v + c · g + decay · w, w ← w − rate · v, where c = min(1, clip / (‖g‖ + 1e-6)), or 1 when clip is 0. Without v the
// bracket is the step. ranges: `count` pairs of first element and length in which decay applies, ascending and apart. Gives ‖g‖.
TT_API int32_t tt_fused_sgd(Handle weights, Handle gradient, Handle velocity, double rate, double momentum, double decay, double clip,
                      const int64_t* ranges, int64_t count, double* result) {
  return run([&] {
    const int64_t n = weights->numel();
    check(*weights, n);
    check(*gradient, n);
    if (velocity) check(*velocity, n);
    float* w = weights->data_ptr<float>();
    const float* g = gradient->data_ptr<float>();
    float* v = velocity ? velocity->data_ptr<float>() : nullptr;
    *result = norm(g, nullptr, n);
    Step step{clip > 0 ? static_cast<float>(std::min(1.0, clip / (*result + 1e-6))) : 1.0f, 0, static_cast<float>(momentum), static_cast<float>(rate)};
    in_shares([&](int64_t share, int64_t shares) {
      const Range own = part(n, kPiece, share, shares);
      int64_t at = own.begin;
      const auto go = [&](int64_t end, double of) {
        Step here = step;
        here.decay = static_cast<float>(of);
        if (end > at) update(w + at, g + at, v ? v + at : nullptr, end - at, here);
        at = std::max(at, end);
      };
      for (int64_t r = 0; r < count; r++) {
        go(std::min(own.end, ranges[2 * r]), 0);
        go(std::min(own.end, ranges[2 * r] + ranges[2 * r + 1]), decay);
      }
      go(own.end, 0);
    });
  });
}

// The vector whose consecutive parts the tensors are, without a copy; null, without an error, when they are not.
TT_API Handle tt_joined(const Handle* parts, int64_t count, int32_t* joined) {
  *joined = 0;
  if (count == 0) return nullptr;
  int64_t total = 0;
  for (int64_t i = 0; i < count; i++) {
    const at::Tensor& t = *parts[i];
    if (!t.defined() || !t.is_contiguous() || !t.is_alias_of(*parts[0]) || t.scalar_type() != parts[0]->scalar_type()) return nullptr;
    if (t.storage_offset() != parts[0]->storage_offset() + total) return nullptr;
    total += t.numel();
  }
  *joined = 1;
  return make([&] { return parts[0]->as_strided({total}, {1}, parts[0]->storage_offset()); });
}
