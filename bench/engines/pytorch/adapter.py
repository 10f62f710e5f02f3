"""PyTorch on the CPU, in its fastest form: data in order and in floats, so that a minibatch is a view; fused SGD."""

import pathlib
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import work as w  # noqa: E402

torch.set_num_threads(int(sys.argv[1]))


def prepare(work):
    return {"gemm": gemm, "conv": conv, "train": train, "infer": infer, "stream": stream}[work["kind"]](work)


def gemm(work):
    m, k, n = work["m"], work["k"], work["n"]
    a, b, c = torch.from_numpy(w.fill((m, k), 1)), torch.from_numpy(w.fill((k, n), 2)), torch.empty(m, n)
    torch.mm(a, b, out=c)
    return w.probe(c.numpy()), lambda: torch.mm(a, b, out=c), 1


def conv(work):
    x = torch.from_numpy(w.fill((work["batch"], work["channels"], work["size"], work["size"]), 1))
    weight = torch.from_numpy(w.fill((work["filters"], work["channels"], work["kernel"], work["kernel"]), 2))
    stride, padding = [work["stride"]] * 2, [work["padding"]] * 2
    forward = lambda: torch.conv2d(x, weight, None, stride, padding)  # noqa: E731
    dy = torch.from_numpy(w.fill(forward().shape, 3))
    wanted = [work["part"] == "dX", work["part"] == "dW", False]
    backward = lambda: torch.ops.aten.convolution_backward(  # noqa: E731
        dy, x, weight, None, stride, padding, [1, 1], False, [0, 0], 1, wanted
    )[1 if wanted[1] else 0]
    step = backward if any(wanted) else forward
    return w.probe(step().numpy()), torch.inference_mode()(step), 1


class Last(nn.Module):
    """The last state of a recurrent module."""

    def __init__(self, kind, layer):
        super().__init__()
        self.module = getattr(nn, kind.upper())(layer["inputs"], layer["units"], batch_first=True)

    def forward(self, x):
        return self.module(x)[0][:, -1]


def network(model):
    modules = []
    for layer in model["layers"]:
        if layer["type"] == "conv":
            stride, padding = layer.get("stride", 1), layer["padding"]
            modules.append(nn.Conv2d(layer["channels"], layer["filters"], layer["kernel"], stride, padding))
        elif layer["type"] == "pool":
            modules.append((nn.MaxPool2d if layer["pool"] == "max" else nn.AvgPool2d)(layer.get("kernel", 2), 2))
        elif layer["type"] == "flatten":
            modules.append(nn.Flatten())
        elif layer["type"] == "recurrent":
            modules.append(Last(layer["cell"], layer))
        else:
            modules.append(nn.Linear(layer["inputs"], layer["units"]))
        if layer.get("activation", "none") != "none":
            modules.append({"relu": nn.ReLU, "tanh": nn.Tanh}[layer["activation"]]())
    net = nn.Sequential(*modules)
    with torch.no_grad():
        for parameter, values in zip(net.parameters(), w.parameters(model), strict=True):
            parameter.copy_(torch.from_numpy(values))
    return net


def infer(model):
    net, x = network(model), torch.from_numpy(w.samples(model, model["batch"]))
    step = torch.inference_mode()(lambda: net(x).softmax(1))
    return w.probe(step().numpy()), step, model["batch"]


def stream(model):
    layer, x = network(model), torch.from_numpy(w.samples(model, w.CHECKED_STEPS))
    module, rest = layer[0].module, layer[1:]
    state, at = None, 0

    @torch.inference_mode()
    def step():
        nonlocal state, at
        y, state = module(x[at : at + 1], state)
        at = (at + 1) % w.CHECKED_STEPS
        return rest(y[:, -1]).softmax(1)

    for _ in range(w.CHECKED_STEPS):
        y = step()
    return w.probe(y.numpy()), step, 1


def train(model):
    batch, net = model["batch"], network(model)
    sgd = torch.optim.SGD(net.parameters(), lr=w.LEARNING_RATE, momentum=w.MOMENTUM, fused=True)
    count = model.get("samples", w.SAMPLES)
    x, t = torch.from_numpy(w.samples(model, count)), torch.from_numpy(w.classes(count))
    at = 0

    def step():
        nonlocal at
        sgd.zero_grad()
        F.cross_entropy(net(x[at : at + batch]), t[at : at + batch]).backward()
        sgd.step()
        at = (at + batch) % count

    for _ in range(w.CHECKED_STEPS):
        step()
    with torch.inference_mode():
        check = w.probe(net(x[:2]).softmax(1).numpy())
    return check, step, batch


w.serve(torch.__version__, prepare)
