"""What is said of every run beside its numbers: what was asked, what made them, how long it took."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunFacts:
    """The facts that the JSON of every command begins with.

    Parameters
    ----------
    schema_version
        Of the JSON of results.
    kind
        Name of the command, such as ``design compare``.
    version
        Of the package.
    model_version
        Raised when a default number or an equation of the model changes.
    evidence_hash
        Of the evidence tables; None while they hold a problem.
    lock_hash
        Of the installed versions of what the package depends on.
    seed
        Of all random numbers; None for a command that draws none.
    date
        Day on which the run ended, in UTC, as YYYY-MM-DD.
    seconds
        Time taken [s].
    command
        The whole command, for a shell.
    chosen
        Options that change numbers and are not the default, as label and text.
    """

    schema_version: int
    kind: str
    version: str
    model_version: int
    evidence_hash: str | None
    lock_hash: str
    seed: int | None
    date: str
    seconds: float
    command: str
    chosen: Mapping[str, str]
