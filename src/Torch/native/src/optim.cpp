#include "shim.h"

#include <cmath>

using namespace tt;

// One update of stochastic gradient descent, in PyTorch's order of operations:
//   d = grad (negated when maximizing) + weight_decay * p;  b = momentum * b + (1 - dampening) * d, b starts as d;
//   d = nesterov ? d + momentum * b : b;  p -= lr * d.
// Parameters without a gradient are left alone. buffers[i] is null before the first update and is filled in here.
TT_API int32_t tt_sgd_step(const Handle* parameters, Handle* buffers, int64_t count, double lr, double momentum,
                           double dampening, double weight_decay, int32_t nesterov, int32_t maximize) {
  return run([&] {
    at::NoGradGuard no_grad;
    for (int64_t i = 0; i < count; i++) {
      at::Tensor& parameter = *parameters[i];
      at::Tensor direction = parameter.grad();
      if (!direction.defined()) continue;
      if (maximize) direction = direction.neg();
      if (weight_decay != 0) direction = direction.add(parameter, weight_decay);
      if (momentum != 0) {
        if (!buffers[i]) {
          buffers[i] = new at::Tensor(direction.clone().detach());
        } else {
          buffers[i]->mul_(momentum).add_(direction, 1 - dampening);
        }
        direction = nesterov ? direction.add(*buffers[i], momentum) : *buffers[i];
      }
      parameter.add_(direction, -lr);
    }
  });
}

// The gradients' total norm, a tensor on their device, after scaling them down to at most max_norm. Nothing is read back.
TT_API Handle tt_clip_grad_norm(const Handle* parameters, int64_t count, double max_norm, double norm_type) {
  return make([&]() -> at::Tensor {
    at::NoGradGuard no_grad;
    std::vector<at::Tensor> grads;
    for (int64_t i = 0; i < count; i++) {
      const at::Tensor& grad = parameters[i]->grad();
      if (grad.defined()) grads.push_back(grad);
    }
    if (grads.empty()) return at::zeros({}, at::TensorOptions().dtype(at::kDouble));
    std::vector<at::Tensor> norms;
    norms.reserve(grads.size());
    for (const at::Tensor& grad : grads) norms.push_back(at::linalg_vector_norm(grad, norm_type));
    at::Tensor total = at::linalg_vector_norm(at::stack(norms), norm_type);
    at::Tensor scale = at::clamp_max(max_norm / (total + 1e-6), 1.0);
    for (at::Tensor& grad : grads) grad.mul_(scale);
    return total;
  });
}
TT_API int32_t tt_clip_grad_value(const Handle* parameters, int64_t count, double limit) {
  return run([&] {
    at::NoGradGuard no_grad;
    for (int64_t i = 0; i < count; i++) {
      at::Tensor& grad = parameters[i]->mutable_grad();
      if (grad.defined()) grad.clamp_(-limit, limit);
    }
  });
}
