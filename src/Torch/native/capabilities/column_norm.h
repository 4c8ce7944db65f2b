// Batch normalization and ReLU on columns of a row-major matrix: each column of each ghost batch by its own mean and variance
// (Ghost Batch Normalization; the whole batch as one ghost is plain batch normalization).
#pragma once

#include "parallel.h"

namespace tt {

// Rows of one ghost in a row-major matrix, and the columns to work on, a multiple of kLanes.
struct Tile {
  int64_t rows, stride;
  Range columns;
};

// Of z: mean and 1 / sqrt(biased variance + eps) for normalizing, and the unbiased variance for running statistics.
void column_statistics(const float* z, const Tile& tile, double eps, float* mean, float* inverse, float* unbiased);

// y ← max(0, (z − mean) · inverse · scale + shift). What is not a number stays so.
void normalize_relu(const float* z, float* y, const Tile& tile, const float* mean, const float* inverse, const float* scale,
                    const float* shift);

// The gradient with respect to z, in place of the one with respect to y. Adds to the gradients of scale and shift.
void normalize_relu_backward(const float* z, const float* y, float* gradient, const Tile& tile, const float* mean,
                             const float* inverse, const float* scale, float* scale_gradient, float* shift_gradient);

}  // namespace tt
