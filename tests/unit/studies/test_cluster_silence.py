"""What the executor over a cluster does when its scheduler falls silent or forgets; the library is a stand-in."""

import threading
from collections import deque
from dataclasses import dataclass, field

import pytest

from ifntrial.errors import RunError
from ifntrial.studies import cluster
from ifntrial.studies.cluster_link import RESTARTS, Link, SilentError, within


@dataclass
class Future:
    """What became of a place; ``status`` as Dask distributed says it."""

    status: str

    def done(self):
        return self.status != "pending"


@dataclass
class Scripted:
    """A connection whose places end as scripted: a list for each of the answers to one submission after another."""

    script: dict[int, list[str]]
    written: set[int] = field(default_factory=set)
    size: int = 2
    restarts: int = 0
    is_deserted: bool = False
    is_closed: bool = False
    renewed: int = 0
    submitted: list[int] = field(default_factory=list)

    def submit(self, place):
        self.submitted.append(place)
        told = self.script.get(place, [])
        status = told.pop(0) if told else "written"
        if status == "connection lost":
            raise SilentError(status)
        if status == "scheduler gone":
            self.is_closed, status = True, "cancelled"
        if status.startswith("written"):
            self.written.add(place)
            status = status.partition(", ")[2] or "finished"
        return Future(status)

    def reason_of(self, future):
        return None if future.status != "error" else type("KilledWorker", (Exception,), {})()

    def renew(self):
        self.renewed += 1
        self.is_closed = False

    def close(self):
        pass

    def __call__(self, place):
        raise AssertionError("the driver does nothing itself")

    def found(self, place):
        return place * 10 if place in self.written else None


@pytest.fixture
def outcomes(monkeypatch):
    """Return how an executor gets over what is scripted: its answers by place."""
    monkeypatch.setattr(cluster, "_FIRST_ANSWER", 0.0)
    monkeypatch.setattr(cluster, "_FILE_SEEN", 0.05)
    monkeypatch.setattr(cluster, "load_extra", lambda *words: None)

    def run(link, places=range(12)):
        monkeypatch.setattr(cluster, "Link", lambda *words: link)
        monkeypatch.setattr(cluster.pickle, "dumps", lambda task: b"")
        return dict(cluster.Cluster("tcp://127.0.0.1:1", 1, silence=0.0).answers(link, places))

    return run


ALL = {place: place * 10 for place in range(12)}


def test_places_are_done_in_waves(outcomes):
    link = Scripted({place: ["written, pending"] for place in range(8)})
    answers = cluster._Wave(link, link, deque(range(12)), 0.0).outcomes()
    with pytest.raises(SilentError):
        list(answers)
    assert link.submitted == list(
        range(8)
    )  # four for each of two workers, and no more before one has answered


@pytest.mark.parametrize("silence", ["pending", "connection lost", "scheduler gone"])
def test_silence_is_met_with_a_new_connection(outcomes, silence):
    link = Scripted({3: [silence, silence], 7: [silence]})
    assert outcomes(link) == ALL
    assert link.renewed >= 2


def test_what_a_silent_connection_has_written_is_not_done_again(outcomes):
    link = Scripted({place: ["written, pending"] for place in range(12)})
    assert outcomes(link) == ALL
    assert sorted(link.submitted) == list(range(12))
    assert link.renewed == 2


@pytest.mark.parametrize("told", ["lost", "cancelled", "error"])
def test_a_place_blamed_beside_another_is_done_alone(outcomes, told):
    link = Scripted({4: [told], 5: [told]})
    assert outcomes(link) == ALL
    assert link.submitted[-2:] == [4, 5]


def test_a_file_counts_whatever_the_scheduler_says(outcomes):
    link = Scripted({4: ["written, lost"], 5: ["written, error"]})
    assert outcomes(link) == ALL
    assert sorted(link.submitted) == list(range(12))


def test_what_dies_alone_is_lost_and_named(outcomes):
    link = Scripted({4: ["error"] * 9})
    found = outcomes(link)
    assert found.pop(4) == cluster.Failure(
        "its workers were killed again and again; this is often a lack of memory", 3
    )
    assert found == {place: number for place, number in ALL.items() if place != 4}
    assert link.submitted.count(4) == 3


def test_a_folder_that_workers_do_not_share_is_told(outcomes):
    with pytest.raises(
        RunError, match=r"block 2 is written, and it is not in the folder of the run.*whole path"
    ):
        outcomes(Scripted({2: ["finished"]}))


def test_a_call_that_does_not_come_back_is_left_to_itself():
    never = threading.Event()
    with pytest.raises(SilentError, match="no answer in 0 s"):
        within(0.01, never.wait)
    never.set()
    assert within(5.0, lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        within(5.0, lambda: 1 // 0)


class Absent:
    """A library whose scheduler cannot be reached."""

    TimeoutError = TimeoutError
    tried = 0

    def Client(self, address, timeout):
        self.tried += 1
        raise OSError(f"cannot reach {address}")


def test_a_scheduler_that_is_not_there_is_one_message():
    library = Absent()
    with pytest.raises(
        RunError, match=r"does not answer: cannot reach tcp://127.0.0.1:1.*scheduler and workers run"
    ):
        Link(library, "tcp://127.0.0.1:1", b"")
    assert library.tried == RESTARTS + 1
