// The flat C interface over libtorch that the C# side binds to.
//
// Conventions
//   - A tensor is an at::Tensor* that the caller owns and gives back with tt_free.
//   - A function that makes a tensor returns it, or null after an error. Others return 0, or 1 after an error.
//   - The text of the last error of a thread is kept until tt_take_error.
//   - Only interfaces that libtorch 1.13 and 2.x share are used.
#pragma once

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#define TT_API extern "C" __attribute__((visibility("default")))

namespace tt {

using Handle = at::Tensor*;

// c10::optional in libtorch 1.13, std::optional in later ones: taken from a function that returns one.
template <class T> struct optional_of;
template <template <class...> class Optional, class Any> struct optional_of<Optional<Any>> {
  template <class T> using type = Optional<T>;
};
template <class T>
using optional = typename optional_of<decltype(std::declval<at::TensorOptions>().device_opt())>::template type<T>;

// A number with its kind: 0 whole (bits are an int64), 1 floating point (bits are a double), 2 boolean, -1 absent.
struct Number {
  int64_t kind;
  int64_t bits;
};

// Where and how to make a tensor; dtype and device_type are -1 for libtorch's default.
struct Options {
  int32_t dtype;
  int32_t device_type;
  int32_t device_index;
  int32_t requires_grad;
};

at::Scalar scalar(Number number);
optional<at::Scalar> optional_scalar(Number number);
at::TensorOptions options(Options options);

inline at::Tensor or_undefined(Handle tensor) { return tensor ? *tensor : at::Tensor(); }

inline optional<at::Tensor> or_none(Handle tensor) {
  return tensor ? optional<at::Tensor>(*tensor) : optional<at::Tensor>();
}

inline optional<at::ScalarType> dtype_or_none(int32_t dtype) {
  return dtype < 0 ? optional<at::ScalarType>() : optional<at::ScalarType>(static_cast<at::ScalarType>(dtype));
}

inline optional<at::Generator> generator_or_none(at::Generator* generator) {
  return generator ? optional<at::Generator>(*generator) : optional<at::Generator>();
}

inline at::IntArrayRef sizes(const int64_t* values, int64_t count) {
  return at::IntArrayRef(values, static_cast<size_t>(count));
}

std::vector<at::Tensor> list(const Handle* tensors, int64_t count);

// Keeps the text of the exception in flight; call it in a catch block only.
void record_exception() noexcept;

template <class F> Handle make(F&& f) noexcept {
  try {
    return new at::Tensor(f());
  } catch (...) {
    record_exception();
    return nullptr;
  }
}

template <class F> int32_t run(F&& f) noexcept {
  try {
    f();
    return 0;
  } catch (...) {
    record_exception();
    return 1;
  }
}

// Hands several tensors over as a new array of handles that the caller frees with tt_free_array.
template <class F> int32_t make_list(Handle** out, int64_t* count, F&& f) noexcept {
  return run([&] {
    std::vector<at::Tensor> tensors = f();
    auto handles = std::make_unique<Handle[]>(tensors.size());
    for (size_t i = 0; i < tensors.size(); i++) handles[i] = new at::Tensor(std::move(tensors[i]));
    *count = static_cast<int64_t>(tensors.size());
    *out = handles.release();
  });
}

template <class Pair> void hand_over(Pair&& pair, Handle* first, Handle* second) {
  *first = new at::Tensor(std::get<0>(pair));
  *second = new at::Tensor(std::get<1>(pair));
}

}  // namespace tt
