"""Do one task at many places: in this process, in several, or only a part of them; what is lost is named.

An executor takes a task and places and yields ``(place, result or Failure)`` as they come, in no fixed order. What a
task raises itself ends the run: it would be raised at the other places too. A ``Failure`` is what the system did to the
process of one place. Files are the truth: an executor only fills in what is absent, and how often or by how many a place
is done changes nothing.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

from ifntrial.errors import LISTED_AT_MOST, InputError, RunError
from ifntrial.studies.access import Access
from ifntrial.studies.worker_processes import Failure, processes

_Result = TypeVar("_Result")
_Made_co = TypeVar("_Made_co", covariant=True)


class Task(Protocol[_Made_co]):
    """What is done at each place; picklable."""

    def __call__(self, place: int) -> _Made_co:
        """Do it, and write what is kept of it as the last thing."""

    def found(self, place: int) -> _Made_co | None:
        """Return what a place gives if what is kept of it is there, whoever wrote it."""


class Executor(Protocol):
    """Who does a task at many places."""

    @property
    def workers(self) -> int:
        """Processors of this machine, for what is done beside the blocks."""

    @property
    def access(self) -> Access:
        """Who else may work in the folder."""

    @property
    def text(self) -> str:
        """Which part of a run it does, or where; empty for all of it on this machine."""

    def share(self, places: Sequence[int]) -> Sequence[int]:
        """Return those of a run's places that it is to do."""

    def answers(
        self, task: Task[_Result], places: Sequence[int]
    ) -> Generator[tuple[int, _Result | Failure], None, None]:
        """Yield each place and its result, as they come."""


Workers: TypeAlias = int | Executor
"""An executor, or how many processes of this machine are one."""


def serial(
    task: Callable[[int], _Result], places: Sequence[int]
) -> Generator[tuple[int, _Result | Failure], None, None]:
    """Yield each place and its result, one after another in this process."""
    for place in places:
        yield place, task(place)


@dataclass(frozen=True, slots=True)
class Here:
    """Processes of this machine; one worker or one place stays in this process."""

    workers: int

    @property
    def access(self) -> Access:
        """Nobody else may work in the folder."""
        return Access.ALONE

    @property
    def text(self) -> str:
        """All of it, here."""
        return ""

    def share(self, places: Sequence[int]) -> Sequence[int]:
        """Return all places."""
        return places

    def answers(
        self, task: Task[_Result], places: Sequence[int]
    ) -> Generator[tuple[int, _Result | Failure], None, None]:
        """Yield each place and its result."""
        alone = self.workers <= 1 or len(places) < 2
        return serial(task, places) if alone else processes(task, places, self.workers)


@dataclass(frozen=True, slots=True)
class Part:
    """One of several parts of a run, each done by a command of its own that knows nothing of the others.

    Parameters
    ----------
    number, parts
        Which one, from 1, of how many: every so many-th block, so that each part is spread over all worlds.
    workers
        Processes of this machine.
    """

    number: int
    parts: int
    workers: int

    @property
    def access(self) -> Access:
        """Others do the other parts."""
        return Access.BESIDE

    @property
    def text(self) -> str:
        """As it is given, such as ``3/16``."""
        return f"{self.number}/{self.parts}"

    def share(self, places: Sequence[int]) -> Sequence[int]:
        """Return the places of this part."""
        return [place for place in places if place % self.parts == self.number - 1]

    def answers(
        self, task: Task[_Result], places: Sequence[int]
    ) -> Generator[tuple[int, _Result | Failure], None, None]:
        """Yield each place and its result."""
        return Here(self.workers).answers(task, places)


def read_part(text: str, workers: int) -> Part:
    """Return the part that a text such as ``3/16`` names.

    Raises
    ------
    InputError
        If it names none.
    """
    number, _, parts = text.partition("/")
    if number.isdecimal() and parts.isdecimal() and 1 <= int(number) <= int(parts):
        return Part(int(number), int(parts), workers)
    raise InputError(
        "the part cannot be read",
        given=text,
        allowed="NUMBER/PARTS, the number from 1 to that of the parts",
        fix="for example --part 3/16",
    )


@dataclass(frozen=True, slots=True)
class Nobody:
    """Does nothing: the run goes on with what is there."""

    workers: int

    @property
    def access(self) -> Access:
        """Nothing is written but the result."""
        return Access.READING

    @property
    def text(self) -> str:
        """Nothing of it."""
        return ""

    def share(self, places: Sequence[int]) -> Sequence[int]:
        """Return no place."""
        return places[:0]

    def answers(
        self, task: Task[_Result], places: Sequence[int]
    ) -> Generator[tuple[int, _Result | Failure], None, None]:
        """Yield nothing."""
        del task, places
        yield from ()


def executor_of(workers: Workers) -> Executor:
    """Return who works."""
    return Here(workers) if isinstance(workers, int) else workers


def workers_here(workers: Workers) -> int:
    """Return how many processors of this machine are used."""
    return workers if isinstance(workers, int) else workers.workers


def finished(
    task: Task[_Result],
    places: Sequence[int],
    workers: Workers,
    lost: Callable[[int, Failure], None] = lambda place, failure: None,
) -> Iterator[_Result]:
    """Yield the result of ``task`` for each place as soon as it is done, in no fixed order.

    When the loop over it ends early, by an interrupt or an error, what is being done is finished and nothing more is
    begun; another interrupt meanwhile stops at once.

    Parameters
    ----------
    places
        What to do.
    workers
        Who does it.
    lost
        Told of each place whose processes were lost again and again, when that is known.

    Raises
    ------
    RunError
        After all others are done, if the processes of some places were lost again and again.
    """
    failed: dict[int, Failure] = {}
    with closing(executor_of(workers).answers(task, places)) as answers:
        for place, answer in answers:
            if isinstance(answer, Failure):
                failed[place] = answer
                lost(place, answer)
            else:
                yield answer
    if failed:
        raise _lost(failed, len(places))


def _lost(failed: dict[int, Failure], total: int) -> RunError:
    shown = [
        f"block {place} failed {each.tries} times: {each.reason}" for place, each in sorted(failed.items())
    ]
    rest = len(shown) - LISTED_AT_MOST
    return RunError(
        f"{len(failed)} of {total} blocks could not be done; the others are finished",
        problems=[*shown[:LISTED_AT_MOST], *([f"and {rest} more"] if rest > 0 else [])],
        fix="a killed process is often a lack of memory: give the same command again with fewer --workers; "
        "what is in the run's folder is not done again",
    )
