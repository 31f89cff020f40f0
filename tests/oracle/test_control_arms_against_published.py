"""Placebo arms of ASSET, focuSSced and SENSCIS, simulated with their entry criteria, against what was published.

Sources: the rows of the evidence tables named in ``control_arms.TARGETS``. A published value counts as met if it lies
between the 5 and 95 % of simulated trials of its size. What is missed is named here, not tuned away.
"""

import math

import pytest

from ifntrial.studies.validate.control_arms import TARGETS, ControlComparison, compare_control_arms
from shipped import CATALOG

MISSED = {
    # disability and physician global of ASSET's placebo arm did worse than the pooled natural history
    "asset.placebo.haq_di_change.w52",
    "asset.placebo.physician_global_change.w52",
    # escape in ASSET was at the physician's will; the rule assumed here asks for a measured worsening
    "asset.placebo.escape_therapy.w52",
    # raised acute phase reactants select fast lung decline, which the population does not hold
    "focussced.placebo_ild.fvc_percent_change.w48",
    # half of SENSCIS was limited with a low score; the virtual population is built for DAISY
    "senscis.placebo_ata_positive.mrss_change.w52",
}


@pytest.fixture(scope="module")
def compared() -> dict[str, ControlComparison]:
    rows = compare_control_arms(CATALOG, worlds=32, subjects=80, seed=1)
    return {row.target.observation: row for row in rows}


def test_every_target_is_compared(compared: dict[str, ControlComparison]) -> None:
    assert list(compared) == [target.observation for target in TARGETS]
    for row in compared.values():
        assert all(
            math.isfinite(value)
            for value in (row.published, row.simulated, row.low, row.high, row.simulated_sd)
        )
        assert row.low < row.simulated < row.high


@pytest.mark.parametrize("observation", [t.observation for t in TARGETS if t.observation not in MISSED])
def test_a_published_value_is_met(compared: dict[str, ControlComparison], observation: str) -> None:
    assert compared[observation].is_inside, compared[observation]


def test_the_largest_misses_are_still_misses(compared: dict[str, ControlComparison]) -> None:
    for observation in (
        "asset.placebo.escape_therapy.w52",
        "focussced.placebo_ild.fvc_percent_change.w48",
        "senscis.placebo_ata_positive.mrss_change.w52",
    ):
        assert not compared[observation].is_inside, (
            "met now: take it off the list and out of the known misses"
        )
