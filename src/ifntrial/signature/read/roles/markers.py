"""Measurements of interferon that are no list of genes: what is published of them, and why they get no score here."""

import re
from collections.abc import Sequence

_MARKERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"^(p[-_ ]?STAT ?\d|phospho[-_ ]?STAT ?\d)", re.IGNORECASE),
        "phosphorylated STAT: no rule that makes a score or a call of it was found in a published source",
    ),
    (
        re.compile(r"^(SIGLEC[-_ ]?1|CD169)\b", re.IGNORECASE),
        "SIGLEC1 on cells: no cut-off was found in a published source that holds outside its laboratory; its "
        "transcript is one of the genes of ags_6",
    ),
    (
        re.compile(r"^(IFN[-_ ]?(a|alpha|α)[-_ ]?2?a?|IFNA2?|IFN|interferon[-_ ]alpha.*)(?![a-z0-9])", re.IGNORECASE),
        "interferon alpha itself: medians by Simoa are published and no cut-off was found (15.9 pg/ml is one of an "
        "electrochemiluminescence assay of IFN-alpha2a alone, and does not carry over)",
    ),
)  # fmt: skip


def describe_markers(labels: Sequence[str]) -> list[str]:
    """Return what is to be said of labels that are such measurements, one text each.

    Examples
    --------
    >>> [text.split(":")[0] for text in describe_markers(["pSTAT1 MFI", "CXCL10", "IFN-alpha2"])]
    ["'pSTAT1 MFI' is phosphorylated STAT", "'IFN-alpha2' is interferon alpha itself"]
    """
    found = []
    for label in labels:
        text = next((text for pattern, text in _MARKERS if pattern.match(label.strip())), None)
        if text is not None:
            found.append(
                f"'{label.strip()}' is {text}: it is not scored; associate it as a variable (--variables)"
            )
    return found
