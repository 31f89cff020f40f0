"""Do one task for every world, in this process or in several."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TypeVar

_Result = TypeVar("_Result")


def finished(task: Callable[[int], _Result], places: Sequence[int], workers: int) -> Iterator[_Result]:
    """Yield the result of ``task`` for each place as soon as it is done, in no fixed order.

    Parameters
    ----------
    task
        Picklable, such as a ``functools.partial`` of a module's function.
    places
        What to do.
    workers
        Processes; one worker or one place stays in this process.
    """
    if workers <= 1 or len(places) < 2:
        for place in places:
            yield task(place)
        return
    # spawn: a fork of a process with threads may hang
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(places)), mp_context=context) as pool:
        futures = [pool.submit(task, place) for place in places]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
