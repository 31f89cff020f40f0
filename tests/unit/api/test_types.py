"""A type checker knows every answer: the client beside this file passes, and its mistakes do not."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CLIENT = Path(__file__).with_name("typed_client.py")
MISTAKES = {
    'answer.by_prior["lupus_bridge"].assurance.estimate': 'answer.by_prior["lupus_bridge"].assurance.estimat',
    'ift.stats.mmrm(trial, "mrss_change")': 'ift.stats.mmrm("daisy", "mrss_change")',
    "worlds=240": 'worlds="many"',
}


def checked(path: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--config-file",
        str(ROOT / "pyproject.toml"),
        "--strict",
        str(path),
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_typed_client_passes_and_a_wrong_one_does_not(tmp_path):
    right = checked(CLIENT)
    assert right.returncode == 0, right.stdout
    text = CLIENT.read_text(encoding="utf-8")
    for good, bad in MISTAKES.items():
        assert good in text
        text = text.replace(good, bad)
    wrong = tmp_path / "wrong_client.py"
    wrong.write_text(text, encoding="utf-8")
    said = checked(wrong).stdout
    assert said.count("error:") == len(MISTAKES), said
