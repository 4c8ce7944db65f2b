// (Ghost) batch normalization of feature maps, with the addition of a shortcut and ReLU, forward and backward as one node of autograd.
// Maps are (N, C, H, W) with channels last in memory, where oneDNN's convolutions need no conversion. The forward pass reads its input
// twice and writes once, the backward pass likewise; for the backward pass only input and output are kept, which the neighbouring
// convolutions keep anyway.
#include "parallel.h"

#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

namespace tt {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Pixels whose sums run in single precision before they enter those in double precision.
constexpr int64_t kPixels = 64;

// Sample n of `samples` belongs to ghost n % ghosts while n < ghosts * size, the others to one more.
struct MapLayout {
  int64_t samples, pixels, channels, ghosts, size;

  int64_t count() const { return ghosts + (samples > ghosts * size ? 1 : 0); }
  int64_t ghost(int64_t n) const { return n < ghosts * size ? n % ghosts : ghosts; }
  int64_t members(int64_t g) const { return g < ghosts ? size : samples - ghosts * size; }
  int64_t plane() const { return pixels * channels; }
};

// Mean and sum of squared differences of each channel of one sample.
TT_KERNEL void sample_moments(const float* x, int64_t pixels, int64_t channels, double* mean, double* squares) {
  for (int64_t c = 0; c < channels; c += kLanes) {
    WideLanes sum = {}, spread = {};
    for (int64_t block = 0; block < pixels; block += kPixels) {
      Lanes part = {};
      const int64_t end = std::min(pixels, block + kPixels);
      for (int64_t p = block; p < end; p++) part += *reinterpret_cast<const Lanes*>(x + p * channels + c);
      sum += __builtin_convertvector(part, WideLanes);
    }
    sum /= static_cast<double>(pixels);
    const Lanes center = __builtin_convertvector(sum, Lanes);
    for (int64_t block = 0; block < pixels; block += kPixels) {
      Lanes part = {};
      const int64_t end = std::min(pixels, block + kPixels);
      for (int64_t p = block; p < end; p++) {
        const Lanes d = *reinterpret_cast<const Lanes*>(x + p * channels + c) - center;
        part += d * d;
      }
      spread += __builtin_convertvector(part, WideLanes);
    }
    *reinterpret_cast<WideLanes*>(mean + c) = sum;
    *reinterpret_cast<WideLanes*>(squares + c) = spread;
  }
}

// Sums of a gradient behind ReLU, and of its products with the centered input, over one sample.
TT_KERNEL void sample_sums(const float* x, const float* y, const float* g, int64_t pixels, int64_t channels, bool relu,
                           const float* mean, double* sums, double* products) {
  const Lanes zero = {};
  for (int64_t c = 0; c < channels; c += kLanes) {
    const Lanes center = *reinterpret_cast<const Lanes*>(mean + c);
    WideLanes sum = {}, product = {};
    for (int64_t block = 0; block < pixels; block += kPixels) {
      Lanes part = {}, with_input = {};
      const int64_t end = std::min(pixels, block + kPixels);
      for (int64_t p = block; p < end; p++) {
        const int64_t at = p * channels + c;
        Lanes of = *reinterpret_cast<const Lanes*>(g + at);
        if (relu) of = *reinterpret_cast<const Lanes*>(y + at) <= zero ? zero : of;
        part += of;
        with_input += of * (*reinterpret_cast<const Lanes*>(x + at) - center);
      }
      sum += __builtin_convertvector(part, WideLanes);
      product += __builtin_convertvector(with_input, WideLanes);
    }
    *reinterpret_cast<WideLanes*>(sums + c) = sum;
    *reinterpret_cast<WideLanes*>(products + c) = product;
  }
}

TT_KERNEL void normalize_sample(const float* x, const float* shortcut, float* y, int64_t pixels, int64_t channels, bool relu,
                                const float* mean, const float* factor, const float* shift) {
  const Lanes zero = {};
  for (int64_t p = 0; p < pixels; p++) {
    for (int64_t c = 0; c < channels; c += kLanes) {
      const int64_t at = p * channels + c;
      Lanes v = (*reinterpret_cast<const Lanes*>(x + at) - *reinterpret_cast<const Lanes*>(mean + c)) * *reinterpret_cast<const Lanes*>(factor + c) + *reinterpret_cast<const Lanes*>(shift + c);
      if (shortcut) v += *reinterpret_cast<const Lanes*>(shortcut + at);
      // What is not a number stays so.
      *reinterpret_cast<Lanes*>(y + at) = relu ? (v < zero ? zero : v) : v;
    }
  }
}

// The gradients of x and of the shortcut. constant and slope: of each channel, what normalization subtracts.
TT_KERNEL void sample_gradient(const float* x, const float* y, const float* g, float* dx, float* ds, int64_t pixels, int64_t channels,
                               bool relu, const float* mean, const float* factor, const float* constant, const float* slope) {
  const Lanes zero = {};
  for (int64_t p = 0; p < pixels; p++) {
    for (int64_t c = 0; c < channels; c += kLanes) {
      const int64_t at = p * channels + c;
      Lanes of = *reinterpret_cast<const Lanes*>(g + at);
      if (relu) of = *reinterpret_cast<const Lanes*>(y + at) <= zero ? zero : of;
      if (ds) *reinterpret_cast<Lanes*>(ds + at) = of;
      const Lanes d = *reinterpret_cast<const Lanes*>(x + at) - *reinterpret_cast<const Lanes*>(mean + c);
      *reinterpret_cast<Lanes*>(dx + at) = *reinterpret_cast<const Lanes*>(factor + c) * (of - *reinterpret_cast<const Lanes*>(constant + c) - d * *reinterpret_cast<const Lanes*>(slope + c));
    }
  }
}

template <class F> void each_sample(const MapLayout& m, const F& work) {
  in_shares([&](int64_t share, int64_t shares) {
    const Range own = part(m.samples, 1, share, shares);
    for (int64_t n = own.begin; n < own.end; n++) work(n);
  });
}

MapLayout layout_of(const at::Tensor& x, int64_t ghosts, int64_t size) {
  return {x.size(0), x.size(2) * x.size(3), x.size(1), ghosts, size};
}

// Mean, and 1 / sqrt(biased variance + eps), of each channel of each ghost, (count, C) each; the running statistics on the way.
void statistics(const MapLayout& m, const float* x, double eps, double kept, const double* weights, const std::vector<at::Tensor>& running, float* mean, float* inverse) {
  const int64_t c = m.channels;
  std::vector<double> means(static_cast<size_t>(m.samples * c)), squares(means.size());
  each_sample(m, [&](int64_t n) { sample_moments(x + n * m.plane(), m.pixels, c, &means[static_cast<size_t>(n * c)], &squares[static_cast<size_t>(n * c)]); });
  float* running_mean = running[0].data_ptr<float>();
  float* running_variance = running[1].data_ptr<float>();
  for (int64_t i = 0; i < c; i++) running_mean[i] *= static_cast<float>(kept), running_variance[i] *= static_cast<float>(kept);
  std::vector<double> center(static_cast<size_t>(c)), spread(static_cast<size_t>(c));
  for (int64_t g = 0; g < m.count(); g++) {
    const auto members = static_cast<double>(m.members(g));
    const int64_t first = g < m.ghosts ? g : m.ghosts * m.size, step = g < m.ghosts ? m.ghosts : 1;
    std::fill(center.begin(), center.end(), 0.0);
    std::fill(spread.begin(), spread.end(), 0.0);
    for (int64_t k = 0; k < m.members(g); k++)
      for (int64_t i = 0; i < c; i++) center[static_cast<size_t>(i)] += means[static_cast<size_t>((first + k * step) * c + i)] / members;
    for (int64_t k = 0; k < m.members(g); k++) {
      for (int64_t i = 0; i < c; i++) {
        const auto at = static_cast<size_t>((first + k * step) * c + i);
        const double off = means[at] - center[static_cast<size_t>(i)];
        spread[static_cast<size_t>(i)] += squares[at] + off * off * static_cast<double>(m.pixels);
      }
    }
    const double pixels = members * static_cast<double>(m.pixels);
    for (int64_t i = 0; i < c; i++) {
      const auto at = static_cast<size_t>(i);
      mean[g * c + i] = static_cast<float>(center[at]);
      inverse[g * c + i] = static_cast<float>(1 / std::sqrt(spread[at] / pixels + eps));
      running_mean[i] += static_cast<float>(weights[g] * center[at]);
      running_variance[i] += static_cast<float>(weights[g] * spread[at] / (pixels - 1));
    }
  }
  *running[2].data_ptr<int64_t>() += m.count();
}

struct Settings {
  int64_t ghosts, size;
  bool relu;
  double eps, kept;
  const double* weights;
  std::vector<at::Tensor> running;
};

struct MapNorm : torch::autograd::Function<MapNorm> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& scale, const at::Tensor& shift, const optional<at::Tensor>& added, const Settings& s) {
    const at::Tensor shortcut = added.has_value() ? *added : at::Tensor();
    const MapLayout m = layout_of(x, s.ghosts, s.size);
    at::Tensor mean = at::empty({m.count(), m.channels}, scale.options()), inverse = at::empty_like(mean);
    statistics(m, x.data_ptr<float>(), s.eps, s.kept, s.weights, s.running, mean.data_ptr<float>(), inverse.data_ptr<float>());
    const at::Tensor factor = inverse * scale;
    at::Tensor y = at::empty_like(x);
    each_sample(m, [&](int64_t n) {
      const int64_t at = n * m.plane(), g = m.ghost(n) * m.channels;
      normalize_sample(x.data_ptr<float>() + at, shortcut.defined() ? shortcut.data_ptr<float>() + at : nullptr, y.data_ptr<float>() + at, m.pixels, m.channels, s.relu,
                       mean.data_ptr<float>() + g, factor.data_ptr<float>() + g, shift.data_ptr<float>());
    });
    context->save_for_backward({x, scale, mean, inverse, s.relu ? y : at::Tensor()});
    context->saved_data["ghosts"] = s.ghosts;
    context->saved_data["size"] = s.size;
    context->saved_data["relu"] = s.relu;
    context->saved_data["shortcut"] = shortcut.defined();
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list outer) {
    TORCH_CHECK(!at::GradMode::is_enabled(), "The fused normalization has no second derivative; compute it on the plain path.");
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &scale = saved[1], &mean = saved[2], &inverse = saved[3], &y = saved[4];
    const bool relu = context->saved_data["relu"].toBool(), wants_shortcut = context->saved_data["shortcut"].toBool() && context->needs_input_grad(3);
    const MapLayout m = layout_of(x, context->saved_data["ghosts"].toInt(), context->saved_data["size"].toInt());
    const int64_t c = m.channels;
    const at::Tensor gradient = outer[0].contiguous(at::MemoryFormat::ChannelsLast);
    const float *px = x.data_ptr<float>(), *pg = gradient.data_ptr<float>(), *py = relu ? y.data_ptr<float>() : nullptr;

    std::vector<double> sums(static_cast<size_t>(m.samples * c)), products(sums.size());
    each_sample(m, [&](int64_t n) {
      const int64_t at = n * m.plane();
      sample_sums(px + at, relu ? py + at : nullptr, pg + at, m.pixels, c, relu, mean.data_ptr<float>() + m.ghost(n) * c, &sums[static_cast<size_t>(n * c)], &products[static_cast<size_t>(n * c)]);
    });

    at::Tensor dscale = at::zeros_like(scale), dshift = at::zeros_like(scale), constant = at::zeros_like(mean), slope = at::zeros_like(mean);
    reduce(m, sums, products, inverse.data_ptr<float>(), dscale.data_ptr<float>(), dshift.data_ptr<float>(), constant.data_ptr<float>(), slope.data_ptr<float>());
    const at::Tensor factor = inverse * scale;
    at::Tensor dx = at::empty_like(x), ds = wants_shortcut && relu ? at::empty_like(x) : at::Tensor();
    each_sample(m, [&](int64_t n) {
      const int64_t at = n * m.plane(), g = m.ghost(n) * c;
      sample_gradient(px + at, relu ? py + at : nullptr, pg + at, dx.data_ptr<float>() + at, ds.defined() ? ds.data_ptr<float>() + at : nullptr, m.pixels, c, relu,
                      mean.data_ptr<float>() + g, factor.data_ptr<float>() + g, constant.data_ptr<float>() + g, slope.data_ptr<float>() + g);
    });
    if (wants_shortcut && !relu) ds = gradient;
    return {dx, dscale, dshift, ds, at::Tensor()};
  }

  // From the sums of each sample to those of each ghost (their means, as normalization needs them) and of the batch, in a fixed order.
  static void reduce(const MapLayout& m, const std::vector<double>& sums, const std::vector<double>& products, const float* inverse,
                     float* dscale, float* dshift, float* constant, float* slope) {
    const int64_t c = m.channels;
    std::vector<double> sum(static_cast<size_t>(m.count() * c)), product(sum.size());
    for (int64_t n = 0; n < m.samples; n++) {
      for (int64_t i = 0; i < c; i++) {
        const auto to = static_cast<size_t>(m.ghost(n) * c + i), from = static_cast<size_t>(n * c + i);
        sum[to] += sums[from];
        product[to] += products[from];
      }
    }
    for (int64_t g = 0; g < m.count(); g++) {
      const double pixels = static_cast<double>(m.members(g) * m.pixels);
      for (int64_t i = 0; i < c; i++) {
        const auto at = static_cast<size_t>(g * c + i);
        const double spread = inverse[at];
        dshift[i] += static_cast<float>(sum[at]);
        dscale[i] += static_cast<float>(product[at] * spread);
        constant[at] = static_cast<float>(sum[at] / pixels);
        slope[at] = static_cast<float>(product[at] * spread * spread / pixels);
      }
    }
  }
};

bool is_map(const at::Tensor& t) {
  return t.device().is_cpu() && t.scalar_type() == at::kFloat && t.dim() == 4 && t.is_contiguous(at::MemoryFormat::ChannelsLast);
}

}  // namespace
}  // namespace tt

using namespace tt;

// Whether a tensor is (N, C, H, W) of floats in the host's memory, channels last, C a multiple of what a kernel handles at once.
TT_API int32_t tt_is_map(Handle tensor) { return is_map(*tensor) && tensor->size(1) % kLanes == 0 && tensor->numel() > 0; }

// The same values with channels last in memory.
TT_API Handle tt_channels_last(Handle tensor) {
  return make([&] { return tensor->contiguous(at::MemoryFormat::ChannelsLast); });
}

// relu(normalize(x) · scale + shift + shortcut): shortcut may be null, relu is optional. running: mean, variance and number of batches,
// which are updated: they keep the share `kept`, and each ghost counts its weight. Sample i of full ghost l is i · ghosts + l.
TT_API Handle tt_map_norm(Handle x, Handle scale, Handle shift, Handle shortcut, const Handle* running, int64_t ghosts, int64_t size,
                          int32_t relu, double eps, double kept, const double* weights) {
  return make([&] {
    TORCH_CHECK(is_map(*x) && x->size(1) % kLanes == 0, "Maps must be floats in the host's memory, channels last, a multiple of ", kLanes, " of them.");
    TORCH_CHECK(is_host_float(*scale) && is_host_float(*shift) && scale->numel() == x->size(1) && shift->numel() == x->size(1), "Scale and shift need a float for each channel.");
    TORCH_CHECK(ghosts >= 0 && (ghosts == 0 || size > 0) && ghosts * size <= x->size(0), "The ghosts must fit the batch.");
    optional<at::Tensor> other;
    if (shortcut) {
      TORCH_CHECK(shortcut->sizes() == x->sizes(), "The shortcut must have the shape of the maps.");
      other = shortcut->contiguous(at::MemoryFormat::ChannelsLast);
    }
    return MapNorm::apply(*x, *scale, *shift, other, Settings{ghosts, size, relu != 0, eps, kept, weights, list(running, 3)});
  });
}
