"""Who was let into the published trials and cohorts, as conditions on virtual patients."""

from collections.abc import Mapping

import numpy as np

from ifntrial.arrays import IntArray
from ifntrial.design.conditions import Condition, parse_condition
from ifntrial.design.design import TrialDesign
from ifntrial.patients.records import VirtualPopulation

DESIGNS = {"asset": "asset_like", "focussced": "focussced_like"}
"""Trials whose entry criteria a shipped design holds."""

_SENSCIS = ("has_ild", "40 <= fvc_percent", "30 <= dlco_percent <= 89")
"""Limits of lung function as SENSCIS states them; its limit of the extent on a scan (10 %) has no counterpart here."""
_SLS = ("has_ild", "disease_duration_years <= 7", "45 <= fvc_percent <= 85", "dlco_percent >= 30")
"""Limits of the first Scleroderma Lung Study (NCT00004563); those of the second were not read, and these stand for it."""

CRITERIA: dict[str, tuple[str, ...]] = {
    "medi_546_phase_1": ('subset == "diffuse"', "mrss >= 10"),
    "fasscinate": ('subset == "diffuse"', "disease_duration_years <= 5", "not uses_mmf", "15 <= mrss <= 40"),
    "press": ('subset == "diffuse"', "disease_duration_years <= 2", "lives_in_america"),
    "press_larger_set": ('subset == "diffuse"', "disease_duration_years <= 2", "lives_in_america"),
    "esos": ('subset == "diffuse"', "disease_duration_years <= 3", "not lives_in_america"),
    "rise_ssc": ('subset == "diffuse"', "disease_duration_years <= 1.5", "10 <= mrss <= 22"),
    "black1999": ('subset == "diffuse"', "disease_duration_years < 3"),
    "desires": ("not uses_mmf",),
    "biopsy": ('subset == "diffuse"',),
    "senscis": (*_SENSCIS, "disease_duration_years < 7"),
    "senscis_skin_subgroup": (*_SENSCIS, "disease_duration_years < 7", "15 <= mrss <= 40"),
    "senscis_early_subgroup": (*_SENSCIS, "disease_duration_years < 1.5"),
    "sls_i": _SLS,
    "sls_ii": _SLS,
    "sls_diffuse_subset": (*_SLS, 'subset == "diffuse"'),
    "eustar_ild": ("has_ild",),
    "eustar_919": ('subset == "diffuse"', "mrss >= 7", "not lives_in_america"),
    "eustar_1257": ('subset == "diffuse"', "mrss >= 7", "not lives_in_america"),
    "eustar_1021": ('subset == "diffuse"', "not lives_in_america"),
    "eustar_706": ('subset == "diffuse"', "not lives_in_america"),
    "eustar_ild_prevalence": ("not lives_in_america",),
    "haq_slopes.diffuse_late": ('subset == "diffuse"', "disease_duration_years > 5"),
    "haq_slopes.limited_late": ('subset == "limited"', "disease_duration_years > 5"),
    "haq_slopes.diffuse_within_5_years": ('subset == "diffuse"', "disease_duration_years <= 5"),
    "haq_slopes.limited_within_5_years": ('subset == "limited"', "disease_duration_years <= 5"),
    "all": (),
}
"""As published, in the words of covariates; the skin score of faSScinate's entry is assumed."""

ARMS = {
    "ild_subset": "has_ild",
    "placebo_ild": "has_ild",
    "ild": "has_ild",
    "no_ild": "not has_ild",
    "diffuse": 'subset == "diffuse"',
    "limited": 'subset == "limited"',
    "mycophenolate": "uses_mmf",
    "no_immunosuppressant": "not uses_mmf",
    "placebo_ata_positive": 'antibody == "ATA"',
    "placebo_ata_negative": 'antibody != "ATA"',
    "placebo_limited_cutaneous": 'subset == "limited"',
}
"""Parts of a trial that are told apart."""


def conditions(designs: Mapping[str, TrialDesign], trial: str, arm: str) -> tuple[Condition, ...]:
    """Return the parsed entry criteria of a trial and of a part of it."""
    if trial in DESIGNS:
        found = designs[DESIGNS[trial]].criteria()
    else:
        found = tuple(parse_condition(text) for text in CRITERIA[trial])
    return found + ((parse_condition(ARMS[arm]),) if arm in ARMS else ())


def members(
    population: VirtualPopulation, designs: Mapping[str, TrialDesign], trial: str, arm: str = ""
) -> IntArray:
    """Return the positions of the patients who could have been in a trial, shape (members,)."""
    let_in = np.ones(population.size, dtype=bool)
    for condition in conditions(designs, trial, arm):
        let_in &= np.asarray(condition.holds(dict(population.covariates)), dtype=bool)
    return np.flatnonzero(let_in)
