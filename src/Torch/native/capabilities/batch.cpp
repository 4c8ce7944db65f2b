// A batch from stored pixels: gather, crop, mirror, repeat channels and normalize in one pass.
#include "parallel.h"

namespace tt {
namespace {

struct Source {
  const uint8_t* pixels;
  int64_t channels, height, width;
};

// What part of an image is taken, and what lies outside of it.
struct Crop {
  int64_t down, right, height, width;
  bool mirrored;
  uint8_t fill;
};

TT_KERNEL void normalize(const uint8_t* from, float* to, int64_t n, float scale, float shift) {
  for (int64_t i = 0; i < n; i++) to[i] = static_cast<float>(from[i]) * scale - shift;
}

// One channel of one image. Output (i, j) is input (i + down, j' + right), where j' is j, or counted from the right when mirrored.
void cropped(const uint8_t* from, float* to, const Source& s, const Crop& crop, float scale, float shift) {
  const float outside = static_cast<float>(crop.fill) * scale - shift;
  const int64_t first = std::clamp<int64_t>(-crop.right, 0, crop.width), last = std::clamp<int64_t>(s.width - crop.right, first, crop.width);
  for (int64_t i = 0; i < crop.height; i++, to += crop.width) {
    const int64_t row = i + crop.down;
    if (row < 0 || row >= s.height) {
      std::fill(to, to + crop.width, outside);
      continue;
    }
    std::fill(to, to + first, outside);
    normalize(from + row * s.width + first + crop.right, to + first, last - first, scale, shift);
    std::fill(to + last, to + crop.width, outside);
    if (crop.mirrored) std::reverse(to, to + crop.width);
  }
}

}  // namespace
}  // namespace tt

using namespace tt;

// images (N, C, H, W) of bytes, indexes (n), draws (n, 3) of 64-bit integers: first row and column of the part that is taken, counted
// with `padding` pixels of `fill` on every side, and 1 for a mirrored image; null for whole images. crop: rows and columns of the
// part, 0 for those of the image. Gives (n, channels, H', W'): pixel · scale[c] − shift[c]; a gray image is repeated.
TT_API Handle tt_image_batch(Handle images, Handle indexes, Handle draws, int64_t padding, int64_t crop, int32_t fill, int64_t channels,
                             const float* scale, const float* shift) {
  return make([&] {
    TORCH_CHECK(images->device().is_cpu() && images->scalar_type() == at::kByte && images->is_contiguous() && images->dim() == 4, "Images must be (N, C, H, W) of bytes in the host's memory.");
    TORCH_CHECK(indexes->scalar_type() == at::kLong && indexes->is_contiguous() && indexes->dim() == 1, "Indexes must be a vector of 64-bit integers.");
    const Source s{images->data_ptr<uint8_t>(), images->size(1), images->size(2), images->size(3)};
    const int64_t n = indexes->numel(), plane = s.height * s.width, stored = images->size(0);
    TORCH_CHECK(s.channels == channels || s.channels == 1, "Images have ", s.channels, " channels, not ", channels, ".");
    const at::Tensor drawn = draws ? draws->contiguous() : at::Tensor();
    TORCH_CHECK(!draws || (drawn.scalar_type() == at::kLong && drawn.numel() == 3 * n), "There must be three draws for each image.");
    const int64_t* index = indexes->data_ptr<int64_t>();
    for (int64_t i = 0; i < n; i++) TORCH_CHECK_INDEX(index[i] >= 0 && index[i] < stored, "There is no image ", index[i], ".");
    const bool whole = !draws;
    const int64_t height = whole || crop == 0 ? s.height : crop, width = whole || crop == 0 ? s.width : crop;
    at::Tensor result = at::empty({n, channels, height, width}, images->options().dtype(at::kFloat));
    float* out = result.data_ptr<float>();
    const int64_t* draw = draws ? drawn.data_ptr<int64_t>() : nullptr;
    in_shares([&](int64_t share, int64_t shares) {
      const Range own = part(n, 1, share, shares);
      for (int64_t i = own.begin; i < own.end; i++) {
        float* image = out + i * channels * height * width;
        for (int64_t c = 0; c < channels; c++) {
          float* to = image + c * height * width;
          const uint8_t* from = s.pixels + (index[i] * s.channels + (s.channels == 1 ? 0 : c)) * plane;
          if (c > 0 && s.channels == 1 && scale[c] == scale[0] && shift[c] == shift[0])
            std::memcpy(to, image, static_cast<size_t>(height * width) * sizeof(float));
          else if (whole)
            normalize(from, to, plane, scale[c], shift[c]);
          else
            cropped(from, to, s, {draw[3 * i] - padding, draw[3 * i + 1] - padding, height, width, draw[3 * i + 2] != 0, static_cast<uint8_t>(fill)}, scale[c], shift[c]);
        }
      }
    });
    return result;
  });
}
