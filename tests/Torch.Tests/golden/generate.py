#!/usr/bin/env python3
"""Writes golden.json beside this file: what PyTorch computes for small networks, which the tests compare with.

usage: python3 generate.py     (needs PyTorch, of the libtorch version that the tests run on)
"""
import json
import pathlib

import torch
from torch import nn
from torch.nn import functional as F


def dump(tensor):
    return {"shape": list(tensor.shape), "data": [float(f"{x:.9g}") for x in tensor.detach().double().flatten().tolist()]}


def dump_all(pairs):
    return {name: dump(tensor) for name, tensor in pairs}


def gradients(model):
    return dump_all((name, p.grad) for name, p in model.named_parameters())


def linear_net():
    return nn.Sequential(nn.Linear(6, 5), nn.BatchNorm1d(5), nn.ReLU(), nn.Linear(5, 3))


def conv_net():
    return nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1, bias=False), nn.MaxPool2d(3, 2), nn.BatchNorm2d(4), nn.ReLU(),
        nn.Conv2d(4, 4, (3, 2), stride=(1, 2), padding=(0, 1)), nn.ReLU(), nn.Flatten(),
        nn.Linear(24, 6, bias=False), nn.BatchNorm1d(6, momentum=0.3, eps=1e-3), nn.Dropout(0.5), nn.Linear(6, 3))


def network_case(build, input_shape, seed):
    """Initial values from the seed, then three updates; dropout is in evaluation mode, batch norm in training mode."""
    torch.manual_seed(seed)
    model = build()
    inputs = torch.randn(*input_shape)
    targets = torch.randint(0, 3, (input_shape[0],))
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.eval()
    case = {"seed": seed, "input": dump(inputs), "target": dump(targets), "initial": dump_all(model.state_dict().items()), "steps": []}
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=0.01)
    for _ in range(3):
        optimizer.zero_grad()
        logits = model(inputs)
        loss = F.cross_entropy(logits, targets)
        loss.backward()
        step = {"logits": dump(logits), "loss": loss.item(), "gradients": gradients(model)}
        optimizer.step()
        step["state"] = dump_all(model.state_dict().items())
        case["steps"].append(step)
    model.eval()
    case["evaluated"] = dump(model(inputs))
    return case


def sgd_case(**options):
    torch.manual_seed(3)
    start = torch.randn(7)
    parameter = nn.Parameter(start.clone())
    optimizer = torch.optim.SGD([parameter], lr=0.05, **options)
    values = []
    for i in range(4):
        optimizer.zero_grad()
        (parameter.sin() * (i + 1)).sum().backward()
        optimizer.step()
        values.append(dump(parameter))
    return {"start": dump(start), "values": values}


def function_cases():
    torch.manual_seed(11)
    x = torch.randn(4, 5)
    target = torch.tensor([0, 4, 2, 1])
    image = torch.randn(2, 4, 6, 6)
    weights = torch.rand(5)
    cases = {
        "cross_entropy_none": F.cross_entropy(x, target, reduction="none"),
        "cross_entropy_sum_weighted": F.cross_entropy(x, target, weight=weights, reduction="sum"),
        "cross_entropy_smooth": F.cross_entropy(x, target, label_smoothing=0.1),
        "log_softmax": F.log_softmax(x, 1),
        "softmax": F.softmax(x, 0),
        "nll_loss": F.nll_loss(F.log_softmax(x, 1), target),
        "mse_loss": F.mse_loss(x, x.flip(0)),
        "avg_pool2d": F.avg_pool2d(image, 3, 2, 1),
        "adaptive_avg_pool2d": F.adaptive_avg_pool2d(image, 2),
        "max_pool2d": F.max_pool2d(image, 3, 2),
        "group_norm": F.group_norm(image, 2),
        "layer_norm": F.layer_norm(x, (5,)),
        "pad_reflect": F.pad(image, (1, 2, 2, 0), mode="reflect"),
        "pad_constant": F.pad(x, (1, 1), value=0.5),
        "var": x.var(0),
        "std": x.std(),
        "norm": x.norm(),
        "norm_rows": x.norm(p=1, dim=1),
        "vector_norm": torch.linalg.vector_norm(image, 3, dim=(2, 3)),
        "logsumexp": x.logsumexp(1),
        "cumsum": x.cumsum(1),
        "remainder": x.remainder(0.3),
        "clamp": x.clamp(-0.5, 0.25),
        "pow": x.abs().pow(1.5),
        "addcmul": x.addcmul(x, x, value=0.5),
        "matmul": x.matmul(x.t()),
    }
    return {"x": dump(x), "target": dump(target), "image": dump(image), "weights": dump(weights), "results": dump_all(cases.items())}


def random_cases():
    torch.manual_seed(42)
    return {
        "randn": dump(torch.randn(6)), "rand": dump(torch.rand(6)), "randint": dump(torch.randint(0, 100, (6,))),
        "randperm": dump(torch.randperm(8)), "bernoulli": dump(torch.empty(8).bernoulli_(0.3)),
    }


def clip_case():
    torch.manual_seed(5)
    parameters = [nn.Parameter(torch.randn(3, 4)), nn.Parameter(torch.randn(4))]
    gradient = [torch.randn(3, 4), torch.randn(4)]
    for parameter, value in zip(parameters, gradient):
        parameter.grad = value.clone()
    norm = torch.nn.utils.clip_grad_norm_(parameters, 1.0)
    return {"gradients": [dump(g) for g in gradient], "norm": norm.item(), "clipped": [dump(p.grad) for p in parameters]}


def main():
    golden = {
        "torch": torch.__version__,
        "linear": network_case(linear_net, (8, 6), 1),
        "conv": network_case(conv_net, (4, 2, 9, 9), 2),
        "sgd": {
            "plain": sgd_case(),
            "momentum": sgd_case(momentum=0.9, dampening=0.2, weight_decay=0.1),
            "nesterov": sgd_case(momentum=0.9, nesterov=True, weight_decay=0.1),
            "maximize": sgd_case(momentum=0.5, maximize=True),
        },
        "functions": function_cases(),
        "random": random_cases(),
        "clip": clip_case(),
    }
    path = pathlib.Path(__file__).with_name("golden.json")
    path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(f"{path}: {path.stat().st_size} bytes, PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
