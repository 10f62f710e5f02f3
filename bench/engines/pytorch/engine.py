"""PyTorch as an engine of the benchmark: a line of JSON in, a line of JSON out."""

import json
import pathlib
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

mnist = pathlib.Path(sys.argv[1])
torch.set_num_threads(int(sys.argv[2]))
images = torch.frombuffer(bytearray((mnist / "train-images-idx3-ubyte").read_bytes()[16:]), dtype=torch.uint8)
labels = torch.frombuffer(bytearray((mnist / "train-labels-idx1-ubyte").read_bytes()[8:]), dtype=torch.uint8)
x, t = images.reshape(-1, 1, 28, 28).float() / 255, labels.long()


def lenet(activation, pool):
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), activation(), pool(2), nn.Conv2d(6, 16, 5), activation(), pool(2),
        nn.Flatten(), nn.Linear(400, 120), activation(), nn.Linear(120, 84), activation(), nn.Linear(84, 10),
    )


nets = {}
for line in sys.stdin:
    job = json.loads(line)
    batch, kind = job["batch"], job["variant"]
    if (batch, kind) not in nets:
        net = lenet(*((nn.Tanh, nn.AvgPool2d) if kind == "tanh" else (nn.ReLU, nn.MaxPool2d)))
        nets[batch, kind] = net, torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    net, sgd = nets[batch, kind]
    done, loss, start = 0, 0.0, time.perf_counter()
    while time.perf_counter() - start < job["seconds"]:
        for rows in torch.randperm(len(x)).split(batch)[:50]:
            sgd.zero_grad(set_to_none=True)
            value = F.cross_entropy(net(x[rows]), t[rows])
            value.backward()
            sgd.step()
            loss += value.item()
            done += len(rows)
    seconds = time.perf_counter() - start
    print(json.dumps({"perSecond": done / seconds, "loss": loss * batch / done}), flush=True)
