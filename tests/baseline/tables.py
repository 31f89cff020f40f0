"""What is frozen: the tables by name, each made by a few commands at small size."""

import tempfile
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import chain
from math import sin
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from baseline import inside
from baseline.flatten import Row, as_text, digest, flatten, summarize
from baseline.run import Run, call

# Least sizes that the commands take, or nearly so: these are numbers to compare, not results.
SMALL = ("--worlds", "6", "--subjects", "20", "--workers", "1", "--out", ".")
NUMBERS_OF_A_PURPOSE, FEW_PATIENTS = 5, 48
DRAWING = (
    "forecast",
    "validate",
    "simulate",
    "score",
    "designs_daisy",
    "designs_other",
    "trials",
    "sensitivity",
)
"""Tables whose commands together draw for every purpose."""


def _runs(*runs: Run) -> Callable[[Path], Iterator[Row]]:
    return lambda place: chain.from_iterable(run.rows(place) for run in runs)


def _forecast(design: str) -> Run:
    return Run(
        design,
        ("forecast", design, "--outcomes", *SMALL),
        ("forecast.json", "subjects.parquet", "outcomes/*0000.parquet"),
    )


def _designs_shown(place: Path) -> Iterator[Row]:
    """Yield every shipped design as it is after what it inherits."""
    call(("design", "check", *inside.designs()), place)
    for name in inside.designs():
        yield from flatten(yaml.safe_load(call(("design", "show", name, "--yaml"), place)), name)


def _designs_simulated(place: Path, *, of_daisy: bool) -> Iterator[Row]:
    """Yield one trial of every design and its tables, all but DAISY itself with few patients."""
    for name in inside.designs():
        if name.startswith("daisy") != of_daisy:
            continue
        design = yaml.safe_load(call(("design", "show", name, "--yaml"), place))
        if name != "daisy":
            design["size"] = {key: size and min(size, FEW_PATIENTS) for key, size in design["size"].items()}
        path = place / f"{name}.yaml"
        path.write_text(yaml.safe_dump(design), encoding="utf-8")
        words = ("design", "simulate", str(path), "--tables", "csv", "--workers", "1", "--out", ".")
        yield from Run(name, words, ("trial.json", "ad*.csv")).rows(place)


def _simulate(place: Path) -> Iterator[Row]:
    for drug, regimen in inside.regimens().items():
        words = ("simulate", regimen, "--drug", drug, "--subjects", "12", "--weeks", "12", "--workers", "1")
        yield from Run(drug, (*words, "--json", "simulation.json"), ("simulation.json",)).rows(place)


def _score(place: Path) -> Iterator[Row]:
    """Yield every method on every signature, for made-up levels of 6 healthy people and 6 patients at two visits."""
    samples = [f"H{i}" for i in range(6)] + [f"P{i}v{visit}" for i in range(6) for visit in (0, 12)]
    about = pd.DataFrame({"sample": samples, "subject": [name.split("v")[0] for name in samples],
                          "visit": [name.partition("v")[2] for name in samples],
                          "mrss": [10 + 3 * sin(i) for i in range(len(samples))]})  # fmt: skip
    about.to_csv(place / "about.csv", index=False)
    for material, signatures in inside.signature_genes().items():
        genes = sorted({gene for found in signatures.values() for gene in found})
        levels = pd.DataFrame(
            {name: _levels(i, name, len(genes)) for i, name in enumerate(samples)}, index=genes
        )
        levels.to_csv(place / f"{material}.csv", index_label="gene")
        yield from _scored(place, material, list(signatures)).rows(place)
        if material == "rna":
            yield from _scored(place, material, list(signatures)[:1], assay_sd=0.3).rows(place)


def _levels(sample: int, name: str, genes: int) -> list[float]:
    """Return levels [log2] that rise in patients, less at the later visit, and differ without a pattern."""
    rise = 0.0 if name.startswith("H") else (sample % 5) * (0.5 if name.endswith("v12") else 1.0)
    return [
        round(8 + sin(17 * gene) + 0.4 * sin((5.1 * sample + 1) * gene) + rise * (1 + sin(gene)) / 2, 4)
        for gene in range(genes)
    ]


def _scored(place: Path, material: str, signatures: list[str], assay_sd: float = 0.0) -> Run:
    chosen = [word for name in signatures for word in ("--signature", name)]
    chosen += [word for name in inside.methods() for word in ("--method", name)]
    words = ("score", str(place / f"{material}.csv"), "--scale", "log2" if material == "rna" else "protein",
             "--metadata", str(place / "about.csv"), "--healthy", str(place / "healthy.txt"), "--tissue", "blood",
             "--variables", "mrss", "--draws", "20", "--assay-sd", str(assay_sd), *chosen,
             "--json", "scores.json")  # fmt: skip
    (place / "healthy.txt").write_text("\n".join(f"H{i}" for i in range(6)), encoding="utf-8")
    name = f"{material} with assay noise" if assay_sd else material
    return Run(name, words, ("scores.json",), {"scores": ("signature", "method")})


def _calibrated(place: Path) -> Iterator[Row]:
    """Yield what the frozen calibration says, and the arrays of its worlds."""
    shown = Run("shown", ("calibrate", "--show", "--json", "calibration.json"), ("calibration.json",))
    yield from shown.rows(place)
    with np.load(inside.CALIBRATION) as stored:
        for name in sorted(stored.files):
            if stored[name].dtype.kind == "f" and stored[name].ndim:
                yield from summarize(stored[name].ravel().tolist(), f"worlds.{name}")
                yield f"worlds.{name}.bytes", digest(stored[name].tobytes())


def _trials(place: Path) -> Iterator[Row]:
    del place
    for name, result in inside.toy_trials().items():
        yield from flatten(result, name)


def _random(place: Path) -> Iterator[Row]:
    """Yield the first numbers of every purpose that the commands of other tables draw for."""
    del place
    for purpose in sorted(set().union(*(_made(name)[1] for name in DRAWING))):
        for number, value in enumerate(inside.first_numbers(purpose, NUMBERS_OF_A_PURPOSE), start=1):
            yield f"{purpose}.{number}", value


def _evidence(place: Path) -> Iterator[Row]:
    for words in ("show daisy", "show prior.lupus_transfer", "without asset", "check"):
        small = SMALL if words.startswith("without") else ()
        run = Run(words, ("evidence", *words.split(), *small, "--json", "evidence.json"), ("evidence.json",))
        yield from run.rows(place)


_FOUR_WEEKLY = "300 mg IV every 4 weeks"
_MORRIS = (
    "sensitivity",
    "daisy",
    "--samples",
    "4",
    "--subjects",
    "10",
    "--workers",
    "1",
    "--json",
    "morris.json",
)
_VALIDATE = ("validate", "--subjects", "50", "--json", "validation.json")
_SBML = ("export", "sbml", "--out", "model.xml", "--regimen", _FOUR_WEEKLY, "--weeks", "12")

TABLES: dict[str, Callable[[Path], Iterator[Row]]] = {
    "forecast": _runs(_forecast("daisy"), _forecast("daisy_2to1")),
    "compare": _runs(
        Run("compare", ("design", "compare", "daisy", "daisy_iv", *SMALL), ("comparison.json",))
    ),
    "doses": _runs(Run("doses", ("doses", "daisy", "--regimen", _FOUR_WEEKLY, *SMALL), ("doses.json",))),
    "enrich": _runs(Run("enrich", ("enrich", "daisy", *SMALL), ("enrichment.json",))),
    "sensitivity": _runs(Run("morris", _MORRIS, ("morris.json",))),
    "validate": _runs(Run("validate", _VALIDATE, ("validation.json",))),
    "simulate": _simulate,
    "score": _score,
    "calibrated": _calibrated,
    "designs": _designs_shown,
    "designs_daisy": partial(_designs_simulated, of_daisy=True),
    "designs_other": partial(_designs_simulated, of_daisy=False),
    "evidence": _evidence,
    "effects": _runs(Run("effects", ("evidence", "effects", "--json", "effects.json"), ("effects.json",))),
    "export": _runs(
        Run("sbml", _SBML, ("model.xml",)),
        Run("petab", ("export", "petab", "--out", "."), ("*.tsv", "problem.yaml")),
    ),
    "trials": _trials,
    "random": _random,
}


@cache
def _made(name: str) -> tuple[dict[str, str], frozenset[str]]:
    """Return the rows of a table as texts, and the purposes of the random numbers drawn for it."""
    rows: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as place, inside.recorded_purposes() as purposes:
        for row, value in TABLES[name](Path(place)):
            assert row not in rows, f"{name}: two rows are called '{row}'"
            rows[row] = as_text(value)
    return rows, frozenset(purposes)


def make_table(name: str) -> dict[str, str]:
    """Return a table as the program has it now: name to value; made once in a process."""
    return _made(name)[0]
