"""``ifntrial gather``: make result and report of a run from the blocks that are there."""

import sys
from pathlib import Path

import click

from ifntrial.app import options
from ifntrial.app.command_line import read_words
from ifntrial.app.who_works import GATHERS
from ifntrial.console.inputs import OutputFile, OutputFolder, put_in_place


@click.command("gather")
@click.argument("run", type=click.Path(path_type=Path))
@options.workers
def command(run: Path, workers: int | None) -> None:
    """Make result and report of the run in folder RUN from the blocks that are there, and say what is missing.

    No block is done. Of a run whose blocks are all there it gives what the command of the run would have given. Where
    some are absent, a forecast, a comparison, doses and enrichment are made of the worlds there are: the page says how
    many, and how much those absent count. Ends with exit code 0 only if nothing is missing.
    """
    from ifntrial.studies.plans import refuse_older
    from ifntrial.studies.run_calls import read_call
    from ifntrial.studies.run_inputs import find_inputs
    from ifntrial.studies.status.study import run_status

    call = read_call(run)
    refuse_older(run)
    context = read_words(call.arguments)
    put_in_place(context, find_inputs(call.inputs, run))
    for each in context.command.params:
        name = each.name or ""
        if isinstance(each.type, OutputFile):
            context.params[name] = None
        if isinstance(each.type, OutputFolder):
            context.params[name] = run
            context.set_parameter_source(name, click.core.ParameterSource.COMMANDLINE)
    context.params["workers"] = workers
    context.meta[GATHERS] = True
    with context:
        context.command.invoke(context)
    missing = [
        f"{stage.blocks - stage.blocks_done} of {stage.blocks} blocks, {stage.worlds_failed} failed {stage.noun}s"
        for stage in run_status(run).stages
        if stage.blocks_done < stage.blocks or stage.worlds_failed
    ]
    if missing:
        click.echo(f"Missing in {run}: {'; '.join(missing)}. The result is of the others only.", err=True)
        sys.exit(1)
