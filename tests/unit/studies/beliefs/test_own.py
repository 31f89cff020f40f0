"""Beliefs of a user's own: read as written, and refused with line, place, what was given and what is allowed."""

from pathlib import Path

import numpy as np
import pytest

from ifntrial.errors import FileError, InputError
from ifntrial.normal_mixture import NormalMixture
from ifntrial.studies.beliefs.own import OwnBeliefs, Stateable, load_own_beliefs
from ifntrial.worlds.beliefs import Belief, Statement

POOL = NormalMixture(np.ones(1), np.array([0.4]), np.array([0.2]))
STATEABLE = Stateable(("response", "skin"), ("irrelevant", "reference"))
DECLARED = (
    Belief("irrelevant", "Interferon is irrelevant", "it does nothing", 0.3),
    Belief("reference", "Like others", "as others do", 0.7, Statement("response", POOL, "a pool")),
)

GOOD = """\
schema_version: 1
whose: A clinic
beliefs:
  - as_declared: irrelevant
  - as_declared: reference
    weight: 0
  - name: optimist
    label: Optimist
    meaning: blockade helps as much as
      tocilizumab did
    weight: 2
    address: response
    effect: {normal: {mean: 0.8, sd: 0.25}}
    basis: a survey of twelve colleagues
  - name: on_skin
    label: Skin alone
    meaning: half of the points, or harm
    weight: 1
    address: skin
    effect:
      mixture:
        - {share: 0.75, mean: -3, sd: 1.5}
        - {share: 0.25, mean: 1, sd: 2}
    below_zero: harm
  - {name: nothing, label: Nothing, meaning: none at all, weight: 0.5, no_effect: true}
"""

# what is replaced, by what, what the refusal says
EDITS = [
    ("schema_version: 1", "schema_version: 2", "unknown schema_version.* Given: line 1: 2"),
    ("schema_version: 1\n", "", "unknown schema_version"),
    ("whose: A clinic\n", "", "whose: Field required"),
    ("whose: A clinic", "whose: ''", "line 2: whose: String should have at least 1 character"),
    ("whose: A clinic", "whose: [a]", "line 2: whose: Input should be a valid string"),
    ("whose: A clinic", r'whose: "\e[2J"', "line 2: whose: String should match pattern"),
    ("whose: A clinic", f"whose: {'x' * 121}", "line 2: whose: String should have at most 120"),
    ("whose: A clinic", "whose: A clinic\nwho: me", "line 3: who: Extra inputs .*did you mean whose"),
    ("beliefs:", "beliefs: []\nothers:", "line 3: beliefs: Tuple should have at least 1 item"),
    ("as_declared: irrelevant", "as_declared: irelevant", "line 4: beliefs.0.as_declared: .*did you mean irrelevant"),
    (
        "as_declared: irrelevant",
        "as_declared: irrelevant\n    label: Mine",
        "line 4: beliefs.0: .*only a weight may stand beside it, not label",
    ),
    ("name: optimist", "name: Opti mist", "line 7: beliefs.2.name: String should match pattern"),
    ("name: optimist", "name: mixture", "line 7: beliefs.2.name: .*has another meaning"),
    ("name: optimist", "name: reference", "line 7: beliefs.2.name: .*as_declared takes"),
    ("name: on_skin", "name: optimist", "line 3: beliefs: .*the same name: optimist"),
    ("as_declared: reference", "as_declared: irrelevant", "line 3: beliefs: .*the same name: irrelevant"),
    ("    label: Optimist\n", "", "line 7: beliefs.2: .*label must be given"),
    ("    weight: 2\n", "", "line 7: beliefs.2: .*weight must be given"),
    ("weight: 2", "weight: -2", "line 11: beliefs.2.weight: Input should be greater than or equal to 0"),
    ("weight: 2", "weight: true", "line 11: beliefs.2.weight: Input should be a valid number"),
    ("weight: 2", "weight: .nan", "line 11: beliefs.2.weight: .*finite"),
    ("weight: 2", "weight: '2'", "line 11: beliefs.2.weight: Input should be a valid number"),
    ("    address: response\n", "", "line 7: beliefs.2: .*no_effect: true, or an address and an effect there"),
    ("address: response", "address: respons", "line 12: beliefs.2.address: .*did you mean response"),
    ("address: response", "address: response\n    no_effect: true", "nothing to state, but address, basis, effect"),
    ("no_effect: true", "no_effect: false", "line 25: beliefs.4.no_effect: Input should be True"),
    ("no_effect: true", "no_effect: true, below_zero: harm", "line 25: .*nothing to state, but below_zero"),
    ("mean: 0.8, ", "", "line 13: beliefs.2.effect.normal.mean: Field required"),
    ("mean: 0.8", "mean: large", "line 13: beliefs.2.effect.normal.mean: Input should be a valid number"),
    ("mean: 0.8", "mean: 1.0e+9", "line 13: beliefs.2.effect.normal.mean: .*less than or equal to 1000"),
    ("mean: 0.8", "mena: 0.8", "line 13: beliefs.2.effect.normal.mena: .*did you mean mean"),
    ("sd: 0.25", "sd: 0", "line 13: beliefs.2.effect.normal.sd: Input should be greater than 0"),
    ("sd: 0.25", "sd: .inf", "line 13: beliefs.2.effect.normal.sd"),
    ("{normal: {mean: 0.8, sd: 0.25}}", "{}", "line 13: beliefs.2.effect: .*either normal"),
    ("{normal: {mean: 0.8, sd: 0.25}}", "0.8", "line 13: beliefs.2.effect: Input should be"),
    ("effect: {normal:", "effect: {mixture: [], normal:", "line 13: beliefs.2.effect.mixture: Tuple should have"),
    ("share: 0.25", "share: 0.35", "line 20: beliefs.3.effect: .*shares of the mixture add up to 1.1, not to 1"),
    ("share: 0.25", "share: 0", "line 23: beliefs.3.effect.mixture.1.share: Input should be greater than 0"),
    ("below_zero: harm", "below_zero: loss", "line 24: beliefs.3.below_zero: Input should be 'no effect' or 'harm'"),
    ("below_zero: harm", "only_harm: true", "line 15: beliefs.3: .*harm alone has no world to stand for it"),
    ("below_zero: harm", "only_harm: 1", "line 24: beliefs.3.only_harm: Input should be a valid boolean"),
    ("whose: A clinic", "whose: A clinic\nwhose: twice", "key 'whose' is given twice"),
    ("whose: A clinic", "whose: !!python/object/apply:os.getcwd []", "not valid YAML"),
    ("whose: A clinic", "whose: {a", "not valid YAML"),
]  # fmt: skip


def written(folder: Path, text: str) -> Path:
    path = folder / "beliefs.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_beliefs_are_what_the_file_says(tmp_path):
    own = load_own_beliefs(written(tmp_path, GOOD), STATEABLE)
    assert own.whose == "A clinic"
    irrelevant, reference, optimist, skin, nothing = own.resolved(DECLARED)
    assert irrelevant == DECLARED[0]
    assert (reference.share, reference.statement) == (0.0, DECLARED[1].statement)
    assert (optimist.name, optimist.label, optimist.share) == ("optimist", "Optimist", 2.0)
    assert optimist.meaning == "blockade helps as much as tocilizumab did"
    assert optimist.statement.address == "response"
    assert optimist.statement.basis == "a survey of twelve colleagues"
    assert (optimist.statement.below_zero, optimist.statement.only_harm) == ("no effect", False)
    assert parts(optimist.statement.effect) == ([1.0], [0.8], [0.25])
    assert parts(skin.statement.effect) == ([0.75, 0.25], [-3.0, 1.0], [1.5, 2.0])
    assert skin.statement.below_zero == "harm"
    assert skin.statement.basis == "a judgement of A clinic"
    assert nothing == Belief("nothing", "Nothing", "none at all", 0.5)


def parts(effect: NormalMixture) -> tuple[list[float], list[float], list[float]]:
    return effect.weights.tolist(), effect.means.tolist(), effect.sds.tolist()


def test_shares_that_were_rounded_by_hand_are_taken_as_one(tmp_path):
    text = GOOD.replace("share: 0.75", "share: 0.7500003")
    skin = load_own_beliefs(written(tmp_path, text), STATEABLE).resolved(DECLARED)[3]
    assert skin.statement.effect.weights.sum() == pytest.approx(1.0, abs=1e-15)


def test_beliefs_come_back_from_json_the_same(tmp_path):
    own = load_own_beliefs(written(tmp_path, GOOD), STATEABLE)
    # who was taken over says nothing else, not even a default
    again = OwnBeliefs.model_validate_json(own.model_dump_json(exclude_unset=True))
    assert again == own


@pytest.mark.parametrize(("old", "new", "message"), EDITS, ids=[f"{i}" for i in range(len(EDITS))])
def test_malformed_beliefs_are_refused(tmp_path, old, new, message):
    assert old in GOOD
    with pytest.raises(InputError, match=f"(?s){message}") as refusal:
        load_own_beliefs(written(tmp_path, GOOD.replace(old, new, 1)), STATEABLE)
    assert "To do:" in str(refusal.value)


def test_all_problems_are_told_at_once(tmp_path):
    text = GOOD.replace("sd: 0.25", "sd: -1").replace("below_zero: harm", "below_zero: loss")
    with pytest.raises(InputError) as refusal:
        load_own_beliefs(written(tmp_path, text), STATEABLE)
    assert len(refusal.value.problems) == 2
    assert "response, skin; to take over are irrelevant, reference" in str(refusal.value)


def test_weights_that_are_all_zero_are_refused(tmp_path):
    text = "schema_version: 1\nwhose: me\nbeliefs:\n  - {as_declared: irrelevant, weight: 0}\n"
    with pytest.raises(InputError, match=r"line 3: beliefs: .*all weights are zero"):
        load_own_beliefs(written(tmp_path, text), STATEABLE)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty or too large.*0 bytes"),
        ("#" * 200_001, "empty or too large"),
        ("- a\n- b\n", "holds no fields.*list"),
    ],
)
def test_a_file_that_holds_no_beliefs_is_refused(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        load_own_beliefs(written(tmp_path, text), STATEABLE)


def test_an_absent_file_is_said_so(tmp_path):
    with pytest.raises(FileError, match="does not exist"):
        load_own_beliefs(tmp_path / "none.yaml", STATEABLE)


def test_thirteen_beliefs_are_too_many(tmp_path):
    rows = "".join(
        f"  - {{name: b{i}, label: B, meaning: none, weight: 1, no_effect: true}}\n" for i in range(13)
    )
    with pytest.raises(InputError, match="at most 12 items"):
        load_own_beliefs(written(tmp_path, f"schema_version: 1\nwhose: me\nbeliefs:\n{rows}"), STATEABLE)
