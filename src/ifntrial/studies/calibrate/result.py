"""What published drug levels and signatures say about the unknowns of a world, and what a calibration freezes."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.patients.weights import PatientCalibration
from ifntrial.worlds.posterior import GlobalPosterior, WeighingRow


@dataclass(frozen=True, slots=True)
class EffectiveWorlds:
    """How many structural worlds a belief is worth, by Kish.

    Parameters
    ----------
    before, after
        Of the worlds that were kept, all alike, and as the published results weigh them.
    """

    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Learnt:
    """Prior and posterior of every unknown of a world.

    Parameters
    ----------
    worlds, candidates
        Number of structural worlds that were kept, and drawn.
    worlds_effective_before_and_after
        By the name of the belief; ``data`` for the published results alone.
    rows
        The results that weigh worlds.
    globals
        The unknowns, the most informed first.
    """

    worlds: int
    candidates: int
    worlds_effective_before_and_after: Mapping[str, EffectiveWorlds]
    rows: tuple[WeighingRow, ...]
    globals: tuple[GlobalPosterior, ...]


@dataclass(frozen=True, slots=True)
class CalibrationSummary:
    """What ``ifntrial calibrate`` froze, or found frozen.

    Parameters
    ----------
    patients
        The weights of virtual patients, with the misfit of every target.
    posterior
        What the published results say about worlds; None where only patients were weighed.
    """

    patients: PatientCalibration
    posterior: Learnt | None
