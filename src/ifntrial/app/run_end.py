"""What every command that forecasts says at its end."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from ifntrial.app.runs import say_run
from ifntrial.studies.over_worlds import CalibrationFacts
from ifntrial.studies.run_facts import RunFacts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ifntrial.api.answer import Kept

NO_EFFICACY_DATUM = (
    "No efficacy datum of interferon blockade in systemic sclerosis exists: these are beliefs, not data."
)


class AnswerOverWorlds(Protocol):
    """An answer of a study over worlds, with its run."""

    @property
    def facts(self) -> RunFacts: ...  # noqa: D102
    @property
    def kept(self) -> "Kept[Any]": ...  # noqa: D102
    @property
    def worlds(self) -> int: ...  # noqa: D102
    @property
    def worlds_asked(self) -> int: ...  # noqa: D102
    @property
    def worlds_effective(self) -> float: ...  # noqa: D102
    @property
    def subjects(self) -> int: ...  # noqa: D102
    @property
    def size_label(self) -> str: ...  # noqa: D102
    @property
    def subjects_status(self) -> "Mapping[str, int]": ...  # noqa: D102
    @property
    def calibration(self) -> CalibrationFacts: ...  # noqa: D102


Answer = TypeVar("Answer", bound=AnswerOverWorlds)


def say_size(result: AnswerOverWorlds, per: str = "") -> None:
    """Say how many worlds were asked for, drawn and are worth, with how many subjects ``per`` world or design."""
    from ifntrial.report.wording import worlds_in_words

    worlds = worlds_in_words(result.worlds_asked, result.worlds, result.worlds_effective)
    click.echo(f"{worlds}; {result.subjects} subjects{per} ({result.size_label}), seed {result.facts.seed}")


def say_answer(answer: Answer, say: Callable[[Answer], None]) -> None:
    """Say an answer, what failed, whether the calibration is stale, and what is said of every run."""
    say(answer)
    failed = {word: n for word, n in answer.subjects_status.items() if word != "ok"}
    if failed:
        click.echo(f"Subject courses that ended early, weighted zero: {failed}")
    if answer.calibration.is_stale:
        click.echo(
            "Numbers have changed since the calibration was frozen: run 'ifntrial calibrate' to bring it up to date."
        )
    say_run(answer.kept.run, answer.facts)
