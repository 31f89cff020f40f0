"""Names that cannot be scored as they are: probe ids, mouse genes, dates made by a spreadsheet, running numbers."""

import re
from collections.abc import Sequence

_PROBE = re.compile(
    r"^(ILMN_\d+|\d+(_[a-z])?_at|A_\d\d_P\d+|TC\d+\.hg\.\d+|\d{7,8}|cg\d{8}|GE\d{5,}|HMNXSV\d+)$"
)
_SPREADSHEET_DATE = re.compile(
    r"^(\d{1,2}-(Mar|Sep|Dec|Oct|Apr|Feb|Nov)|(Mar|Sep|Dec)-\d{1,2}|\d{4}-\d\d-\d\d.*)$", re.IGNORECASE
)
_MOUSE = re.compile(r"^(?=.*[a-z])[A-Z][a-z0-9]*[a-z0-9-]*(rik|Rik)?[0-9a-z]*$")
_MOUSE_ENSEMBL = re.compile(r"^ENS(MUS|RNO|MMU|SSC|BTA|DAR)G\d{11}", re.IGNORECASE)
_TRANSCRIPT = re.compile(r"^(ENST\d{11}|[NX][MR]_\d+)")
_FEWEST_CONSECUTIVE = 5
_DENSE = 5
_MANY_NUMBERS = 200
# Of 200 or more human genes some always have an Entrez id of six digits or more; feature numbers end before.
_LARGEST_FEATURE_NUMBER = 65_536


def whole_numbers(labels: Sequence[str]) -> list[int]:
    """Return the labels that are whole numbers, as numbers."""
    return [int(name) for label in labels if (name := label.strip().removesuffix(".0")).isdigit()]


def are_running_numbers(labels: Sequence[str]) -> bool:
    """Return whether labels are numbers that count rows or places on an array, and no ids.

    Three signs, each enough: consecutive; so dense that at least every fifth number of their span is there (among
    20 or more); 200 or more of them without one that only later Entrez ids reach.

    Examples
    --------
    >>> are_running_numbers(["1", "2", "3", "4", "5"]), are_running_numbers(["3429", "10561", "91543", "10964", "9636"])
    (True, False)
    """
    numbers = sorted(set(whole_numbers(labels)))
    if len(numbers) < max(_FEWEST_CONSECUTIVE, len(labels) // 2):
        return False
    span = numbers[-1] - numbers[0] + 1
    return (
        span == len(numbers)
        or (len(numbers) >= 4 * _FEWEST_CONSECUTIVE and span <= _DENSE * len(numbers))
        or (len(numbers) >= _MANY_NUMBERS and numbers[-1] < _LARGEST_FEATURE_NUMBER)
    )


def are_mouse_names(labels: Sequence[str]) -> bool:
    """Return whether most names are written as mouse genes are: a capital and small letters, or mouse ids.

    Examples
    --------
    >>> are_mouse_names(["Isg15", "Ifit1", "Mx1"]), are_mouse_names(["ISG15", "C1orf112", "MX1"])
    (True, False)
    """
    names = [name for label in labels if (name := label.strip())]
    mouse = [name for name in names if _MOUSE.match(name) or _MOUSE_ENSEMBL.match(name)]
    return len(mouse) > len(names) / 2


def describe_strange_names(labels: Sequence[str]) -> list[str]:
    """Return what is odd about names, one text each."""
    names = [label.strip() for label in labels]
    if not names:
        return []
    problems = []
    if are_running_numbers(names):
        problems.append(
            f"names are consecutive numbers or places on an array ({names[0]}, {names[1]} ...), not Entrez ids; if they "
            "are, say --ids entrez"
        )
    probes = [name for name in names if _PROBE.match(name)]
    if len(probes) > len(names) / 2:
        problems.append(
            f"names are probe ids (e.g. {probes[0]}): map them to genes with --probes MAP (probes= in Python)"
        )
    elif are_mouse_names(names):
        shown = next(name for name in names if _MOUSE.match(name) or _MOUSE_ENSEMBL.match(name))
        problems.append(
            f"names look like mouse genes (e.g. {shown}): map them to human orthologues with --probes MAP, two columns"
        )
    transcripts = [name for name in names if _TRANSCRIPT.match(name)]
    if len(transcripts) > len(names) / 2:
        problems.append(
            f"names are transcripts (e.g. {transcripts[0]}): sum them to genes with --probes MAP (transcript, gene)"
        )
    dates = [name for name in names if _SPREADSHEET_DATE.match(name)]
    if dates:
        problems.append(f"{len(dates)} names were turned into dates by a spreadsheet (e.g. {dates[0]})")
    return problems
