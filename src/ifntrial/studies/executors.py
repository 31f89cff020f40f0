"""Do one task at many places, in this process or in several; what a lost process takes with it is named.

An executor takes a task and places and yields ``(place, result or Failure)`` as they come, in no fixed order: ``serial``
is one, ``processes`` of ``studies.worker_processes`` another. What a task raises itself ends the run: it would be raised
at the other places too. A ``Failure`` is what the system did to the process of one place.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from typing import TypeVar

from ifntrial.errors import LISTED_AT_MOST, RunError
from ifntrial.studies.worker_processes import Failure, processes

_Result = TypeVar("_Result")


def serial(
    task: Callable[[int], _Result], places: Sequence[int]
) -> Generator[tuple[int, _Result | Failure], None, None]:
    """Yield each place and its result, one after another in this process."""
    for place in places:
        yield place, task(place)


def finished(task: Callable[[int], _Result], places: Sequence[int], workers: int) -> Iterator[_Result]:
    """Yield the result of ``task`` for each place as soon as it is done, in no fixed order.

    When the loop over it ends early, by an interrupt or an error, what is being done is finished and nothing more is
    begun; another interrupt meanwhile stops at once.

    Parameters
    ----------
    task
        Picklable, such as a ``functools.partial`` of a module's function.
    places
        What to do.
    workers
        Processes; one worker or one place stays in this process.

    Raises
    ------
    RunError
        After all others are done, if the processes of some places were lost again and again.
    """
    alone = workers <= 1 or len(places) < 2
    answers = serial(task, places) if alone else processes(task, places, workers)
    failed: dict[int, Failure] = {}
    with closing(answers):
        for place, answer in answers:
            if isinstance(answer, Failure):
                failed[place] = answer
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
