"""The scores of a table of levels, and what can be done with them."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pandas as pd

from ifntrial.api.answer import Files, Shown, keep
from ifntrial.api.runs import Run
from ifntrial.api.scores.asked import (
    AskedScores,
    find_signature,
    healthy_samples,
    metadata_of,
    sure_samples,
)
from ifntrial.api.scores.derived import study_of
from ifntrial.api.tables import Column, documented
from ifntrial.errors import InputError
from ifntrial.files import write_whole
from ifntrial.signature import (
    Library,
    Reference,
    compare_scores,
    load_reference,
    load_scores,
    read_expression,
    save_reference,
    save_scores,
    score_samples,
)
from ifntrial.signature.batch import with_what_is_known
from ifntrial.signature.cells import plain_csv
from ifntrial.signature.read.names import load_names
from ifntrial.solver import Progress
from ifntrial.studies.json_records import field_words
from ifntrial.studies.over_worlds import fields_of
from ifntrial.studies.run_facts import RunFacts
from ifntrial.studies.score.result import SampleScore, Scores
from ifntrial.studies.score.study import ScoreStudy, scores_of_study

_PATTERNS = ("scores.csv", "specificity.csv", "suppression.csv", "associations.csv", "platforms.csv")


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class ScoreAnswer(Shown[Scores], Scores):
    """Scores: every field of the result of ``ifntrial score``, and what can be done with it.

    Parameters
    ----------
    study
        The same as tables, with the healthy reference.
    """

    study: ScoreStudy

    def table(self) -> "pd.DataFrame":
        """Return the scores, a row for each sample, signature and method."""
        meaning = {name: words for name, words in field_words(SampleScore).items() if name != "call"}
        table = self.study.result.table.copy()
        columns = [Column(str(name), meaning.get(str(name), "")) for name in table.columns]
        return documented(table, self.study.title, columns)

    def lines(self) -> Iterator[str]:
        """Yield how many samples each score calls high, borderline and low."""
        yield self.study.title
        for signature, method in self.study.result.pairs:
            counts = self.study.result.scores_of(signature.name, method.name)["class"].value_counts()
            calls = ", ".join(f"{int(count)} {name}" for name, count in counts.items())
            yield f"  {signature.name} by {method.name}: {calls}"


def answer_scores(asked: AskedScores, run: Run, library: Library, progress: Progress) -> ScoreAnswer:
    """Return the scores, kept where the run says; errors as in ``score``."""
    metadata = metadata_of(asked)
    reference = None if asked.reference is None else load_reference(asked.reference)
    expression = read_expression(
        asked.data,
        library.genes,
        with_what_is_known(asked.reading, sure_samples(asked, metadata), reference),
    )
    if asked.platform:
        expression = replace(expression, platform=asked.platform)
    result = score_samples(
        expression,
        library,
        healthy=healthy_samples(asked, metadata, expression),
        reference=reference,
        signatures=[find_signature(each, library) for each in asked.signatures] or None,
        methods=list(asked.methods) or None,
        metadata=metadata,
        disease=asked.disease,
        settings=asked.settings,
        seed=asked.seed,
        calibrators=() if asked.calibrators is None else load_names(asked.calibrators),
        batch=asked.batch,
        report=progress,
    )
    study = study_of(
        f"Interferon scores of {asked.name}",
        result,
        expression,
        metadata,
        library.citations,
        tissue=asked.tissue,
        baseline=asked.baseline,
        dates=asked.dates,
        replicates=asked.replicates,
        variables=asked.variables,
    )
    if asked.against is not None:
        study = replace(
            study, platforms=compare_scores(result.table, load_scores(asked.against), library.methods)
        )
    _save_reference(study.result.reference, asked.save_reference)
    scores = scores_of_study(study, asked.name)

    def write(folder: Path) -> None:
        save_scores(study.result, folder / "scores.csv")
        for name, table in _tables(study):
            write_whole(folder / f"{name}.csv", plain_csv(table))

    def render(_: Scores, about: RunFacts) -> str:
        from ifntrial.report.score.page import render_scores

        return render_scores(study, about)

    kept = keep(run, scores, Files("scores.json", render, _PATTERNS, write))
    return ScoreAnswer(**fields_of(scores), kept=kept, study=study)


def _tables(study: ScoreStudy) -> Iterator[tuple[str, pd.DataFrame]]:
    found = {"specificity": study.specificity, "suppression": study.suppression}
    yield from ((name, table) for name, table in found.items() if table is not None)
    if study.association is not None:
        yield "associations", study.association.table
    if study.platforms:
        yield "platforms", pd.DataFrame([asdict(each) for each in study.platforms])


def _save_reference(reference: Reference | None, path: Path | None) -> None:
    if path is None:
        return
    if reference is None:
        raise InputError(
            "there is no healthy reference to save", fix="name the healthy samples with --healthy"
        )
    save_reference(reference, path)
