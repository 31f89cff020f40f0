"""Results of the commands about evidence from what was found in its tables."""

from collections.abc import Iterable
from dataclasses import asdict, fields

from pydantic import TypeAdapter

from ifntrial.evidence.rests_on_source import Hanging
from ifntrial.evidence.rules.checked import Row, label
from ifntrial.studies.evidence.result import EvidenceRows, ShownRow, WithAndWithout, WithoutSource
from ifntrial.studies.evidence.without_source import Reweighed


def gather_rows(name: str, rows: Iterable[Row]) -> EvidenceRows:
    """Return rows of one name, each with the name of its table."""
    shown = [{"table": label(row).partition(" ")[0], **asdict(row)} for row in rows]
    return EvidenceRows(name, TypeAdapter(tuple[ShownRow, ...]).validate_python(shown))


def gather_without(hanging: Hanging, effect: Reweighed) -> WithoutSource:
    """Return what hangs on a source with what changes without it."""
    return WithoutSource(
        **{each.name: getattr(hanging, each.name) for each in fields(hanging)},
        assurance_by_prior={
            name: WithAndWithout(chance, effect.after.get(name)) for name, chance in effect.before.items()
        },
        rows_that_no_longer_weigh=effect.lost_rows,
        sd_ratios={name: WithAndWithout(old, new) for name, (old, new) in effect.globals_changed.items()},
        kept_at_their_values=effect.not_reweighed,
    )
