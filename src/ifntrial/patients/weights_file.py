"""The file of the frozen patient weights: written by ``ifntrial calibrate``, read by every run."""

import json
from dataclasses import asdict
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter

from ifntrial.errors import FileError, RunError
from ifntrial.evidence.records import Evidence
from ifntrial.files import write_whole
from ifntrial.patients.weights import PatientCalibration, patient_fingerprint

PATIENT_ARTIFACT = Path(__file__).parent / "calibrated" / "patients.json"
REMAKE = "make it with 'ifntrial calibrate --patients'"


def save_patients(calibration: PatientCalibration, path: Path) -> None:
    """Write the weights with everything that says how good they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(
        path, json.dumps({"schema_version": 1, **asdict(calibration)}, indent=1, allow_nan=False) + "\n"
    )
    load_patients.cache_clear()


@lru_cache(maxsize=2)
def load_patients(path: Path) -> PatientCalibration:
    """Return the frozen weights.

    Raises
    ------
    FileError
        If the file is absent.
    RunError
        If it is damaged.
    """
    if not path.exists():
        raise FileError("the frozen weights of patients are absent", given=str(path), fix=REMAKE)
    try:
        return TypeAdapter(PatientCalibration).validate_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise RunError(
            f"the frozen weights of patients cannot be read: {error}", given=str(path), fix=REMAKE
        ) from error


def patients_stale(calibration: PatientCalibration, evidence: Evidence) -> bool:
    """Return whether a number behind the weights has changed since they were made."""
    return calibration.fingerprint != patient_fingerprint(evidence)


def weights_fingerprint(calibration: PatientCalibration) -> str:
    """Return a hash of the frozen weights themselves: what was made with other patients is out of date."""
    numbers = [calibration.log_mean, calibration.cap, *(row.coefficient for row in calibration.targets)]
    return sha256(repr(numbers).encode()).hexdigest()
