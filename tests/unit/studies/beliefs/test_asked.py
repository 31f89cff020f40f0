"""Which beliefs a run asks: shares given with a command, beliefs given in a file, and that the same give the same."""

from pathlib import Path

import numpy as np
import pytest

from ifntrial.errors import InputError, UnknownNameError
from ifntrial.studies.beliefs.asked import DECLARED, AskedBeliefs, read_weights
from ifntrial.studies.beliefs.declared import SHOWN, declared_beliefs
from ifntrial.studies.beliefs.own import OwnBeliefs, Stateable, load_own_beliefs
from ifntrial.studies.forecast.run import ForecastPlan
from ifntrial.studies.plans import plan_text
from ifntrial.worlds.beliefs import MIXTURE
from ifntrial.worlds.choose import choose_worlds
from made_up_calibration import made_up_catalog


@pytest.fixture(scope="module")
def catalog(tmp_path_factory):
    return made_up_catalog(tmp_path_factory.mktemp("made up"))


def chosen(catalog, asked):
    beliefs = asked.beliefs(catalog.evidence)
    return choose_worlds(beliefs, catalog.calibration.implied, catalog.evidence, 60, 3)


def own(*beliefs):
    return AskedBeliefs(OwnBeliefs(schema_version=1, whose="A clinic", beliefs=beliefs))


def as_written(belief, name):
    """Return what a user would write down for a belief, every component of it."""
    said = {"name": name, "label": belief.label, "meaning": belief.meaning, "weight": belief.share}
    stated = belief.statement
    if stated is None:
        return said | {"no_effect": True}
    effect = stated.effect
    rows = zip(effect.weights.tolist(), effect.means.tolist(), effect.sds.tolist(), strict=True)
    return said | {
        "address": stated.address,
        "effect": {"mixture": [{"share": share, "mean": mean, "sd": sd} for share, mean, sd in rows]},
        "below_zero": stated.below_zero,
        "only_harm": stated.only_harm,
    }


def test_weights_are_read_as_given():
    assert read_weights("irrelevant=0.5, net_harm = 2,lupus_bridge=0") == (
        ("irrelevant", 0.5),
        ("net_harm", 2.0),
        ("lupus_bridge", 0.0),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "cannot be read"),
        ("irrelevant", "cannot be read.*Given: irrelevant"),
        ("irrelevant=half", "cannot be read.*Given: irrelevant=half"),
        ("=0.5", "cannot be read.*Given: =0.5"),
        ("irrelevant=0.5,", "cannot be read"),
        ("irrelevant=0.5,irrelevant=0.5", "two weights"),
        ("irrelevant=-0.5,net_harm=1", "out of range.*Given: irrelevant=-0.5"),
        ("irrelevant=nan", "out of range"),
        ("irrelevant=inf", "out of range"),
        ("irrelevant=0,net_harm=0", "no belief has a weight"),
    ],
)
def test_weights_that_say_nothing_are_refused(text, message):
    with pytest.raises(InputError, match=message) as refusal:
        read_weights(text)
    assert "NAME=NUMBER" in str(refusal.value)
    assert "To do:" in str(refusal.value)


def test_a_weight_of_no_belief_names_the_closest(catalog):
    asked = AskedBeliefs(weights=read_weights("irelevant=1"))
    with pytest.raises(UnknownNameError, match=r"belief 'irelevant' is not known.*did you mean irrelevant"):
        asked.beliefs(catalog.evidence)


def test_capitals_of_a_belief_make_no_other_belief(catalog):
    asked = AskedBeliefs(weights=read_weights("Irrelevant=1,LUPUS_BRIDGE=3"))
    shares = {each.name: each.share for each in asked.beliefs(catalog.evidence) if each.share}
    assert shares == {"irrelevant": 1, "lupus_bridge": 3}
    with pytest.raises(InputError, match="a weight is given twice"):
        AskedBeliefs(weights=read_weights("irrelevant=1,Irrelevant=3")).beliefs(catalog.evidence)


def test_weights_change_shares_alone_and_the_rest_stands_beside(catalog):
    beliefs = AskedBeliefs(weights=read_weights("irrelevant=1,lupus_bridge_skin=3")).beliefs(catalog.evidence)
    declared = declared_beliefs(catalog.evidence)
    assert [each.name for each in beliefs] == [each.name for each in declared]
    assert {each.name: each.share for each in beliefs if each.share} == {
        "irrelevant": 1,
        "lupus_bridge_skin": 3,
    }
    choice = chosen(catalog, AskedBeliefs(weights=read_weights("irrelevant=1,lupus_bridge_skin=3")))
    assert choice.shares["lupus_bridge_skin"] == 0.75
    together = 0.25 * choice.counts["irrelevant"] + 0.75 * choice.counts["lupus_bridge_skin"]
    assert choice.counts[MIXTURE] == pytest.approx(together, abs=1e-15)


def test_weights_that_repeat_the_declared_ones_give_the_same_numbers(catalog):
    declared = declared_beliefs(catalog.evidence)
    text = ",".join(f"{each.name}={each.share!r}" for each in declared if each.share)
    assert_same(
        chosen(catalog, AskedBeliefs(weights=read_weights(text))), chosen(catalog, DECLARED), exactly=True
    )


def test_the_declared_beliefs_taken_over_by_a_file_give_the_same_numbers(catalog):
    names = [each.name for each in declared_beliefs(catalog.evidence)]
    asked = own(*({"as_declared": name} for name in names))
    assert_same(chosen(catalog, asked), chosen(catalog, DECLARED), exactly=True)


def test_the_declared_beliefs_written_out_in_a_file_give_the_same_numbers(catalog):
    """Those with fewer components than a file may have; the others are taken over."""
    declared = declared_beliefs(catalog.evidence)
    is_short = [each.statement is None or len(each.statement.effect.weights) < 100 for each in declared]
    assert sum(is_short) >= 3
    rows = [
        as_written(each, f"my_{each.name}") if short else {"as_declared": each.name}
        for each, short in zip(declared, is_short, strict=True)
    ]
    found, expected = chosen(catalog, own(*rows)), chosen(catalog, DECLARED)
    assert len(found.counts) == len(expected.counts)
    assert_same(found, expected, exactly=False)


def assert_same(found, expected, *, exactly):
    tolerance = 0.0 if exactly else 1e-12
    assert found.positions.tolist() == expected.positions.tolist()
    for mine, theirs in zip(found.counts.values(), expected.counts.values(), strict=True):
        assert mine == pytest.approx(theirs, abs=tolerance, rel=0)


def test_a_run_without_effect_in_any_belief_still_asks_for_the_type_i_error(catalog):
    """All of the belief lies on the side of benefit, or stands for harm."""
    harm = {"name": "harm", "label": "Harm", "meaning": "or harm", "weight": 1, "address": "rcriss20_observed",
            "effect": {"normal": {"mean": 0.5, "sd": 0.4}}, "below_zero": "harm"}  # fmt: skip
    choice = chosen(catalog, own(harm))
    assert 0 < np.sum(~choice.has_effect) <= 15
    assert choice.counts["harm"][~choice.has_effect].sum() == 0


def test_all_of_the_beliefs_is_part_of_the_plan(catalog):
    texts = {
        plan_text(ForecastPlan(catalog.designs["daisy"], 6, 10, 1, beliefs=asked), catalog, 6, 1)
        for asked in (
            DECLARED,
            AskedBeliefs(weights=read_weights("irrelevant=1")),
            AskedBeliefs(weights=read_weights("irrelevant=2")),
            own({"as_declared": "irrelevant"}),
            own({"as_declared": "irrelevant", "weight": 0.3}, {"as_declared": "net_harm"}),
            own({"as_declared": "irrelevant", "weight": 0.3}, {"as_declared": "net_harm", "weight": 0.2}),
            own(as_written(declared_beliefs(catalog.evidence)[0], "mine")),
        )
    }
    assert len(texts) == 7
    assert any('"whose": "A clinic"' in text for text in texts)


def test_whose_they_are_is_said():
    assert DECLARED.whose == "the authors of ifntrial"
    assert own({"as_declared": "irrelevant"}).whose == "A clinic"
    assert AskedBeliefs(weights=(("irrelevant", 1.0),)).whose == (
        "the authors of ifntrial, in shares given with the command"
    )


@pytest.mark.parametrize("example", ["one_more_belief", "two_camps"])
def test_the_examples_can_be_used(catalog, example):
    path = Path(__file__).parents[4] / "docs" / "examples" / f"{example}.yaml"
    asked = AskedBeliefs(load_own_beliefs(path, Stateable(tuple(catalog.addresses), SHOWN)))
    choice = chosen(catalog, asked)
    assert len(choice.shares) == len(asked.own.beliefs)
    assert choice.counts[MIXTURE].sum() == pytest.approx(1.0)
