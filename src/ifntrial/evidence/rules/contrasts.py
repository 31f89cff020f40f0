"""Rules about trial contrasts: whole rows, one kind in a class, published, and one role for a number."""

from collections.abc import Iterator
from itertools import combinations

from ifntrial.evidence.effects import COMPARISON_CLASSES, Effect
from ifntrial.evidence.records import Observation
from ifntrial.evidence.rules.checked import Checked, label
from ifntrial.evidence.vocabulary import UNPUBLISHED_LEVELS

_NEEDED = ("drug", "endpoint", "visit_week", "population", "value", "standard_error", "unit", "derivation")
_OTHER_ROLES = ("fit", "test")


def contrasts_whole(checked: Checked) -> Iterator[str]:
    """Require all of a contrast that is analysed, and only the reason of one that is absent."""
    for row in checked.evidence.effects:
        if row.role == "absent":
            if row.value is not None or row.standard_error is not None:
                yield f"{label(row)} is absent and has a number; give it another role"
            if not row.note:
                yield f"{label(row)} is absent and has no note that says why"
            continue
        absent = [name for name in _NEEDED if getattr(row, name) in (None, "")]
        absent += [name for name in ("measure", "estimand") if getattr(row, name) == "none"]
        if absent:
            yield f"{label(row)} is for '{row.role}' and has no {', '.join(absent)}"
        if row.standard_error is not None and row.standard_error <= 0:
            yield f"{label(row)}: standard error {row.standard_error:g} is not positive"
        if (row.control_rate is not None) != (row.measure == "log_odds_ratio"):
            yield f"{label(row)}: a control rate belongs to a response, and only to one"
        if row.control_rate is not None and not 0 < row.control_rate < 100:
            yield f"{label(row)}: control rate {row.control_rate:g} is not between 0 and 100 %"


def classes_of_one_kind(checked: Checked) -> Iterator[str]:
    """Require that all contrasts of a class are of one measure, in one unit."""
    first: dict[str, Effect] = {}
    for row in checked.evidence.effects:
        if row.role != "absent":
            other = first.setdefault(row.comparison_class, row)
            if (row.measure, row.unit) != (other.measure, other.unit):
                yield (
                    f"{label(row)} is a {row.measure} in '{row.unit}'; '{other.id}' of the same class is a "
                    f"{other.measure} in '{other.unit}'"
                )


def class_contrasts_published(checked: Checked) -> Iterator[str]:
    """Require that what is recalled or put together here is no more than a sensitivity."""
    for row in checked.evidence.effects:
        levels = {checked.source_level(id) for id in row.sources}
        if row.role == "class" and levels & set(UNPUBLISHED_LEVELS):
            yield f"{label(row)} is in the class and its source is no publication; it may be a sensitivity"


def contrast_rows_exist(checked: Checked) -> Iterator[str]:
    """Require that rows that contrasts and known double uses name are there."""
    observations = {row.id for row in checked.evidence.observations}
    effects = {row.id for row in checked.evidence.effects}
    for row in checked.evidence.effects:
        for id in row.observations:
            if id not in observations:
                yield f"{label(row)}: observation '{id}' does not exist"
    for known in checked.evidence.double_uses:
        if known.effect not in effects:
            yield f"{label(known)}: effect '{known.effect}' does not exist"
        if known.observation not in observations:
            yield f"{label(known)}: observation '{known.observation}' does not exist"


def patients_counted_once(checked: Checked) -> Iterator[str]:
    """Require that no patients are in two contrasts of a class."""
    for comparison_class in COMPARISON_CLASSES:
        for row, other in combinations(checked.evidence.effects_of(comparison_class, "class"), 2):
            for patients in sorted(set(row.patients_of) & set(other.patients_of)):
                yield f"{label(other)} and '{row.id}' of the same class both have the patients of '{patients}'"


def numbers_have_one_role(checked: Checked) -> Iterator[str]:
    """Require that no row behind a contrast of a class fits or tests anything, save the double uses that are known.

    Rows behind a contrast are those that it names, and every published difference or ratio of the same patients on the
    same endpoint, whatever the week and under whichever name it is entered. A level in the control arm that the
    contrast does not name may fit or test: a level is another number than a contrast.
    """
    known = {(row.effect, row.observation): row for row in checked.evidence.double_uses}
    found = set()
    for effect in checked.evidence.effects:
        if effect.role != "class":
            continue
        for row in _behind(effect, checked):
            if row.use in _OTHER_ROLES or row.id in checked.fitted_observations:
                found.add((effect.id, row.id))
                if (effect.id, row.id) not in known:
                    yield (
                        f"{label(effect)} is in the class '{effect.comparison_class}' and rests on {label(row)}, "
                        f"which is for '{row.use}'; give the number one role"
                    )
    for pair, double_use in known.items():
        if pair not in found:
            yield f"{label(double_use)} is none, or none any longer; remove the row"
        if not double_use.reason:
            yield f"{label(double_use)} has no reason"


def _behind(effect: Effect, checked: Checked) -> Iterator[Observation]:
    trials = {effect.trial, *effect.patients_of}
    for row in checked.evidence.observations:
        is_same = row.trial in trials and row.endpoint == effect.endpoint
        if row.id in effect.observations or (is_same and row.statistic.endswith(("difference", "ratio"))):
            yield row
