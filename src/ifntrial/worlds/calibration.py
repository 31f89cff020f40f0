"""The frozen calibration: what each structural world implies, with the evidence it was made from."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from ifntrial.arrays import IntArray
from ifntrial.errors import FileError, RunError
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import Family
from ifntrial.files import write_whole
from ifntrial.model import MODEL_VERSION, Model
from ifntrial.patients.weights import PatientCalibration
from ifntrial.patients.weights_file import patients_stale, weights_fingerprint
from ifntrial.worlds.draw import Worlds, draw_worlds
from ifntrial.worlds.implied import EffectAtAddress, ImpliedEffects
from ifntrial.worlds.predictions import WEIGHT_IN_LUPUS, Predictions

ARTIFACT = Path(__file__).parent / "calibrated" / "structural_worlds.npz"
CALIBRATION_SEED = 730
FORMAT = 3
DESCRIBED = 10_000
"""Worlds from which the spread of each unknown is told."""
_FACTS = ("seed", "fingerprint", "candidates", "subjects", "replicates", "many_subjects", "check_subjects")
_EFFECT, _CONTROL, _ERROR, _LOWER = "effect ", "control ", "standard error ", "lower is better "
_CHECKED, _CHECKED_EFFECT = "checked ", "checked effect "

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
    """What structural worlds of a seed imply at every address.

    Parameters
    ----------
    implied
        Effects and predictions of the worlds that were kept.
    seed
        Seed of the structural draws; a run's own seed only chooses among them.
    fingerprint
        Of the numbers, the addresses and the model that made it, see ``calibration_fingerprint``.
    candidates
        Structural worlds that were drawn; the others were not kept.
    subjects, replicates
        Common patients behind each effect, and repeats of their readings.
    many_subjects, check_subjects
        Patients of the correction, and of the check.
    """

    implied: ImpliedEffects
    seed: int
    fingerprint: str
    candidates: int
    subjects: int
    replicates: int
    many_subjects: int
    check_subjects: int

    @property
    def worlds(self) -> int:
        """Number of structural worlds that were kept."""
        return self.implied.size

    def first_worlds(self, model: Model, evidence: Evidence) -> Worlds:
        """Return the first of the draw, enough to tell how an unknown spreads before and after data."""
        return draw_worlds(
            model, evidence, self.candidates, self.seed, np.arange(min(self.candidates, DESCRIBED))
        )

    def structural_worlds(
        self, model: Model, evidence: Evidence, positions: IntArray | None = None
    ) -> Worlds:
        """Return those that were kept, or some of them by place."""
        number = self.implied.number if positions is None else self.implied.number[positions]
        return draw_worlds(model, evidence, self.candidates, self.seed, number)


def calibration_fingerprint(
    evidence: Evidence, patients: PatientCalibration, used: Collection[str], addresses: Iterable[str]
) -> str:
    """Return a hash of the model version and of every parameter value that the implied effects rest on.

    Rows ``prior.*`` and ``discrepancy.*`` and published results only weigh worlds: changing them needs no simulation.

    Parameters
    ----------
    patients
        The frozen weights that patients are drawn with.
    used
        Names of the rows that the models of all drugs use.
    addresses
        Content of every address.
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
        *(f"address {content}" for content in addresses),
    ]
    return sha256("\n".join([*basis, *lines]).encode()).hexdigest()


def save_calibration(calibration: Calibration, path: Path) -> None:
    """Write the artifact; effects keep single precision, which is far finer than their Monte Carlo error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    implied, packed = calibration.implied, BytesIO()
    columns: dict[str, Any] = {}
    for name, place in implied.at.items():
        columns |= {
            f"{_EFFECT}{name}": place.effect.astype(np.float32),
            f"{_CONTROL}{name}": place.control.astype(np.float32),
            f"{_ERROR}{name}": np.array(place.standard_error),
            f"{_LOWER}{name}": np.array(place.is_lower_better),
            f"{_CHECKED}{name}": place.checked.astype(np.int32),
            f"{_CHECKED_EFFECT}{name}": place.checked_effect.astype(np.float32),
        }
    np.savez_compressed(
        packed,
        **columns,
        **{name: getattr(calibration, name) for name in _FACTS},
        format=np.array(FORMAT),
        addresses=np.array(tuple(implied.at)),
        number=implied.number.astype(np.int32),
        chance=implied.chance.astype(np.float32),
        is_protective=implied.is_protective,
        observations=np.array(implied.predictions.observations),
        predictions=implied.predictions.values.astype(np.float32),
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
    predictions = Predictions(
        tuple(str(name) for name in stored["observations"]), stored["predictions"].astype(np.float64)
    )
    implied = ImpliedEffects(
        number=stored["number"].astype(np.int64),
        chance=stored["chance"].astype(np.float64),
        is_protective=stored["is_protective"],
        at={str(name): _address(stored, str(name)) for name in stored["addresses"]},
        predictions=predictions,
    )
    columns = [place.effect for place in implied.at.values()] + [
        place.control for place in implied.at.values()
    ]
    shapes = {values.shape for values in (*columns, implied.chance, implied.is_protective)}
    if shapes != {(implied.size,)} or predictions.values.shape != (
        int(stored["candidates"]),
        len(predictions.observations),
    ):
        raise ValueError("its columns are not of one length")
    return Calibration(
        implied=implied,
        fingerprint=str(stored["fingerprint"]),
        **{name: int(stored[name]) for name in _FACTS if name != "fingerprint"},
    )


def _address(stored: Mapping[str, np.ndarray], name: str) -> EffectAtAddress:
    return EffectAtAddress(
        effect=stored[f"{_EFFECT}{name}"].astype(np.float64),
        control=stored[f"{_CONTROL}{name}"].astype(np.float64),
        standard_error=float(stored[f"{_ERROR}{name}"]),
        is_lower_better=bool(stored[f"{_LOWER}{name}"]),
        checked=stored[f"{_CHECKED}{name}"].astype(np.int64),
        checked_effect=stored[f"{_CHECKED_EFFECT}{name}"].astype(np.float64),
    )


def is_stale(
    calibration: Calibration,
    evidence: Evidence,
    patients: PatientCalibration,
    used: Collection[str],
    addresses: Iterable[str],
) -> bool:
    """Return whether a number, the patients or the model have changed since the calibration was made."""
    now = calibration_fingerprint(evidence, patients, used, addresses)
    return calibration.fingerprint != now or patients_stale(patients, evidence)
