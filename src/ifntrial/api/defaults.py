"""What the commands and the verbs of Python take where nothing is said; loads nothing, so that help is instant."""

from dataclasses import dataclass

SEED = 20261122
MOST_SEED = 2**63 - 1
MOST_WORKERS = 256


@dataclass(frozen=True, slots=True)
class RunSize:
    """How many worlds and virtual patients a study takes."""

    worlds: int
    subjects: int


FORECAST = RunSize(240, 200)
COMPARE = RunSize(240, 200)
DOSES = RunSize(100, 200)
ENRICH = RunSize(150, 500)
VALIDATE = RunSize(64, 400)

SENSITIVITY_SUBJECTS = 48
SIMULATE_SUBJECTS = 200
MAP_POPULATION = "ifn-high"
"""Who is followed in a map of the pathway."""
SIMULATE_WEEKS = 52.0
"""How long a regimen is followed [week]."""
MOST_WEEKS = 520
"""How long anything is followed at most [week]."""
