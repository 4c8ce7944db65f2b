#!/usr/bin/env python3
"""Writes golden.json: what PyTorch computes for F1 and C1, with plain batch normalization and with Ghost Batch Normalization done chunk by chunk.

Run with the PyTorch whose libtorch the tests use (Debian: python3-torch, python3-numpy):  /usr/bin/python3 generate.py
Weights and inputs follow from the integer formula in uniform(), which the tests repeat; the file holds only summaries of results.
"""
import json
import os

import numpy
import torch
from torch import nn
from torch.nn import functional

torch.set_num_threads(1)
MOMENTUM, STEPS = 0.9, 3
RATES = {"f1": 0.05, "c1": 0.01}  # C1's regime never exceeds 0.01; larger steps amplify rounding errors.


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


def f1():
    layers, width = [], 784
    for _ in range(5):
        layers += [nn.Linear(width, 512), nn.BatchNorm1d(512), nn.ReLU()]
        width = 512
    net = nn.Module()
    net.layers = nn.Sequential(*layers, nn.Linear(512, 10))
    net.forward = lambda x: net.layers(x.flatten(1))
    return net


def c1():
    net = nn.Module()
    net.features = nn.Sequential(
        nn.Conv2d(3, 64, 5, padding=2, bias=False), nn.MaxPool2d(3, 2), nn.BatchNorm2d(64), nn.ReLU(),
        nn.Conv2d(64, 64, 5, padding=2, bias=False), nn.MaxPool2d(3, 2), nn.BatchNorm2d(64), nn.ReLU())
    net.classifier = nn.Sequential(
        nn.Linear(64 * 7 * 7, 384, bias=False), nn.BatchNorm1d(384), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(384, 192, bias=False), nn.BatchNorm1d(192), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(192, 10))
    net.forward = lambda x: net.classifier(net.features(x).flatten(1))
    return net


def set_weights(net):
    """Weights as large as PyTorch would draw them, scales around 1, shifts around 0."""
    with torch.no_grad():
        for stream, (name, parameter) in enumerate(net.named_parameters()):
            values = uniform_tensor(stream, parameter.shape)
            if parameter.dim() > 1:
                parameter.copy_(values / parameter[0].numel() ** 0.5)
            else:
                parameter.copy_(1 + 0.2 * values if name.endswith("weight") else 0.1 * values)


def summary(tensor):
    """Norm, projection on a fixed direction, first entries."""
    flat = tensor.detach().double().flatten().numpy()
    return {"norm": float(numpy.linalg.norm(flat)), "projection": float(flat @ uniform(999, flat.size)), "first": [float(v) for v in flat[:3]]}


def train(build, shape, samples, ghost, clip, weight_decay, rate):
    net = build()
    set_weights(net)
    net.train()
    for module in net.modules():
        if isinstance(module, nn.Dropout):
            module.eval()
    optimizer = torch.optim.SGD(net.parameters(), lr=rate, momentum=MOMENTUM, weight_decay=weight_decay)
    result = {"losses": [], "gradientNorms": []}
    for step in range(STEPS):
        x = uniform_tensor(100 + step, (samples, *shape))
        y = torch.from_numpy(((uniform(200 + step, samples) + 1) * 5).astype(numpy.int64))
        optimizer.zero_grad()
        loss = 0.0
        # One ghost after the other, forward and backward, gradients added up: each by its share of the batch.
        for chunk, labels in zip(x.split(ghost), y.split(ghost)):
            part = functional.cross_entropy(net(chunk), labels) * (len(chunk) / samples)
            part.backward()
            loss += part.item()
        if step == 0:
            result["gradients"] = {n: summary(p.grad) for n, p in net.named_parameters()}
        norm = nn.utils.clip_grad_norm_(net.parameters(), clip)
        optimizer.step()
        result["losses"].append(loss)
        result["gradientNorms"].append(float(norm))
    result["state"] = {n: summary(t) for n, t in net.state_dict().items()}
    return result


CASES = [
    # network, input, samples, ghost batch (= samples: plain batch normalization), clip, weight decay
    ("f1", (1, 28, 28), 40, 40, 5.0, 1e-4),
    ("f1", (1, 28, 28), 40, 8, 5.0, 1e-4),
    ("f1", (1, 28, 28), 37, 8, 0.5, 1e-4),
    ("c1", (3, 32, 32), 24, 24, 5.0, 5e-4),
    ("c1", (3, 32, 32), 24, 8, 5.0, 5e-4),
    ("c1", (3, 32, 32), 21, 8, 0.5, 5e-4),
]

if __name__ == "__main__":
    golden = []
    for network, shape, samples, ghost, clip, weight_decay in CASES:
        build = {"f1": f1, "c1": c1}[network]
        golden.append({
            "network": network, "samples": samples, "ghost": ghost, "clip": clip, "weightDecay": weight_decay, "rate": RATES[network], "momentum": MOMENTUM,
            "parameters": sum(p.numel() for p in build().parameters()), **train(build, shape, samples, ghost, clip, weight_decay, RATES[network])})
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden.json"), "w") as file:
        json.dump({"torch": torch.__version__, "cases": golden}, file, indent=1)
        file.write("\n")
