"""The frozen calibration: what each structural world implies, with the evidence it was made from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from ifntrial.errors import FileError, RunError
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import Family
from ifntrial.files import write_whole
from ifntrial.model import MODEL_VERSION
from ifntrial.patients.weights import PatientCalibration
from ifntrial.patients.weights_file import patients_stale, weights_fingerprint
from ifntrial.worlds.efficacy import ImpliedEffects
from ifntrial.worlds.predictions import WEIGHT_IN_LUPUS, Predictions

ARTIFACT = Path(__file__).parent / "calibrated" / "structural_worlds.npz"
CALIBRATION_SEED = 730
FORMAT = 2
COLUMNS = ("log_odds_ratio", "mrss_difference", "fvc_difference")

_SIMULATED = Family(
    (
        "population.",
        "history.",
        "plausible.",
        "world.",
        "measurement.",
        "anifrolumab.bioavailability",
    )
)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Implied effects of structural worlds ``0 .. n - 1`` of ``seed``.

    Parameters
    ----------
    implied
        Effects, one entry per world.
    seed
        Seed of the structural draws; a run's own seed only chooses among them.
    fingerprint
        Of the numbers and the model that made it, see ``calibration_fingerprint``.
    subjects, replicates
        Size of the common population behind each effect.
    shift
        Trial effect that gives the reference placebo response [trial standard deviations].
    """

    implied: ImpliedEffects
    seed: int
    fingerprint: str
    subjects: int
    replicates: int
    shift: float

    @property
    def worlds(self) -> int:
        """Number of structural worlds."""
        return len(self.implied.log_odds_ratio)


def calibration_fingerprint(evidence: Evidence, patients: PatientCalibration, used: Collection[str]) -> str:
    """Return a hash of the model version and of every parameter value that the implied effects rest on.

    Rows ``prior.*`` and ``discrepancy.*`` and published results only weigh worlds: changing them needs no simulation.

    Parameters
    ----------
    patients
        The frozen weights that patients are drawn with.
    used
        Names of the rows that the models of all drugs use.
    """
    (weight,) = WEIGHT_IN_LUPUS.read(evidence)
    lines = sorted(
        f"{row.name}|{row.value!r}|{row.unit}|{row.spread!r}|{row.spread_kind}|{row.prior}|{row.prior_a!r}|{row.prior_b!r}"
        for row in _SIMULATED.read(evidence, also=used)
    )
    basis = [
        f"model {MODEL_VERSION}",
        f"patients {weights_fingerprint(patients)}",
        f"weight {weight.value!r}",
    ]
    return sha256("\n".join([*basis, *lines]).encode()).hexdigest()


def save_calibration(calibration: Calibration, path: Path) -> None:
    """Write the artifact; effects keep single precision, which is far finer than their Monte Carlo error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = {name: getattr(calibration.implied, name).astype(np.float32) for name in COLUMNS}
    packed = BytesIO()
    np.savez_compressed(
        packed,
        **columns,
        format=FORMAT,
        observations=np.array(calibration.implied.predictions.observations),
        predictions=calibration.implied.predictions.values.astype(np.float32),
        seed=calibration.seed,
        fingerprint=calibration.fingerprint,
        subjects=calibration.subjects,
        replicates=calibration.replicates,
        shift=calibration.shift,
    )
    write_whole(path, packed.getvalue())


def load_calibration(path: Path) -> Calibration:
    """Return the artifact.

    Raises
    ------
    FileError
        If it is absent.
    RunError
        If it is damaged, or another version wrote it.
    """
    if not path.exists():
        raise FileError(
            "the frozen calibration is absent", given=str(path), fix="make it with 'ifntrial calibrate'"
        )
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return _read(stored)
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise RunError(
            f"the frozen calibration cannot be read: {error}",
            given=str(path),
            fix="make it again with 'ifntrial calibrate'",
        ) from error


def _read(stored: Mapping[str, np.ndarray]) -> Calibration:
    written = int(stored["format"]) if "format" in stored else 1
    if written != FORMAT:
        raise ValueError(f"its format is {written}, this version reads {FORMAT}")
    effects = [stored[name].astype(np.float64) for name in COLUMNS]
    predictions = Predictions(
        tuple(str(name) for name in stored["observations"]), stored["predictions"].astype(np.float64)
    )
    shapes = {values.shape for values in effects} | {predictions.values.shape[:1]}
    if len(shapes) != 1 or predictions.values.shape[1:] != (len(predictions.observations),):
        raise ValueError("its columns are not of one length")
    return Calibration(
        implied=ImpliedEffects(
            log_odds_ratio=effects[0],
            mrss_difference=effects[1],
            fvc_difference=effects[2],
            predictions=predictions,
        ),
        seed=int(stored["seed"]),
        fingerprint=str(stored["fingerprint"]),
        subjects=int(stored["subjects"]),
        replicates=int(stored["replicates"]),
        shift=float(stored["shift"]),
    )


def is_stale(
    calibration: Calibration, evidence: Evidence, patients: PatientCalibration, used: Collection[str]
) -> bool:
    """Return whether a number, the patients or the model have changed since the calibration was made."""
    now = calibration_fingerprint(evidence, patients, used)
    return calibration.fingerprint != now or patients_stale(patients, evidence)
