// Images from JPEG files through libjpeg-turbo, and the middle square of an image, resampled.
//
// The library is loaded when it is first needed and not linked, so that a machine without it trains all the same. Compiling needs
// its header (libturbojpeg0-dev), running needs the library (libturbojpeg0).
#include "shim.h"

#include <dlfcn.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#ifdef TT_TURBOJPEG
#include <turbojpeg.h>
#endif

namespace tt {
namespace pictures {

constexpr int64_t kChannels = 3;

// Pixels of red, green and blue, row by row.
struct Picture {
  int64_t height, width;
  std::vector<uint8_t> pixels;
};

// How one output pixel is made of the source pixels from `first` on.
struct Taps {
  int64_t first;
  std::vector<float> weights;
};

// Triangle filter, stretched where the image shrinks so that every source pixel counts: no aliasing.
std::vector<Taps> taps(int64_t from, int64_t to, int64_t offset, int64_t count) {
  const double scale = static_cast<double>(from) / to, reach = std::max(scale, 1.0);
  std::vector<Taps> all(count);
  for (int64_t i = 0; i < count; i++) {
    const double center = (i + offset + 0.5) * scale;
    const auto first = std::max<int64_t>(0, static_cast<int64_t>(std::floor(center - reach)));
    const auto last = std::min<int64_t>(from, static_cast<int64_t>(std::ceil(center + reach)));
    std::vector<double> weights;
    double sum = 0;
    for (int64_t s = first; s < last; s++) {
      weights.push_back(std::max(0.0, 1 - std::abs(s + 0.5 - center) / reach));
      sum += weights.back();
    }
    all[i].first = first;
    for (const double weight : weights) all[i].weights.push_back(static_cast<float>(weight / sum));
  }
  return all;
}

// Scales the shorter side to `size` and takes the middle: (3, size, size), channel by channel.
void square(const uint8_t* pixels, int64_t height, int64_t width, int64_t size, uint8_t* out) {
  const int64_t shorter = std::min(height, width);
  const int64_t tall = std::max(size, height * size / shorter), wide = std::max(size, width * size / shorter);
  const auto rows = taps(height, tall, (tall - size) / 2, size), columns = taps(width, wide, (wide - size) / 2, size);
  const int64_t top = rows.front().first, bottom = rows.back().first + static_cast<int64_t>(rows.back().weights.size());

  std::vector<float> narrow((bottom - top) * size * kChannels);
  for (int64_t y = top; y < bottom; y++) {
    float* to = narrow.data() + (y - top) * size * kChannels;
    for (int64_t x = 0; x < size; x++, to += kChannels) {
      const uint8_t* from = pixels + (y * width + columns[x].first) * kChannels;
      float sum[kChannels] = {};
      for (const float weight : columns[x].weights)
        for (int64_t c = 0; c < kChannels; c++) sum[c] += weight * *from++;
      std::copy(sum, sum + kChannels, to);
    }
  }
  std::vector<float> line(size * kChannels);
  for (int64_t y = 0; y < size; y++) {
    std::fill(line.begin(), line.end(), 0.5f);
    const float* from = narrow.data() + (rows[y].first - top) * size * kChannels;
    for (const float weight : rows[y].weights)
      for (float& value : line) value += weight * *from++;
    for (int64_t x = 0; x < size; x++)
      for (int64_t c = 0; c < kChannels; c++)
        out[(c * size + y) * size + x] = static_cast<uint8_t>(std::clamp(line[x * kChannels + c], 0.0f, 255.0f));
  }
}

#ifdef TT_TURBOJPEG

struct TurboJpeg {
  decltype(&tjInitDecompress) init;
  decltype(&tjDecompressHeader3) header;
  decltype(&tjDecompress2) decompress;
  decltype(&tjDestroy) destroy;
  decltype(&tjGetErrorStr2) error_text;
  decltype(&tjGetErrorCode) error_code;
  bool loaded = false;

  TurboJpeg() {
    void* library = dlopen("libturbojpeg.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    loaded = bind(library, "tjInitDecompress", init) && bind(library, "tjDecompressHeader3", header) &&
             bind(library, "tjDecompress2", decompress) && bind(library, "tjDestroy", destroy) &&
             bind(library, "tjGetErrorStr2", error_text) && bind(library, "tjGetErrorCode", error_code);
  }

  template <class F> static bool bind(void* library, const char* name, F& function) {
    function = reinterpret_cast<F>(dlsym(library, name));
    return function != nullptr;
  }

  static const TurboJpeg& get() {
    static const TurboJpeg library;
    return library;
  }
};

// Halves the image while it is decoded, as long as four times as many pixels as needed are left for the filter to average.
tjscalingfactor reduction(int64_t shorter, int64_t size) {
  int denominator = 1;
  while (denominator < 8 && shorter / (2 * denominator) >= 2 * size) denominator *= 2;
  return {1, denominator};
}

Picture decode(const uint8_t* jpeg, int64_t length, int64_t size, int32_t* warned) {
  const TurboJpeg& turbo = TurboJpeg::get();
  struct Handle {
    const TurboJpeg& turbo;
    tjhandle handle;
    ~Handle() {
      if (handle) turbo.destroy(handle);
    }
  } decoder{turbo, turbo.init()};
  if (!decoder.handle) throw std::runtime_error("libjpeg-turbo has no memory for a decoder");
  const auto check = [&](int code) {
    if (code == 0) return;
    if (turbo.error_code(decoder.handle) != TJERR_WARNING) throw std::runtime_error(turbo.error_text(decoder.handle));
    *warned = 1;
  };

  int width = 0, height = 0, subsampling = 0, colors = 0;
  check(turbo.header(decoder.handle, jpeg, static_cast<unsigned long>(length), &width, &height, &subsampling, &colors));
  const tjscalingfactor factor = reduction(std::min(width, height), size);
  width = TJSCALED(width, factor), height = TJSCALED(height, factor);
  const bool printed = colors == TJCS_CMYK || colors == TJCS_YCCK;
  const int64_t count = static_cast<int64_t>(width) * height;
  std::vector<uint8_t> pixels(count * (printed ? 4 : kChannels));
  check(turbo.decompress(decoder.handle, jpeg, static_cast<unsigned long>(length), pixels.data(), width, 0, height,
                         printed ? TJPF_CMYK : TJPF_RGB, TJFLAG_ACCURATEDCT));
  if (printed) {
    // Adobe stores ink inverted, 255 for none, and ImageNet's files of this kind are all Adobe's.
    for (int64_t i = 0; i < count; i++)
      for (int64_t c = 0; c < kChannels; c++) pixels[i * kChannels + c] = static_cast<uint8_t>((pixels[i * 4 + c] * pixels[i * 4 + 3] + 127) / 255);
    pixels.resize(count * kChannels);
  }
  return {height, width, std::move(pixels)};
}

bool available() { return TurboJpeg::get().loaded; }

#else

Picture decode(const uint8_t*, int64_t, int64_t, int32_t*) { throw std::runtime_error("compiled without turbojpeg.h"); }

bool available() { return false; }

#endif

}  // namespace pictures
}  // namespace tt

using namespace tt;

// Whether JPEG files can be decoded: compiled with the header, and the library is there.
TT_API int32_t tt_jpeg_available() { return pictures::available() ? 1 : 0; }

// The middle square of a JPEG file, (3, size, size), the shorter side scaled to size. warned becomes 1 when the file is damaged but
// could be decoded.
TT_API int32_t tt_jpeg_square(const uint8_t* jpeg, int64_t length, int64_t size, uint8_t* out, int32_t* warned) {
  return run([&] {
    *warned = 0;
    const pictures::Picture picture = pictures::decode(jpeg, length, size, warned);
    pictures::square(picture.pixels.data(), picture.height, picture.width, size, out);
  });
}

// The same of pixels of red, green and blue, row by row.
TT_API int32_t tt_picture_square(const uint8_t* pixels, int64_t height, int64_t width, int64_t size, uint8_t* out) {
  return run([&] { pictures::square(pixels, height, width, size, out); });
}
