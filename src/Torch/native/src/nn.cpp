#include "shim.h"

using namespace tt;

TT_API Handle tt_linear(Handle input, Handle weight, Handle bias) {
  return make([&] { return at::linear(*input, *weight, or_none(bias)); });
}
TT_API Handle tt_conv2d(Handle input, Handle weight, Handle bias, const int64_t* stride, const int64_t* padding,
                        const int64_t* dilation, int64_t groups) {
  return make([&] {
    return at::conv2d(*input, *weight, or_none(bias), sizes(stride, 2), sizes(padding, 2), sizes(dilation, 2), groups);
  });
}
TT_API Handle tt_conv2d_same(Handle input, Handle weight, Handle bias, const int64_t* stride, const int64_t* dilation,
                             int64_t groups) {
  return make([&] {
    return at::conv2d(*input, *weight, or_none(bias), sizes(stride, 2), "same", sizes(dilation, 2), groups);
  });
}
TT_API Handle tt_batch_norm(Handle input, Handle mean, Handle variance, Handle weight, Handle bias, int32_t training,
                            double momentum, double eps) {
  return make([&] {
    return at::batch_norm(*input, or_none(weight), or_none(bias), or_none(mean), or_none(variance), training != 0, momentum,
                          eps, at::globalContext().userEnabledCuDNN());
  });
}
TT_API Handle tt_group_norm(Handle input, int64_t groups, Handle weight, Handle bias, double eps) {
  return make([&] { return at::group_norm(*input, groups, or_none(weight), or_none(bias), eps); });
}
TT_API Handle tt_layer_norm(Handle input, const int64_t* shape, int64_t n, Handle weight, Handle bias, double eps) {
  return make([&] { return at::layer_norm(*input, sizes(shape, n), or_none(weight), or_none(bias), eps); });
}
TT_API Handle tt_max_pool2d(Handle input, const int64_t* kernel, const int64_t* stride, const int64_t* padding,
                            const int64_t* dilation, int32_t ceil_mode) {
  return make([&] {
    return at::max_pool2d(*input, sizes(kernel, 2), sizes(stride, 2), sizes(padding, 2), sizes(dilation, 2), ceil_mode != 0);
  });
}
TT_API int32_t tt_max_pool2d_with_indices(Handle input, const int64_t* kernel, const int64_t* stride,
                                          const int64_t* padding, const int64_t* dilation, int32_t ceil_mode,
                                          Handle* values, Handle* indexes) {
  return run([&] {
    hand_over(at::max_pool2d_with_indices(*input, sizes(kernel, 2), sizes(stride, 2), sizes(padding, 2),
                                          sizes(dilation, 2), ceil_mode != 0),
              values, indexes);
  });
}
TT_API Handle tt_avg_pool2d(Handle input, const int64_t* kernel, const int64_t* stride, const int64_t* padding,
                            int32_t ceil_mode, int32_t count_include_pad, int64_t divisor) {
  return make([&] {
    return at::avg_pool2d(*input, sizes(kernel, 2), sizes(stride, 2), sizes(padding, 2), ceil_mode != 0,
                          count_include_pad != 0, divisor > 0 ? optional<int64_t>(divisor) : optional<int64_t>());
  });
}
TT_API Handle tt_adaptive_avg_pool2d(Handle input, const int64_t* size) {
  return make([&] { return at::adaptive_avg_pool2d(*input, sizes(size, 2)); });
}
TT_API Handle tt_dropout(Handle input, double p, int32_t training) {
  return make([&] { return at::dropout(*input, p, training != 0); });
}
TT_API int32_t tt_dropout_(Handle input, double p, int32_t training) {
  return run([&] { at::dropout_(*input, p, training != 0); });
}
TT_API Handle tt_cross_entropy(Handle input, Handle target, Handle weight, int64_t reduction, int64_t ignore_index,
                               double label_smoothing) {
  return make([&] {
    return at::cross_entropy_loss(*input, *target, or_none(weight), reduction, ignore_index, label_smoothing);
  });
}
TT_API Handle tt_nll_loss(Handle input, Handle target, Handle weight, int64_t reduction, int64_t ignore_index) {
  return make([&] { return at::nll_loss_nd(*input, *target, or_none(weight), reduction, ignore_index); });
}
TT_API Handle tt_mse_loss(Handle input, Handle target, int64_t reduction) {
  return make([&] { return at::mse_loss(*input, *target, reduction); });
}
TT_API Handle tt_one_hot(Handle input, int64_t classes) {
  return make([&] { return at::one_hot(*input, classes); });
}
// mode: 0 constant, 1 reflect, 2 replicate, 3 circular.
TT_API Handle tt_pad(Handle input, const int64_t* pad, int64_t n, int32_t mode, double value) {
  return make([&]() -> at::Tensor {
    if (mode == 0) return at::constant_pad_nd(*input, sizes(pad, n), value);
    const char* name = mode == 1 ? "reflect" : mode == 2 ? "replicate" : "circular";
    return at::pad(*input, sizes(pad, n), name);
  });
}
