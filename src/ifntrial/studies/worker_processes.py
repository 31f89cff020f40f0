"""An executor over worker processes that outlives the death of any of them and stops when it is told to.

Each worker has a pipe of its own and one place at a time, so that a death names its place, breaks nothing that others
use, and a stop waits for one place in each worker. A pool of the standard library shares a queue: one dead worker breaks
all of it, and nobody can say which task it had.
"""

import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from traceback import format_exc
from typing import Generic, TypeVar

from ifntrial.errors import RunError

TRIES = 3
OUT_OF_MEMORY = 86
"""Exit code of a worker whose task could not get memory; no other means anything."""

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

_Result = TypeVar("_Result")
# spawn: a fork of a process with threads may hang
_context = get_context("spawn")


@dataclass(frozen=True, slots=True)
class Failure:
    """A place whose task could not be done.

    Parameters
    ----------
    reason
        What became of its process, as words that follow a colon.
    tries
        How often it was tried.
    """

    reason: str
    tries: int


def processes(
    task: Callable[[int], _Result], places: Sequence[int], workers: int
) -> Generator[tuple[int, _Result | Failure], None, None]:
    """Yield each place and its result as soon as it is done by one of ``workers`` processes.

    A place whose process dies is put aside; when all others are done it is tried twice more, alone and each time in a
    new process. Only what dies alone, too, is a failure: whoever takes the memory, others cannot be blamed for it.

    Parameters
    ----------
    task
        Picklable; the places of a worker follow one another in its process.

    Raises
    ------
    RunError
        If no process can be started.
    """
    crew = _Crew(task)
    try:
        try:
            suspects = []
            for place, answer in crew.answers(places, workers):
                if isinstance(answer, _Lost):
                    suspects.append(place)
                else:
                    yield place, answer.value
            for place in suspects:
                yield place, crew.answer_alone(place)
        finally:
            crew.leave()
    finally:
        # after an orderly leave nobody is left; wherever a second interrupt falls, nobody is left either
        crew.kill()


@dataclass(frozen=True, slots=True)
class _Done(Generic[_Result]):
    value: _Result


@dataclass(frozen=True, slots=True)
class _Lost:
    reason: str


class _Crew(Generic[_Result]):
    """The workers of one executor."""

    def __init__(self, task: Callable[[int], _Result]) -> None:
        self._task = task
        self._workers: list[_Worker[_Result]] = []
        self._failed_starts = 0

    def answers(self, places: Sequence[int], workers: int) -> Iterator[tuple[int, _Done[_Result] | _Lost]]:
        """Yield the outcome of every place; a worker is given its next place when it has answered."""
        todo, unanswered = deque(places), len(places)
        while unanswered:
            workers = self._hire(min(workers, unanswered))
            for worker in self._heard():
                place, answer = worker.place, worker.hear()
                if isinstance(answer, _Lost):
                    self._workers.remove(worker)
                elif todo:
                    worker.give(todo.popleft())
                if answer is None:
                    self._failed_starts = 0
                if not worker.has_begun and isinstance(answer, _Lost):
                    workers = self._one_less(workers, answer.reason)
                if place is not None and answer is not None:
                    unanswered -= 1
                    yield place, answer

    def answer_alone(self, place: int) -> _Result | Failure:
        """Return the result of a place that has already cost one process."""
        reason = ""
        for _ in range(TRIES - 1):
            self.leave()
            for _, answer in self.answers([place], 1):
                if isinstance(answer, _Done):
                    return answer.value
                reason = answer.reason
        return Failure(reason, TRIES)

    def leave(self) -> None:
        """Let the workers finish what they are at, and wait until they have ended."""
        for worker in self._workers:
            worker.dismiss()
        for worker in self._workers:
            worker.join()
        self._workers = []

    def kill(self) -> None:
        """End the workers at once."""
        with _stop_signals_held():
            for worker in self._workers:
                worker.process.kill()
            for worker in self._workers:
                worker.process.join()
        self._workers = []

    def _heard(self) -> list["_Worker[_Result]"]:
        by_pipe: dict[object, _Worker[_Result]] = {worker.pipe: worker for worker in self._workers}
        return [by_pipe[pipe] for pipe in wait([worker.pipe for worker in self._workers])]

    def _hire(self, wanted: int) -> int:
        """Start workers until there are as many as wanted; return how many to go on with."""
        while len(self._workers) < wanted:
            try:
                self._workers.append(_Worker(self._task))
            except OSError as error:  # too many processes or open files
                wanted = self._one_less(len(self._workers) + 1, f"{error.strerror}")
        return wanted

    def _one_less(self, workers: int, reason: str) -> int:
        """Return with how many workers to go on after one did not begin: perhaps there is no room for it."""
        self._failed_starts += 1
        if self._failed_starts >= TRIES and not self._workers:
            raise RunError(
                f"no worker process could begin: {reason}",
                fix="close other programs, or give the same command again with --workers 1",
            )
        return max(1, workers - 1)


class _Worker(Generic[_Result]):
    """A process, the pipe to it and the place it is at."""

    def __init__(self, task: Callable[[int], _Result]) -> None:
        self.place: int | None = None
        self.has_begun = False
        self.pipe, theirs = _context.Pipe()
        self.process = _context.Process(target=_work, args=(task, theirs), daemon=True)
        # otherwise the first start would begin it, and let the signals through
        resource_tracker.ensure_running()
        with _stop_signals_held(), _without_script(task):
            self.process.start()
        theirs.close()

    def give(self, place: int) -> None:
        self.place = place
        self._say(place)

    def dismiss(self) -> None:
        self._say(None)

    def _say(self, place: int | None) -> None:
        with suppress(OSError):  # it is dead: the end of the pipe is heard next
            self.pipe.send(place)

    def hear(self) -> "_Done[_Result] | _Lost | None":
        """Return the answer for its place, or None when it says that it has begun.

        Raises
        ------
        Exception
            What the task raised.
        """
        try:
            answer = pickle.loads(self.pipe.recv_bytes())
        except (EOFError, OSError):
            self.process.join()
            return _Lost(_what_became_of(self.process.exitcode))
        had_begun, self.has_begun, self.place = self.has_begun, True, None
        if isinstance(answer, BaseException):
            raise answer
        return answer if had_begun else None

    def join(self) -> None:
        """Wait until it has ended; what it still says is not taken apart, as the last message may be half read."""
        with suppress(OSError):
            while os.read(self.pipe.fileno(), 1 << 16):
                pass
        self.process.join()


def _what_became_of(code: int | None) -> str:
    if code == OUT_OF_MEMORY:
        return "there was not enough memory"
    if code is None or code >= 0:
        return f"its process ended (exit code {code})"
    hint = "; this is often a lack of memory" if -code == signal.SIGKILL else ""
    return f"its process was killed (signal {-code}){hint}"


@contextmanager
def _without_script(task: object) -> Iterator[None]:
    """Keep a new process from running the user's script anew, unless the task holds something defined there."""
    script = vars(sys.modules["__main__"])
    names = () if b"__main__" in pickle.dumps(task) else {"__file__"} & set(script)
    hidden = {name: script.pop(name) for name in names}
    try:
        yield
    finally:
        script.update(hidden)


@contextmanager
def _stop_signals_held() -> Iterator[None]:
    """Hold back the signals that stop a run until the block ends; a process started within starts with them held."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(task: Callable[[int], _Result], pipe: Connection) -> None:
    """Do one place after another until told to end, in a worker process.

    A terminal sends its signals to the whole group: the first process decides, so that a place is finished whole.
    """
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):  # the first process is gone
        pipe.send_bytes(pickle.dumps(None))
        while (place := pipe.recv()) is not None:
            pipe.send_bytes(_answer(task, place))


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _answer(task: Callable[[int], _Result], place: int) -> bytes:
    try:
        return pickle.dumps(_Done(task(place)))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception as error:  # noqa: BLE001 - raised again in the first process
        error.add_note(f"In a worker process, place {place}:\n{format_exc()}")
        return _packed(error)


def _packed(error: Exception) -> bytes:
    try:
        packed = pickle.dumps(error)
        pickle.loads(packed)
    except Exception:  # noqa: BLE001 - an error of any library may refuse to be packed, in any way
        told = RuntimeError(f"{type(error).__name__}: {error}")
        told.add_note(format_exc())
        return pickle.dumps(told)
    return packed
