"""What patients take and where they live, beside mycophenolate: what the risk of infection hangs on."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import Pure, Rows

Uniform = Callable[[str], FloatArray]
"""Purpose to one number in (0, 1) per subject, shape (subjects,)."""


@dataclass(frozen=True, slots=True)
class _Shares:
    """How many of those who enter."""

    glucocorticoid_share: Pure
    east_asia_share: Pure


_SHARES = Rows("population", _Shares)


def draw_background(evidence: Evidence, uniform: Uniform) -> dict[str, BoolArray]:
    """Return ``uses_glucocorticoid`` and ``lives_in_east_asia`` of each subject, each (subjects,).

    Both are drawn without regard to the disease: no joint share was read.
    """
    share = _SHARES.read(evidence)
    return {
        "uses_glucocorticoid": np.asarray(uniform("glucocorticoid") < share.glucocorticoid_share),
        "lives_in_east_asia": np.asarray(uniform("region") < share.east_asia_share),
    }


def background_parameters(covariates: dict[str, np.ndarray]) -> dict[str, FloatArray]:
    """Return the model parameters that background and age are, each (subjects,)."""
    return {
        "uses_glucocorticoid": covariates["uses_glucocorticoid"].astype(np.float64),
        "lives_in_east_asia": covariates["lives_in_east_asia"].astype(np.float64),
        "age": covariates["age_years"].astype(np.float64),
    }
