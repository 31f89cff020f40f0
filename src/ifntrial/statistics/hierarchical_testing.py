"""Several endpoints at one level: fixed sequence, Holm and Hochberg."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ifntrial.errors import InputError


@dataclass(frozen=True, slots=True)
class Decision:
    """One hypothesis: its p, the p adjusted for the others, and whether it is rejected."""

    name: str
    p: float
    adjusted_p: float
    is_rejected: bool


def decide_in_order(names: Sequence[str], p_values: Sequence[float], alpha: float) -> tuple[Decision, ...]:
    """Return decisions of a fixed sequence: each at full level, until the first that fails.

    Parameters
    ----------
    names, p_values
        In the order of the protocol, primary first.
    alpha
        Level of the family, one- or two-sided as the p values are.
    """
    _require(names, p_values, alpha)
    adjusted = np.maximum.accumulate(np.asarray(p_values, dtype=np.float64))
    return tuple(
        Decision(name, float(p), float(a), bool(a <= alpha))
        for name, p, a in zip(names, p_values, adjusted, strict=True)
    )


def decide_together(
    names: Sequence[str],
    p_values: Sequence[float],
    alpha: float,
    method: Literal["holm", "hochberg"] = "holm",
) -> tuple[Decision, ...]:
    """Return decisions without an order, by Holm's or Hochberg's procedure."""
    _require(names, p_values, alpha)
    kind = "holm" if method == "holm" else "simes-hochberg"
    # here, as it takes long to load
    from statsmodels.stats.multitest import multipletests

    rejected, adjusted, _, _ = multipletests(np.asarray(p_values, dtype=np.float64), alpha=alpha, method=kind)
    return tuple(
        Decision(name, float(p), float(a), bool(r))
        for name, p, a, r in zip(names, p_values, adjusted, rejected, strict=True)
    )


def _require(names: Sequence[str], p_values: Sequence[float], alpha: float) -> None:
    if (
        not names
        or len(names) != len(p_values)
        or not all(0 <= p <= 1 for p in p_values)
        or not 0 < alpha < 1
    ):
        raise InputError(
            "hypotheses cannot be tested",
            given=f"{len(names)} names, p values {list(p_values)}, alpha {alpha}",
            allowed="one p value between 0 and 1 per name, and a level between 0 and 1",
            fix="give each hypothesis its p value",
        )
