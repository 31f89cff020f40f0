"""Doses and routes on the terminal."""

from collections.abc import Iterator

from ifntrial.report.doses import words as doses_words
from ifntrial.report.enrich.words import plain
from ifntrial.statistics.assurance import Estimate
from ifntrial.studies.doses.result import Doses, RegimenResult


def doses_lines(result: Doses) -> Iterator[str]:
    """Yield what more of the drug does, in sentences, and a row for each regimen."""
    for sentence in (
        doses_words.saturation_sentence(result),
        doses_words.lowest_sentence(result),
        doses_words.route_sentence(result),
    ):
        yield plain(sentence)
    labels = "".join(f"{facts.label[:22]:>24}" for facts in result.priors.values())
    yield f"{'':<28}{'trough':>8}{'AUC':>8}{'blood (b)':>11}{'skin (b)':>10}{labels}"
    yield f"{'':<28}{'ug/mL':>8}{'28 d':>8}{'%':>11}{'%':>10}{'chance of success [%]':>24}"
    for each in result.regimen_results:
        yield _row(each)


def _row(regimen: RegimenResult) -> str:
    found = regimen.exposure
    chances = "".join(f"{_chance(block.assurance):>24}" for block in regimen.by_prior.values())
    return (
        f"{regimen.words:<28}{found.trough.median:>8.1f}{found.auc.median:>8.0f}"
        f"{100 * found.suppression_blood.median:>11.0f}{100 * found.suppression_skin.median:>10.0f}{chances}"
    )


def _chance(found: Estimate) -> str:
    return f"{100 * found.estimate:.1f} ({100 * found.low:.0f} to {100 * found.high:.0f})"
