"""Peak memory of scoring a large table: ``python benchmarks/signature_memory.py [--samples N] [--genes N] [--csv]``.

Writes a sparse ``.h5ad`` of counts, and a CSV of as many where ``--csv`` is given, and scores each by the command in a
process of its own. The peak is the largest resident memory of that process, libraries and all; above ``--most`` MiB the
script ends with 1.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd

HEALTHY = 50


def write_files(folder: Path, samples: int, genes: int, filled: float, *, csv: bool) -> None:
    import anndata
    from scipy.sparse import random_array

    from ifntrial.catalog import shipped

    members = sorted({gene for s in shipped().signatures.values() if s.material == "rna" for gene in s.genes})
    names = [*members, *(f"GENE{i}" for i in range(genes - len(members)))]
    numbers = np.random.default_rng(1)
    matrix = random_array((samples, genes), density=filled, format="csr", rng=numbers, dtype=np.float32)
    matrix.data = np.ceil(matrix.data * 200.0)
    people = pd.Index([f"s{i}" for i in range(samples)])
    path = folder / "large.h5ad"
    anndata.AnnData(matrix, pd.DataFrame(index=people), pd.DataFrame(index=pd.Index(names))).write_h5ad(path)
    (folder / "healthy.txt").write_text("\n".join(people[:HEALTHY]), encoding="utf-8")
    # names in the metadata are samples for certain, where a sparse matrix looks like single cells
    table = "".join(f"{name},{'healthy' if i < HEALTHY else 'patient'}\n" for i, name in enumerate(people))
    (folder / "people.csv").write_text("sample,group\n" + table, encoding="utf-8")
    if not csv:
        return
    # counts of other genes are those of 200 genes again, which takes seconds to write and not minutes
    by_gene = matrix.tocsc()
    texts = [",".join(map(str, by_gene[:, [place]].toarray().ravel().astype(int))) for place in range(200)]
    with (folder / "large.csv").open("w", encoding="utf-8") as file:
        file.write(",".join(["gene", *people]) + "\n")
        file.writelines(f"{name},{texts[place % 200]}\n" for place, name in enumerate(names))


def measure(path: Path) -> float:
    words = [sys.executable, "-m", "ifntrial", "score", str(path), "--scale", "counts", "--draws", "0"]
    words += ["--metadata", str(path.parent / "people.csv")]
    words += [
        "--healthy",
        str(path.parent / "healthy.txt"),
        "--signature",
        "az_4_gene",
        "--signature",
        "ags_6",
    ]
    start = perf_counter()
    child = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = child.stdout.read() if child.stdout is not None else ""
    _, status, used = os.wait4(child.pid, 0)
    ended = "scored" if status == 0 else f"refused: {said.strip().splitlines()[-1][:160]}"
    size = path.stat().st_size / 1024**2
    print(
        f"{path.suffix[1:]:<6}{size:>7.0f} MiB on disk  peak {used.ru_maxrss / 1024:.0f} MiB  "
        f"{perf_counter() - start:.0f} s  {ended}",
        flush=True,
    )
    return used.ru_maxrss / 1024 if status == 0 else float("inf")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--genes", type=int, default=20_000)
    parser.add_argument("--filled", type=float, default=0.1, help="share of the matrix that is not zero")
    parser.add_argument("--csv", action="store_true", help="also as CSV")
    parser.add_argument("--most", type=float, default=2048.0, help="highest peak allowed [MiB]")
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.write is not None:
        write_files(given.write, given.samples, given.genes, given.filled, csv=given.csv)
        return
    with tempfile.TemporaryDirectory() as folder:
        # in a process of its own: the peak of a child begins at what its parent held when it was started
        subprocess.run([sys.executable, __file__, *sys.argv[1:], "--write", folder], check=True)
        peaks = [measure(path) for path in sorted(Path(folder).glob("large.*"))]
    if max(peaks) > given.most:
        sys.exit(1)


if __name__ == "__main__":
    main()
