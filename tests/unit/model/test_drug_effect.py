"""The drug effect by hand: what a known signal, before and now, does to the drive of each disease domain."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ifntrial.model.mechanisms.drug_effect import MECHANISM
from ifntrial.model.parts import Values
from ifntrial.worlds.draw import draw_worlds

# each domain hears the receptor in its own tissue
TISSUE = {
    "inflammation": "blood",
    "skin": "skin",
    "lung": "lung",
    "vessel": "skin",
    "patient_reported": "blood",
    "heart": "heart",
}
PHI = {
    "inflammation": 0.1,
    "skin": 0.2,
    "lung": 0.3,
    "vessel": 0.4,
    "patient_reported": 0.5,
    "heart": 0.6,
}
LEFT = {"blood": 0.9, "skin": 0.6, "lung": 0.4, "heart": 0.2}
BRAKE = {"skin": 0.25, "lung": 0.75}
ORGAN_TONE = {"lung": 0.3, "heart": 0.6}
LARGEST_LEFT = 0.05
"""Signal left by 120 mg SC weekly, over untreated, is below this in every tissue: ``test_the_signal_left...``."""
STRONG_BRAKE = 5.0


def effect(untreated=1.0, left=LEFT, **changed):
    """Return the assignments of a patient with ``untreated`` signal over the reference in every tissue.

    ``left`` is the signal now over untreated, by tissue; ``changed`` are parameters that are not as usual.
    """
    p = {f"phi_{domain}": share for domain, share in PHI.items()}
    p |= {"brake": BRAKE["skin"], "brake_lung": BRAKE["lung"], "effect_half_signal": 4.0}
    p |= {"ifn_rise_max": 5.0, "effect_follows_signal": 1.0, "a_mmf": 0.4, "uses_mmf": 0.0}
    p |= {f"ifn_tone_{organ}": tone for organ, tone in ORGAN_TONE.items()} | changed
    signal = {tissue: untreated * ORGAN_TONE.get(tissue, 1.0) for tissue in left}
    s = Values({f"ifn_signal_untreated_{tissue}": value for tissue, value in signal.items()})
    for tissue, value in signal.items():
        s.add(f"isgf3_{tissue}", value * left[tissue])
    for assignment in MECHANISM.assignments:
        s.add(assignment.name, assignment.law(s, Values(p)))
    return {assignment.name: s[assignment.name] for assignment in MECHANISM.assignments}


def heard(signal, half=4.0):
    return (1.0 + half) * signal / (signal + half)


@pytest.mark.parametrize("domain", TISSUE)
def test_the_reference_patient_loses_the_share_phi_of_what_is_no_longer_heard(domain):
    now = heard(LEFT[TISSUE[domain]])
    expected = 1.0 - PHI[domain] * (1.0 - now)
    assert effect()[f"drive_{domain}"] == pytest.approx(expected)
    everything = effect(left=dict.fromkeys(LEFT, 0.0))
    assert everything[f"drive_{domain}"] == pytest.approx(1.0 - PHI[domain])


@pytest.mark.parametrize("domain", TISSUE)
def test_another_patient_has_a_share_that_the_own_signal_gives(domain):
    # with half the reference signal, 5 * 0.5 / 4.5 = 0.5556 is heard; all of it is lost
    phi, before = PHI[domain], 0.5555556
    expected = 1.0 - phi * before / (1.0 - phi + phi * before)
    found = effect(0.5, dict.fromkeys(LEFT, 0.0))
    assert found[f"drive_{domain}"] == pytest.approx(expected, rel=1e-6)
    assert found[f"drive_{domain}"] > 1.0 - phi


@pytest.mark.parametrize("untreated", [0.01, 0.5, 3.0])
def test_in_the_other_form_every_patient_has_the_reference_share(untreated):
    reference, other = effect(), effect(untreated, effect_follows_signal=0.0)
    assert other == pytest.approx(reference)


@pytest.mark.parametrize("domain", TISSUE)
def test_mycophenolate_takes_its_share_of_what_is_lost_but_not_of_the_brake(domain):
    without, with_mmf = effect(2.0), effect(2.0, uses_mmf=1.0)
    name = f"drive_{domain}"
    assert 1.0 - with_mmf[name] == pytest.approx(0.6 * (1.0 - without[name]))
    for tissue in BRAKE:
        assert with_mmf[f"released_collagen_{tissue}"] == without[f"released_collagen_{tissue}"]


@pytest.mark.parametrize("tissue", BRAKE)
def test_collagen_is_released_by_the_share_that_the_signal_damped(tissue):
    brake = BRAKE[tissue]
    expected = (1.0 + brake) / (1.0 + brake * heard(LEFT[tissue]))
    assert effect()[f"released_collagen_{tissue}"] == pytest.approx(expected)
    everything = effect(left=dict.fromkeys(LEFT, 0.0))
    assert everything[f"released_collagen_{tissue}"] == pytest.approx(1.0 + brake)


@pytest.mark.parametrize("untreated", [0.004, 1.0, 2.5])
def test_without_the_drug_nothing_changes(untreated):
    found = effect(untreated, dict.fromkeys(LEFT, 1.0), uses_mmf=1.0)
    changed = {name: value for name, value in found.items() if name.startswith(("drive", "released"))}
    assert set(changed.values()) == {1.0}
    assert len(changed) == 8


def test_a_signal_above_untreated_is_heard_up_to_a_bound():
    # 1 + 9 of 5 / (9 + 5) times 9, so 4.2143 is heard as 5 * 4.2143 / 8.2143
    rise = effect(left=dict.fromkeys(LEFT, 10.0))
    assert rise["ifn_heard_skin"] == pytest.approx(2.5652, abs=1e-4)
    assert rise["drive_skin"] == pytest.approx(1.0 + 0.2 * 1.5652, abs=1e-4)
    endless = effect(left=dict.fromkeys(LEFT, 1e12))
    assert endless["ifn_heard_skin"] == pytest.approx(heard(6.0))


def test_a_patient_with_a_low_signal_hears_as_much_of_dosed_interferon_as_others():
    low, high = (
        effect(tone, dict.fromkeys(LEFT, rise))["ifn_heard_skin"] for tone, rise in ((0.01, 1e6), (1.0, 1e4))
    )
    assert high - low == pytest.approx(heard(6.0) - heard(5.01), abs=0.01)


# --- whatever a world draws ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawn(model, evidence):
    """Return what 2,000 worlds draw, by parameter."""
    return draw_worlds(model, evidence, 2000, 3).parameters


@given(left=st.floats(0.0, LARGEST_LEFT))
def test_benefit_and_release_rise_with_the_untreated_signal_over_its_whole_range(drawn, left):
    signals = np.geomspace(0.01, 10.0, 60)[:, None]
    names = ("phi_skin", "phi_lung", "phi_inflammation", "brake", "brake_lung", "effect_half_signal", "a_mmf")
    values = {name: drawn[name] for name in names}
    # One world in a thousand has a brake so strong that its release levels off before ten times the reference signal.
    values |= {name: np.minimum(values[name], STRONG_BRAKE) for name in ("brake", "brake_lung")}
    found = effect(signals, dict.fromkeys(LEFT, left), **values)
    for name in ("drive_skin", "drive_lung", "drive_inflammation"):
        lost = 1.0 - found[name]
        assert (np.diff(lost, axis=0) > 0).all(), name
    for name in ("released_collagen_skin", "released_collagen_lung"):
        assert (np.diff(found[name], axis=0) > 0).all(), name


def test_the_signal_left_by_the_dose_of_daisy_is_within_what_that_property_covers(systemic_sclerosis):
    names = [f"isgf3_{x}" for x in LEFT] + [f"ifn_signal_untreated_{x}" for x in LEFT]
    found = systemic_sclerosis.follow("120 mg SC every week", [0.0, 364.0], names)
    for tissue in LEFT:
        left = found.of(f"isgf3_{tissue}")[:, 1] / found.of(f"isgf3_{tissue}")[:, 0]
        assert np.quantile(left, 0.95) < LARGEST_LEFT, tissue
