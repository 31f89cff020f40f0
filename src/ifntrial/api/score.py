"""Interferon signatures of an expression table: a file, a pandas table or AnnData."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd

from ifntrial.api import defaults
from ifntrial.api.answer import Files, Shown, keep
from ifntrial.api.calls import Call, Given, begin, given_catalog, given_file, given_run, reporter
from ifntrial.api.checks import as_listed
from ifntrial.api.runs import Run
from ifntrial.api.score_study import study_of
from ifntrial.api.tables import Column, documented
from ifntrial.catalog import Catalog, shipped
from ifntrial.errors import InputError, resolve_name
from ifntrial.files import write_whole
from ifntrial.signature import (
    Expression,
    Library,
    ReadOptions,
    Reference,
    ScoreSettings,
    Signature,
    load_reference,
    load_signature_file,
    read_expression,
    save_reference,
    save_scores,
    score_samples,
)
from ifntrial.signature.batch import with_what_is_known
from ifntrial.signature.cells import plain_csv
from ifntrial.signature.read.names import choose_healthy, load_metadata, load_names
from ifntrial.solver import Progress
from ifntrial.studies.json_records import field_words
from ifntrial.studies.over_worlds import fields_of
from ifntrial.studies.run_facts import RunFacts
from ifntrial.studies.score.result import SampleScore, Scores
from ifntrial.studies.score.study import ScoreStudy, scores_of_study

if TYPE_CHECKING:
    from anndata import AnnData

_PATTERNS = ("scores.csv", "specificity.csv", "suppression.csv", "associations.csv")

Healthy = str | Path | Sequence[str]
"""A file with names of healthy samples, a condition such as ``state=healthy``, or the names."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedScores:
    """What is asked of scoring, as the options of ``ifntrial score``.

    Parameters
    ----------
    data, name
        A file, a pandas table or AnnData, and what it is called.
    reading
        How it is read.
    healthy, reference, calibrators, batch
        Healthy samples, or a stored reference, its samples that were measured again, and what to do about another batch.
    save_reference
        Where to store the healthy reference; None: nowhere.
    signatures, methods
        Names, or signatures of one's own; none: the usual ones.
    metadata, subject, visit, group
        A table about the samples, and its columns of these.
    disease, platform
        Of the data, where they do not tell it.
    baseline, dates, replicates
        How visits are ordered, and what is done about several samples of one.
    variables
        Clinical variables to test; ``("all",)`` for every numeric one; empty for none.
    tissue
        ``blood``, ``skin``, ``epithelium``, ``other`` or ``unknown``.
    settings
        Thresholds.
    seed
        Of the draws.
    """

    data: object
    name: str
    reading: ReadOptions = field(default_factory=ReadOptions)
    healthy: Healthy | None = None
    reference: str | Path | None = None
    calibrators: str | Path | None = None
    batch: str = "refuse"
    save_reference: Path | None = None
    signatures: tuple[str | Signature, ...] = ()
    methods: tuple[str, ...] = ()
    metadata: "str | Path | pd.DataFrame | None" = None
    subject: str | None = None
    visit: str | None = None
    group: str | None = None
    disease: str = ""
    platform: str | None = None
    baseline: str | None = None
    dates: str | None = None
    replicates: str = "refuse"
    variables: tuple[str, ...] = ()
    tissue: str = "unknown"
    settings: ScoreSettings = field(default_factory=ScoreSettings)
    seed: int = defaults.SEED


def score(
    data: "str | Path | pd.DataFrame | AnnData",
    *,
    healthy: Healthy | None = None,
    reference: str | Path | None = None,
    save_reference: str | Path | None = None,
    calibrators: str | Path | None = None,
    batch: Literal["refuse", "accept"] = "refuse",
    signatures: Sequence[str | Signature] = (),
    methods: Sequence[str] = (),
    metadata: "str | Path | pd.DataFrame | None" = None,
    subject: str | None = None,
    visit: str | None = None,
    disease: str | None = None,
    platform: str | None = None,
    group: str | None = None,
    baseline: str | None = None,
    dates: Literal["dmy", "mdy"] | None = None,
    replicates: Literal["refuse", "first"] = "refuse",
    variables: Sequence[str] | Literal["all"] = (),
    tissue: Literal["blood", "skin", "epithelium", "other", "unknown"] = "unknown",
    reading: ReadOptions | None = None,
    settings: ScoreSettings | None = None,
    catalog: Catalog | None = None,
    seed: int = defaults.SEED,
    out: str | Path | None = None,
    progress: bool = False,
) -> ScoreAnswer:
    """Return interferon scores of an expression table; does what ``ifntrial score`` does.

    Parameters
    ----------
    data
        A file of any format that is read, a pandas table or an AnnData object.
    healthy
        A file with names of healthy samples, a condition on the metadata such as ``state=healthy``, or the names.
    reference, save_reference
        A stored healthy reference in place of ``healthy``; where to store one.
    reading, settings
        How the data are read, and the thresholds of scoring: the other options of the command.
    signatures, methods
        Names, or signatures of your own; none: the usual ones.
    metadata
        A file, or a pandas table whose index names the samples.
    variables
        Clinical variables to test, or ``all``.
    calibrators, batch, subject, visit, disease, platform, group, baseline, dates, replicates, tissue
        As the command's options.
    catalog, seed, out, progress
        As in ``forecast``.

    Raises
    ------
    InputError
        If the data cannot be read, or an argument is not usable.
    """
    known = shipped() if catalog is None else catalog
    is_file = isinstance(data, str | Path)
    thresholds = settings or ScoreSettings()
    chosen = reading or ReadOptions()
    file = Path(str(data)) if isinstance(data, str | Path) else None
    named = tuple(each if isinstance(each, str) else each.name for each in signatures)
    own_objects = (
        not is_file
        or chosen != ReadOptions()
        or thresholds != _as_options(thresholds)
        or isinstance(metadata, pd.DataFrame)
        or not isinstance(healthy, str | Path | None)
        or any(isinstance(each, Signature) for each in signatures)
    )
    words = "all" if variables == "all" else ",".join(variables) or None
    by_file = healthy_file(str(healthy)) if isinstance(healthy, str | Path) else None
    call = Call(
        "score",
        "score",
        (
            Given(
                "expression", "", "data" if file is None else str(file), files=() if file is None else (file,)
            ),
            Given(
                "healthy",
                "--healthy",
                str(healthy) if isinstance(healthy, str | Path) else None,
                files=() if by_file is None else (by_file,),
                is_sayable=not own_objects,
            ),
            given_file("reference", "--reference", reference),
            Given(
                "save_reference", "--save-reference", None if save_reference is None else str(save_reference)
            ),
            given_file("calibrators", "--calibrators", calibrators),
            Given("batch", "--batch", batch, "refuse"),
            Given(
                "signatures",
                "--signature",
                named,
                files=tuple(Path(each) for each in named if each.lower().endswith(".csv")),
            ),
            Given("methods", "--method", tuple(methods)),
            given_file("metadata", "--metadata", None if isinstance(metadata, pd.DataFrame) else metadata),
            Given("subject", "--subject", subject),
            Given("visit", "--visit", visit),
            Given("disease", "--disease", disease),
            Given("platform", "--platform", platform),
            Given("group", "--group", group),
            Given("baseline", "--baseline", baseline),
            Given("dates", "--dates", dates),
            Given("replicates", "--replicates", replicates, "refuse"),
            Given("variables", "--variables", words),
            Given("tissue", "--tissue", tissue, "unknown"),
            Given("rule", "--rule", thresholds.rule, "mean_2sd"),
            Given("coverage", "--coverage", thresholds.minimum_coverage, 0.6),
            Given("draws", "--draws", thresholds.draws, 400),
            Given("assay_sd", "--assay-sd", thresholds.assay_sd_log2, 0.0),
            given_catalog(catalog),
            *given_run(seed, None, out),
        ),
    )
    asked = AskedScores(
        data=data if file is None else file,
        name="a table" if file is None else file.name,
        reading=chosen,
        healthy=healthy,
        reference=reference,
        calibrators=calibrators,
        batch=batch,
        save_reference=None if save_reference is None else Path(save_reference),
        signatures=tuple(signatures),
        methods=tuple(as_listed(each, known.methods) for each in methods),
        metadata=metadata,
        subject=subject,
        visit=visit,
        group=group,
        disease=disease or "",
        platform=platform,
        baseline=baseline,
        dates=dates,
        replicates=replicates,
        variables=("all",) if variables == "all" else tuple(variables),
        tissue=tissue,
        settings=thresholds,
        seed=seed,
    )
    run = begin(call, known, seed=seed, out=out, needs_folder=False)
    return answer_scores(asked, run, known.library, reporter(progress, "signatures"))


def _as_options(settings: ScoreSettings) -> ScoreSettings:
    """Return the part of thresholds that a command can be given."""
    usual = ScoreSettings()
    return replace(settings, spread_floor=usual.spread_floor, mad_multiple=usual.mad_multiple)


def healthy_file(text: str) -> Path | None:
    """Return the file with names of healthy samples; None for a condition such as ``state=healthy``."""
    return Path(text) if "=" not in text or Path(text).exists() else None


def answer_scores(asked: AskedScores, run: Run, library: Library, progress: Progress) -> ScoreAnswer:
    """Return the scores, kept where the run says; errors as in ``score``."""
    metadata = _metadata(asked)
    reference = None if asked.reference is None else load_reference(asked.reference)
    expression = read_expression(
        asked.data,
        library.genes,
        with_what_is_known(asked.reading, _sure_samples(asked, metadata), reference),
    )
    if asked.platform:
        expression = replace(expression, platform=asked.platform)
    result = score_samples(
        expression,
        library,
        healthy=_healthy(asked, metadata, expression),
        reference=reference,
        signatures=[_find_signature(each, library) for each in asked.signatures] or None,
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


def _metadata(asked: AskedScores) -> pd.DataFrame | None:
    renamed = {
        name: column
        for name, column in (("subject", asked.subject), ("visit", asked.visit), ("group", asked.group))
        if column
    }
    if asked.metadata is None:
        return None
    if not isinstance(asked.metadata, pd.DataFrame):
        return load_metadata(asked.metadata, renamed)
    table = asked.metadata.set_axis(asked.metadata.index.map(str), axis=0)
    known = {str(column): column for column in table.columns}
    columns = {name: table[resolve_name(column, known, "column")] for name, column in renamed.items()}
    return table.assign(**columns)


def _sure_samples(asked: AskedScores, metadata: pd.DataFrame | None) -> tuple[str, ...]:
    """Return names that other data of the user say are samples."""
    more = () if metadata is None else tuple(map(str, metadata.index))
    if asked.healthy is None:
        return more
    if not isinstance(asked.healthy, str | Path):
        return (*asked.healthy, *more)
    file = healthy_file(str(asked.healthy))
    return (*(load_names(file) if file is not None and file.is_file() else ()), *more)


def _healthy(
    asked: AskedScores, metadata: pd.DataFrame | None, expression: Expression
) -> Sequence[str] | None:
    if not asked.healthy:
        return None
    if not isinstance(asked.healthy, str | Path):
        return list(asked.healthy)
    about = expression.obs if metadata is None else metadata
    return choose_healthy(str(asked.healthy), about, expression.values.index)


def _find_signature(given: str | Signature, library: Library) -> Signature:
    if isinstance(given, Signature):
        return given
    if given.lower().endswith(".csv"):
        return load_signature_file(given, library.genes)
    return resolve_name(as_listed(given, library.signatures), library.signatures, "signature")


def _save_reference(reference: Reference | None, path: Path | None) -> None:
    if path is None:
        return
    if reference is None:
        raise InputError(
            "there is no healthy reference to save", fix="name the healthy samples with --healthy"
        )
    save_reference(reference, path)
