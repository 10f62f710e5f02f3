"""NumPy, which uses OpenBLAS: matrix products."""

import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from work import Cannot, fill, probe, serve  # noqa: E402


def prepare(work):
    if work["kind"] != "gemm":
        raise Cannot("NumPy has products only")
    m, k, n = work["m"], work["k"], work["n"]
    a, b, c = fill((m, k), 1), fill((k, n), 2), np.empty((m, n), np.float32)
    np.matmul(a, b, out=c)
    return probe(c), lambda: np.matmul(a, b, out=c), 1


blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
serve(f"{np.__version__}, OpenBLAS {blas['version']}", prepare)
