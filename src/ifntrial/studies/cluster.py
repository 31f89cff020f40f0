"""An executor over a cluster of Dask distributed, which goes on from the files whatever becomes of its workers.

A scheduler knows less than the folder of a run: it forgets finished tasks when workers die, blames tasks that stood
beside a fatal one, and may wait for workers that never come back. So tasks answer by their files, a few for each worker
are under way at a time, silence is met with a new connection, and a task is blamed only for what it does alone.
"""

import pickle
import re
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Generic, TypeVar

from ifntrial.errors import InputError, RunError
from ifntrial.extras import load_extra
from ifntrial.studies.access import Access
from ifntrial.studies.cluster_link import (
    LOOK,
    Foreign,
    Link,
    NothingToDoError,
    SilentError,
    WrongProgramError,
    wrong_program,
)
from ifntrial.studies.executors import Task
from ifntrial.studies.worker_processes import TRIES, Failure

_Result = TypeVar("_Result")

WAVE = 4
"""So many tasks are under way for each worker."""
_FIRST_ANSWER = 300.0
"""Seconds in which nobody has to answer: workers import and compile."""
_DESERTED = 20.0
"""Seconds in which a worker that died has to be replaced, if no other is left."""
_FILE_SEEN = 30.0
"""Seconds until a file written on another machine is seen on this one."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The workers of a Dask cluster, which see the folder of the run under the same path.

    Parameters
    ----------
    address
        Of its scheduler, such as ``tcp://10.0.0.1:8786``; or ``local:4``, four processes of this machine.
    workers
        Processors of this machine.
    silence
        For how long nothing need be heard at least [s]; if the tasks take long, ten times as long as these.
    """

    address: str
    workers: int
    silence: float = 60.0

    @property
    def access(self) -> Access:
        """Nobody else may work in the folder."""
        return Access.ALONE

    @property
    def text(self) -> str:
        """On which cluster."""
        return f"cluster {self.address}"

    def share(self, places: Sequence[int]) -> Sequence[int]:
        """Return all places."""
        return places

    def answers(
        self, task: Task[_Result], places: Sequence[int]
    ) -> Generator[tuple[int, _Result | Failure], None, None]:
        """Yield each place and what its task has written.

        A place whose workers die is put aside; when all others are done it is tried twice more, alone.

        Raises
        ------
        ExtraError
            If Dask distributed is not installed.
        RunError
            If the cluster does not answer, or its workers write elsewhere.
        """
        if not places:
            return
        link = Link(load_extra("distributed", "runs on a cluster"), self.address, pickle.dumps(task))
        try:
            suspects: dict[int, str] = {}
            for place, reason in _outcomes(link, task, places, self.silence):
                if reason:
                    suspects[place] = reason
                else:
                    yield place, _written(task, place)
            for place, reason in suspects.items():
                yield place, _alone(link, task, place, self.silence, reason)
        finally:
            link.close()


def read_cluster(text: str, workers: int) -> Cluster:
    """Return the cluster that a text such as ``tcp://10.0.0.1:8786`` or ``local:4`` names.

    Raises
    ------
    InputError
        If it names none.
    """
    local = re.fullmatch(r"local:(\d+)", text)
    if re.fullmatch(r"(tcp|tls)://[\w.\-\[\]:]+:\d+", text) or (local and 1 <= int(local[1]) <= 256):
        return Cluster(text, workers)
    raise InputError(
        "the cluster cannot be read",
        given=text,
        allowed="tcp://HOST:PORT or tls://HOST:PORT of a Dask scheduler, or local:N for N processes of this machine",
        fix="for example --cluster local:4",
    )


def _outcomes(
    link: Link, task: Task[_Result], places: Sequence[int], silence: float
) -> Iterator[tuple[int, str]]:
    """Yield each place with nothing, or with what became of its worker; goes on over new connections."""
    todo = deque(places)
    while todo:
        wave = _Wave(link, task, todo, silence)
        try:
            yield from wave.outcomes()
            return
        except SilentError:
            link.renew()
        # files are the truth: what is there is done, whatever the old connection knew
        todo = deque([*wave.under_way, *todo])
        there = [place for place in todo if task.found(place) is not None]
        todo = deque(place for place in todo if place not in set(there))
        yield from ((place, "") for place in there)


class _Wave(Generic[_Result]):
    """What is under way over one connection; takes from ``todo`` what it begins."""

    def __init__(self, link: Link, task: Task[_Result], todo: deque[int], silence: float) -> None:
        self._link, self._task, self._todo, self._silence = link, task, todo, silence
        self.under_way = dict[int, Foreign]()
        self._began, self._seconds = dict[int, float](), list[float]()
        self._heard = time.monotonic()

    def outcomes(self) -> Iterator[tuple[int, str]]:
        """Yield each place with nothing, or with what became of its worker.

        Raises
        ------
        SilentError
            If nothing is heard any more.
        """
        while self._todo or self.under_way:
            self._begin_more()
            answered = [(place, each) for place, each in self.under_way.items() if each.done()]
            if self._link.is_closed:
                raise SilentError("the scheduler is gone")
            for place, future in answered:
                reason = "" if self._task.found(place) is not None else _what_became_of(self._link, future)
                del self.under_way[place]
                self._heard, self._link.restarts = time.monotonic(), 0
                if not reason:
                    self._seconds.append(self._heard - self._began[place])
                yield place, reason
            if not answered:
                self._listen()

    def _begin_more(self) -> None:
        while self._todo and len(self.under_way) < WAVE * self._link.size:
            place = self._todo[0]
            self.under_way[place], self._began[place] = self._link.submit(place), time.monotonic()
            self._todo.popleft()

    def _listen(self) -> None:
        silent = time.monotonic() - self._heard
        if silent > (_DESERTED if self._link.is_deserted else _patience(self._seconds, self._silence)):
            raise SilentError("nothing is heard")
        time.sleep(LOOK)


def _alone(link: Link, task: Task[_Result], place: int, silence: float, reason: str) -> _Result | Failure:
    """Return what a place gives that has already cost workers, with nothing else under way."""
    for _ in range(TRIES - 1):
        if task.found(place) is None:
            for _, told in _outcomes(link, task, [place], silence):
                reason = told or reason
        if task.found(place) is not None:
            return _written(task, place)
    return Failure(reason, TRIES)


def _written(task: Task[_Result], place: int) -> _Result:
    end = time.monotonic() + _FILE_SEEN
    while (found := task.found(place)) is None:
        if time.monotonic() > end:
            raise RunError(
                f"a worker of the cluster says that block {place} is written, and it is not in the folder of the run",
                allowed="workers that see the folder under the same path as this machine",
                fix="put the folder on a file system that all share, and give its whole path as --out",
            )
        time.sleep(LOOK)
    return found


def _patience(seconds: Sequence[float], silence: float) -> float:
    return max(silence, 10.0 * median(seconds)) if seconds else max(silence, _FIRST_ANSWER)


def _what_became_of(link: Link, future: Foreign) -> str:
    """Return what became of the worker of a task; nothing if it has ended well; raise what the task itself raised."""
    if future.status == "finished":
        return ""
    error = link.reason_of(future)
    if error is None:
        return "the scheduler lost it"
    if type(error).__name__ == "KilledWorker":
        return "its workers were killed again and again; this is often a lack of memory"
    if isinstance(error, MemoryError):
        return "there was not enough memory"
    if isinstance(error, WrongProgramError):
        raise wrong_program(str(error)) from error
    if type(error).__module__.startswith("distributed") or isinstance(error, NothingToDoError):
        return f"the cluster could not do it ({type(error).__name__})"
    raise error
