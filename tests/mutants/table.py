"""The result as a table of strata, and the survivors with what was changed."""

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence

from mutants.judge import Verdict
from mutants.source import Source

KILLED = ("killed", "timed out")
ROW = "| {:<14} | {:>7} | {:>6} | {:>8} | {:>10} | {:>6} |"


def table_of(verdicts: Mapping[str, Sequence[Verdict]]) -> str:
    """Return the table; the last column is the share killed of those that are not equivalent."""
    lines = [
        ROW.format("stratum", "mutants", "killed", "survived", "equivalent", "share"),
        "|---|--:|--:|--:|--:|--:|",
    ]
    everything: Counter[str] = Counter()
    for stratum, found in verdicts.items():
        counts = Counter(verdict.state for verdict in found)
        everything += counts
        lines.append(_row(stratum, counts))
    return "\n".join([*lines, _row("all", everything)])


def _row(name: str, counts: Counter[str]) -> str:
    killed = sum(counts[state] for state in KILLED)
    judged = counts.total() - counts["equivalent"]
    share = f"{killed / judged:.0%}" if judged else "–"
    return ROW.format(name, counts.total(), killed, judged - killed, counts["equivalent"], share)


def diff_of(verdict: Verdict, source: Source) -> str:
    """Return the change of a survivor as lines removed and added."""
    before = source.content.decode().splitlines()
    after = source.edited(verdict.mutant.edit).decode().splitlines()
    shown = [
        line
        for line in difflib.unified_diff(before, after, n=0, lineterm="")
        if line[:3] not in ("---", "+++")
    ]
    mutant = verdict.mutant
    reached = f"{verdict.given} of {verdict.reaching} tests that reach it were run"
    return "\n".join([f"{mutant.path}:{mutant.number} ({mutant.kind}; {reached})", *shown[1:]])
