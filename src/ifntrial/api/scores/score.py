"""Interferon signatures of an expression table: a file, a pandas table or AnnData."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd

from ifntrial.api import defaults
from ifntrial.api.argument_names import names_arguments
from ifntrial.api.calls import Call, Given, begin, given_catalog, given_file, given_run, reporter
from ifntrial.api.checks import as_listed
from ifntrial.api.scores.answer import ScoreAnswer, answer_scores
from ifntrial.api.scores.asked import AskedScores, Healthy, healthy_file
from ifntrial.api.scores.reading import given_reading
from ifntrial.catalog import Catalog, shipped
from ifntrial.signature import ReadOptions, ScoreSettings, Signature

if TYPE_CHECKING:
    from anndata import AnnData


@names_arguments
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
    against: str | Path | None = None,
    tissue: Literal["blood", "skin", "epithelium", "other", "unknown"] = "unknown",
    scale: str | None = None,
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
    scale
        ``log2``, ``counts``, ``tpm`` and so on, where it is not detected.
    reading, settings
        What else is said of the data, and the thresholds of scoring: the other options of the command.
    signatures, methods
        Names, or signatures of your own; none: the usual ones.
    metadata
        A file, or a pandas table whose index names the samples.
    variables
        Clinical variables to test, or ``all``.
    against
        A score table (``scores.csv``) of the same samples on another platform: agreement and bias.
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
    if scale is not None:
        chosen = replace(chosen, scale=scale)
    file = Path(str(data)) if isinstance(data, str | Path) else None
    named = tuple(each if isinstance(each, str) else each.name for each in signatures)
    own_objects = (
        not is_file
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
            given_file("against", "--against", against),
            Given("tissue", "--tissue", tissue, "unknown"),
            Given("rule", "--rule", thresholds.rule, "mean_2sd"),
            Given("coverage", "--coverage", thresholds.minimum_coverage, 0.6),
            Given("draws", "--draws", thresholds.draws, 400),
            Given("assay_sd", "--assay-sd", thresholds.assay_sd_log2, 0.0),
            *given_reading(chosen),
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
        against=against,
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
