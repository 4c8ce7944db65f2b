#include "column_norm.h"

#include <cmath>

// Sums run over blocks of rows in single precision and over the blocks in double precision.
namespace tt {

namespace {
constexpr int64_t kBlock = 32;
}

TT_KERNEL void column_statistics(const float* z, const Tile& tile, double eps, float* mean, float* inverse, float* unbiased) {
  for (int64_t c = tile.columns.begin; c < tile.columns.end; c += kLanes) {
    WideLanes sum = {}, squares = {};
    for (int64_t block = 0; block < tile.rows; block += kBlock) {
      Lanes part = {};
      const int64_t end = std::min(tile.rows, block + kBlock);
      for (int64_t r = block; r < end; r++) part += *reinterpret_cast<const Lanes*>(z + r * tile.stride + c);
      sum += __builtin_convertvector(part, WideLanes);
    }
    sum /= static_cast<double>(tile.rows);
    const Lanes center = __builtin_convertvector(sum, Lanes);
    for (int64_t block = 0; block < tile.rows; block += kBlock) {
      Lanes part = {};
      const int64_t end = std::min(tile.rows, block + kBlock);
      for (int64_t r = block; r < end; r++) {
        const Lanes d = *reinterpret_cast<const Lanes*>(z + r * tile.stride + c) - center;
        part += d * d;
      }
      squares += __builtin_convertvector(part, WideLanes);
    }
    for (int64_t i = 0; i < kLanes; i++) {
      mean[c + i] = center[i];
      inverse[c + i] = static_cast<float>(1 / std::sqrt(squares[i] / static_cast<double>(tile.rows) + eps));
      unbiased[c + i] = static_cast<float>(squares[i] / static_cast<double>(tile.rows - 1));
    }
  }
}

TT_KERNEL void normalize_relu(const float* z, float* y, const Tile& tile, const float* mean, const float* inverse,
                              const float* scale, const float* shift) {
  for (int64_t r = 0; r < tile.rows; r++) {
    const float* from = z + r * tile.stride;
    float* to = y + r * tile.stride;
    for (int64_t c = tile.columns.begin; c < tile.columns.end; c++) {
      const float v = (from[c] - mean[c]) * (inverse[c] * scale[c]) + shift[c];
      to[c] = v < 0 ? 0 : v;
    }
  }
}

TT_KERNEL void normalize_relu_backward(const float* z, const float* y, float* gradient, const Tile& tile, const float* mean,
                                       const float* inverse, const float* scale, float* scale_gradient, float* shift_gradient) {
  const Lanes zero = {};
  for (int64_t c = tile.columns.begin; c < tile.columns.end; c += kLanes) {
    const Lanes center = *reinterpret_cast<const Lanes*>(mean + c), spread = *reinterpret_cast<const Lanes*>(inverse + c);
    WideLanes sum = {}, product = {};
    for (int64_t block = 0; block < tile.rows; block += kBlock) {
      Lanes part = {}, with_input = {};
      const int64_t end = std::min(tile.rows, block + kBlock);
      for (int64_t r = block; r < end; r++) {
        const int64_t at = r * tile.stride + c;
        const Lanes g = *reinterpret_cast<const Lanes*>(y + at) <= zero ? zero : *reinterpret_cast<const Lanes*>(gradient + at);
        part += g;
        with_input += g * (*reinterpret_cast<const Lanes*>(z + at) - center);
      }
      sum += __builtin_convertvector(part, WideLanes);
      product += __builtin_convertvector(with_input, WideLanes);
    }
    const Lanes total = __builtin_convertvector(sum, Lanes), correlation = __builtin_convertvector(product, Lanes) * spread;
    *reinterpret_cast<Lanes*>(shift_gradient + c) += total;
    *reinterpret_cast<Lanes*>(scale_gradient + c) += correlation;

    const float share = 1.0f / static_cast<float>(tile.rows);
    const Lanes factor = spread * *reinterpret_cast<const Lanes*>(scale + c);
    const Lanes constant = total * share, slope = correlation * share * spread;
    for (int64_t r = 0; r < tile.rows; r++) {
      const int64_t at = r * tile.stride + c;
      const Lanes g = *reinterpret_cast<const Lanes*>(y + at) <= zero ? zero : *reinterpret_cast<const Lanes*>(gradient + at);
      const Lanes x = *reinterpret_cast<const Lanes*>(z + at) - center;
      *reinterpret_cast<Lanes*>(gradient + at) = factor * (g - constant - x * slope);
    }
  }
}

}  // namespace tt
