#include "shim.h"

using namespace tt;

namespace {

Handle finish(Options made, at::Tensor tensor) {
  if (made.requires_grad) tensor.requires_grad_();
  return new at::Tensor(std::move(tensor));
}

template <class F> Handle build(Options made, F&& f) noexcept {
  try {
    return finish(made, f(options(made)));
  } catch (...) {
    record_exception();
    return nullptr;
  }
}

}  // namespace

TT_API Handle tt_empty(const int64_t* size, int64_t n, Options o) {
  return build(o, [&](auto opt) { return at::empty(sizes(size, n), opt); });
}
TT_API Handle tt_empty_strided(const int64_t* size, int64_t n, const int64_t* strides, Options o) {
  return build(o, [&](auto opt) { return at::empty_strided(sizes(size, n), sizes(strides, n), opt); });
}
TT_API Handle tt_zeros(const int64_t* size, int64_t n, Options o) {
  return build(o, [&](auto opt) { return at::zeros(sizes(size, n), opt); });
}
TT_API Handle tt_ones(const int64_t* size, int64_t n, Options o) {
  return build(o, [&](auto opt) { return at::ones(sizes(size, n), opt); });
}
TT_API Handle tt_full(const int64_t* size, int64_t n, Number value, Options o) {
  return build(o, [&](auto opt) { return at::full(sizes(size, n), scalar(value), opt); });
}
TT_API Handle tt_rand(const int64_t* size, int64_t n, at::Generator* generator, Options o) {
  return build(o, [&](auto opt) { return at::rand(sizes(size, n), generator_or_none(generator), opt); });
}
TT_API Handle tt_randn(const int64_t* size, int64_t n, at::Generator* generator, Options o) {
  return build(o, [&](auto opt) { return at::randn(sizes(size, n), generator_or_none(generator), opt); });
}
TT_API Handle tt_randint(int64_t low, int64_t high, const int64_t* size, int64_t n, at::Generator* generator, Options o) {
  return build(o, [&](auto opt) { return at::randint(low, high, sizes(size, n), generator_or_none(generator), opt); });
}
TT_API Handle tt_randperm(int64_t n, at::Generator* generator, Options o) {
  return build(o, [&](auto opt) { return at::randperm(n, generator_or_none(generator), opt); });
}
TT_API Handle tt_arange(Number start, Number stop, Number step, Options o) {
  return build(o, [&](auto opt) { return at::arange(scalar(start), scalar(stop), scalar(step), opt); });
}
TT_API Handle tt_linspace(double start, double end, int64_t steps, Options o) {
  return build(o, [&](auto opt) { return at::linspace(start, end, steps, opt); });
}
TT_API Handle tt_eye(int64_t rows, int64_t columns, Options o) {
  return build(o, [&](auto opt) { return at::eye(rows, columns, opt); });
}
TT_API Handle tt_empty_like(Handle a, Options o) {
  return build(o, [&](auto opt) { return at::empty_like(*a, opt); });
}
TT_API Handle tt_zeros_like(Handle a, Options o) {
  return build(o, [&](auto opt) { return at::zeros_like(*a, opt); });
}
TT_API Handle tt_ones_like(Handle a, Options o) {
  return build(o, [&](auto opt) { return at::ones_like(*a, opt); });
}
TT_API Handle tt_full_like(Handle a, Number value, Options o) {
  return build(o, [&](auto opt) { return at::full_like(*a, scalar(value), opt); });
}
TT_API Handle tt_rand_like(Handle a, Options o) {
  return build(o, [&](auto opt) { return at::rand_like(*a, opt); });
}
TT_API Handle tt_randn_like(Handle a, Options o) {
  return build(o, [&](auto opt) { return at::randn_like(*a, opt); });
}

// Copies size elements of type `from` into a new tensor of the wanted type and device.
TT_API Handle tt_copy_of(const void* data, int32_t from, const int64_t* size, int64_t n, Options o) {
  return build(o, [&](at::TensorOptions opt) {
    auto type = static_cast<at::ScalarType>(from);
    auto borrowed = at::from_blob(const_cast<void*>(data), sizes(size, n), at::TensorOptions().dtype(type));
    auto wanted = opt.has_dtype() ? opt : opt.dtype(type);
    return borrowed.to(wanted, /*non_blocking=*/false, /*copy=*/true);
  });
}

// Shares the memory; released(context) is called when the last tensor that uses it is gone.
TT_API Handle tt_share(void* data, const int64_t* size, int64_t n, void (*released)(void*), void* context, Options o) {
  return build(o, [&](auto opt) {
    return at::from_blob(data, sizes(size, n), [released, context](void*) { released(context); }, opt);
  });
}
