// A stack of fully connected layers, each with (ghost) batch normalization and ReLU, and a last one without: forward and backward as
// one node of autograd. Ghost batches pass through all layers a few at a time, so that their activations stay in the cache; every
// thread owns some columns of each layer, for matrix product, statistics and normalization alike. What is kept for the backward pass
// is the input of each normalization; its output is computed again.
#include "dense_stack.h"

#include <torch/csrc/autograd/custom_function.h>

namespace tt {
namespace {

using namespace dense;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// The output of a normalization, for some columns.
void activate(const Stack& s, const Chunk& chunk, const Layer& l, Range columns, float* y) {
  each_ghost(s, chunk, l.outputs, columns, [&](int64_t g, int64_t row, const Tile& tile) {
    normalize_relu(l.z + (chunk.row + row) * l.outputs, y + row * l.outputs, tile, l.mean + g * l.outputs, l.inverse + g * l.outputs,
                   l.scale, l.shift);
  });
}

// Running statistics of ghosts in their order. A layer's bias shifts the mean alone, so it is added only here.
void update_running(const Stack& s, const std::vector<Layer>& all, const std::vector<at::Tensor>& unbiased) {
  for (int64_t l = 0; l < s.hidden; l++) {
    const Layer& from = all[static_cast<size_t>(l)];
    const auto b = static_cast<size_t>(3 * l);
    float* mean = s.running[b].data_ptr<float>();
    float* variance = s.running[b + 1].data_ptr<float>();
    const float* spread = unbiased[static_cast<size_t>(l)].data_ptr<float>();
    for (int64_t c = 0; c < from.outputs; c++) mean[c] *= static_cast<float>(s.kept), variance[c] *= static_cast<float>(s.kept);
    for (int64_t g = 0; g < s.count(); g++) {
      const auto weight = static_cast<float>(s.weights[static_cast<size_t>(g)]);
      for (int64_t c = 0; c < from.outputs; c++) {
        mean[c] += weight * (from.mean[g * from.outputs + c] + from.bias[c]);
        variance[c] += weight * spread[g * from.outputs + c];
      }
    }
    *s.running[b + 2].data_ptr<int64_t>() += s.count();
  }
}

struct DenseStack : torch::autograd::Function<DenseStack> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input, at::TensorList given, const Stack& s) {
    const variable_list parameters = given.vec();
    variable_list kept;
    std::vector<at::Tensor> unbiased;
    for (int64_t l = 0; l < s.hidden; l++) {
      const int64_t outputs = parameters[static_cast<size_t>(4 * l)].size(0);
      kept.push_back(at::empty({s.samples(), outputs}, input.options()));
      kept.push_back(at::empty({s.count(), outputs}, input.options()));
      kept.push_back(at::empty({s.count(), outputs}, input.options()));
      unbiased.push_back(at::empty({s.count(), outputs}, input.options()));
    }
    const auto all = layers(s, parameters, kept);
    const Layer& last = all.back();
    at::Tensor logits = at::empty({s.samples(), last.outputs}, input.options());
    const auto parts = chunks(s);
    const int64_t rows = largest(parts), width = widest(all);
    at::Tensor scratch = at::empty({rows * (2 * width + (s.ghosts > 1 ? all[0].inputs : 0) + last.outputs)}, input.options());
    float* y[2] = {scratch.data_ptr<float>(), scratch.data_ptr<float>() + rows * width};
    float* end = y[1] + rows * width;
    float* packed = end + rows * last.outputs;

    for (const Chunk& chunk : parts) {
      const float* x = input.data_ptr<float>() + chunk.row * all[0].inputs;
      if (s.ghosts > 1) {
        move_rows<true>(s, chunk, input.data_ptr<float>(), packed, all[0].inputs);
        x = packed;
      }
      for (int64_t l = 0; l < s.hidden; l++) {
        forward_layer(s, chunk, all[static_cast<size_t>(l)], x, y[l % 2], unbiased[static_cast<size_t>(l)].data_ptr<float>());
        x = y[l % 2];
      }
      forward_last(chunk, last, x, end);
      move_rows<false>(s, chunk, end, logits.data_ptr<float>(), last.outputs);
    }
    update_running(s, all, unbiased);

    variable_list saved{input};
    saved.insert(saved.end(), parameters.begin(), parameters.end());
    saved.insert(saved.end(), kept.begin(), kept.end());
    context->save_for_backward(std::move(saved));
    context->saved_data["layout"] = std::vector<int64_t>{s.hidden, s.ghosts, s.size, s.rest};
    return logits;
  }

  static void forward_layer(const Stack& s, const Chunk& chunk, const Layer& l, const float* x, float* y, float* unbiased) {
    in_shares([&](int64_t share, int64_t shares) {
      const Range own = part(l.outputs, kLanes, share, shares);
      if (own.size() == 0) return;
      float* z = l.z + chunk.row * l.outputs;
      sgemm(true, false, own.size(), chunk.rows, l.inputs, 1, l.weight + own.begin * l.inputs, l.inputs, x, l.inputs, 0, z + own.begin, l.outputs);
      each_ghost(s, chunk, l.outputs, own, [&](int64_t g, int64_t row, const Tile& tile) {
        const int64_t at = g * l.outputs;
        column_statistics(z + row * l.outputs, tile, s.eps, l.mean + at, l.inverse + at, unbiased + at);
      });
      activate(s, chunk, l, own, y);
    });
  }

  static void forward_last(const Chunk& chunk, const Layer& l, const float* x, float* y) {
    in_shares([&](int64_t share, int64_t shares) {
      const Range own = part(chunk.rows, 1, share, shares);
      if (own.size() == 0) return;
      for (int64_t r = own.begin; r < own.end; r++) std::memcpy(y + r * l.outputs, l.bias, static_cast<size_t>(l.outputs) * sizeof(float));
      sgemm(true, false, l.outputs, own.size(), l.inputs, 1, l.weight, l.inputs, x + own.begin * l.inputs, l.inputs, 1, y + own.begin * l.outputs, l.outputs);
    });
  }

  static variable_list backward(AutogradContext* context, variable_list outer) {
    TORCH_CHECK(!at::GradMode::is_enabled(), "The fused stack of layers has no second derivative; compute it on the plain path.");
    const auto layout = context->saved_data["layout"].toIntVector();
    Stack s;
    s.hidden = layout[0], s.ghosts = layout[1], s.size = layout[2], s.rest = layout[3];
    const auto saved = context->get_saved_variables();
    const auto parameter_count = static_cast<int64_t>(4 * s.hidden + 2);
    const at::Tensor& input = saved[0];
    const variable_list parameters(saved.begin() + 1, saved.begin() + 1 + parameter_count);
    const variable_list kept(saved.begin() + 1 + parameter_count, saved.end());
    const auto all = layers(s, parameters, kept);

    // One vector for all gradients: whoever keeps parameters in one vector gets theirs without a copy.
    int64_t total = 0;
    for (const auto& p : parameters) total += p.numel();
    at::Tensor flat = at::empty({total}, input.options());
    variable_list gradients{context->needs_input_grad(0) ? at::empty_like(input) : at::Tensor()};
    int64_t offset = 0;
    for (const auto& p : parameters) {
      gradients.push_back(flat.narrow(0, offset, p.numel()).view(p.sizes()));
      if (p.dim() == 1) gradients.back().zero_();
      offset += p.numel();
    }
    const at::Tensor logits = outer[0].contiguous();
    for (const Chunk& chunk : chunks(s)) Backward(s, all, chunk, input, logits, gradients).run();
    gradients.emplace_back();
    return gradients;
  }

  // The backward pass of one chunk, from the last layer to the first.
  struct Backward {
    const Stack& s;
    const std::vector<Layer>& all;
    const Chunk& chunk;
    const at::Tensor& input;
    const at::Tensor& logits;
    variable_list& gradients;
    float beta;
    at::Tensor scratch;
    float *y[2], *g[2], *end, *packed;

    Backward(const Stack& stack, const std::vector<Layer>& layers, const Chunk& part, const at::Tensor& in, const at::Tensor& outer, variable_list& results)
        : s(stack), all(layers), chunk(part), input(in), logits(outer), gradients(results), beta(part.row == 0 ? 0.0f : 1.0f) {
      const int64_t width = widest(all), classes = all.back().outputs;
      scratch = at::empty({chunk.rows * (4 * width + classes + (s.ghosts > 1 ? all[0].inputs : 0))}, input.options());
      float* at = scratch.data_ptr<float>();
      for (float** buffer : {&y[0], &y[1], &g[0], &g[1]}) *buffer = at, at += chunk.rows * width;
      end = at;
      packed = end + chunk.rows * classes;
    }

    // Gradient of parameter p of a layer: 0 weight, 1 bias, 2 scale, 3 shift.
    float* gradient(int64_t l, int64_t p) const { return gradients[static_cast<size_t>(1 + 4 * l + p)].data_ptr<float>(); }

    void run() {
      move_rows<true>(s, chunk, logits.data_ptr<float>(), end, all.back().outputs);
      const float* x = input.data_ptr<float>() + chunk.row * all[0].inputs;
      if (s.ghosts > 1) {
        move_rows<true>(s, chunk, input.data_ptr<float>(), packed, all[0].inputs);
        x = packed;
      }
      in_shares([&](int64_t share, int64_t shares) { last(share, shares); });
      for (int64_t l = s.hidden - 1; l > 0; l--) in_shares([&](int64_t share, int64_t shares) { inner(l, share, shares); });
      in_shares([&](int64_t share, int64_t shares) { first(x, share, shares); });
    }

    // y[l % 2] holds the output of layer l, g[l % 2] the gradient of what its normalization got. A layer's weights are done one phase
    // after its normalization, when all columns of what they multiply are there.
    void last(int64_t share, int64_t shares) {
      const Layer& l = all.back();
      const int64_t below = s.hidden - 1;
      const Range own = part(l.inputs, kLanes, share, shares);
      if (share == 0) {
        float* bias = gradient(s.hidden, 1);
        for (int64_t r = 0; r < chunk.rows; r++)
          for (int64_t c = 0; c < l.outputs; c++) bias[c] += end[r * l.outputs + c];
      }
      activate_own(below, share, shares);
      if (below > 0) activate_own(below - 1, share, shares);
      if (own.size() == 0) return;
      sgemm(false, true, own.size(), l.outputs, chunk.rows, 1, y[below % 2] + own.begin, l.inputs, end, l.outputs, beta, gradient(s.hidden, 0) + own.begin, l.inputs);
      sgemm(false, false, own.size(), chunk.rows, l.outputs, 1, l.weight + own.begin, l.inputs, end, l.outputs, 0, g[below % 2] + own.begin, l.inputs);
      through_normalization(below, own);
    }

    void inner(int64_t l, int64_t share, int64_t shares) {
      const Layer& from = all[static_cast<size_t>(l)];
      const Range own = part(from.inputs, kLanes, share, shares);
      weights(l, y[(l - 1) % 2], share, shares);
      if (own.size() > 0) {
        sgemm(false, false, own.size(), chunk.rows, from.outputs, 1, from.weight + own.begin, from.inputs, g[l % 2], from.outputs, 0, g[(l - 1) % 2] + own.begin, from.inputs);
        through_normalization(l - 1, own);
      }
      if (l > 1) activate_own(l - 2, share, shares);
    }

    void first(const float* x, int64_t share, int64_t shares) {
      weights(0, x, share, shares);
      if (!gradients[0].defined()) return;
      const Layer& l = all[0];
      const Range own = part(chunk.rows, 1, share, shares);
      for (int64_t r = own.begin; r < own.end; r++)
        sgemm(false, false, l.inputs, 1, l.outputs, 1, l.weight, l.inputs, g[0] + r * l.outputs, l.outputs, 0,
              gradients[0].data_ptr<float>() + outer_row(s, chunk.row + r) * l.inputs, l.inputs);
    }

    void weights(int64_t l, const float* x, int64_t share, int64_t shares) {
      const Layer& of = all[static_cast<size_t>(l)];
      const Range own = part(of.outputs, kLanes, share, shares);
      if (own.size() == 0) return;
      // The bias before a normalization has no effect, hence no gradient; it was set to zero.
      sgemm(false, true, of.inputs, own.size(), chunk.rows, 1, x, of.inputs, g[l % 2] + own.begin, of.outputs, beta, gradient(l, 0) + own.begin * of.inputs, of.inputs);
    }

    void activate_own(int64_t l, int64_t share, int64_t shares) {
      const Layer& of = all[static_cast<size_t>(l)];
      activate(s, chunk, of, part(of.outputs, kLanes, share, shares), y[l % 2]);
    }

    void through_normalization(int64_t l, Range columns) {
      const Layer& of = all[static_cast<size_t>(l)];
      each_ghost(s, chunk, of.outputs, columns, [&](int64_t ghost, int64_t row, const Tile& tile) {
        const int64_t at = row * of.outputs;
        normalize_relu_backward(of.z + (chunk.row + row) * of.outputs, y[l % 2] + at, g[l % 2] + at, tile, of.mean + ghost * of.outputs,
                                of.inverse + ghost * of.outputs, of.scale, gradient(l, 2), gradient(l, 3));
      });
    }
  };
};

void check(const at::Tensor& input, const variable_list& parameters, const Stack& s) {
  TORCH_CHECK(blas_in_parallel(), "No BLAS that works within libtorch's threads.");
  TORCH_CHECK(is_host_float(input) && input.dim() == 2 && input.size(0) == s.samples(), "The input must be ", s.samples(), " rows of floats in the host's memory.");
  TORCH_CHECK(s.hidden > 0 && (s.ghosts == 0 || s.size > 1) && s.rest != 1, "Every ghost needs at least two samples.");
  int64_t width = input.size(1);
  for (int64_t l = 0; l <= s.hidden; l++) {
    const at::Tensor& w = parameters[static_cast<size_t>(4 * l)];
    TORCH_CHECK(is_host_float(w) && w.dim() == 2 && w.size(1) == width, "Layer ", l, " must be a matrix with ", width, " columns.");
    width = w.size(0);
    TORCH_CHECK(l == s.hidden || width % kLanes == 0, "Layer ", l, " has ", width, " features, no multiple of ", kLanes, ".");
    for (int64_t p = 1; p < (l < s.hidden ? 4 : 2); p++) {
      const at::Tensor& v = parameters[static_cast<size_t>(4 * l + p)];
      TORCH_CHECK(is_host_float(v) && v.numel() == width, "Layer ", l, " needs vectors of ", width, " floats.");
    }
  }
}

}  // namespace
}  // namespace tt

using namespace tt;

// parameters: weight, bias, scale, shift of each hidden layer, then weight and bias of the last. running: mean, variance and number
// of batches of each hidden layer, updated in place. weights: one for each ghost, see Stack.
TT_API Handle tt_dense_stack(Handle input, const Handle* parameters, const Handle* running, int64_t hidden, int64_t ghosts,
                             int64_t size, int64_t rest, double eps, double kept, const double* weights) {
  return make([&] {
    Stack s{hidden, ghosts, size, rest, eps, kept, {}, list(running, 3 * hidden)};
    s.weights.assign(weights, weights + s.count());
    const auto all = list(parameters, 4 * hidden + 2);
    check(*input, all, s);
    return DenseStack::apply(*input, at::TensorList(all), s);
  });
}
