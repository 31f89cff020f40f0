"""A connection to a Dask cluster, made anew when it falls silent, and what its workers are told.

The library of the cluster may wait for ever for what has died; nothing here waits for it longer than stated.
"""

import logging
import pickle
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, TypeAlias, TypeVar
from uuid import uuid4

from ifntrial import __version__
from ifntrial.errors import RunError

RESTARTS = 5
"""So many connections may follow one another without an answer on any."""
LOOK = 0.1
"""Seconds between two looks at what is under way."""
_REACHED, _HAS_WORKERS, _CONNECTED, _ASKED, _CLOSED = 20.0, 120.0, 180.0, 30.0, 30.0
"""Seconds after which each of these is given up."""
_DEATHS_HERE = 1
"""A task is blamed here with the death after so many; Dask's own three would cost a fatal block twelve workers."""

Foreign: TypeAlias = Any
"""Something of the library of the cluster, which is not always there to name its types."""

_Made = TypeVar("_Made")


class _Task(Protocol):
    def __call__(self, place: int) -> object: ...

    def found(self, place: int) -> object | None: ...


class SilentError(Exception):
    """The cluster does not answer."""


class WrongProgramError(Exception):
    """A worker holds another version of this package."""


class NothingToDoError(Exception):
    """A worker was asked for a task that it was never told."""


class Link:
    """A connection to a cluster."""

    def __init__(self, distributed: ModuleType, address: str, packed: bytes) -> None:
        self._library, self._address, self._packed = distributed, address, packed
        self._digest = sha256(packed).hexdigest()
        self._client: Foreign = None
        self._local: Foreign = None
        self.size, self.restarts = 1, 0
        self._open()

    def submit(self, place: int) -> Foreign:
        """Return the future of a place; its key is new, so that no stuck task of before is taken for it.

        Raises
        ------
        SilentError
            If the connection is lost.
        """
        key = f"ifntrial-{self._digest[:8]}-{place}-{uuid4().hex[:8]}"
        submit = partial(self._client.submit, do_held, self._digest, place, key=key, pure=False)
        return self._asked(submit)

    def reason_of(self, future: Foreign) -> BaseException | None:
        """Return what a future that has ended raised."""
        if future.status != "error":
            return None
        error: BaseException | None = self._asked(partial(future.exception, timeout=_ASKED))
        return error

    @property
    def is_closed(self) -> bool:
        """Whether the scheduler is gone: what it says of its tasks is then told of none of them."""
        return self._client.status in ("closing", "closed")

    @property
    def is_deserted(self) -> bool:
        """Whether no worker is left and none will come by itself."""
        return self._local is not None and not self._local.scheduler.workers

    def renew(self) -> None:
        """Leave the cluster and connect again.

        Raises
        ------
        RunError
            If it has not answered on many connections.
        """
        self._count("no answer on any connection")
        self.close()
        self._open()

    def close(self) -> None:
        """Leave the cluster; processes of this machine end."""
        client, local = self._client, self._local
        self._client = self._local = None
        for each in (client, local):
            if each is not None:
                with suppress(Exception):
                    within(_CLOSED, each.close)

    def _asked(self, call: Callable[[], _Made]) -> _Made:
        try:
            return within(_ASKED, call)
        # the client is closed, or its scheduler is gone
        except (OSError, RuntimeError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise SilentError(str(error)) from error

    def _count(self, reason: str) -> None:
        self.restarts += 1
        if self.restarts > RESTARTS:
            raise RunError(
                f"the cluster does not answer: {reason}",
                given=self._address,
                allowed="the address of a Dask scheduler with workers, or local:N",
                fix="look whether scheduler and workers run, then give the same command again; "
                "finished blocks are kept",
            )

    def _open(self) -> None:
        while self._client is None:
            try:
                self._local = self._begin_here()
                self._client, self.size = within(_CONNECTED, partial(self._connect, self._local))
            # a worker that dies while it begins is a RuntimeError
            except (OSError, RuntimeError, SilentError, TimeoutError, self._library.TimeoutError) as error:
                self.close()
                self._count(str(error) or type(error).__name__)

    def _begin_here(self) -> Foreign:
        """Start a cluster of this machine, if that is what the address asks for."""
        name, _, number = self._address.partition(":")
        if name != "local":
            return None

        def begin() -> Foreign:
            # a terminal interrupts the whole group; this process decides, and what it starts here holds the signal back
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            return self._library.LocalCluster(
                n_workers=int(number),
                threads_per_worker=1,
                processes=True,
                memory_limit=0,
                dashboard_address=":0",
                silence_logs=logging.CRITICAL,
                scheduler_kwargs={"allowed_failures": _DEATHS_HERE},
            )

        return within(_CONNECTED, begin)

    def _connect(self, local: Foreign) -> tuple[Foreign, int]:
        client = self._library.Client(local or self._address, timeout=_REACHED)
        try:
            client.wait_for_workers(1, timeout=_HAS_WORKERS)
            told = _holder(self._library, self._digest, self._packed, program_here())
            try:
                client.register_plugin(told)
            except (ImportError, AttributeError) as error:
                raise wrong_program(str(error)) from error
            return client, max(1, sum(client.nthreads().values()))
        except BaseException:
            client.close(timeout=1)
            raise


def wrong_program(reason: str) -> RunError:
    """Return the error that the workers hold no such program as this one."""
    return RunError(
        f"the workers of the cluster have not the same version of ifntrial: {reason}",
        given=program_here(),
        allowed="workers with the same version of the package",
        fix="install it on all of them from the same source, and begin them anew",
    )


def within(seconds: float, make: Callable[[], _Made]) -> _Made:
    """Return what a call gives, which is left to itself if it takes too long.

    Raises
    ------
    SilentError
        If it has not come back in time.
    Exception
        What the call raised.
    """
    made: list[_Made] = []
    raised: list[BaseException] = []

    def call() -> None:
        try:
            made.append(make())
        except BaseException as error:  # noqa: BLE001 - raised again in the other thread
            raised.append(error)

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(seconds)
    if raised:
        raise raised[0]
    if not made:
        raise SilentError(f"no answer in {seconds:.0f} s")
    return made[0]


def program_here() -> str:
    """Return the version of this package with a fingerprint of its source: other code may give other numbers."""
    top = Path(__file__).parents[1]
    found = sha256()
    for path in sorted(top.rglob("*.py")):
        found.update(str(path.relative_to(top)).encode() + b"\0" + path.read_bytes())
    return f"ifntrial {__version__}, source {found.hexdigest()[:12]}"


_told: dict[str, bytes] = {}
_held: dict[str, _Task] = {}


def do_held(digest: str, place: int) -> None:
    """Do a place of the task with a digest, in a worker; one that a scheduler lost is not done twice."""
    if digest not in _held:
        _held[digest] = _unpacked(digest)
    task = _held[digest]
    if task.found(place) is None:
        task(place)


def _unpacked(digest: str) -> _Task:
    if digest not in _told:
        raise NothingToDoError(digest)
    program, packed = pickle.loads(_told[digest])
    if program != (here := program_here()):
        raise WrongProgramError(here)
    try:
        task: _Task = pickle.loads(packed)
    except (ImportError, AttributeError) as error:
        raise WrongProgramError(str(error)) from error
    return task


def hold(digest: str, packed: bytes) -> None:
    """Keep a task in a worker, so that it is sent once to each and not with every place."""
    _told[digest] = packed


def _holder(distributed: ModuleType, digest: str, packed: bytes, program: str) -> object:
    """Return what tells every worker the task, those too that begin later."""
    whole = pickle.dumps((program, packed))

    # the base is known only where the library is there
    class Holder(distributed.WorkerPlugin):  # type: ignore[misc, name-defined]
        name = f"ifntrial-{digest}"

        def setup(self, worker: object) -> None:
            del worker
            hold(digest, whole)

    return Holder()
