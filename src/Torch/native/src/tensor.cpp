#include "shim.h"

#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cstring>

using namespace tt;

TT_API void tt_free(Handle a) { delete a; }
TT_API void tt_free_array(Handle* handles) { delete[] handles; }
// A second handle to the same tensor object.
TT_API Handle tt_alias_handle(Handle a) {
  return make([&] { return *a; });
}

TT_API int32_t tt_dtype(Handle a) { return static_cast<int32_t>(a->scalar_type()); }
TT_API int32_t tt_device_type(Handle a) { return static_cast<int32_t>(a->device().type()); }
TT_API int32_t tt_device_index(Handle a) { return a->device().index(); }
TT_API int64_t tt_dim(Handle a) { return a->dim(); }
TT_API int64_t tt_numel(Handle a) { return a->numel(); }
TT_API int64_t tt_element_size(Handle a) { return static_cast<int64_t>(a->element_size()); }
TT_API int64_t tt_storage_offset(Handle a) { return a->storage_offset(); }
TT_API int32_t tt_is_contiguous(Handle a) { return a->is_contiguous(); }
TT_API int32_t tt_is_leaf(Handle a) { return a->is_leaf(); }
TT_API int32_t tt_requires_grad(Handle a) { return a->requires_grad(); }
TT_API void tt_sizes(Handle a, int64_t* out) {
  auto values = a->sizes();
  std::copy(values.begin(), values.end(), out);
}
TT_API void tt_strides(Handle a, int64_t* out) {
  auto values = a->strides();
  std::copy(values.begin(), values.end(), out);
}
TT_API void* tt_data(Handle a) {
  void* data = nullptr;
  return run([&] { data = a->data_ptr(); }) == 0 ? data : nullptr;
}
TT_API int32_t tt_is_pinned(Handle a, int32_t* out) {
  return run([&] { *out = a->is_pinned(); });
}
TT_API Handle tt_pin_memory(Handle a) {
  return make([&] { return a->pin_memory(); });
}
TT_API int32_t tt_item(Handle a, Number* out) {
  return run([&] {
    auto value = a->item();
    if (value.isFloatingPoint()) {
      double number = value.toDouble();
      out->kind = 1;
      std::memcpy(&out->bits, &number, sizeof number);
    } else if (value.isBoolean()) {
      *out = {2, value.toBool()};
    } else {
      *out = {0, value.toLong()};
    }
  });
}

TT_API Handle tt_to(Handle a, int32_t dtype, int32_t device_type, int32_t device_index, int32_t non_blocking, int32_t copy) {
  return make([&] {
    auto wanted = options({dtype < 0 ? static_cast<int32_t>(a->scalar_type()) : dtype,
                           device_type < 0 ? static_cast<int32_t>(a->device().type()) : device_type,
                           device_type < 0 ? a->device().index() : device_index, 0});
    return a->to(wanted, non_blocking != 0, copy != 0);
  });
}
TT_API Handle tt_clone(Handle a) {
  return make([&] { return a->clone(); });
}
TT_API Handle tt_contiguous(Handle a) {
  return make([&] { return a->contiguous(); });
}
TT_API Handle tt_alias(Handle a) {
  return make([&] { return at::alias(*a); });
}
TT_API int32_t tt_copy_(Handle a, Handle source, int32_t non_blocking) {
  return run([&] { a->copy_(*source, non_blocking != 0); });
}
TT_API int32_t tt_set_(Handle a, Handle source) {
  return run([&] { a->set_(*source); });
}

// Autograd

TT_API Handle tt_detach(Handle a) {
  return make([&] { return a->detach(); });
}
TT_API int32_t tt_detach_(Handle a) {
  return run([&] { a->detach_(); });
}
TT_API int32_t tt_set_requires_grad(Handle a, int32_t value) {
  return run([&] { a->requires_grad_(value != 0); });
}
TT_API int32_t tt_retain_grad(Handle a) {
  return run([&] { a->retain_grad(); });
}
// Sets *out to null when there is no gradient.
TT_API int32_t tt_grad(Handle a, Handle* out) {
  return run([&] {
    const at::Tensor& grad = a->grad();
    *out = grad.defined() ? new at::Tensor(grad) : nullptr;
  });
}
TT_API int32_t tt_set_grad(Handle a, Handle grad) {
  return run([&] { a->mutable_grad() = or_undefined(grad); });
}
TT_API int32_t tt_zero_grads(const Handle* tensors, int64_t count, int32_t to_none) {
  return run([&] {
    at::NoGradGuard no_grad;
    for (int64_t i = 0; i < count; i++) {
      at::Tensor& grad = tensors[i]->mutable_grad();
      if (!grad.defined()) continue;
      if (to_none) {
        grad = at::Tensor();
      } else {
        grad.detach_();
        grad.zero_();
      }
    }
  });
}
TT_API int32_t tt_backward(const Handle* tensors, int64_t n, const Handle* grads, int64_t grad_count, int32_t retain_graph,
                           int32_t create_graph, const Handle* inputs, int64_t input_count) {
  return run([&] {
    torch::autograd::backward(list(tensors, n), list(grads, grad_count), retain_graph != 0, create_graph != 0,
                              list(inputs, input_count));
  });
}
TT_API int32_t tt_autograd_grad(const Handle* outputs, int64_t n, const Handle* inputs, int64_t input_count,
                                const Handle* grads, int64_t grad_count, int32_t retain_graph, int32_t create_graph,
                                int32_t allow_unused, Handle* out) {
  return run([&] {
    auto result = torch::autograd::grad(list(outputs, n), list(inputs, input_count), list(grads, grad_count),
                                        retain_graph != 0, create_graph != 0, allow_unused != 0);
    for (size_t i = 0; i < result.size(); i++) out[i] = result[i].defined() ? new at::Tensor(result[i]) : nullptr;
  });
}
TT_API int32_t tt_grad_mode() { return at::GradMode::is_enabled(); }
TT_API void tt_set_grad_mode(int32_t enabled) { at::GradMode::set_enabled(enabled != 0); }
TT_API void* tt_enter_inference_mode(int32_t enabled) { return new c10::InferenceMode(enabled != 0); }
TT_API void tt_leave_inference_mode(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }
TT_API int32_t tt_is_inference_mode() { return c10::InferenceMode::is_enabled(); }
