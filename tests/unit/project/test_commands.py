"""The command line: help is instant, every command loads, a user's error is one message."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from ifntrial.app import cli

HEAVY = ("numpy", "pandas", "scipy", "sympy", "numba")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["-h"]])
def test_help_loads_no_heavy_library(arguments):
    code = (
        "import sys\n"
        "from ifntrial.app.cli import main\n"
        f"sys.argv = ['ifntrial', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert end.code == 0, end.code\n"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "assert not loaded, loaded\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 0, ended.stderr
    assert "ifntrial" in ended.stdout


def test_help_lists_every_command():
    shown = CliRunner().invoke(cli.cli, ["--help"]).output
    for name, (_, meaning) in cli.COMMANDS.items():
        assert name in shown
        assert meaning.split()[0] in shown
    assert "not for diagnosis or treatment" in shown


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_loads_and_explains_itself(name):
    command = import_module(cli.COMMANDS[name][0]).command
    assert isinstance(command, click.Command)
    ended = CliRunner().invoke(cli.cli, [name, "--help"])
    assert ended.exit_code == 0
    assert ended.output.startswith("Usage:")


def run_main(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["ifntrial", *arguments])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


def test_an_unknown_command_names_the_closest(monkeypatch, capsys):
    assert run_main(monkeypatch, "forcast") == 2
    shown = capsys.readouterr().err
    assert "command 'forcast' is not known" in shown
    assert "did you mean forecast?" in shown


def test_a_users_error_is_one_message_without_a_traceback(monkeypatch, capsys):
    assert run_main(monkeypatch, "simulate", "300 furlongs IV every 4 weeks") == 2
    shown = capsys.readouterr().err
    assert shown.startswith("ifntrial: ")
    assert "Traceback" not in shown


def test_trouble_with_a_file_is_one_message_without_a_traceback(monkeypatch, capsys):
    def full_disk(**_):
        raise OSError(28, "No space left on device", "runs/1/outcomes")

    monkeypatch.setattr(cli, "cli", full_disk)
    assert run_main(monkeypatch) == 2
    assert "'runs/1/outcomes' cannot be used: No space left on device" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_one_message(monkeypatch, capsys, tmp_path):
    occupied = Path(tmp_path) / "occupied"
    occupied.write_text("a file, not a folder", encoding="utf-8")
    regimen = "300 mg IV every 4 weeks"
    assert (
        run_main(
            monkeypatch, "simulate", regimen, "--weeks", "1", "--subjects", "2", "--out", str(occupied / "in")
        )
        == 2
    )
    assert "Traceback" not in capsys.readouterr().err
