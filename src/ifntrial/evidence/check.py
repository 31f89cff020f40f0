"""Check the evidence tables: one small rule per function, all problems at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rules import contrasts, laws, names, numbers, use
from ifntrial.evidence.rules.checked import Checked

Rule = Callable[[Checked], Iterator[str]]

RULES: tuple[Rule, ...] = (
    names.sources_exist,
    names.sources_cited,
    names.names_unique,
    names.results_unique,
    names.words_known,
    names.units_known,
    names.endpoint_units_agree,
    names.dois_well_formed,
    names.curies_well_formed,
    numbers.intervals_ordered,
    numbers.sizes_possible,
    numbers.numbers_published,
    numbers.spreads_possible,
    numbers.priors_possible,
    use.parameters_used,
    use.parameters_as_read,
    use.test_rows_not_fitted,
    use.observations_as_read,
    use.trials_stay_apart,
    use.parameters_do_not_rest_on_tests,
    use.enough_kept_for_testing,
    use.statuses_honest,
    use.claims_carried,
    contrasts.contrasts_whole,
    contrasts.classes_of_one_kind,
    contrasts.class_contrasts_published,
    contrasts.contrast_rows_exist,
    contrasts.patients_counted_once,
    contrasts.numbers_have_one_role,
    laws.laws_without_literals,
)


def check_evidence(
    evidence: Evidence,
    *,
    used_parameters: Mapping[str, tuple[str, ...]] | None = None,
    read_units: Mapping[str, str] = MappingProxyType({}),
    law_files: Iterable[Path] = (),
    fitted_observations: Iterable[str] = (),
    read_observations: Iterable[str] = (),
) -> list[str]:
    """Return every problem of the evidence, or an empty list.

    Parameters
    ----------
    evidence
        All tables.
    used_parameters
        Parameter name to who uses it; without it, orphans are not looked for.
    read_units
        Parameter name to the unit in which code reads it, see :class:`ifntrial.evidence.rows.Rows`.
    law_files
        Python files with rate laws, in which numbers are looked for.
    fitted_observations
        Ids of observations that a fit used.
    read_observations
        Ids of observations that code reads for other ends.
    """
    checked = Checked(
        evidence,
        used_parameters,
        read_units,
        tuple(law_files),
        tuple(fitted_observations),
        tuple(read_observations),
    )
    return [problem for rule in RULES for problem in rule(checked)]
