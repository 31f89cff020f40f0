"""Agreement of the same samples on two platforms, as a table of the page."""

from ifntrial.report.plots.frame import Table
from ifntrial.report.wording import number, percent
from ifntrial.signature import AgreementOfTwo

_HEADERS = (
    "Signature",
    "Samples",
    "Bias",
    "Limits of agreement",
    "Slope",
    "Lin's concordance",
    "Correlation",
    "Same call",
    "Kappa",
    "Unit",
)


def platforms_table(platforms: tuple[AgreementOfTwo, ...]) -> Table | None:
    """Return one row for each score, None where there is nothing to compare."""
    if not platforms:
        return None
    return Table(_HEADERS, tuple(_row(each) for each in platforms))


def _row(each: AgreementOfTwo) -> tuple[str, ...]:
    limits = "–" if each.limit_low is None else f"{_text(each.limit_low)} to {_text(each.limit_high)}"
    same = "–" if each.same_call is None else f"{percent(each.same_call)} of {each.samples_called}"
    return (
        f"{each.signature}, {each.method}",
        str(each.samples) if each.status == "compared" else f"{each.samples} ({each.status})",
        _text(each.bias),
        limits,
        _text(each.slope),
        _text(each.concordance),
        _text(each.correlation),
        same,
        _text(each.kappa),
        each.unit,
    )


def _text(value: float | None) -> str:
    return "–" if value is None else number(value, 2)
