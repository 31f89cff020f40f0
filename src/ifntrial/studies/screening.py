"""Who was screened to find the subjects of a study."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.clinic.enroll import Enrollment


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """Who was screened to find the virtual patients.

    Parameters
    ----------
    screened
        Candidates drawn.
    implausible
        Reason to the number of candidates.
    thinned
        Left out so that the rest look like published patients.
    refused
        Entry criterion to the number of patients who fail it.
    """

    screened: int
    implausible: Mapping[str, int]
    thinned: int
    refused: Mapping[str, int]


def screening_of(enrollment: Enrollment) -> Screening:
    """Return who was screened for an enrollment."""
    return Screening(
        screened=enrollment.screened,
        implausible=enrollment.implausible,
        thinned=enrollment.thinned,
        refused=enrollment.refused,
    )
