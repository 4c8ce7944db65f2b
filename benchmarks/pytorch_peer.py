"""The peer of the training benchmark: F1 on Fashion-MNIST in plain PyTorch, as an experienced user would write it.

Prints one JSON object with trainSeconds (evaluation and start not counted) and finalValidationAccuracy.
"""
import argparse
import gzip
import json
import pathlib
import time

import numpy as np
import torch
from torch import nn

DATA = pathlib.Path("/usr/share/datasets/fashion-mnist")


def images(name):
    raw = gzip.open(DATA / name).read()
    return torch.from_numpy(np.frombuffer(raw, np.uint8, offset=16).reshape(-1, 784).copy())


def labels(name):
    return torch.from_numpy(np.frombuffer(gzip.open(DATA / name).read(), np.uint8, offset=8).astype(np.int64))


class GhostBatchNorm(nn.BatchNorm1d):
    """Normalises each ghost batch on its own, one after the other."""

    def __init__(self, features, ghost):
        super().__init__(features)
        self.ghost = ghost

    def forward(self, x):
        if not self.training or len(x) <= self.ghost:
            return super().forward(x)
        return torch.cat([super(GhostBatchNorm, self).forward(part) for part in x.split(self.ghost)])


def f1(ghost):
    layers, width = [], 784
    for _ in range(5):
        layers += [nn.Linear(width, 512), GhostBatchNorm(512, ghost), nn.ReLU()]
        width = 512
    return nn.Sequential(*layers, nn.Linear(512, 10))


def normalise(x):
    return x.float().div_(255).sub_(0.2860).div_(0.3530)


def main():
    options = argparse.ArgumentParser()
    for name in ("batch", "ghost", "epochs", "examples", "threads"):
        options.add_argument(f"--{name}", type=int, required=True)
    options.add_argument("--rate", type=float, required=True)
    o = options.parse_args()
    torch.set_num_threads(o.threads)
    torch.manual_seed(0)
    x, y = images("train-images-idx3-ubyte.gz")[: o.examples], labels("train-labels-idx1-ubyte.gz")[: o.examples]
    test_x, test_y = images("t10k-images-idx3-ubyte.gz"), labels("t10k-labels-idx1-ubyte.gz")
    model = f1(o.ghost)
    optimizer = torch.optim.SGD(model.parameters(), lr=o.rate, momentum=0.9, weight_decay=1e-4)
    steps = (o.examples + o.batch - 1) // o.batch
    drops = [round(steps * o.epochs * share) for share in (0.2, 0.4, 0.6)]
    step, seconds = 0, 0.0
    for _ in range(o.epochs):
        start = time.perf_counter()
        model.train()
        for chosen in torch.randperm(len(x)).split(o.batch):
            if step in drops:
                for group in optimizer.param_groups:
                    group["lr"] *= 0.1
            optimizer.zero_grad(set_to_none=True)
            nn.functional.cross_entropy(model(normalise(x[chosen])), y[chosen]).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimizer.step()
            step += 1
        seconds += time.perf_counter() - start
        model.eval()
        with torch.no_grad():
            right = sum((model(normalise(part)).argmax(1) == truth).sum().item() for part, truth in zip(test_x.split(1000), test_y.split(1000)))
    print(json.dumps({"trainSeconds": seconds, "finalValidationAccuracy": right / len(test_x)}))


if __name__ == "__main__":
    main()
