"""Derived or assumed: where each statement of the review stands in this model, and the run that shows it.

Derived: it comes out of the equations and could have come out otherwise. Assumed: the form of an equation, or a number,
says it; a run shows its size, not whether it is true. Cannot show: nothing in the model can make it true or false.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ifntrial.evidence.records import Evidence
from ifntrial.studies.validate.statements import JUDGED, Stands

IN_WORDS: dict[Stands, str] = {
    "derived": "derived: it could have come out otherwise",
    "assumed": "assumed, in its form or by a number: the run shows its size",
    "cannot show": "cannot be shown: nothing here makes it true or false",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One statement, and what the model has to say of it.

    Parameters
    ----------
    statement, text
        Id of the claim, or a key of its own where no claim says it; and in words.
    stands
        Whether the model derives it, assumes it, or cannot show it.
    why
        Which law or number decides that.
    command
        The run that shows it.
    falsified_by
        What would make it false.
    """

    statement: str
    text: str
    stands: Stands
    why: str
    command: str
    falsified_by: str


def standings(evidence: Evidence) -> tuple[Standing, ...]:
    """Return where each statement stands, with its words."""
    claims = {claim.id: claim.statement for claim in evidence.claims}
    return tuple(
        Standing(
            row.statement,
            claims.get(row.statement, row.text),
            row.stands,
            row.why,
            row.command,
            row.falsified_by,
        )
        for row in JUDGED
    )


def standing_lines(evidence: Evidence) -> Iterator[str]:
    """Yield the statements as lines of Markdown, those that are derived first."""
    found = standings(evidence)
    for stands, words in IN_WORDS.items():
        rows = [row for row in found if row.stands == stands]
        yield f"## {words[0].upper()}{words[1:]} ({len(rows)})"
        yield ""
        yield "| statement | why | run | what would make it false |"
        yield "|---|---|---|---|"
        for row in rows:
            yield f"| {row.text} | {row.why} | `{row.command}` | {row.falsified_by} |"
        yield ""
