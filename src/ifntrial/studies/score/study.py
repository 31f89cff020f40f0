"""Scores with what was derived from them, as tables and as rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import pandas as pd
from pydantic import TypeAdapter

from ifntrial.signature import AgreementOfTwo, Association, Citation, Notice, Point, ScoreResult
from ifntrial.signature.association import AssociationRow
from ifntrial.signature.suppression import SuppressionRow
from ifntrial.studies.score.result import (
    AgreementRow,
    CutoffRow,
    SampleScore,
    Scores,
    SpecificityRow,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ScoreStudy:
    """What the page shows; the parts that could not be made are None, and ``left_out`` says why.

    Parameters
    ----------
    citations
        What signatures and methods come from, by the id that they name as their source.
    points
        What a report of an interferon assay has to say.
    platforms
        Agreement with the scores of the same samples in another table; empty where none was given.
    """

    title: str
    result: ScoreResult
    notices: tuple[Notice, ...]
    specificity: pd.DataFrame | None
    suppression: pd.DataFrame | None
    association: Association | None
    left_out: Mapping[str, str]
    citations: Mapping[str, Citation]
    points: tuple[Point, ...] = ()
    platforms: tuple[AgreementOfTwo, ...] = ()


def scores_of_study(study: ScoreStudy, expression: str) -> Scores:
    """Return a study row by row; what is not known is None.

    Parameters
    ----------
    expression
        Name of the file that was scored.
    """
    result, association = study.result, study.association
    share = None if association is None else association.between_share
    return Scores(
        research_only="not for diagnosis or treatment",
        expression=expression,
        reference_id=result.reference.reference_id if result.reference else None,
        settings=result.settings,
        scale=result.scale,
        platform=result.platform,
        ledger=result.ledger,
        normalisation=result.normalisation,
        points=study.points,
        platforms=study.platforms or None,
        notices=study.notices,
        cutoffs=_rows(CutoffRow, result.cutoffs),
        agreement=_rows(AgreementRow, result.agreement),
        scores=_rows(SampleScore, result.table),
        specificity_rows=None if study.specificity is None else _rows(SpecificityRow, study.specificity),
        suppression_rows=None if study.suppression is None else _rows(SuppressionRow, study.suppression),
        association_rows=None if association is None else _rows(AssociationRow, association.table),
        between_share=None if share is None or pd.isna(share) else share,
    )


def _rows(record: type[T], table: pd.DataFrame) -> tuple[T, ...]:
    plain = table.astype(object).where(table.notna(), None)
    cells = [
        {str(key): value.item() if hasattr(value, "item") else value for key, value in row.items()}
        for row in plain.to_dict("records")
    ]
    return TypeAdapter(tuple[record, ...]).validate_python(cells)  # type: ignore[valid-type]
