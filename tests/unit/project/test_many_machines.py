"""The page on many machines: its scripts are run, with stand-ins for what hands out jobs."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from ifntrial.app.command_line import read_words
from ifntrial.studies.executors import read_part

PAGE = (Path(__file__).parents[3] / "docs" / "many_machines.md").read_text(encoding="utf-8")
PARALLEL = """#!/bin/bash
# parallel -j N COMMAND with {}: one after another
shift 2
while read -r each; do "${@//\\{\\}/$each}"; done
"""
IFNTRIAL = '#!/bin/bash\nprintf "%q " "$@" >> "$CALLS"\necho >> "$CALLS"\n'


def blocks(language, mark):
    found = re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)
    return [each for each in found if mark in each]


@pytest.fixture
def calls(tmp_path, monkeypatch):
    """Run a script with stand-ins; return the words that ifntrial was called with."""
    for name, text in (("parallel", PARALLEL), ("ifntrial", IFNTRIAL)):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
    log = tmp_path / "calls"

    def run(script, **environment):
        found = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "CALLS": str(log), **environment}
        subprocess.run(["bash", "-euo", "pipefail", "-c", script], env=found, check=True, cwd=tmp_path)

    run.words = lambda: [shlex.split(line) for line in log.read_text(encoding="utf-8").splitlines()]
    return run


def parts_in(words):
    """Return the parts that calls ask for, each a command that can be given."""
    found = []
    for each in words:
        given = read_words(each).params
        if "part" in given:
            part = read_part(given["part"], 1)
            assert str(given["out"]) == "runs/large"
            found.append((part.number, part.parts))
    return sorted(found)


ALL = [(number, 16) for number in range(1, 17)]


def test_the_slurm_array_does_every_part_once(calls):
    (script,) = blocks("bash", "#SBATCH")
    first, last = re.search(r"--array=(\d+)-(\d+)", script).groups()
    for number in range(int(first), int(last) + 1):
        calls(script, SLURM_ARRAY_TASK_ID=str(number), SLURM_ARRAY_TASK_COUNT=last)
    assert parts_in(calls.words()) == ALL


@pytest.mark.parametrize("tool", ["parallel", "xargs"])
def test_a_shell_does_every_part_once_and_gathers(calls, tool):
    (script,) = blocks("bash", f"| {tool}")
    calls(script)
    assert parts_in(calls.words()) == ALL
    assert calls.words()[-1] == ["gather", "runs/large"]


def test_the_nextflow_script_does_every_part_once_and_gathers(calls):
    (text,) = blocks("groovy", "process")
    parts = int(re.search(r"params\.parts = (\d+)", text)[1])
    part, gather = re.findall(r'"""\n(.*?)"""', text, flags=re.DOTALL)
    assert re.search(r"gather\(part\(Channel\.of\(1\.\.params\.parts\)\)\.collect\(\)\)", text)
    for number in range(1, parts + 1):
        known = {"params.out": "runs/large", "number": str(number), "params.parts": str(parts)}
        calls(re.sub(r"\$\{([\w.]+)\}", lambda found, known=known: known[found[1]], part))
    calls(gather.replace("${params.out}", "runs/large"))
    assert parts_in(calls.words()) == ALL
    assert calls.words()[-1] == ["gather", "runs/large"]
