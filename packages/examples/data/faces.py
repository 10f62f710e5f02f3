"""Fetches 100 pictures of faces and 100 of something else, from the package `scikit-image` of PyPI.

    python packages/examples/data/faces.py

writes `target/faces/lfw_subset.npy` (1 MB), unless it is there already. The pictures are cut out of those of "Labeled Faces in
the Wild", 25 × 25 grey values from 0 to 1. They show people, and their licence is not stated: they are not part of this repository.
"""

import hashlib
import pathlib
import subprocess
import sys
import tempfile
import zipfile

FILE = pathlib.Path(__file__).parents[3] / "target" / "faces" / "lfw_subset.npy"
SHA256 = "9560ec2f5edfac01973f63a8a99d00053fecd11e21877e18038fbe500f8e872c"
# The file is the same in each build of the package: one is named, so that it is found by every Python.
BUILD = ["--python-version", "3.11", "--implementation", "cp", "--abi", "cp311", "--platform", "manylinux_2_28_x86_64"]


def fetch():
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", *BUILD]
        subprocess.run([*pip, "--dest", folder, "scikit-image==0.26.0"], check=True)
        with zipfile.ZipFile(next(pathlib.Path(folder).iterdir())) as archive:
            return archive.read("skimage/data/lfw_subset.npy")


if __name__ == "__main__":
    if not FILE.exists():
        data = fetch()
        digest = hashlib.sha256(data).hexdigest()
        if digest != SHA256:
            sys.exit(f"the pictures are others: their SHA-256 is {digest}, not {SHA256}")
        FILE.parent.mkdir(parents=True, exist_ok=True)
        FILE.write_bytes(data)
    print(FILE)
