"""The SBML semantic suite: unpacked, solved, and judged by its own tolerances.

``PYTHONPATH=src:tests python -m sbml_suite [CASE …]`` runs all time courses without packages, or the cases named, and
prints every one that does not pass, with the counts.
"""

import csv
import os
import sys
import tarfile
import traceback
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ifntrial.errors import IfntrialError
from ifntrial.formats.sbml.events import simulate_sbml
from ifntrial.formats.sbml.read import load_sbml
from ifntrial.solver import Tolerance

DATA = Path(os.environ.get("IFNTRIAL_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
ARCHIVE = DATA / "sbml_suite_half.tar.gz"
TOLERANCE = Tolerance(1e-8)


@dataclass(frozen=True)
class Settings:
    """What a case asks for."""

    times: np.ndarray
    variables: list[str]
    absolute: float
    relative: float
    amounts: set[str]
    concentrations: set[str]


def unpack(folder: Path) -> Path:
    """Return the folder of the suite, unpacked into a folder."""
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    return folder / "sbml_suite_half"


def read_cases(suite: Path) -> list[dict[str, str]]:
    """Return the rows of the table of cases that are time courses without packages."""
    with (suite / "tags.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if row["test_type"] == "TimeCourse" and not row["packages"]]


def read_settings(path: Path) -> Settings:
    """Return what a file of settings says."""
    words = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        words[key.strip()] = value.strip()

    def names(key: str) -> list[str]:
        return [x.strip() for x in words.get(key, "").split(",") if x.strip()]

    start, length = float(words["start"]), float(words["duration"])
    return Settings(
        np.linspace(start, start + length, int(words["steps"]) + 1),
        names("variables"),
        float(words["absolute"]),
        float(words["relative"]),
        set(names("amount")),
        set(names("concentration")),
    )


def read_expected(path: Path, names: list[str]) -> np.ndarray:
    """Return the expected values, shape (times, names)."""
    with path.open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.reader(file) if row]
    # the first column is time; a model may have something of that name, too
    head = [x.strip() for x in rows[0]][1:]
    table = np.array([[float(x) for x in row[1:]] for row in rows[1:]])
    return table[:, [head.index(name) for name in names]]


def solve(path: Path, settings: Settings, tolerance: Tolerance = TOLERANCE) -> tuple[np.ndarray, str]:
    """Return what our solver makes of a model, as the settings want it, and the status."""
    import libsbml

    model = load_sbml(path)
    file = libsbml.readSBMLFromFile(str(path)).getModel()
    species = {x.getId(): x for x in file.getListOfSpecies()}
    places = sorted({x.getCompartment() for x in species.values()})
    found = simulate_sbml(model, settings.times, tolerance=tolerance, outputs=[*settings.variables, *places])
    columns = []
    for name in settings.variables:
        value = found.of(name)[0]
        if name in species:
            one = species[name]
            dimensions = file.getCompartment(one.getCompartment()).getSpatialDimensionsAsDouble()
            is_amount = one.getHasOnlySubstanceUnits() or dimensions == 0
            size = found.of(one.getCompartment())[0]
            if is_amount and name in settings.concentrations:
                value = value / size
            elif not is_amount and name in settings.amounts:
                value = value * size
        columns.append(value)
    return np.array(columns).T, str(found.words[0])


def judge(suite: Path, case: str) -> tuple[str, str]:
    """Return ``pass``, ``refused``, ``flagged``, ``wrong`` or ``traceback``, and why."""
    folder = suite / case
    settings = read_settings(folder / f"{case}-settings.txt")
    expected = read_expected(folder / f"{case}-results.csv", settings.variables)
    try:
        (model,) = folder.glob("*-sbml-*.xml")
        found, status = solve(model, settings)
    except IfntrialError as error:
        return "refused", " ".join(str(error).split())
    except Exception:  # noqa: BLE001 - a traceback is what is looked for
        return "traceback", traceback.format_exc()
    if status != "ok":
        return "flagged", status
    with np.errstate(invalid="ignore"):
        is_right = np.abs(found - expected) <= settings.absolute + settings.relative * np.abs(expected)
    is_right |= (found == expected) | (np.isnan(found) & np.isnan(expected))
    if is_right.all():
        return "pass", ""
    row, column = np.argwhere(~is_right)[0]
    return "wrong", (
        f"{settings.variables[column]} at {settings.times[row]:g}: {found[row, column]:.8g}, "
        f"should be {expected[row, column]:.8g}"
    )


def main(arguments: list[str]) -> None:
    """Run cases and print what does not pass."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        suite = unpack(Path(folder))
        rows = read_cases(suite)
        chosen = arguments or [row["case"] for row in rows]
        counts: Counter[str] = Counter()
        for case in chosen:
            verdict, why = judge(suite, case)
            counts[verdict] += 1
            if verdict != "pass":
                print(case, verdict, why, flush=True)
    print(dict(counts), "of", sum(counts.values()))


if __name__ == "__main__":
    main(sys.argv[1:])
