"""Shared code of the Python engines: harness/work.ts and harness/adapter.ts in Python."""

import json
import sys
import time

import numpy as np

GATES = {"rnn": 1, "gru": 3, "lstm": 4}
LEARNING_RATE, MOMENTUM, CHECKED_STEPS, SAMPLES = 0.01, 0.9, 3, 2048


class Cannot(Exception):
    """The engine does not support the work; the message is the reason."""


def fill(shape, seed):
    """Pseudo-random numbers in [−½, ½)."""
    numbers = np.arange(np.prod(shape), dtype=np.int64)
    return ((numbers * 7919 + seed * 104729) % 1009 / 1009 - 0.5).astype(np.float32).reshape(shape)


def parameters(model):
    """Weights and biases, uniform within ±1/√inputs: conv OIHW, dense [units, inputs]; recurrent as in PyTorch."""
    arrays = []
    for layer in model["layers"]:
        if layer["type"] == "recurrent":
            rows = GATES[layer["cell"]] * layer["units"]
            for shape in ((rows, layer["inputs"]), (rows, layer["units"]), (rows,), (rows,)):
                inputs = shape[1] if len(shape) > 1 else layer["units"]
                arrays.append(fill(shape, len(arrays) + 1) * np.float32(2 / np.sqrt(inputs)))
            continue
        if layer["type"] == "conv":
            weight = (layer["filters"], layer["channels"], layer["kernel"], layer["kernel"])
        elif layer["type"] == "dense":
            weight = (layer["units"], layer["inputs"])
        else:
            continue
        scale = np.float32(2 / np.sqrt(np.prod(weight[1:])))
        for shape in (weight, weight[:1]):
            arrays.append(fill(shape, len(arrays) + 1) * scale)
    return arrays


def samples(model, count):
    """Samples in [0, 1)."""
    return fill((count, *model["input"]), 0) + np.float32(0.5)


def classes(count):
    """One of ten classes for each sample."""
    return np.arange(count, dtype=np.int64) * 7919 % 1009 % 10


def probe(array):
    """Sixteen values spread over a result: enough to compare it."""
    return [float(array.reshape(-1)[i * array.size // 16]) for i in range(16)]


def serve(version, prepare):
    """Answers jobs. `prepare(work)` returns (check, step, amount per call of step)."""
    print(json.dumps({"version": version}), flush=True)
    last = prepared = None
    for line in sys.stdin:
        job = json.loads(line)
        try:
            if job["work"] != last:
                prepared, last = prepare(job["work"]), job["work"]
            check, step, amount = prepared
            done, start, elapsed = 0, time.perf_counter(), 0
            while done == 0 or elapsed < job["seconds"]:
                step()
                done += amount
                elapsed = time.perf_counter() - start
            answer = {"perSecond": done / elapsed, "check": check}
        except Cannot as error:
            last, answer = None, {"cannot": str(error)}
        except Exception as error:
            last, answer = None, {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
