"""The command line. Commands are imported only when called, so that help is instant."""

import sys
from importlib import import_module

import click

from ifntrial import __version__
from ifntrial.app.stopping import listen, say_stopped
from ifntrial.console.groups import Group, with_examples
from ifntrial.console.reader import end_without_reader
from ifntrial.errors import IfntrialError
from ifntrial.plain_text import show_plainly
from ifntrial.studies.part_done import PartDoneError

# name -> (module, one line of help); the module holds a click command called ``command``
COMMANDS: dict[str, tuple[str, str]] = {
    "forecast": ("ifntrial.app.forecast", "Forecast a trial: simulate, analyse, write a report."),
    "design": ("ifntrial.app.design", "Write, show, check and compare trial designs."),
    "enrich": (
        "ifntrial.app.enrich",
        "Whom to enrol: what selecting patients does to the chance of success.",
    ),
    "doses": ("ifntrial.app.doses", "Which dose and route: exposure, suppression, chance of success."),
    "simulate": ("ifntrial.app.simulate", "Follow one regimen: concentration, occupancy, signature."),
    "map": (
        "ifntrial.app.pathway",
        "Draw the pathway from interferon to clinical scores, and what a treatment does along it.",
    ),
    "score": ("ifntrial.app.score", "Score interferon signatures in an expression table."),
    "calibrate": ("ifntrial.app.calibrate", "Make the frozen calibration again from the evidence."),
    "validate": ("ifntrial.app.validate", "Compare every published result kept for it with the model."),
    "sensitivity": (
        "ifntrial.app.sensitivity",
        "Which unknowns a forecast hangs on: Morris screening, Sobol indices.",
    ),
    "export": ("ifntrial.app.export", "Write the model for other programs: SBML, PEtab, COMBINE archive."),
    "value": ("ifntrial.app.value", "Which study next: what it would tell, and what that is worth."),
    "prediction": ("ifntrial.app.prediction", "Lock what a forecast foretells, verify it, score it."),
    "list": (
        "ifntrial.app.list_known",
        "What the program knows by name: drugs, endpoints, designs and more.",
    ),
    "evidence": ("ifntrial.app.evidence", "Check or show the evidence behind a number."),
    "schema": ("ifntrial.app.schema", "What the JSON of a result holds: every key with its unit."),
    "completion": ("ifntrial.app.completion", "Print what completes commands, options and names in a shell."),
    "status": ("ifntrial.app.status", "How far a run is: blocks done, failed, in work, time left."),
    "gather": ("ifntrial.app.gather", "Make the result of a run from the blocks that are there."),
    "reproduce": ("ifntrial.app.reproduce", "Run a finished run again and compare every number."),
}


class _LazyGroup(Group):
    """A group whose commands are imported when they are called, not for the list of commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return with_examples(command, cmd_name)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stop:
            raise SystemExit(say_stopped(stop)) from None
        except PartDoneError as done:
            from ifntrial.app.who_works import say_part

            say_part(done)
            return None

    def meaning_of(self, ctx: click.Context, name: str) -> str:
        del ctx
        return COMMANDS[name][1]


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ifntrial")
def cli() -> None:
    """Virtual trials of type I interferon blockade in systemic sclerosis.

    A research tool: not for diagnosis or treatment. 'ifntrial list' shows what can be named.
    """


def main() -> None:
    """Run the command line; an error of the user's is one message and exit code 2."""
    listen()
    try:
        cli(prog_name="ifntrial")
    except IfntrialError as error:
        _stop(str(error))
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            end_without_reader()
        # A full disk or a file without permission is not a fault of the program.
        what = f"'{error.filename}'" if error.filename else "a file"
        _stop(f"{what} cannot be used: {error.strerror or error}. To do: choose another place or make room.")
    except MemoryError:
        _stop(
            "there was not enough memory. To do: close other programs, or ask for fewer --workers or --subjects."
        )


def _stop(message: str) -> None:
    click.echo(f"ifntrial: {show_plainly(str(message))}", err=True)
    sys.exit(2)
