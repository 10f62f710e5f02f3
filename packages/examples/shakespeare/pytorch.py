"""The twin of main.ts in PyTorch: the same network from the same weights, on the same minibatches, with the same optimizer.

    pip install torch numpy
    npm run example -- shakespeare --python PYTHON

reads `start.safetensors` and `twin.json`, which main.ts has written to a folder, and prints its result as JSON.
"""

import json
import math
import pathlib
import struct
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn


def safetensors(file):
    """The tensors of a safetensors file, by name."""
    raw = file.read_bytes()
    size = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8 : 8 + size])
    data = {
        name: torch.frombuffer(bytearray(raw[8 + size + one["data_offsets"][0] : 8 + size + one["data_offsets"][1]]),
                               dtype=torch.float32).reshape(one["shape"])
        for name, one in header.items() if name != "__metadata__"
    }
    return data


class CharRnn(nn.Module):
    def __init__(self, vocabulary, units):
        super().__init__()
        self.embedding1 = nn.Embedding(vocabulary, units)
        self.lstm1 = nn.LSTM(units, units, batch_first=True)
        self.dense1 = nn.Linear(units, vocabulary)

    def forward(self, x):
        return self.dense1(self.lstm1(self.embedding1(x))[0])


def windows(tokens, steps):
    """x and t, `[N, steps]`."""
    count = (len(tokens) - 1) // steps
    return tokens[: count * steps].view(count, steps), tokens[1 : count * steps + 1].view(count, steps)


def main(folder):
    given = json.loads((folder / "twin.json").read_text())
    start = safetensors(folder / "start.safetensors")
    tokens, border, steps, batch = torch.tensor(given["tokens"]), given["border"], given["steps"], given["batch"]
    net = CharRnn(*start["embedding1.weight"].shape)
    net.load_state_dict(start)
    optimizer = torch.optim.Adam(net.parameters(), lr=given["rate"])
    x, t = windows(tokens[:border], steps)
    order = torch.tensor(given["order"])
    x, t = x[order], t[order]
    began = time.perf_counter()
    for _ in range(given["epochs"]):
        for one, target in zip(x.split(batch), t.split(batch)):
            optimizer.zero_grad()
            F.cross_entropy(net(one).flatten(0, 1), target.flatten()).backward()
            optimizer.step()
    seconds = time.perf_counter() - began
    with torch.no_grad():
        x, t = windows(tokens[border:], steps)
        total = sum(
            F.cross_entropy(net(one).flatten(0, 1), target.flatten(), reduction="sum").item()
            for one, target in zip(x.split(256), t.split(256)))
    bits = total / t.numel() / math.log(2)
    print(json.dumps(dict(bits=bits, seconds=seconds, torch=torch.__version__, threads=torch.get_num_threads())))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
