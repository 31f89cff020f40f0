"""Rules about names: sources, units, words of closed lists, identifiers, duplicates."""

import re
from collections import Counter
from collections.abc import Iterator

from ifntrial.errors import UnitError, closest, listed
from ifntrial.evidence import effects, vocabulary
from ifntrial.evidence.effects import DoubleUse, Effect
from ifntrial.evidence.identifiers import REGISTRIES, is_well_formed, split_identifier
from ifntrial.evidence.records import Claim, Entity, Evidence, Observation, ParameterValue, Source
from ifntrial.evidence.rules.checked import Checked, Row, all_rows, key, label
from ifntrial.units import parse_unit

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_SEVERAL = ";"


def sources_exist(checked: Checked) -> Iterator[str]:
    """Require that rows name sources, and that these are in the source table."""
    known = {source.id for source in checked.evidence.sources}
    for row in _citing(checked.evidence):
        for id in _cited(row):
            if id == "":
                yield f"{label(row)} names no source"
            elif id not in known:
                yield f"{label(row)}: source '{id}' does not exist; {closest(id, known) or 'add it to sources.csv'}"


def sources_cited(checked: Checked) -> Iterator[str]:
    """Require that every source is cited by a row."""
    evidence = checked.evidence
    cited = {id for row in _citing(evidence) for id in _cited(row)}
    for source in evidence.sources:
        if source.id not in cited:
            yield f"{label(source)} is cited by no row"


def _citing(evidence: Evidence) -> tuple[ParameterValue | Observation | Claim | Effect, ...]:
    return (*evidence.parameters, *evidence.observations, *evidence.claims, *evidence.effects)


def _cited(row: ParameterValue | Observation | Claim | Effect) -> tuple[str, ...]:
    if isinstance(row, Claim):
        return row.sources_for + row.sources_against or ("",)
    return (row.source,) if isinstance(row, Observation) else row.sources or ("",)


def names_unique(checked: Checked) -> Iterator[str]:
    """Require that no two rows of a table have the same name, and none is without."""
    counts = Counter((type(row).__name__, key(row)) for row in all_rows(checked.evidence))
    for (table, name), count in counts.items():
        if not name:
            yield f"{count} row(s) of {table} have no name"
        elif count > 1:
            yield f"{table} '{name}' is there {count} times"


def results_unique(checked: Checked) -> Iterator[str]:
    """Require that no published result is entered twice under two names."""
    seen: dict[tuple[object, ...], str] = {}
    for row in checked.evidence.observations:
        what = (row.trial, row.arm, row.population, row.visit_week, row.endpoint, row.statistic, row.source)
        result = (*what, row.value, row.low, row.high)
        if result in seen:
            yield f"{label(row)} is the same result as '{seen[result]}'"
        seen.setdefault(result, row.id)


def words_known(checked: Checked) -> Iterator[str]:
    """Require that cells of a closed list hold a word of that list."""
    for row in all_rows(checked.evidence):
        for field, allowed in _words(row):
            word = getattr(row, field)
            if word not in allowed:
                yield f"{label(row)}: {field} '{word}' is not known; allowed are {listed(allowed)}"


def _words(row: Row) -> tuple[tuple[str, tuple[str, ...]], ...]:
    match row:
        case Source():
            return (("level", vocabulary.LEVELS),)
        case ParameterValue():
            return (
                ("status", vocabulary.STATUSES),
                ("spread_kind", vocabulary.SPREAD_KINDS),
                ("prior", vocabulary.PRIOR_KINDS),
            )
        case Observation():
            return (
                ("statistic", vocabulary.STATISTICS),
                ("interval_kind", vocabulary.INTERVAL_KINDS),
                ("use", vocabulary.USES),
            )
        case Entity():
            return (("kind", vocabulary.ENTITY_KINDS),)
        case Claim():
            return (("level", vocabulary.LEVELS), ("direction", vocabulary.DIRECTIONS))
        case Effect():
            return (
                ("comparison_class", effects.COMPARISON_CLASSES),
                ("role", effects.ROLES),
                ("measure", effects.MEASURES),
                ("estimand", effects.ESTIMANDS),
            )
        case DoubleUse():
            return ()


def units_known(checked: Checked) -> Iterator[str]:
    """Require that every unit can be read."""
    rows: tuple[ParameterValue | Observation | Effect, ...] = (
        *checked.evidence.parameters,
        *checked.evidence.observations,
        *(row for row in checked.evidence.effects if row.role != "absent"),
    )
    for row in rows:
        if _dimension(row.unit) is None:
            yield f"{label(row)}: unit '{row.unit}' is not known; write it like ug/mL, L/day, percent or 1"


def endpoint_units_agree(checked: Checked) -> Iterator[str]:
    """Require that all results of one kind on one endpoint are of one physical kind."""
    first: dict[tuple[str, str], Observation] = {}
    for row in checked.evidence.observations:
        kind = "relative" if "ratio" in row.statistic else "count" if row.statistic == "count" else "absolute"
        other = first.setdefault((row.endpoint, kind), row)
        if _dimension(row.unit) != _dimension(other.unit):
            yield (
                f"{label(row)}: unit '{row.unit}' is of another kind than '{other.unit}' "
                f"of '{other.id}' with the same endpoint"
            )


def _dimension(unit: str) -> str | None:
    try:
        return str(parse_unit(unit).dimensionality) if unit else None
    except UnitError:
        return None


def dois_well_formed(checked: Checked) -> Iterator[str]:
    """Require digital object identifiers without a prefix, like 10.1002/jcph.2055."""
    for source in checked.evidence.sources:
        if source.doi and not _DOI.fullmatch(source.doi):
            yield f"{label(source)}: '{source.doi}' is not a DOI; write it like 10.1002/jcph.2055"


def curies_well_formed(checked: Checked) -> Iterator[str]:
    """Require a prefix of the table of registries, and a local part of its pattern, in identifiers of entities."""
    for entity in checked.evidence.entities:
        cells = (entity.exact_match, entity.broad_match, entity.source_annotation)
        for curie in (part.strip() for cell in cells for part in cell.split(_SEVERAL) if part.strip()):
            registry, local = split_identifier(curie)
            if registry is None:
                yield (
                    f"{label(entity)}: '{curie}' has no prefix of a known registry, which are {listed(REGISTRIES)}; "
                    "write it like mondo:0005100, or add the registry to evidence/identifiers.py"
                )
            elif not is_well_formed(registry, local):
                yield f"{label(entity)}: '{local}' does not look like an identifier of {registry.prefix}"
