"""What ``ifntrial score`` writes into its folder."""

from typing import TYPE_CHECKING

from ifntrial.app.runs import Run, keep_run
from ifntrial.files import write_whole
from ifntrial.studies.run_facts import RunFacts

if TYPE_CHECKING:
    from ifntrial.studies.score.study import ScoreStudy


def keep_scores(run: Run, facts: RunFacts, study: "ScoreStudy", expression: str) -> None:
    """Write scores, what comes with them as tables, and the page, as ``keep_run`` does."""
    from ifntrial.report.score.page import render_scores
    from ifntrial.signature import save_scores
    from ifntrial.signature.cells import plain_csv
    from ifntrial.studies.score.study import scores_of_study

    tables = {"specificity": study.specificity, "suppression": study.suppression}
    if study.association is not None:
        tables["associations"] = study.association.table
    made = {f"{name}.csv": table for name, table in tables.items() if table is not None}
    if run.folder is not None:
        save_scores(study.result, run.folder / "scores.csv")
        for name, table in made.items():
            write_whole(run.folder / name, plain_csv(table))

    def render(_: object, about: RunFacts) -> str:
        return render_scores(study, about)

    result = scores_of_study(study, expression)
    keep_run(run, facts, "scores.json", result, render, files=("scores.csv", *made))
