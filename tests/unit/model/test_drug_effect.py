"""The drug effect by hand: what a blockade of known completeness does to the drive of each disease domain."""

import pytest

from ifntrial.model.mechanisms.drug_effect import MECHANISM
from ifntrial.model.parts import Values

# each domain hears the receptor in its own tissue
TISSUE = {
    "inflammation": "blood",
    "skin": "skin",
    "lung": "lung",
    "vessel": "heart",
    "patient_reported": "blood",
}
PHI = {"inflammation": 0.1, "skin": 0.2, "lung": 0.3, "vessel": 0.4, "patient_reported": 0.5}
RESPONSE_LEFT = {"blood": 0.9, "skin": 0.6, "lung": 0.4, "heart": 0.2}
BRAKE = {"skin": 0.25, "lung": 0.75}


def effect(**changed: float) -> dict[str, float]:
    """Return the assignments of a patient; ``changed`` are parameters that are not zero or one as usual."""
    p = {f"phi_{domain}": share for domain, share in PHI.items()}
    p |= {"brake": BRAKE["skin"], "brake_lung": BRAKE["lung"]}
    p |= {"r_low": 0.5, "a_mmf": 0.4, "is_ifn_low": 0.0, "uses_mmf": 0.0} | changed
    s = Values({f"ifn_relative_response_{tissue}": left for tissue, left in RESPONSE_LEFT.items()})
    for assignment in MECHANISM.assignments:
        s.add(assignment.name, assignment.law(s, Values(p)))
    return {assignment.name: s[assignment.name] for assignment in MECHANISM.assignments}


# effect over that of a patient with a high signature and no mycophenolate: on the drives, and on the brake
PATIENTS = [
    ({}, 1.0, 1.0),
    ({"is_ifn_low": 1.0}, 0.5, 0.5),
    ({"is_ifn_low": 1.0, "r_low": 1.25}, 1.25, 1.25),
    ({"uses_mmf": 1.0}, 0.6, 1.0),
    ({"is_ifn_low": 1.0, "uses_mmf": 1.0}, 0.3, 0.5),
]


@pytest.mark.parametrize(("patient", "on_drive", "on_brake"), PATIENTS)
@pytest.mark.parametrize("domain", TISSUE)
def test_a_drive_falls_by_its_share_of_the_response_lost_in_its_tissue(domain, patient, on_drive, on_brake):
    lost = 1.0 - RESPONSE_LEFT[TISSUE[domain]]
    assert effect(**patient)[f"drive_{domain}"] == pytest.approx(1.0 - PHI[domain] * on_drive * lost)


@pytest.mark.parametrize(("patient", "on_drive", "on_brake"), PATIENTS)
@pytest.mark.parametrize("tissue", BRAKE)
def test_collagen_is_released_by_the_brake_whatever_mycophenolate_takes(tissue, patient, on_drive, on_brake):
    lost = 1.0 - RESPONSE_LEFT[tissue]
    expected = 1.0 + BRAKE[tissue] * on_brake * lost
    assert effect(**patient)[f"released_collagen_{tissue}"] == pytest.approx(expected)


def test_without_the_drug_nothing_changes(monkeypatch):
    for tissue in RESPONSE_LEFT:
        monkeypatch.setitem(RESPONSE_LEFT, tissue, 1.0)
    found = effect(uses_mmf=1.0, is_ifn_low=1.0)
    assert {name: value for name, value in found.items() if "effect" not in name} == {
        **{f"drive_{domain}": 1.0 for domain in TISSUE},
        "released_collagen_skin": 1.0,
        "released_collagen_lung": 1.0,
    }
