// Regions in which libtorch casts the inputs of matrix products and convolutions to bfloat16 (on the calling thread).
#include "shim.h"

#include <ATen/autocast_mode.h>
#include <torch/version.h>

namespace tt {
namespace {

// Up to libtorch 2.3 each kind of device has its own functions, whose names later ones deprecate for one that takes the device.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
void set_autocast(at::DeviceType device, bool on) {
  if (on) at::autocast::set_autocast_dtype(device, at::kBFloat16);
  at::autocast::set_autocast_enabled(device, on);
}
#else
void set_autocast(at::DeviceType device, bool on) {
  TORCH_CHECK(device == at::kCPU || device == at::kCUDA, "Casts are for CPU and CUDA, not for ", device, ".");
  if (device == at::kCPU) {
    if (on) at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
    at::autocast::set_cpu_enabled(on);
  } else {
    if (on) at::autocast::set_autocast_gpu_dtype(at::kBFloat16);
    at::autocast::set_enabled(on);
  }
}
#endif

}  // namespace
}  // namespace tt

using namespace tt;

TT_API int32_t tt_autocast_enter(int32_t device_type) {
  return run([&] {
    set_autocast(static_cast<at::DeviceType>(device_type), true);
    at::autocast::increment_nesting();
  });
}

// Also frees the copies of the weights that were cast in the region.
TT_API int32_t tt_autocast_leave(int32_t device_type) {
  return run([&] {
    if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
    set_autocast(static_cast<at::DeviceType>(device_type), false);
  });
}
