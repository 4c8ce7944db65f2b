#include "shim.h"

#include <ATen/Parallel.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <cstring>
#include <exception>
#include <string>

namespace tt {

namespace {
thread_local std::string last_error;
}

void record_exception() noexcept {
  try {
    throw;
  } catch (const c10::Error& error) {
    last_error = error.what_without_backtrace();
  } catch (const std::exception& error) {
    last_error = error.what();
  } catch (...) {
    last_error = "an error that is not a std::exception";
  }
}

at::Scalar scalar(Number number) {
  if (number.kind == 1) {
    double value;
    std::memcpy(&value, &number.bits, sizeof value);
    return at::Scalar(value);
  }
  return number.kind == 2 ? at::Scalar(number.bits != 0) : at::Scalar(number.bits);
}

optional<at::Scalar> optional_scalar(Number number) {
  return number.kind < 0 ? optional<at::Scalar>() : optional<at::Scalar>(scalar(number));
}

at::TensorOptions options(Options options) {
  at::TensorOptions result;
  if (options.dtype >= 0) result = result.dtype(static_cast<at::ScalarType>(options.dtype));
  if (options.device_type >= 0)
    result = result.device(at::Device(static_cast<at::DeviceType>(options.device_type),
                                      static_cast<at::DeviceIndex>(options.device_index)));
  return result;
}

std::vector<at::Tensor> list(const Handle* tensors, int64_t count) {
  std::vector<at::Tensor> result;
  result.reserve(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; i++) result.push_back(or_undefined(tensors[i]));
  return result;
}

}  // namespace tt

using namespace tt;

TT_API const char* tt_take_error() { return last_error.c_str(); }
TT_API const char* tt_version() { return TORCH_VERSION; }

TT_API int32_t tt_get_num_threads() { return at::get_num_threads(); }
TT_API int32_t tt_set_num_threads(int32_t count) { return run([&] { at::set_num_threads(count); }); }
TT_API int32_t tt_get_num_interop_threads() { return static_cast<int32_t>(at::get_num_interop_threads()); }
TT_API int32_t tt_set_num_interop_threads(int32_t count) { return run([&] { at::set_num_interop_threads(count); }); }

TT_API int32_t tt_cuda_device_count() { return static_cast<int32_t>(torch::cuda::device_count()); }
TT_API int32_t tt_cudnn_is_available() { return torch::cuda::cudnn_is_available(); }
TT_API int32_t tt_cuda_synchronize(int64_t device) { return run([&] { torch::cuda::synchronize(device); }); }
TT_API int32_t tt_cuda_manual_seed(uint64_t seed) { return run([&] { torch::cuda::manual_seed(seed); }); }
TT_API int32_t tt_cuda_manual_seed_all(uint64_t seed) { return run([&] { torch::cuda::manual_seed_all(seed); }); }

TT_API int32_t tt_get_tf32_matmul() { return at::globalContext().allowTF32CuBLAS(); }
TT_API int32_t tt_set_tf32_matmul(int32_t allow) { return run([&] { at::globalContext().setAllowTF32CuBLAS(allow != 0); }); }
TT_API int32_t tt_get_tf32_cudnn() { return at::globalContext().allowTF32CuDNN(); }
TT_API int32_t tt_set_tf32_cudnn(int32_t allow) { return run([&] { at::globalContext().setAllowTF32CuDNN(allow != 0); }); }
