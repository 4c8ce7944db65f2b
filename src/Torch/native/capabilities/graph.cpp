// Records the device work of a piece of code as a CUDA graph and does it again with one launch. TT_CUDA says that CUDA's headers and
// a libtorch with CUDA were there when this was compiled.
#include "shim.h"

#ifdef TT_CUDA
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <torch/cuda.h>

namespace tt {
namespace {

struct Recording {
  at::cuda::CUDAGraph graph;
  c10::cuda::CUDAStream before;  // the stream to go back to
  bool open = false;

  explicit Recording(c10::cuda::CUDAStream stream) : before(stream) {}

  void end() {
    open = false;
    // libtorch asks for the stream of the current device, which need not be the recording's.
    const c10::cuda::CUDAGuard guard(before.device_index());
    // Whatever becomes of the recording, later work goes to the stream of before.
    struct Back {
      c10::cuda::CUDAStream stream;
      ~Back() { c10::cuda::setCurrentCUDAStream(stream); }
    } back{before};
    graph.capture_end();
  }
};

}  // namespace
}  // namespace tt

using namespace tt;

TT_API int32_t tt_graph_available() { return torch::cuda::is_available(); }

// From here to tt_graph_end the calling thread's work on the device is recorded and not done. The memory that it uses stays reserved
// for the graph, so its results remain where they are from replay to replay.
TT_API void* tt_graph_begin(int32_t device) {
  Recording* recording = nullptr;
  const int32_t failed = run([&] {
    // A capture may not begin on the default stream, and must not overtake what is still at work there.
    torch::cuda::synchronize(device);
    const auto index = static_cast<c10::DeviceIndex>(device);
    const c10::cuda::CUDAGuard guard(index);
    recording = new Recording(c10::cuda::getCurrentCUDAStream(index));
    c10::cuda::setCurrentCUDAStream(c10::cuda::getStreamFromPool(false, index));
    try {
      recording->graph.capture_begin();
    } catch (...) {
      c10::cuda::setCurrentCUDAStream(recording->before);
      delete recording;
      recording = nullptr;
      throw;
    }
    recording->open = true;
  });
  return failed ? nullptr : recording;
}
TT_API int32_t tt_graph_end(void* recording) {
  return run([&] { static_cast<Recording*>(recording)->end(); });
}
TT_API int32_t tt_graph_replay(void* recording) {
  return run([&] { static_cast<Recording*>(recording)->graph.replay(); });
}
// Also gives up a recording that has not ended.
TT_API int32_t tt_graph_free(void* recording) {
  const std::unique_ptr<Recording> owned(static_cast<Recording*>(recording));
  return owned->open ? run([&] { owned->end(); }) : 0;
}

#else

TT_API int32_t tt_graph_available() { return 0; }
TT_API void* tt_graph_begin(int32_t) {
  tt::run([] { TORCH_CHECK(false, "This library was built without CUDA."); });
  return nullptr;
}
TT_API int32_t tt_graph_end(void*) { return 1; }
TT_API int32_t tt_graph_replay(void*) { return 1; }
TT_API int32_t tt_graph_free(void*) { return 1; }

#endif
