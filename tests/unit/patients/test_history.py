"""Natural history by hand: what a year without the drug does to each item, as goals that the model moves towards."""

from dataclasses import replace

import numpy as np
import pytest

from ifntrial.patients.history import natural_history
from ifntrial.patients.records import VirtualPopulation
from ifntrial.patients.untreated_year import expected_readings, untreated_changes

YEAR = 365.25
ROWS = {
    "history.mrss_change_mean": -3.0,
    "history.mrss_change_sd": 5.0,
    "history.haq_di_change_mean": -0.2,
    "history.haq_di_change_sd": 0.4,
    "history.patient_global_change_mean": -0.8,
    "history.patient_global_change_sd": 1.5,
    "history.physician_global_change_mean": -1.0,
    "history.physician_global_change_sd": 1.25,
    "history.fvc_change_ild_mean": -2.5,
    "history.fvc_change_no_ild_mean": -1.0,
    "history.fvc_change_sd": 3.0,
    "history.fvc_change_ata_early": -1.2,
    "history.fvc_ata_early_years": 3.0,
    "history.fvc_ata_early_share": 0.25,
    "history.mmf_share_lung": 0.3,
    "history.nt_probnp_change_log_mean": 0.1,
    "history.nt_probnp_change_log_sd": 0.4,
    # of the typical world
    "history.mrss_change_mmf": -4.0,
    "history.haq_di_change_mmf": -0.5,
    "history.patient_global_change_mmf": -1.0,
    "history.physician_global_change_mmf": -2.0,
    "history.fvc_change_mmf": 2.0,
    "history.fvc_progression_share": 1.5,
    # a third, a half and three quarters of the way to the goal in a year
    "k_skin_matrix_turnover": np.log(1.5) / YEAR,
    "k_report_adaptation": np.log(2.0) / YEAR,
    "k_nt_probnp_turnover": np.log(4.0) / YEAR,
}
REACHED = {"mrss": 1 / 3, "haq_di": 0.5, "patient_global": 0.5, "physician_global": 0.5, "nt_probnp": 0.75}
MEAN = {"mrss": -3.0, "haq_di": -0.2, "patient_global": -0.8, "physician_global": -1.0}
SD = {"mrss": 5.0, "haq_di": 0.4, "patient_global": 1.5, "physician_global": 1.25}
TRIAL = {"mrss": 2.0, "haq_di": 0.1, "patient_global": 0.5, "physician_global": -0.25, "fvc_percent": -0.75}
MMF = {"mrss": -4.0, "haq_di": -0.5, "patient_global": -1.0, "physician_global": -2.0, "fvc_percent": 2.0}
SPEEDS = {name: value for name, value in ROWS.items() if name.startswith("k_")}

# with and without lung disease, each off and on mycophenolate
ILD = np.array([True, True, False, False])
ON_MMF = np.array([0.0, 1.0, 0.0, 1.0])
BASELINE = {"mrss": 30.0, "haq_di": 2.0, "patient_global": 6.0, "physician_global": 7.0, "fvc_percent": 80.0}
DEVIATION = {"mrss": 0.5, "haq_di": -0.5, "patient_global": 1.0, "physician_global": 0.2, "fvc_percent": 0.4}


@pytest.fixture(scope="module")
def rows(with_rows):
    return with_rows(ROWS)


def four_patients(duration: float = 5.0, **changed: float) -> VirtualPopulation:
    """Return one patient of each kind; ``changed`` are deviations of their natural history.

    ``duration`` is that of the first, who has antibodies against topoisomerase I.
    """
    deviation = DEVIATION | {"nt_probnp": 0.0} | changed
    base = {f"{item}_baseline": np.full(4, value) for item, value in BASELINE.items()}
    return VirtualPopulation(
        covariates={
            "has_ild": ILD,
            "antibody": np.array(["ATA", "other", "ATA", "other"]),
            "disease_duration_years": np.array([duration, 1.0, 1.0, 1.0]),
        },
        parameters=base | {"uses_mmf": ON_MMF, "nt_probnp_baseline": np.full(4, 100.0)},
        history={item: np.full(4, value) for item, value in deviation.items()},
        prevalence_weight=np.ones(4),
    )


def world(**changed: float) -> dict[str, float]:
    history = {f"trial_{item}": value for item, value in TRIAL.items()}
    history |= {f"mmf_{item}": value for item, value in MMF.items()}
    return history | {"progression_share": 1.5} | changed


@pytest.mark.parametrize("item", MEAN)
def test_an_item_reaches_its_change_in_a_year(rows, item):
    goal = natural_history(four_patients(), rows, SPEEDS, world())[f"{item}_goal"]
    reached = BASELINE[item] + REACHED[item] * (goal - BASELINE[item])
    association = MMF[item] * ON_MMF
    assert reached - BASELINE[item] == pytest.approx(
        MEAN[item] + TRIAL[item] + association + SD[item] * DEVIATION[item]
    )


TOP = {"mrss": 51.0, "haq_di": 3.0, "patient_global": 10.0, "physician_global": 10.0}


@pytest.mark.parametrize("item", MEAN)
def test_goals_keep_to_the_scale(rows, item):
    for deviation, end in ((-20.0, 0.0), (20.0, TOP[item])):
        goal = natural_history(four_patients(**{item: deviation}), rows, SPEEDS, world())[f"{item}_goal"]
        assert goal.tolist() == [end] * 4


def lung(rows, history=None, **changed: float) -> tuple[np.ndarray, np.ndarray]:
    """Return what is lost and what is regained in a year."""
    found = natural_history(four_patients(**changed), rows, SPEEDS, history or world())
    return YEAR * found["fvc_progression"], YEAR * found["fvc_repair"]


def test_the_lung_loses_what_those_with_its_disease_lose(rows):
    loss, repair = lung(rows, world(trial_fvc_percent=0.0, mmf_fvc_percent=0.0), fvc_percent=0.0)
    assert repair - loss == pytest.approx([-2.2, -2.2, -1.0, -1.0])  # a quarter of 1.2 less: none is early


def test_topoisomerase_antibodies_lose_faster_in_the_first_years(rows):
    """By 1.2 points, and only with lung disease; the mean of the sources stays."""
    plain = world(trial_fvc_percent=0.0, mmf_fvc_percent=0.0)
    (early,), (late,) = (
        (repair - loss,)
        for loss, repair in (
            (YEAR * found["fvc_progression"], YEAR * found["fvc_repair"])
            for found in (
                natural_history(four_patients(years, fvc_percent=0.0), rows, SPEEDS, plain)
                for years in (1.0, 5.0)
            )
        )
    )
    assert early - late == pytest.approx([-1.2, 0.0, 0.0, 0.0])


def test_the_association_of_the_lung_is_centred_on_the_lung_trials_and_is_of_lung_disease(rows):
    loss, repair = lung(rows)
    plain = np.array([-2.2, -2.2, -1.0, -1.0]) - 0.75 + 3.0 * 0.4
    assert repair - loss == pytest.approx(plain + np.array([2.0 * -0.3, 2.0 * 0.7, 0.0, 0.0]))


def test_loss_is_a_multiple_of_the_mean_and_repair_the_rest(rows):
    loss, repair = lung(rows)
    assert loss == pytest.approx([3.75, 3.75, 1.5, 1.5])
    assert (repair > 0).all()


def test_who_loses_more_than_that_repairs_nothing(rows):
    loss, repair = lung(rows, fvc_percent=-3.0)
    assert repair.tolist() == [0.0] * 4
    assert loss == pytest.approx([2.2 + 0.75 + 0.6 + 9.0, 2.2 + 0.75 - 1.4 + 9.0, 10.75, 10.75])


# --- a year in closed form ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("item", MEAN)
def test_the_typical_world_has_no_trial_effect_and_the_mean_association(rows, item):
    found = untreated_changes(four_patients(), rows)[item]
    assert found == pytest.approx(MEAN[item] + MMF[item] * ON_MMF + SD[item] * DEVIATION[item])


def test_the_typical_lung_changes_evenly(rows):
    year, half = (untreated_changes(four_patients(), rows, days / 7.0) for days in (YEAR, YEAR / 2))
    change = np.array([-2.2, -2.2, -1.0, -1.0]) + 1.2 + np.array([-0.6, 1.4, 0.0, 0.0])
    assert year["fvc_percent"] == pytest.approx(change)
    assert half["fvc_percent"] == pytest.approx(change / 2)


def test_other_items_slow_down_towards_their_goal(rows):
    year, two = (untreated_changes(four_patients(), rows, years * YEAR / 7.0) for years in (1.0, 2.0))
    for item in MEAN:
        assert two[item] == pytest.approx(year[item] * (2.0 - REACHED[item])), item


def test_a_reading_has_the_error_of_both_visits(with_rows):
    evidence = with_rows(
        {
            **ROWS,
            **{
                f"measurement.{item}_sd": sd
                for item, sd in zip(BASELINE, (2.0, 0.1, 0.4, 0.3, 3.0), strict=True)
            },
        }
    )
    people = four_patients()
    true = untreated_changes(people, evidence, 52.0)
    read = expected_readings(people, evidence, 52.0)
    for item, sd in zip(BASELINE, (2.0, 0.1, 0.4, 0.3, 3.0), strict=True):
        assert read[item].mean == pytest.approx(true[item], abs=0.02), item
        assert read[item].square - read[item].mean ** 2 == pytest.approx(2.0 * sd**2, rel=0.03), item


@pytest.mark.parametrize(
    ("item", "low", "high"),
    [
        ("mrss", 0, 51),
        ("haq_di", 0, 3),
        ("patient_global", 0, 10),
        ("physician_global", 0, 10),
        ("fvc_percent", 5, 200),
    ],
)
def test_readings_are_cut_to_their_scale(with_rows, item, low, high):
    sd = 0.2 * (high - low)
    evidence = with_rows({**ROWS, f"measurement.{item}_sd": sd})
    for end in (low, high):
        people = four_patients()
        at_end = {f"{item}_baseline": np.full(4, float(end))}
        people = replace(people, parameters={**people.parameters, **at_end})
        # half of the readings at an end are cut: the mean of a half normal is 0.399 SD away
        change = untreated_changes(people, evidence, 1e-6)[item]
        assert np.abs(change).max() < 1e-3
        read = expected_readings(people, evidence, 1e-6)[item]
        assert read.mean == pytest.approx(0.0, abs=1e-3)
        variance = sd**2 * (0.5 - 1 / (2 * np.pi))
        assert read.square == pytest.approx(2.0 * variance, rel=0.1)
