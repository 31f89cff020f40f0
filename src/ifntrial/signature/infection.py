"""What a score can say of an infection beside interferon: little, and never that there is none.

A viral infection raises the interferon-stimulated genes themselves, so the IFN-I set speaks for it as much as for
interferon of another cause. The bacterial half of a published blood panel (sweeney_2016) shares no gene with the
interferon sets and is shown beside them as a hint. It was made to tell bacterial from viral infection in acutely
ill people; how it behaves in systemic sclerosis, under its drugs or outside blood has not been shown.
"""

import numpy as np
import pandas as pd

from ifntrial.signature.result import UNCLASSIFIED, ScoreResult

BACTERIAL = "sweeney_bacterial"

INFECTION_POSSIBLE = "not excluded: a viral infection raises the same genes"
INFECTION_NO_SIGN = "no sign of a viral one: the IFN-I genes are not raised"
NOT_KNOWN = "not known"

BACTERIAL_HINTS = {
    "high": "raised: a hint to look for a bacterial infection, no more",
    "borderline": "borderline",
    "low": "not raised, which does not exclude one",
}
NOT_BLOOD = "not read: the panel was made for blood"
NOT_SCORED = "not measured: the set was not scored"
NOT_CALLED = "not called: there is no cut-off"


def describe_infection(ifn_i_class: pd.Series) -> np.ndarray:
    """Return for each sample what the IFN-I class says of a viral infection; only a low one speaks against it."""
    return np.select(
        [ifn_i_class == UNCLASSIFIED, ifn_i_class == "low"],
        [NOT_KNOWN, INFECTION_NO_SIGN],
        INFECTION_POSSIBLE,
    ).astype(object)


def describe_bacterial(result: ScoreResult, samples: pd.Index, *, is_blood: bool) -> pd.DataFrame:
    """Return score, class and reading of the bacterial genes for each sample.

    Parameters
    ----------
    samples
        Names of the samples, in the order of the rows wanted.
    is_blood
        Whether the samples may be blood; elsewhere the genes are scored and not read.

    Returns
    -------
    Columns ``bacterial_score, bacterial_class, bacterial``; the last one says why where nothing was measured.
    """
    if result.find(BACTERIAL) is None:
        nothing = {"bacterial_score": np.nan, "bacterial_class": UNCLASSIFIED, "bacterial": NOT_SCORED}
        return pd.DataFrame(nothing, index=samples)
    own = result.scores_of(BACTERIAL).loc[samples]
    return pd.DataFrame(
        {
            "bacterial_score": own["score"],
            "bacterial_class": own["class"],
            "bacterial": [
                _read(status, call, f"{used} of {total} genes", is_blood)
                for status, call, used, total in zip(
                    own["status"], own["class"], own["genes_used"], own["genes_total"], strict=True
                )
            ],
        },
        index=samples,
    )


def _read(status: str, call: str, measured: str, is_blood: bool) -> str:
    if status != "scored":
        return f"not measured: {measured}"
    if not is_blood:
        return NOT_BLOOD
    return BACTERIAL_HINTS.get(call, NOT_CALLED)
