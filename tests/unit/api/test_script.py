"""A script of a few lines, without a guard against being run again by worker processes."""

import subprocess
import sys

SCRIPT = """
from functools import partial
from operator import add

from ifntrial.studies.executors import finished

print(sorted(finished(partial(add, 5), [1, 2, 3], 2)))
"""


def test_worker_processes_do_not_run_the_script_again(tmp_path):
    path = tmp_path / "script.py"
    path.write_text(SCRIPT, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, str(path)], capture_output=True, text=True, check=False, timeout=120
    )
    assert (ended.stdout, ended.stderr) == ("[6, 7, 8]\n", "")
