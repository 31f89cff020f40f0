"""Rules about use: who uses a number, what may be fitted, what has to stay apart."""

from collections import defaultdict
from collections.abc import Iterator

from ifntrial.errors import closest
from ifntrial.evidence.rules.checked import Checked, label
from ifntrial.evidence.vocabulary import UNPUBLISHED_LEVELS

KEPT = "kept for "
"""A parameter that nobody uses says in its note what it is kept for."""

TEST_SHARE_AT_LEAST = 1 / 3
_OUR_DISEASE = "SSc"


def parameters_used(checked: Checked) -> Iterator[str]:
    """Require that every parameter is used, or says what it is kept for."""
    if checked.used_parameters is None:
        return
    for row in checked.evidence.parameters:
        if row.name not in checked.used_parameters and KEPT not in row.note:
            yield f"{label(row)} is used by nothing; use it, remove it, or say in its note what it is '{KEPT}…'"


def parameters_as_read(checked: Checked) -> Iterator[str]:
    """Require that every parameter that code reads exists, in the unit in which it is read."""
    rows = {row.name: row for row in checked.evidence.parameters}
    for name, unit in checked.read_units.items():
        if name not in rows:
            yield f"parameter '{name}' is read by the program and does not exist; {closest(name, rows)}"
        elif rows[name].unit != unit:
            yield f"{label(rows[name])} is in '{rows[name].unit}'; the program reads it in '{unit}'"


def test_rows_not_fitted(checked: Checked) -> Iterator[str]:
    """Require that a fit uses only rows that are there for fits."""
    rows = {row.id: row for row in checked.evidence.observations}
    for id in checked.fitted_observations:
        if id not in rows:
            yield f"a fit uses observation '{id}', which does not exist; {closest(id, rows)}"
        elif rows[id].use != "fit":
            yield f"a fit uses {label(rows[id])}, which is for '{rows[id].use}'"


def observations_as_read(checked: Checked) -> Iterator[str]:
    """Require that every published result that code reads exists."""
    rows = {row.id: row for row in checked.evidence.observations}
    for id in checked.read_observations:
        if id not in rows:
            yield f"observation '{id}' is read by the program and does not exist; {closest(id, rows)}"


def trials_stay_apart(checked: Checked) -> Iterator[str]:
    """Require that a trial in our disease is test or reference class, never both, but for contrasts in a class.

    The contrast of a trial, active against control, has a role of its own beside that of the trial's levels.
    """
    uses: dict[str, set[str]] = defaultdict(set)
    in_a_class = {id for effect in checked.evidence.effects for id in effect.observations}
    for row in checked.evidence.observations:
        is_contrast = row.id in in_a_class and row.statistic.endswith(("difference", "ratio"))
        if row.population.startswith(_OUR_DISEASE) and not is_contrast:
            uses[row.trial].add(row.use)
    for trial, found in uses.items():
        if {"test", "prior"} <= found:
            yield f"trial '{trial}' has rows for 'test' and rows for 'prior'; a trial is one of the two"


def parameters_do_not_rest_on_tests(checked: Checked) -> Iterator[str]:
    """Require that no assumed parameter says it was derived from a trial kept for testing."""
    uses: dict[str, set[str]] = defaultdict(set)
    for row in checked.evidence.observations:
        uses[row.trial].add(row.use)
    kept = [trial for trial, found in uses.items() if found == {"test"}]
    for parameter in checked.evidence.parameters:
        if parameter.status == "assumed" and KEPT not in parameter.note:
            for trial in kept:
                if trial in parameter.note:
                    yield f"{label(parameter)} says it rests on '{trial}', all of whose rows are for 'test'"


def enough_kept_for_testing(checked: Checked) -> Iterator[str]:
    """Require that at least a third of the results to fit or test is never fitted."""
    uses = [row.use for row in checked.evidence.observations if row.use in ("fit", "test")]
    if uses and uses.count("test") < TEST_SHARE_AT_LEAST * len(uses):
        yield f"{uses.count('test')} of {len(uses)} results are for 'test'; at least a third is needed"


def statuses_honest(checked: Checked) -> Iterator[str]:
    """Require that what no publication says is assumed, says why, and is never an observation."""
    for row in checked.evidence.parameters:
        levels = {checked.source_level(id) for id in row.sources}
        if levels & set(UNPUBLISHED_LEVELS) and row.status != "assumed":
            yield f"{label(row)} is '{row.status}' and its source '{row.source}' is no publication"
        if row.status == "assumed" and not row.note:
            yield f"{label(row)} is assumed and has no note that says why"
        if "unverified" in levels and row.prior == "none":
            yield f"{label(row)} is from memory and has no prior; give it a wide one"
    for observation in checked.evidence.observations:
        if checked.source_level(observation.source) in UNPUBLISHED_LEVELS:
            yield f"{label(observation)}: its source '{observation.source}' is no publication"


def claims_carried(checked: Checked) -> Iterator[str]:
    """Require that every claim is carried by mechanisms or parameters that exist."""
    if checked.used_parameters is None:
        return
    known = {row.name for row in checked.evidence.parameters}
    known |= {user for users in checked.used_parameters.values() for user in users}
    for claim in checked.evidence.claims:
        if not claim.carried_by:
            yield f"{label(claim)} is carried by nothing"
        for name in claim.carried_by:
            if name not in known:
                yield f"{label(claim)}: '{name}' is no mechanism and no parameter; {closest(name, known)}"
