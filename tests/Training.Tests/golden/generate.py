#!/usr/bin/env python3
"""Writes golden.json: what PyTorch computes for every network, with plain batch normalization, with Ghost Batch Normalization done chunk by chunk, and without normalization.

Run with the PyTorch whose libtorch the tests use (Debian: python3-torch, python3-numpy):  /usr/bin/python3 generate.py
Weights and inputs follow from the integer formula in uniform(), which the tests repeat; the file holds only summaries of results.
"""
import json
import os

import numpy
import torch
from networks import NETWORKS
from torch import nn
from torch.nn import functional

torch.set_num_threads(1)
MOMENTUM, STEPS = 0.9, 3
PROJECTION_PERIOD, SAMPLES_OF_A_TENSOR = 65537, 4


def uniform(stream, count):
    """count numbers in [-1, 1), a pure function of the stream number."""
    mask = numpy.uint64(0xFFFFFFFF)
    x = (numpy.arange(count, dtype=numpy.uint64) + numpy.uint64(stream * 1000003 + 1)) & mask
    for factor, shift in ((0x85EBCA6B, 16), (0xC2B2AE35, 13)):
        x = ((x ^ (x >> numpy.uint64(shift))) * numpy.uint64(factor)) & mask
    x ^= x >> numpy.uint64(16)
    return x.astype(numpy.float64) / 2**31 - 1


def uniform_tensor(stream, shape):
    return torch.from_numpy(uniform(stream, int(numpy.prod(shape))).astype(numpy.float32)).reshape(shape)


def set_weights(net):
    """
    Weights as large as PyTorch would draw them, scales around 1, shifts around 0. In residual networks, which are deep, a single activation that
    changes its sign by rounding shows in the third digit of the gradient. There, scales are small and shifts are not, so that few activations are
    near 0: those of even channels are mostly above, those of odd channels below.
    """
    with torch.no_grad():
        for stream, (name, parameter) in enumerate(net.named_parameters()):
            values = uniform_tensor(stream, parameter.shape)
            is_scale, ends_branch, is_residual = name.endswith("weight"), "bn2" in name, "bn" in name or "downsample.1." in name
            if parameter.dim() > 1:
                parameter.copy_(values / parameter[0].numel() ** 0.5)
            elif is_scale:
                parameter.copy_((1 + 0.2 * values) * (0.05 if ends_branch else 0.3 if is_residual else 1))
            elif is_residual:
                odd = torch.arange(len(values)) % 2
                parameter.copy_((-0.2 * odd if ends_branch else 1.05 - 2.1 * odd) + 0.02 * values)
            else:
                parameter.copy_(0.1 * values)


def number(value):
    """Nine significant digits, more than a 32-bit float has."""
    return float(f"{value:.9g}")


def summary(tensor):
    """Norm, projection on a fixed direction that repeats itself, entries from the first to the last."""
    flat = tensor.detach().double().flatten().numpy()
    places = [i * (flat.size - 1) // (SAMPLES_OF_A_TENSOR - 1) for i in range(SAMPLES_OF_A_TENSOR)]
    direction = numpy.resize(uniform(999, PROJECTION_PERIOD), flat.size)
    return [number(v) for v in (numpy.linalg.norm(flat), flat @ direction, *flat[places])]


def clip_gradients(parameters, largest):
    """torch.nn.utils.clip_grad_norm_, but with the norm in 64 bits: its sum of 32-bit squares is wrong in the fourth digit for AlexNet."""
    norm = float(sum(p.grad.double().square().sum() for p in parameters)) ** 0.5
    for parameter in parameters:
        parameter.grad.mul_(min(1.0, largest / (norm + 1e-6)))
    return norm


def train(case, build, shape):
    samples, ghost, classes = case["samples"], case["ghost"], case["classes"]
    net = build(classes, case["normalization"] == "batch")
    set_weights(net)
    net.train()
    for module in net.modules():
        if isinstance(module, nn.Dropout):
            module.eval()
    optimizer = torch.optim.SGD(net.parameters(), lr=case["rate"], momentum=MOMENTUM, weight_decay=case["weightDecay"])
    result = {"parameters": sum(p.numel() for p in net.parameters()), "losses": [], "gradientNorms": []}
    for step in range(STEPS):
        x = uniform_tensor(100 + step, (samples, *shape))
        y = torch.from_numpy(((uniform(200 + step, samples) + 1) / 2 * classes).astype(numpy.int64))
        optimizer.zero_grad()
        loss = 0.0
        # One ghost after the other, forward and backward, gradients added up: each by its share of the batch.
        for chunk, labels in zip(x.split(ghost), y.split(ghost)):
            part = functional.cross_entropy(net(chunk), labels) * (len(chunk) / samples)
            part.backward()
            loss += part.item()
        if step == 0:
            result["gradients"] = {n: summary(p.grad) for n, p in net.named_parameters()}
        result["gradientNorms"].append(clip_gradients(list(net.parameters()), case["clip"]))
        optimizer.step()
        result["losses"].append(loss)
    result["state"] = {n: summary(t) for n, t in net.state_dict().items()}
    return result


# Network, classes, normalization, samples, ghost batch (= samples: none), clip, weight decay, rate. Rates are such that rounding errors do not grow
# with the updates.
COLUMNS = ("network", "classes", "normalization", "samples", "ghost", "clip", "weightDecay", "rate")
CASES = [
    ("f1", 10, "batch", 40, 40, 5.0, 1e-4, 0.05),
    ("f1", 10, "batch", 40, 8, 5.0, 1e-4, 0.05),
    ("f1", 10, "batch", 37, 8, 0.5, 1e-4, 0.05),
    ("f1", 10, "none", 40, 40, 0.5, 1e-4, 0.05),
    ("c1", 10, "batch", 24, 24, 5.0, 5e-4, 0.01),
    ("c1", 10, "batch", 24, 8, 5.0, 5e-4, 0.01),
    ("c1", 10, "batch", 21, 8, 0.5, 5e-4, 0.01),
    ("c1", 10, "none", 24, 24, 0.5, 5e-4, 0.01),
    ("c3", 100, "batch", 16, 16, 5.0, 5e-4, 0.01),
    ("c3", 100, "batch", 16, 8, 5.0, 5e-4, 0.01),
    ("c3", 100, "none", 16, 16, 0.5, 5e-4, 0.01),
    ("resnet44", 10, "batch", 16, 16, 5.0, 1e-4, 0.01),
    ("resnet44", 10, "batch", 16, 8, 5.0, 1e-4, 0.01),
    ("resnet44", 10, "batch", 13, 8, 0.5, 1e-4, 0.01),
    ("resnet44", 10, "none", 8, 8, 5.0, 1e-4, 0.01),
    ("vgg16", 10, "batch", 8, 8, 5.0, 5e-4, 0.01),
    ("vgg16", 10, "batch", 8, 4, 5.0, 5e-4, 0.01),
    ("vgg16", 10, "none", 8, 8, 5.0, 5e-4, 0.01),
    ("wresnet16-4", 100, "batch", 8, 8, 5.0, 1e-4, 0.01),
    ("wresnet16-4", 100, "batch", 8, 4, 5.0, 1e-4, 0.01),
    ("wresnet16-4", 100, "none", 8, 8, 5.0, 1e-4, 0.01),
    ("alexnet", 1000, "batch", 8, 8, 5.0, 5e-4, 0.01),
    ("alexnet", 1000, "batch", 8, 4, 5.0, 5e-4, 0.01),
    ("alexnet", 1000, "none", 8, 8, 5.0, 5e-4, 0.01),
]

if __name__ == "__main__":
    golden = []
    for values in CASES:
        case = dict(zip(COLUMNS, values), momentum=MOMENTUM)
        build, shape = NETWORKS[case["network"]]
        golden.append(json.dumps({**case, **train(case, build, shape)}, separators=(",", ":")))
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden.json"), "w") as file:
        file.write('{"torch":%s,"cases":[\n%s\n]}\n' % (json.dumps(torch.__version__), ",\n".join(golden)))
