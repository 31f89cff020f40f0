"""Sensitivity of whole worlds: inputs, outputs, reproducibility, invariants, errors, command and page."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.errors import IfntrialError, InputError, RunError
from ifntrial.evidence.load import load_evidence
from ifntrial.report.sensitivity.page import render_sensitivity
from ifntrial.report.sensitivity.words import how_steady, what_matters
from ifntrial.seeds import Stream
from ifntrial.studies import executors
from ifntrial.studies.common_trial import simulate_arms
from ifntrial.studies.result_json import read_result
from ifntrial.studies.sensitivity import study as running
from ifntrial.studies.sensitivity.indices import (
    METHODS,
    Convergence,
    Index,
    compare_halves,
    estimate_indices,
    sample_design,
)
from ifntrial.studies.sensitivity.inputs import LABELS, group_label, list_inputs, worlds_of
from ifntrial.studies.sensitivity.outputs import OUTPUTS, read_outputs, suppression_week
from ifntrial.studies.sensitivity.result import InputGroup
from ifntrial.studies.sensitivity.run import GROUPINGS, SensitivityPlan, at_once
from ifntrial.worlds.draw import draw_worlds
from made_up import FACTS
from shipped import build_model, load_design, prepare_sensitivity, run_sensitivity

PLAN = SensitivityPlan(load_design("daisy"), "morris", "mechanism", 4, 10, seed=5, replicates=2)


@lru_cache(maxsize=1)
def found():
    return run_sensitivity(PLAN)


def test_every_unknown_of_a_world_is_an_input_once_and_has_a_place():
    model, evidence = build_model(), load_evidence()
    inputs = list_inputs(model, evidence)
    names = [each.name for each in inputs]
    assert len(set(names)) == len(names)
    worlds = draw_worlds(model, evidence, 2, 1)
    varying = {name for name, values in worlds.parameters.items() if values[0] != values[1]}
    parts = {"phi", "brake"}
    missing = {name for name in varying - set(names) if not any(name.startswith(part) for part in parts)}
    assert not missing
    mechanisms = {mechanism.name for mechanism in model.mechanisms}
    assert {each.group for each in inputs} <= mechanisms | set(LABELS)
    assert all(group_label(each.group) for each in inputs)


def test_points_that_are_the_worlds_own_numbers_give_the_same_worlds():
    model, evidence = build_model(), load_evidence()
    inputs = list_inputs(model, evidence)
    points = np.stack(
        [Stream(7, f"world: {each.purpose}").uniform(5, draw=each.draw) for each in inputs], axis=1
    )
    ours, theirs = worlds_of(model, evidence, inputs, points), draw_worlds(model, evidence, 5, 7)
    for mine, other in ((ours.parameters, theirs.parameters), (ours.history, theirs.history)):
        assert mine.keys() == other.keys()
        for name in mine:
            np.testing.assert_array_equal(mine[name], other[name], err_msg=name)


def test_an_input_moves_its_own_quantity_and_no_other():
    model, evidence = build_model(), load_evidence()
    inputs = list_inputs(model, evidence)
    own = {parameter.name for parameter in model.parameters}
    chosen = [
        place for place, each in enumerate(inputs) if each.name in own and not each.name.startswith("phi")
    ]
    points = np.full((1 + len(chosen), len(inputs)), 0.1)
    # in a protective world brakes are drawn by themselves
    points[:, [each.purpose for each in inputs].index("protective")] = 0.9
    points[1 + np.arange(len(chosen)), chosen] = 0.8
    worlds = worlds_of(model, evidence, inputs, points)
    for row, place in enumerate(chosen, start=1):
        moved = {name for name, values in worlds.parameters.items() if values[row] != values[0]}
        assert moved == {inputs[place].name}


def test_results_do_not_hang_on_the_order_in_which_blocks_end(monkeypatch):
    forwards = found()

    def backwards(task, places, workers):
        assert workers == 3
        yield from ((place, task(place)) for place in reversed(places))

    monkeypatch.setattr(executors, "processes", backwards)
    assert run_sensitivity(PLAN, 3) == forwards


def test_a_stopped_run_goes_on_to_the_same_numbers(tmp_path):
    def stop(done, total):
        del total
        if done == 32:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_sensitivity(PLAN, 1, stop, tmp_path)
    assert sorted(path.name for path in (tmp_path / "blocks").iterdir()) == [
        "block=000000.parquet",
        "block=000001.parquet",
    ]
    reported = []
    resumed = run_sensitivity(PLAN, 1, lambda done, total: reported.append((done, total)), tmp_path)
    assert resumed == found()
    total = resumed.worlds
    assert reported == [(done, total) for done in [*range(32, total, 16), total]]


@pytest.mark.parametrize(("subjects", "worlds"), [(10, 16), (312, 16), (313, 15), (2600, 1), (5000, 1)])
def test_a_block_has_as_many_worlds_as_their_subjects_allow(subjects, worlds):
    assert at_once(replace(PLAN, subjects=subjects)) == worlds


def test_a_folder_of_other_numbers_or_with_a_damaged_block_is_refused(tmp_path):
    run_sensitivity(PLAN, folder=tmp_path)
    with pytest.raises(RunError, match="the folder holds another run"):
        run_sensitivity(replace(PLAN, seed=6), folder=tmp_path)
    path = tmp_path / "blocks" / "block=000001.parquet"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(RunError, match="block 1 of this run cannot be read"):
        run_sensitivity(PLAN, folder=tmp_path)


def test_a_world_is_the_same_alone_and_in_company():
    prepared = prepare_sensitivity(PLAN)
    trial = prepared.trial
    worlds = worlds_of(trial.model, trial.evidence, prepared.inputs, prepared.design.points[:6])
    together = simulate_arms(trial, worlds)
    for place in (0, 5):
        (alone,) = simulate_arms(trial, worlds.take(np.array([place])))
        assert read_outputs(trial, *alone) == read_outputs(trial, *together[place])


def test_what_cannot_matter_does_not():
    indices = {
        output.name: {index.group: index.main for index in output.indices} for output in found().outputs
    }
    for name in ("trial_effect", "background_therapy", "natural_history"):
        assert indices["suppression_blood"][name] == 0.0
    # Hazards of infection are read out and drive nothing.
    assert all(groups["safety"] == 0.0 for groups in indices.values())
    assert indices["power"]["drug_effect"] > 0.0
    assert indices["suppression_blood"]["jak_stat"] > 0.0


def test_the_result_is_complete_and_inside_its_ranges():
    result = found()
    groups = {group.group for group in result.groups}
    assert sum(len(group.inputs) for group in result.groups) == len(
        list_inputs(build_model(), load_evidence())
    )
    assert result.worlds == PLAN.samples * (len(groups) + 1)
    assert result.suppression_week == 24.0
    for output in result.outputs:
        assert {index.group for index in output.indices} == groups
        mains = [index.main for index in output.indices]
        assert np.diff(mains).max() < 1e-12, "from large to small, but for rounding"
        assert all(index.main_low <= index.main <= index.main_high for index in output.indices)
        assert 0.0 <= output.convergence.rank_changed_share <= 1.0
    power = next(output for output in result.outputs if output.name == "power")
    assert 0.0 <= power.band.q05 <= power.mean <= 1.0


def test_the_visit_of_the_suppression_is_the_one_nearest_to_week_24():
    assert suppression_week(load_design("daisy").visit_weeks) == 24.0
    assert suppression_week((0.0, 20.0, 28.0, 52.0)) == 20.0


def test_an_output_that_nothing_moves_has_no_index():
    for method in ("morris", "sobol"):
        design = sample_design({"x": "one", "y": "two"}, method, 8, 1)
        same = np.full(len(design.points), 0.25)
        indices = estimate_indices(design, same)
        assert [index.main for index in indices] == [0.0, 0.0]
        assert compare_halves(design, same, indices).rank_changed_share == 0.0


def test_seed_zero_is_a_seed():
    one, two = (sample_design({"x": "one", "y": "two"}, "sobol", 8, 0) for _ in range(2))
    np.testing.assert_array_equal(one.points, two.points)
    values = one.column("x") + one.column("y") ** 2
    assert estimate_indices(one, values) == estimate_indices(two, values)
    other = sample_design({"x": "one", "y": "two"}, "sobol", 8, 1)
    assert not np.array_equal(one.points, other.points)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"method": "sobel"}, "the method is not known"),
        ({"samples": 12}, "power of two"),
        ({"samples": 2}, "power of two"),
        ({"grouping": "organ"}, "the grouping is not known"),
    ],
)
def test_a_plan_that_cannot_be_used_says_why(change, said):
    with pytest.raises(IfntrialError, match=said):
        run_sensitivity(replace(PLAN, **change))


def test_outputs_that_do_not_fit_are_refused():
    design = sample_design({"x": "one", "y": "two"}, "sobol", 8, 1)
    values = design.column("x").copy()
    with pytest.raises(InputError, match="do not fit"):
        estimate_indices(design, values[:-1])
    values[3] = np.nan
    with pytest.raises(InputError, match="1 of 32"):
        estimate_indices(design, values)
    with pytest.raises(InputError, match="fewer than two groups"):
        sample_design({"x": "one", "y": "one"}, "sobol", 8, 1)


@pytest.fixture
def quick(monkeypatch):
    """Make the command use the result that is there, so that its output is tested and not the solver again."""
    known = found()
    monkeypatch.setattr("ifntrial.api.sensitivity.run_sensitivity", lambda *given, **named: known)


def test_the_command_writes_page_and_json(quick, tmp_path):
    words = [
        "sensitivity",
        "daisy",
        "--samples",
        "4",
        "--out",
        str(tmp_path / "o"),
        "--json",
        str(tmp_path / "s.json"),
    ]
    ended = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert ended.exit_code == 0
    assert "probability of success hangs most on" in ended.output
    assert "Not for diagnosis" in ended.output
    facts, result = read_result(tmp_path / "s.json")
    assert result == found()
    page = (tmp_path / "o" / "report.html").read_text()
    assert page == render_sensitivity(result, facts)
    for output in OUTPUTS:
        assert f'<svg xmlns="http://www.w3.org/2000/svg" class="plot" id="indices-{output.name}"' in page
    assert 'src="http' not in page


def test_a_page_of_sobol_indices_shows_both_orders():
    both = {"first": 0.1, "first_low": 0.0, "first_high": 0.2}
    outputs = tuple(
        replace(output, indices=tuple(replace(index, **both) for index in output.indices))
        for output in found().outputs
    )
    page = render_sensitivity(replace(found(), method="sobol", outputs=outputs), FACTS)
    assert "First order" in page
    assert "of its variance, interactions included" in page
    assert "is the noise of few samples" in page  # these first orders lie above their totals


def test_sentences_name_rivals_only_where_intervals_meet():
    def said(*indices):
        output = replace(found().outputs[0], label="effect", unit="", indices=indices, convergence=halves)
        return what_matters(result, output), how_steady(result, output)

    groups = tuple(InputGroup(name, f"{name} (more)", "", (), ()) for name in "ab")
    result = replace(found(), method="sobol", samples=4, groups=groups)
    halves = Convergence(2, 1.0, 0.4, "a", {"a": 0.1, "b": 0.3})
    first, second = Index("a", 0.5, 0.4, 0.6, 0.1, 0.1, 0.1), Index("b", 0.2, 0.1, 0.3, 0.1, 0.1, 0.1)
    matters, steady = said(first, second)
    assert ", ahead of “b”. 0 of 2" in matters
    assert "the first group was “b”" in steady
    assert "noise" not in steady
    assert "noise of few samples" in said(replace(first, main=1.2), second)[1]
    rival = replace(second, main=0.35, main_low=0.2, main_high=0.5)
    assert "do not tell it apart from “b”" in said(first, rival)[0]


def test_every_method_and_grouping_has_a_default_number_of_samples():
    assert set(running.DEFAULT_SAMPLES) == {(m, g) for m in METHODS for g in GROUPINGS}
    for samples in running.DEFAULT_SAMPLES.values():
        assert samples & (samples - 1) == 0
