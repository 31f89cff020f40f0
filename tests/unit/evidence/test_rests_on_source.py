"""Taking a source away shows and removes what rests on it, and nothing else."""

import pytest

from ifntrial.errors import UnknownNameError
from ifntrial.evidence.load import evidence_hash, load_evidence
from ifntrial.evidence.rests_on_source import hanging_on, without_source


def test_everything_that_names_a_source_hangs_on_it():
    evidence = load_evidence()
    hanging = hanging_on(evidence, "tummala2018")
    assert "anifrolumab.bioavailability" in {row.name for row in hanging.parameter_rows}
    assert {row.trial for row in hanging.observation_rows} == {"anifrolumab in healthy volunteers"}
    against = hanging_on(evidence, "agarwal2011")
    assert {claim.id for claim in against.claims_for} == {"interferon_damps_collagen"}
    assert "modulates_skin_fibrosis" in {claim.id for claim in against.claims_against}


@pytest.mark.parametrize("source", ["almquist2022", "tummala2018", "goldberg2014", "radic2026", "asset"])
def test_without_a_source_nothing_observed_rests_on_it(source):
    evidence = load_evidence()
    left = without_source(evidence, source)
    after = hanging_on(left, source)
    assert after.observation_rows == after.claims_for == after.claims_against == ()
    assert all(row.status == "assumed" for row in after.parameter_rows)
    assert {row.name: row.value for row in left.parameters} == {
        row.name: row.value for row in evidence.parameters
    }
    gone = len(evidence.observations) - len(left.observations)
    assert gone == len(hanging_on(evidence, source).observation_rows)
    assert evidence_hash(left) != evidence_hash(evidence)


def test_an_unknown_source_is_answered_with_the_closest():
    with pytest.raises(UnknownNameError, match="vital2022"):
        hanging_on(load_evidence(), "vital2021")
