"""A cluster of Dask on this machine: the bytes of one process, also when workers die, and a fatal block alone is lost."""

import json
import os
import random
import subprocess
import sys
import time

import pytest

from ifntrial.errors import ExtraError, InputError, RunError
from ifntrial.studies import cluster_link
from ifntrial.studies.cluster import Cluster, read_cluster
from ifntrial.studies.run_notes import lost_in
from interruption.kill_cluster import contents, done, killed_at_random, limited


def test_a_cluster_is_read():
    assert read_cluster("local:4", 2) == Cluster("local:4", 2)
    assert read_cluster("tcp://10.0.0.1:8786", 2).address == "tcp://10.0.0.1:8786"
    assert read_cluster("tls://head.example-site:8786", 2).text == "cluster tls://head.example-site:8786"


@pytest.mark.parametrize(
    "text", ["local", "local:0", "local:999", "tcp://host", "http://host:80", "host:8786", ""]
)
def test_what_is_no_cluster(text):
    with pytest.raises(InputError, match="the cluster cannot be read"):
        read_cluster(text, 1)


def test_without_the_library_the_extra_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ExtraError, match=r"runs on a cluster need distributed.*pip install '\.\[cluster\]'"):
        done(tmp_path, Cluster("local:2", 1))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return the files of the run in one process."""
    folder = tmp_path_factory.mktemp("serial")
    done(folder, 1)
    return contents(folder)


@pytest.mark.slow
def test_workers_that_die_change_no_byte(tmp_path, whole):
    pytest.importorskip("distributed")
    luck = random.Random(os.getpid())
    with killed_at_random(luck, 2, tmp_path) as killed, limited(240):
        done(tmp_path, Cluster("local:2", 1), seconds=0.1)
    assert killed
    assert contents(tmp_path) == whole


@pytest.mark.slow
def test_a_block_that_kills_its_workers_is_lost_alone_and_named(tmp_path, whole):
    pytest.importorskip("distributed")
    with (
        limited(240),
        pytest.raises(RunError, match=r"1 of 24 blocks could not be done.*\n.*block 3 failed 3 times"),
    ):
        done(tmp_path, Cluster("local:2", 1), poison=7)
    (lost,) = lost_in(tmp_path)
    assert (lost.block, lost.first_world, lost.last_world) == (3, 6, 7)
    innocent = {name: content for name, content in whole.items() if name != "block=000003.parquet"}
    assert contents(tmp_path) == innocent


@pytest.fixture
def address(tmp_path):
    """Start a scheduler and a worker as processes of their own; return the address."""
    pytest.importorskip("distributed")
    told = tmp_path / "scheduler.json"
    # what workers do is a function of these tests
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    module = [sys.executable, "-c", "from dask.__main__ import main; main()"]
    common = ["--scheduler-file", str(told), "--no-dashboard"]
    running = [
        subprocess.Popen(
            [*module, role, *common, *more], stderr=subprocess.DEVNULL, process_group=0, env=environment
        )
        for role, more in (
            ("scheduler", ["--host", "127.0.0.1", "--port", "0"]),
            ("worker", ["--nthreads", "1", "--local-directory", str(tmp_path)]),
        )
    ]
    try:
        with limited(60):
            while not told.exists():
                time.sleep(0.05)
        yield json.loads(told.read_text())["address"]
    finally:
        for each in running:
            os.killpg(each.pid, 9)
            each.wait()


@pytest.mark.slow
def test_the_workers_of_a_scheduler_do_the_blocks_if_they_have_the_same_program(
    tmp_path, whole, address, monkeypatch
):
    with limited(240):
        done(tmp_path / "run", Cluster(address, 1))
        assert contents(tmp_path / "run") == whole
        monkeypatch.setattr(cluster_link, "program_here", lambda: "ifntrial 0.0.0, source 0")
        with pytest.raises(RunError, match=r"have not the same version of ifntrial: ifntrial .*, source"):
            done(tmp_path / "other", Cluster(address, 1))
    assert not contents(tmp_path / "other")
