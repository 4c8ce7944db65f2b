#include "shim.h"

#include <mutex>

using namespace tt;

TT_API int32_t tt_manual_seed(uint64_t seed) {
  return run([&] { at::manual_seed(seed); });
}
TT_API at::Generator* tt_default_generator(int32_t device_type, int32_t device_index) {
  at::Generator* result = nullptr;
  run([&] {
    at::Device device(static_cast<at::DeviceType>(device_type), static_cast<at::DeviceIndex>(device_index));
    result = new at::Generator(at::globalContext().defaultGenerator(device));
  });
  return result;
}
// A generator of its own: cloning the default one works on every device without that device's headers.
TT_API at::Generator* tt_new_generator(int32_t device_type, int32_t device_index, uint64_t seed) {
  at::Generator* result = nullptr;
  run([&] {
    at::Device device(static_cast<at::DeviceType>(device_type), static_cast<at::DeviceIndex>(device_index));
    at::Generator shared = at::globalContext().defaultGenerator(device);
    std::lock_guard<std::mutex> lock(shared.mutex());
    auto own = std::make_unique<at::Generator>(shared.clone());
    own->set_current_seed(seed);
    result = own.release();
  });
  return result;
}
TT_API void tt_free_generator(at::Generator* generator) { delete generator; }
TT_API int32_t tt_generator_seed(at::Generator* generator, uint64_t seed) {
  return run([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_current_seed(seed);
  });
}
TT_API int32_t tt_generator_new_seed(at::Generator* generator, uint64_t* out) {
  return run([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    *out = generator->seed();
  });
}
TT_API int32_t tt_generator_initial_seed(at::Generator* generator, uint64_t* out) {
  return run([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    *out = generator->current_seed();
  });
}
TT_API Handle tt_generator_state(at::Generator* generator) {
  return make([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    return generator->get_state();
  });
}
TT_API int32_t tt_set_generator_state(at::Generator* generator, Handle state) {
  return run([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_state(*state);
  });
}

TT_API Handle tt_bernoulli(Handle p, at::Generator* generator) {
  return make([&] { return at::bernoulli(*p, generator_or_none(generator)); });
}
TT_API int32_t tt_bernoulli_(Handle a, double p, at::Generator* generator) {
  return run([&] { a->bernoulli_(p, generator_or_none(generator)); });
}
TT_API int32_t tt_bernoulli_tensor_(Handle a, Handle p, at::Generator* generator) {
  return run([&] { a->bernoulli_(*p, generator_or_none(generator)); });
}
TT_API int32_t tt_normal_(Handle a, double mean, double std, at::Generator* generator) {
  return run([&] { a->normal_(mean, std, generator_or_none(generator)); });
}
TT_API int32_t tt_uniform_(Handle a, double from, double to, at::Generator* generator) {
  return run([&] { a->uniform_(from, to, generator_or_none(generator)); });
}
TT_API Handle tt_multinomial(Handle a, int64_t count, int32_t replacement, at::Generator* generator) {
  return make([&] { return at::multinomial(*a, count, replacement != 0, generator_or_none(generator)); });
}
TT_API Handle tt_normal_tensors(Handle mean, Handle std, at::Generator* generator) {
  return make([&] { return at::normal(*mean, *std, generator_or_none(generator)); });
}
TT_API Handle tt_poisson(Handle a, at::Generator* generator) {
  return make([&] { return at::poisson(*a, generator_or_none(generator)); });
}
