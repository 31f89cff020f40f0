"""What the controls of a NanoString run say: whether it worked, and which genes stand above the background.

The limit of detection is the mean of the negative controls + 2 SD; the lane factor is the geometric mean of a lane's
positive controls against all lanes, and should lie between 0.3 and 3 (the maker's guideline).
"""

import re

import numpy as np
import pandas as pd

from ifntrial.errors import listed
from ifntrial.signature.records import Notice

PLATFORM = "NanoString"
LANE_FACTOR = (0.3, 3.0)
_POSITIVE = re.compile(r"^POS_[A-F](\(.*\))?$", re.IGNORECASE)
_NEGATIVE = re.compile(r"^NEG_[A-H](\(.*\))?$", re.IGNORECASE)
# POS_F lies below the limit of detection by design.
_FAINTEST = "POS_F"


def has_controls(names: pd.Index) -> bool:
    """Return whether positive and negative controls of this platform are among the names."""
    positive, negative = _pick(names, _POSITIVE), _pick(names, _NEGATIVE)
    return len(positive) >= 3 and len(negative) >= 3


def describe_controls(controls: pd.DataFrame, counts: pd.DataFrame) -> list[Notice]:
    """Return what the controls say of samples and genes.

    Parameters
    ----------
    controls
        Counts of what was set aside, samples x names.
    counts
        Counts of the genes, samples x genes.
    """
    positive = [name for name in _pick(controls.columns, _POSITIVE) if not name.upper().startswith(_FAINTEST)]
    negative = controls[_pick(controls.columns, _NEGATIVE)]
    notices = []
    if positive:
        lanes = np.log(controls[positive].clip(lower=1.0)).mean(axis=1)
        factor = np.exp(float(lanes.mean()) - lanes)
        wrong = factor[(factor < LANE_FACTOR[0]) | (factor > LANE_FACTOR[1])]
        notices.append(
            Notice(
                "detected",
                f"positive controls: lane factors {factor.min():.2g} to {factor.max():.2g}; they are used for quality "
                "and are no genes",
            )
        )
        if len(wrong):
            limits = f"{LANE_FACTOR[0]:g} to {LANE_FACTOR[1]:g}"
            text = f"lane factor outside {limits}, look at these runs: {listed(wrong.index)}"
            notices.append(Notice("caution", text))
    if negative.shape[1] >= 2:
        limit = negative.mean(axis=1) + 2.0 * negative.std(axis=1, ddof=1)
        below = counts.lt(limit, axis=0).mean(axis=0)
        dim = [str(name) for name in below.index[below > 0.5]]
        text = f"limit of detection (negative controls, mean + 2 SD): {limit.min():.3g} to {limit.max():.3g} counts"
        notices.append(Notice("detected", text))
        if dim:
            notices.append(
                Notice(
                    "caution", f"below the limit of detection in more than half of the samples: {listed(dim)}"
                )
            )
    return notices


def _pick(names: pd.Index, pattern: re.Pattern[str]) -> list[str]:
    return [str(name) for name in names if pattern.match(str(name))]
