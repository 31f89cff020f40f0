"""Score interferon signatures: the public verbs of the layer."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ifntrial.signature.call import call_samples, compute_covered_scores
from ifntrial.signature.catalog import Library
from ifntrial.signature.direction import check_direction
from ifntrial.signature.people import HEALTHY, is_healthy
from ifntrial.signature.prepare import prepare_scoring
from ifntrial.signature.read import ReadOptions
from ifntrial.signature.records import Expression, Signature
from ifntrial.signature.reference import Reference
from ifntrial.signature.result import ScoreResult, ScoreSettings

if TYPE_CHECKING:
    from anndata import AnnData


def score_samples(
    data: object,
    library: Library,
    *,
    healthy: Iterable[str] | None = None,
    reference: Reference | None = None,
    signatures: Sequence[str | Signature] | None = None,
    methods: Sequence[str] | None = None,
    metadata: pd.DataFrame | None = None,
    disease: str = "",
    options: ReadOptions | None = None,
    settings: ScoreSettings | None = None,
    seed: int = 1,
    calibrators: Sequence[str] = (),
    batch: str = "refuse",
    report: Callable[[int, int], None] = lambda done, total: None,
) -> ScoreResult:
    """Score every sample with every signature.

    A sample's score, interval, probability and class depend on the sample and the healthy reference alone: they
    are the same bit for bit whoever else is in the table. Only the mixture, a check, looks at the cohort.

    Parameters
    ----------
    data
        A path, a pandas table, an AnnData object, or an :class:`Expression` already read.
    library
        The signatures and methods that may be named.
    healthy
        Names of the healthy samples in the data.
    reference
        A stored reference, instead of ``healthy``.
    signatures
        Names in the library or the user's own; the default set where None.
    methods
        Names of scoring methods, each used for every signature; each signature's own where None.
    metadata
        More about the samples, index = sample; ``subject``, ``visit``, ``group`` and ``disease`` are used if present.
    disease
        Of all patients, where the metadata do not tell it.
    options
        How the data are read: orientation, scale and so on, where the detection should be overruled.
    seed
        Seed of the draws behind intervals and probabilities.
    calibrators
        Samples of the stored reference that were measured again among these data, under the same names.
    batch
        What to do where samples are not of the reference's batch: ``refuse`` or ``accept``.
    report
        Called with signatures done and in all.

    Raises
    ------
    InputError
        If the data, a name or a threshold is not usable; the message says what to do.
    """
    chosen = settings or ScoreSettings()
    ready = prepare_scoring(
        data, library, healthy, reference, signatures, methods, options, chosen, seed,
        calibrators=calibrators, batch=batch,
    )  # fmt: skip
    about = _describe_samples(ready.expression, metadata, ready.healthy, disease)
    called = call_samples(
        ready.pairs, ready.log2, ready.ranks, ready.genes, ready.reference, about, chosen, seed, report
    )
    for signature, method in ready.pairs:
        own = called.table[
            (called.table["signature"] == signature.name) & (called.table["method"] == method.name)
        ]
        is_patient = (own["group"] != HEALTHY).to_numpy()
        check_direction(ready.expression, signature, method, own["score"].to_numpy(dtype=float), is_patient)
    return ScoreResult(
        table=called.table,
        cutoffs=called.cutoffs,
        agreement=called.agreement,
        mixtures=called.mixtures,
        pairs=ready.pairs,
        log2=pd.DataFrame(ready.log2.values, index=about.index, columns=list(ready.genes)),
        reference=ready.reference,
        notices=(*ready.expression.notices, *ready.notices, *called.notices),
        settings=chosen,
        seed=seed,
        scale=ready.expression.scale,
        platform=ready.expression.platform,
        ledger=ready.expression.ledger,
        normalisation=ready.expression.normalisation,
    )


def compute_scores(
    data: object,
    library: Library,
    *,
    healthy: Iterable[str] | None = None,
    reference: Reference | None = None,
    signatures: Sequence[str | Signature] | None = None,
    methods: Sequence[str] | None = None,
    options: ReadOptions | None = None,
    settings: ScoreSettings | None = None,
) -> pd.DataFrame:
    """Return the scores alone, samples by (signature, method): no cut-offs, intervals or calls.

    The arguments and the numbers are those of :func:`score_samples`; NaN where coverage is too low.
    """
    chosen = settings or ScoreSettings()
    ready = prepare_scoring(
        data, library, healthy, reference, signatures, methods, options, chosen, 0, keeps_background=False
    )
    scores = {
        (signature.name, method.name): compute_covered_scores(
            signature, method, ready.log2, ready.ranks, ready.genes, ready.reference, chosen
        )
        for signature, method in ready.pairs
    }
    is_patient = ~ready.expression.values.index.isin(ready.healthy)
    for signature, method in ready.pairs:
        check_direction(ready.expression, signature, method, scores[signature.name, method.name], is_patient)
    columns = pd.MultiIndex.from_tuples(list(scores), names=["signature", "method"])
    values = np.column_stack(list(scores.values()))
    return pd.DataFrame(values, index=ready.expression.values.index, columns=columns)


def score_anndata(
    data: "AnnData",
    library: Library,
    *,
    healthy: Iterable[str] | None = None,
    reference: Reference | None = None,
    signatures: Sequence[str | Signature] | None = None,
    methods: Sequence[str] | None = None,
    options: ReadOptions | None = None,
    settings: ScoreSettings | None = None,
    seed: int = 1,
) -> "AnnData":
    """Return a copy of the data with scores, probabilities and classes in ``.obs``.

    The arguments are those of :func:`score_samples`.

    Columns are ``<signature>__<method>``, with ``__probability_high`` and ``__class`` after it.
    """
    result = score_samples(
        data,
        library,
        healthy=healthy,
        reference=reference,
        signatures=signatures,
        methods=methods,
        options=options,
        settings=settings,
        seed=seed,
    )
    scored = data.copy()
    for (signature, method), rows in result.table.groupby(["signature", "method"], sort=False):
        own = rows.set_index("sample").reindex(scored.obs_names)
        name = f"{signature}__{method}"
        scored.obs[name] = own["score"].to_numpy()
        scored.obs[f"{name}__probability_high"] = own["probability_high"].to_numpy()
        scored.obs[f"{name}__class"] = pd.Categorical(own["class"])
    reference_id = result.reference.reference_id if result.reference else ""
    scored.uns["ifntrial"] = {"reference_id": reference_id, "seed": result.seed}
    return scored


def _describe_samples(
    expression: Expression, metadata: pd.DataFrame | None, healthy: list[str], disease: str
) -> pd.DataFrame:
    index = expression.values.index
    about = pd.DataFrame(index=index)
    known = expression.obs if metadata is None else metadata
    defaults = (("subject", index.astype(str)), ("visit", ""), ("group", "patient"), ("disease", disease))
    for column, default in (*defaults, ("platform", expression.platform)):
        filled = pd.Series(default, index=index, dtype=object)
        if column in known.columns:
            own = known[column].reindex(index)
            filled = own.astype(object).where(own.notna(), filled)
        about[column] = filled.astype(str)
    about.loc[about.index.isin(healthy) | about["group"].map(is_healthy), "group"] = HEALTHY
    about.loc[about["group"] == HEALTHY, "disease"] = ""
    return about
