"""A finished forecast of which every number is made up, as a folder that can be locked."""

import json
from dataclasses import asdict, replace
from pathlib import Path

from ifntrial.catalog import shipped
from ifntrial.studies.ledger.canonical import locked_text, read_locked, write_new
from ifntrial.studies.ledger.lock import lock
from ifntrial.studies.ledger.predictive import Foretold, Predictive, write_predictive
from ifntrial.studies.manifest import save_manifest
from made_up import FACTS
from made_up_forecast import PRIORS, made_up_forecast

FORETOLD = {
    "primary_met": Foretold(
        "Response is met", "1", "yes or no", (0.1, 0.9), stated=dict.fromkeys(PRIORS, 0.3)
    ),
    "primary_difference": Foretold("Difference in response", "1", "normal", (0.0, 0.2), (0.05, 0.05)),
    "response_active": Foretold("Responders on active", "1", "share", (0.3, 0.5), patients=100),
    "mrss_change_difference": Foretold("Skin", "mrss_point", "normal", (0.0, -3.0), (1.0, 1.0)),
    "fvc_ml_change_difference": Foretold("Lung", "mL", "normal", (0.0, 40.0), (20.0, 20.0)),
    "zoster_active": Foretold("Zoster", "1", "count", (4.0, 9.0)),
}


def made_up_predictive() -> Predictive:
    return Predictive((7, 8), dict.fromkeys(PRIORS, (0.5, 0.5)), FORETOLD)


def made_up_run(folder: Path, kind: str = "forecast") -> Path:
    """Write the folder of a finished run and return it."""
    folder.mkdir(parents=True)
    facts = replace(FACTS, kind=kind, command="ifntrial forecast daisy")
    (folder / "forecast.json").write_text(json.dumps(asdict(facts) | made_up_forecast()), encoding="utf-8")
    (folder / "design.yaml").write_text("name: daisy\n", encoding="utf-8")
    write_predictive(folder, made_up_predictive())
    files = [folder / name for name in ("forecast.json", "design.yaml", "predictive.json")]
    save_manifest(folder, facts, "ef" * 32, ("forecast", "daisy"), (), files)
    return folder


def made_up_locked(folder: Path) -> None:
    """Write ``locked.json`` and an outcome of it, ``outcome.yaml``, into a folder."""
    run = made_up_run(folder / "run_to_lock")
    path = folder / "locked.json"
    write_new(path, locked_text(lock(run, shipped().evidence, date="2026-01-01")))
    (folder / "outcome.yaml").write_text(
        f"prediction: {read_locked(path)[1]}\nsource: a paper\nread_out: 2027-12-01\n"
        "observed: {primary_met: no, mrss_change_difference: -1.0, fvc_ml_change_difference: 10.0}\n",
        encoding="utf-8",
    )
