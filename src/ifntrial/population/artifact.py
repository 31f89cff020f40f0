"""The frozen calibration: what each structural world implies, with the evidence it was made from."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from ifntrial.errors import FileError, RunError
from ifntrial.evidence.records import Evidence
from ifntrial.model import MODEL_VERSION, used_parameters
from ifntrial.population.efficacy import ImpliedEffects

ARTIFACT = Path(__file__).parent / "calibrated" / "structural_worlds.npz"
CALIBRATION_SEED = 730
COLUMNS = ("log_odds_ratio", "mrss_difference", "fvc_difference", "suppression")

_SIMULATED = ("population.", "history.", "world.", "measurement.", "anifrolumab.bioavailability")
# These only weigh worlds: changing them needs no new simulation.
_WEIGHING = ("world.suppression_",)


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


def calibration_fingerprint(evidence: Evidence) -> str:
    """Return a hash of the model version and of every parameter value that the implied effects rest on."""
    used = used_parameters()
    lines = sorted(
        f"{row.name}|{row.value!r}|{row.unit}|{row.spread!r}|{row.spread_kind}|{row.prior}|{row.prior_a!r}|{row.prior_b!r}"
        for row in evidence.parameters
        if (row.name in used or row.name.startswith(_SIMULATED)) and not row.name.startswith(_WEIGHING)
    )
    return sha256("\n".join([f"model {MODEL_VERSION}", *lines]).encode()).hexdigest()


def save_calibration(calibration: Calibration, path: Path = ARTIFACT) -> None:
    """Write the artifact; effects keep single precision, which is far finer than their Monte Carlo error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = {name: getattr(calibration.implied, name).astype(np.float32) for name in COLUMNS}
    np.savez_compressed(
        path,
        **columns,
        seed=calibration.seed,
        fingerprint=calibration.fingerprint,
        subjects=calibration.subjects,
        replicates=calibration.replicates,
        shift=calibration.shift,
    )


def load_calibration(path: Path = ARTIFACT) -> Calibration:
    """Return the artifact.

    Raises
    ------
    FileError
        If it is absent.
    RunError
        If it is damaged.
    """
    if not path.exists():
        raise FileError(
            "the frozen calibration is absent", given=str(path), fix="make it with 'ifntrial calibrate'"
        )
    try:
        with np.load(path, allow_pickle=False) as stored:
            return Calibration(
                implied=ImpliedEffects(*(stored[name].astype(np.float64) for name in COLUMNS)),
                seed=int(stored["seed"]),
                fingerprint=str(stored["fingerprint"]),
                subjects=int(stored["subjects"]),
                replicates=int(stored["replicates"]),
                shift=float(stored["shift"]),
            )
    except (OSError, ValueError, KeyError) as error:
        raise RunError(
            f"the frozen calibration cannot be read: {error}",
            given=str(path),
            fix="make it again with 'ifntrial calibrate'",
        ) from error


def is_stale(calibration: Calibration, evidence: Evidence) -> bool:
    """Return whether a number or the model has changed since the calibration was made."""
    return calibration.fingerprint != calibration_fingerprint(evidence)
