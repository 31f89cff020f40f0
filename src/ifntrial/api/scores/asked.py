"""What is asked of scoring, and what the files and tables that are named hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ifntrial.api import defaults
from ifntrial.api.checks import as_listed
from ifntrial.errors import resolve_name
from ifntrial.signature import (
    Expression,
    Library,
    ReadOptions,
    ScoreSettings,
    Signature,
    load_signature_file,
)
from ifntrial.signature.read.names import choose_healthy, load_metadata, load_names

Healthy = str | Path | Sequence[str]
"""A file with names of healthy samples, a condition such as ``state=healthy``, or the names."""


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
    against
        A score table of the same samples on another platform, for agreement and bias.
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
    against: "str | Path | None" = None
    tissue: str = "unknown"
    settings: ScoreSettings = field(default_factory=ScoreSettings)
    seed: int = defaults.SEED


def healthy_file(text: str) -> Path | None:
    """Return the file with names of healthy samples; None for a condition such as ``state=healthy``."""
    return Path(text) if "=" not in text or Path(text).exists() else None


def metadata_of(asked: AskedScores) -> pd.DataFrame | None:
    """Return the table about the samples, index = sample; errors as in ``load_metadata``."""
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


def sure_samples(asked: AskedScores, metadata: pd.DataFrame | None) -> tuple[str, ...]:
    """Return names that other data of the user say are samples."""
    more = () if metadata is None else tuple(map(str, metadata.index))
    if asked.healthy is None:
        return more
    if not isinstance(asked.healthy, str | Path):
        return (*asked.healthy, *more)
    file = healthy_file(str(asked.healthy))
    return (*(load_names(file) if file is not None and file.is_file() else ()), *more)


def healthy_samples(
    asked: AskedScores, metadata: pd.DataFrame | None, expression: Expression
) -> Sequence[str] | None:
    """Return the healthy samples; None without any; errors as in ``choose_healthy``."""
    if not asked.healthy:
        return None
    if not isinstance(asked.healthy, str | Path):
        return list(asked.healthy)
    about = expression.obs if metadata is None else metadata
    return choose_healthy(str(asked.healthy), about, expression.values.index)


def find_signature(given: str | Signature, library: Library) -> Signature:
    """Return a signature by its name, or from a file; errors as in ``resolve_name`` and ``load_signature_file``."""
    if isinstance(given, Signature):
        return given
    if given.lower().endswith(".csv"):
        return load_signature_file(given, library.genes)
    return resolve_name(as_listed(given, library.signatures), library.signatures, "signature")
