// How a stack of fully connected layers and the ghosts of a batch lie in memory; see dense_stack.cpp.
#pragma once

#include "column_norm.h"

#include <cstring>

namespace tt::dense {

// Rows that pass through the stack together: enough for efficient products, few enough for the second-level cache.
constexpr int64_t kRows = 512;

struct Stack {
  int64_t hidden;                             // layers with normalization
  int64_t ghosts, size, rest;                 // sample i of full ghost l is row i * ghosts + l; `rest` rows follow as one more ghost
  double eps, kept;
  std::vector<double> weights;                // of each ghost's statistics in the running ones, which keep the share `kept`
  std::vector<at::Tensor> running;            // mean, variance, number of batches for each normalization

  int64_t count() const { return ghosts + (rest > 0 ? 1 : 0); }
  int64_t samples() const { return ghosts * size + rest; }
  int64_t rows(int64_t ghost) const { return ghost < ghosts ? size : rest; }
};

// Consecutive ghosts. Inside, rows are ordered ghost by ghost.
struct Chunk {
  int64_t ghost, ghosts, row, rows;
};

inline std::vector<Chunk> chunks(const Stack& s) {
  std::vector<Chunk> result;
  int64_t row = 0;
  for (int64_t g = 0; g < s.count();) {
    Chunk chunk{g, 1, row, s.rows(g)};
    while (++g < s.count() && chunk.rows + s.rows(g) <= kRows) chunk.ghosts++, chunk.rows += s.rows(g);
    row += chunk.rows;
    result.push_back(chunk);
  }
  return result;
}

inline int64_t outer_row(const Stack& s, int64_t row) {
  return row < s.ghosts * s.size ? row % s.size * s.ghosts + row / s.size : row;
}

// Calls work(ghost, first row within the chunk, tile) for the ghosts of a chunk.
template <class F> void each_ghost(const Stack& s, const Chunk& chunk, int64_t stride, Range columns, const F& work) {
  int64_t row = 0;
  for (int64_t g = chunk.ghost; g < chunk.ghost + chunk.ghosts; g++) {
    work(g, row, Tile{s.rows(g), stride, columns});
    row += s.rows(g);
  }
}

// Rows of a chunk between outer and inner order, `width` floats each.
template <bool Gather> void move_rows(const Stack& s, const Chunk& chunk, const float* from, float* to, int64_t width) {
  in_shares([&](int64_t share, int64_t shares) {
    const Range rows = part(chunk.rows, 1, share, shares);
    for (int64_t r = rows.begin; r < rows.end; r++) {
      const int64_t outer = outer_row(s, chunk.row + r);
      std::memcpy(to + (Gather ? r : outer) * width, from + (Gather ? outer : r) * width, static_cast<size_t>(width) * sizeof(float));
    }
  });
}

// Which tensors belong to a layer, in the order of the parameters and of what is kept for the backward pass.
struct Layer {
  const float *weight, *bias, *scale, *shift;
  float *z, *mean, *inverse;
  int64_t inputs, outputs;
};

inline Layer layer(const std::vector<at::Tensor>& parameters, const std::vector<at::Tensor>& kept, int64_t l, bool normalized) {
  const auto p = static_cast<size_t>(4 * l), k = static_cast<size_t>(3 * l);
  const at::Tensor& w = parameters[p];
  Layer result{w.data_ptr<float>(), parameters[p + 1].data_ptr<float>(), nullptr, nullptr, nullptr, nullptr, nullptr, w.size(1), w.size(0)};
  if (!normalized) return result;
  result.scale = parameters[p + 2].data_ptr<float>();
  result.shift = parameters[p + 3].data_ptr<float>();
  result.z = kept[k].data_ptr<float>();
  result.mean = kept[k + 1].data_ptr<float>();
  result.inverse = kept[k + 2].data_ptr<float>();
  return result;
}

inline std::vector<Layer> layers(const Stack& s, const std::vector<at::Tensor>& parameters, const std::vector<at::Tensor>& kept) {
  std::vector<Layer> result;
  for (int64_t l = 0; l <= s.hidden; l++) result.push_back(layer(parameters, kept, l, l < s.hidden));
  return result;
}

inline int64_t widest(const std::vector<Layer>& all) {
  int64_t width = 0;
  for (const Layer& l : all) width = std::max(width, l.outputs);
  return width;
}

inline int64_t largest(const std::vector<Chunk>& all) {
  int64_t rows = 0;
  for (const Chunk& c : all) rows = std::max(rows, c.rows);
  return rows;
}

}  // namespace tt::dense
