"""From the folder of a finished forecast to a locked prediction."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from ifntrial.errors import FileError, RunError
from ifntrial.evidence.records import Evidence, ParameterValue
from ifntrial.evidence.rows import Rows
from ifntrial.studies.forecast.result import Forecast
from ifntrial.studies.json_records import validated
from ifntrial.studies.ledger import predictive
from ifntrial.studies.ledger.predictive import Predictive
from ifntrial.studies.ledger.record import (
    FORM,
    Baseline,
    BeliefAtLock,
    LockedPrediction,
    RunBehind,
    TrialAsForecast,
)
from ifntrial.studies.manifest import Manifest, load_manifest
from ifntrial.studies.run_inputs import sha256_of
from ifntrial.worlds.beliefs import MIXTURE

RESULT, DESIGN = "forecast.json", "design.yaml"
COIN = 0.5
_AGAIN = "give the command of the run again with another --out"


@dataclass(frozen=True, slots=True)
class _Ledger:
    base_rate: Annotated[ParameterValue, "1"]


_LEDGER = Rows("ledger", _Ledger)


def lock(folder: Path, evidence: Evidence, *, date: str, known: str = "") -> LockedPrediction:
    """Return the prediction of a finished forecast.

    Parameters
    ----------
    date
        Of locking.
    known
        What is known of the outcome; empty if nothing is.

    Raises
    ------
    FileError
        If the folder holds no run, or a file of it is absent, damaged or not the one that the run wrote.
    RunError
        If the run is no forecast, not finished, or of an earlier version.
    """
    manifest = load_manifest(folder)
    if manifest.kind != "forecast":
        raise RunError(
            f"{folder} cannot be locked",
            given=f"a run of ifntrial {manifest.kind}",
            allowed="the folder of a finished forecast",
            fix="forecast the trial first",
        )
    _require_unchanged(folder, manifest)
    found = validated(Forecast, _json(folder / RESULT), str(folder / RESULT), _AGAIN)
    foretold = validated(Predictive, _json(folder / predictive.NAME), str(folder / predictive.NAME), _AGAIN)
    return LockedPrediction(
        form=FORM,
        locked=date,
        known=known,
        trial=_trial(found, (folder / DESIGN).read_text(encoding="utf-8")),
        run=_run(manifest, found),
        beliefs={
            name: BeliefAtLock(each.label, None if name == MIXTURE else each.weight)
            for name, each in found.by_prior.items()
        },
        baselines=_baselines(evidence),
        predictive=foretold,
    )


def _baselines(evidence: Evidence) -> Mapping[str, Baseline]:
    row = _LEDGER.read(evidence).base_rate
    return {
        "coin": Baseline("A coin", COIN, "by definition"),
        "base_rate": Baseline("Base rate of phase 3 trials", row.value, f"{row.source}: {row.note}"),
    }


def _require_unchanged(folder: Path, manifest: Manifest) -> None:
    """Raise ``FileError`` unless what is locked is what the run wrote."""
    written = {each.file: each.sha256 for each in manifest.results}
    problems = []
    for name in (RESULT, predictive.NAME, DESIGN):
        path = folder / name
        if name not in written:
            problems.append(f"{name} is none of the run's files: an earlier version made it")
        elif not path.is_file():
            problems.append(f"{name} is absent")
        elif sha256_of(path) != written[name]:
            problems.append(f"{name} was changed after the run")
    if problems:
        raise FileError(f"the run in {folder} cannot be locked", problems=problems, fix=_AGAIN)


def _json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FileError(f"{path} cannot be read: {error}", fix=_AGAIN) from error


def _trial(found: Forecast, design_file: str) -> TrialAsForecast:
    return TrialAsForecast(
        design=found.design,
        title=found.title,
        registration=found.registration,
        question=found.question,
        primary=found.primary,
        primary_definition=found.primary_definition,
        primary_week=found.primary_week,
        analysis=found.analysis,
        alpha_one_sided=found.alpha_one_sided,
        arms=found.arms,
        per_arm=found.per_arm,
        design_file=design_file,
    )


def _run(manifest: Manifest, found: Forecast) -> RunBehind:
    return RunBehind(
        command=manifest.command,
        version=manifest.version,
        model_version=manifest.model_version,
        evidence_hash=manifest.evidence_hash,
        lock_hash=manifest.lock_hash,
        catalog=manifest.catalog,
        seed=manifest.seed,
        worlds=found.worlds,
        subjects=found.subjects,
        date=manifest.date,
        files={each.file: each.sha256 for each in manifest.results if not each.file.startswith("blocks/")},
    )
