"""The account of a table: what was in it, what is used, what was set aside and why."""

from collections.abc import Iterable
from itertools import groupby

from ifntrial.errors import listed
from ifntrial.signature.records import Ledger, Notice, SetAside


def make_ledger(
    rows_used: int,
    samples_used: int,
    set_aside: Iterable[SetAside],
    merged: int = 0,
    no_level: Iterable[str] = (),
) -> Ledger:
    """Return the account.

    Parameters
    ----------
    rows_used, samples_used
        Genes (or proteins) and samples that go on, one for each gene after those of one gene were merged.
    merged
        Rows that were merged into another of the same gene.
    no_level
        Names of rows that held no level for any sample.
    """
    aside = tuple(set_aside) + tuple(SetAside("row", name, "no level in any sample") for name in no_level)
    rows = sum(each.side == "row" for each in aside)
    samples = sum(each.side == "sample" for each in aside)
    return Ledger(
        rows_in=rows_used + merged + rows,
        rows_used=rows_used,
        rows_merged=merged,
        samples_in=samples_used + samples,
        samples_used=samples_used,
        set_aside=aside,
    )


def describe_ledger(ledger: Ledger) -> list[Notice]:
    """Return the account in words: one line of numbers, and one for each reason why something was set aside."""
    text = f"rows: {ledger.rows_in} in, {ledger.rows_used} used"
    if ledger.rows_merged:
        text += f", {ledger.rows_merged} merged with another of the same gene"
    rows_aside = sum(each.side == "row" for each in ledger.set_aside)
    samples_aside = sum(each.side == "sample" for each in ledger.set_aside)
    text += f", {rows_aside} set aside; samples: {ledger.samples_in} in, {ledger.samples_used} used"
    text += f", {samples_aside} set aside"
    notices = [Notice("detected", text)]
    ordered = sorted(ledger.set_aside, key=lambda each: (each.side, each.reason))
    for (side, reason), group in groupby(ordered, key=lambda each: (each.side, each.reason)):
        names = [each.name for each in group]
        what = "no gene" if side == "row" else "no sample"
        notices.append(Notice("caution", f"set aside, {what} ({reason}): {listed(names)}"))
    return notices
