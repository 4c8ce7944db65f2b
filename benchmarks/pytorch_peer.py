"""The peer of the training benchmark: training steps in plain PyTorch, as an experienced user would write them.

Prints one JSON object: steps, seconds and cpuSeconds of the steps that were timed. The data are in memory, batches are cropped, mirrored and
normalised by operations on whole batches. networks.py is the one that the tests take their golden numbers from.
"""
import argparse
import gzip
import json
import pathlib
import resource
import time

import numpy as np
import torch
from networks import NETWORKS
from torch.nn import functional
from torch.nn.utils import clip_grad_norm_

DATA = pathlib.Path("/usr/share/datasets/fashion-mnist")
PADDING, CROP_PADDING = 2, 4


def load(examples, small):
    pixels = np.frombuffer(gzip.open(DATA / "train-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    labels = np.frombuffer(gzip.open(DATA / "train-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
    images = torch.from_numpy(pixels[:examples].copy())
    if not small:
        images = functional.pad(images, [PADDING] * 4)
    return images, torch.from_numpy(labels[:examples].astype(np.int64))


def augment(images):
    """Crops each image at random from a border of black, and mirrors half of them: one gather for the whole batch."""
    count, _, height, width = images.shape
    rows = torch.arange(height) + torch.randint(2 * CROP_PADDING + 1, (count, 1))
    columns = torch.arange(width).expand(count, -1)
    columns = torch.where(torch.rand(count, 1) < 0.5, columns.flip(1), columns) + torch.randint(2 * CROP_PADDING + 1, (count, 1))
    padded = functional.pad(images, [CROP_PADDING] * 4).squeeze(1)
    return padded[torch.arange(count)[:, None, None], rows[:, :, None], columns[:, None, :]].unsqueeze(1)


def normalise(images):
    return images.float().div_(255).sub_(0.2860).div_(0.3530)


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--network", choices=NETWORKS, required=True)
    for name in ("batch", "ghost", "warm-up", "steps", "examples", "threads"):
        options.add_argument(f"--{name}", type=int, required=True)
    options.add_argument("--channels-last", action="store_true")
    o = options.parse_args()
    torch.set_num_threads(o.threads)
    torch.manual_seed(0)
    small = o.network == "f1"
    images, labels = load(o.examples, small)
    build, _ = NETWORKS[o.network]
    layout = torch.channels_last if o.channels_last else torch.contiguous_format
    model = build(10, True).to(memory_format=layout).train()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)
    order = torch.empty(0, dtype=torch.int64)

    def step():
        nonlocal order
        if len(order) < o.batch:
            order = torch.randperm(len(images))
        chosen, order = order[: o.batch], order[o.batch :]
        x, y = images[chosen], labels[chosen]
        x = normalise(x) if small else normalise(augment(x)).expand(-1, 3, -1, -1).contiguous(memory_format=layout)
        optimizer.zero_grad(set_to_none=True)
        parts = zip(x.split(o.ghost), y.split(o.ghost)) if o.ghost else [(x, y)]
        # With ghosts, the authors' way: forward and backward for one after the other.
        for part, truth in parts:
            (functional.cross_entropy(model(part), truth) * (len(part) / len(x))).backward()
        clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()

    for _ in range(o.warm_up):
        step()
    start, cpu = time.perf_counter(), cpu_seconds()
    for _ in range(o.steps):
        step()
    print(json.dumps({"steps": o.steps, "seconds": time.perf_counter() - start, "cpuSeconds": cpu_seconds() - cpu}))


if __name__ == "__main__":
    main()
