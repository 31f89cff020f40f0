"""A parameter estimation problem in the PEtab format (version 1): model, conditions, observables, measurements.

It holds the ``fit`` observations that are a value of one model output in one subject at one time. The others are
listed with the reason why they are not in it: a problem of this format has no populations, trials or ratios of arms.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from ifntrial.course.simulate import ML_PER_L, UG_PER_MG
from ifntrial.evidence.distributions import prior_distribution
from ifntrial.evidence.records import Evidence, Observation
from ifntrial.evidence.rows import Published, Selected
from ifntrial.evidence.standard_error import standard_error
from ifntrial.files import write_whole
from ifntrial.formats.sbml.write import DEPOT_DOSE, EXPOSURE, sbml_text
from ifntrial.model import Model
from ifntrial.model.values import evidence_row
from ifntrial.units import convert

MEASURED_DRUG = "anifrolumab"
"""The drug of the volunteers."""
HEALTHY = "anifrolumab_in_healthy_volunteers"
KNOCK_DOWN = "receptor_knock_down.ifn_alpha2_ifnar1_at_"
FOLLOWED_DAYS = 140.0
"""When hardly any drug is left: the published area is to infinity."""

FILES = (
    "problem.yaml",
    "model.xml",
    "parameters.tsv",
    "conditions.tsv",
    "observables.tsv",
    "measurements.tsv",
)
LEFT_OUT = "observations_left_out.tsv"
ESTIMATED = ("absorption_rate", "bioavailability")
_OPEN_ENDS = (0.001, 0.999)

_PEAK = Published((f"{HEALTHY}.300_mg_sc.tmax",))
_TO_FIT = Selected(uses=("fit",))

Table = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Measurement:
    """One published value as one reading of one output."""

    observation: Observation
    observable: str
    condition: str
    time_days: float
    noise: str


def petab_files(model: Model, evidence: Evidence) -> dict[str, str]:
    """Return the files of the problem, name to text.

    Raises
    ------
    ModelError
        If the SBML library is absent.
    """
    measured = list(measurements(model, evidence))
    tables = {
        "parameters.tsv": _parameters(model, evidence, measured),
        "conditions.tsv": _conditions(model, evidence, measured),
        "observables.tsv": _observables(measured),
        "measurements.tsv": _measurements(measured),
        LEFT_OUT: left_out(model, evidence),
    }
    return {
        "problem.yaml": _problem(),
        "model.xml": sbml_text(model, evidence, for_estimation=True),
        **{name: _tsv(rows) for name, rows in tables.items()},
    }


def write_petab(files: dict[str, str], folder: Path) -> None:
    """Write the files of a problem into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        write_whole(folder / name, text)


def measurements(model: Model, evidence: Evidence) -> Iterator[Measurement]:
    """Return every ``fit`` observation that is a reading of one output, of the model's drug or without any drug."""
    (peak,) = _PEAK.read(evidence)
    peak_time = peak.value or 0.0
    for row in _TO_FIT.read(evidence):
        if _is_of_another_drug(row, model):
            continue
        if row.id == f"{HEALTHY}.300_mg_sc.cmax":
            yield Measurement(row, "serum_concentration", "healthy_300_mg_sc", peak_time, _noise(row))
        elif row.id == f"{HEALTHY}.300_mg_sc.auc":
            yield Measurement(row, "area_under_curve", "healthy_300_mg_sc", FOLLOWED_DAYS, _noise(row))
        elif row.id.startswith(KNOCK_DOWN):
            yield Measurement(row, "pstat_percent", f"receptor_{_receptor(row)}", 0.0, "pstat_noise")


def _is_of_another_drug(row: Observation, model: Model) -> bool:
    return row.id.startswith(HEALTHY) and model.drug.name != MEASURED_DRUG


def left_out(model: Model, evidence: Evidence) -> Table:
    """Return a table of the ``fit`` observations that are not in the problem, each with its reason."""
    kept = {found.observation.id for found in measurements(model, evidence)}
    rows: Table = [("observation", "reason")]
    for row in _TO_FIT.read(evidence):
        if row.id not in kept:
            other = _is_of_another_drug(row, model)
            rows.append((row.id, "seen on another drug" if other else _reason(row)))
    return rows


def _reason(row: Observation) -> str:
    if row.id.startswith(HEALTHY):
        return "follows from two arms, or from others of these rows"
    if row.value is None:
        return "a span without a value"
    if row.id.startswith("ifn_omega"):
        return "an effect in cells that the model does not hold"
    return "describes a population or a trial, not one subject at one time"


def _receptor(row: Observation) -> int:
    return int(row.id.removeprefix(KNOCK_DOWN).partition(".")[0])


def _noise(row: Observation) -> str:
    error = standard_error(row)
    return f"{math.nan if error is None else error:.6g}"


def _parameters(model: Model, evidence: Evidence, measured: list[Measurement]) -> Table:
    rows: Table = [("parameterId", "parameterScale", "lowerBound", "upperBound", "nominalValue", "estimate")]
    for name in ESTIMATED:
        row = evidence_row(model, evidence, name)
        if row is not None and row.prior != "none":
            low, high = prior_distribution(row).ppf(_OPEN_ENDS)
            rows.append((name, "lin", f"{low:.6g}", f"{high:.6g}", f"{row.value:g}", "1"))
    # The published curve scatters around a straight line, and no error of it is published.
    scatter = [
        (found.observation.value or 0.0) - _receptor(found.observation)
        for found in measured
        if found.observable == "pstat_percent"
    ]
    rows.append(("pstat_noise", "log10", "0.1", "100", f"{float(np.std(scatter)):.6g}", "1"))
    return rows


def _conditions(model: Model, evidence: Evidence, measured: list[Measurement]) -> Table:
    mass = evidence_row(model, evidence, "molar_mass")
    weight_per_mole = 1.0 if mass is None else convert(mass.value, mass.unit, "ug/mL/(nmol/L)")
    dose = 300.0 * UG_PER_MG / (weight_per_mole * ML_PER_L)
    rows: Table = [("conditionId", DEPOT_DOSE, "is_ifn_low", "receptor_free_blood")]
    if model.drug.name == MEASURED_DRUG:
        rows.append(("healthy_300_mg_sc", f"{dose:.9g}", "1", "1"))
    for level in sorted({_receptor(x.observation) for x in measured if x.observable == "pstat_percent"}):
        rows.append((f"receptor_{level}", "0", "0", f"{level / 100:g}"))
    return rows


def _observables(measured: list[Measurement]) -> Table:
    used = {found.observable for found in measured}
    head, *rows = (
        (
            "observableId",
            "observableFormula",
            "noiseFormula",
            "observableTransformation",
            "noiseDistribution",
        ),
        ("serum_concentration", "concentration", "noiseParameter1_serum_concentration", "lin", "normal"),
        ("area_under_curve", EXPOSURE, "noiseParameter1_area_under_curve", "lin", "normal"),
        ("pstat_percent", "100 * pstat_blood", "noiseParameter1_pstat_percent", "lin", "normal"),
    )
    return [head, *(row for row in rows if row[0] in used)]


def _measurements(measured: list[Measurement]) -> Table:
    rows: Table = [
        ("observableId", "simulationConditionId", "measurement", "time", "noiseParameters", "datasetId")
    ]
    rows += [
        (x.observable, x.condition, f"{x.observation.value:g}", f"{x.time_days:g}", x.noise, x.observation.id)
        for x in measured
    ]
    return rows


def _problem() -> str:
    problem = {
        "format_version": 1,
        "parameter_file": "parameters.tsv",
        "problems": [
            {
                "sbml_files": ["model.xml"],
                "condition_files": ["conditions.tsv"],
                "observable_files": ["observables.tsv"],
                "measurement_files": ["measurements.tsv"],
            }
        ],
    }
    return str(yaml.safe_dump(problem, sort_keys=False))


def _tsv(rows: Table) -> str:
    return "".join("\t".join(row) + "\n" for row in rows)
