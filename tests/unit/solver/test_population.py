"""Audits, streams of blocks and files, and the cache of compiled systems."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow.parquet as pq
import pytest
import sympy

from ifntrial.errors import FileError, InputError
from ifntrial.solver import OdeSystem, Tolerance, simulate, simulate_blocks, simulate_to_parquet, symbol
from ifntrial.solver.audit import compute_errors
from ifntrial.solver.compiler.kernel import compile_kernel
from ifntrial.solver.compiler.object_cache import load_entry, save_entry
from ifntrial.solver.doses import DoseTable

X, Y, K = symbol("x"), symbol("y"), symbol("k")
PAIR = OdeSystem("pair", ("x", "y"), ("k",), (-K * X, K * X - Y), (sympy.Integer(1), sympy.Integer(0)))
RATES = np.exp(np.random.default_rng(1).standard_normal(250))
VISITS = [0.5, 2.0]


def test_a_population_is_audited_by_default_and_the_error_is_the_true_one():
    found = simulate(PAIR, {"k": RATES}, None, VISITS, tolerance=Tolerance.SCREEN)
    report = found.audit
    assert len(report.audited) == 2  # 1 % of 250
    exact = np.exp(-RATES[report.audited][:, None] * VISITS)[:, :, None]
    true = compute_errors(found.values[report.audited][:, :, :1], exact, 1e-3)
    assert (report.errors >= 0.9 * true).all()
    assert 0 < report.largest < 1e-3


def _exact_y(rates):
    times = np.array(VISITS)
    return (rates[:, None] / (1 - rates[:, None]) * (np.exp(-rates[:, None] * times) - np.exp(-times)))[
        :, :, None
    ]


def test_an_audit_of_all_finds_the_largest_error_of_all():
    found = simulate(PAIR, {"k": RATES}, None, VISITS, tolerance=Tolerance.SCREEN, audit_share=1.0)
    exact = np.exp(-RATES[:, None] * VISITS)[:, :, None]
    both = np.concatenate([exact, _exact_y(RATES)], axis=2)
    # the declared size of both states is one
    true = compute_errors(found.values, both, 1e-3, np.ones((len(RATES), 2))).max()
    assert found.audit.largest == pytest.approx(true, rel=0.1)


def test_few_subjects_are_not_audited_unless_asked():
    assert simulate(PAIR, {"k": RATES[:5]}, None, VISITS).audit is None
    assert len(simulate(PAIR, {"k": RATES[:5]}, None, VISITS, audit_share=0.5).audit.audited) == 2


def test_an_audit_passes_over_failed_subjects():
    rates = RATES.copy()
    rates[:248] = np.nan
    report = simulate(PAIR, {"k": rates}, None, VISITS, audit_share=1.0).audit
    assert report.audited.tolist() == [248, 249]
    nobody = simulate(PAIR, {"k": np.full(3, np.nan)}, None, VISITS, audit_share=1.0).audit
    assert len(nobody.audited) == 0
    assert np.isnan(nobody.largest)


def test_an_audit_follows_doses_own_visits_and_a_checkpoint():
    doses = DoseTable.regimen(250, state="x", amount=RATES, times=[0.2, 1.0])
    early = simulate(PAIR, {"k": RATES}, doses, [0.5])
    late = simulate(
        PAIR, {"k": RATES}, doses, np.tile([1.5, 2.0], (250, 1)), resume=early.final, audit_share=0.1
    )
    assert len(late.audit.audited) == 25
    assert late.audit.largest < 1e-4


def draw(first, count):
    rates = RATES[first : first + count]
    return {"k": rates}, DoseTable.regimen(count, state="x", amount=rates, start=0.3)


@pytest.mark.parametrize("block", [1000, 100, 33])
def test_blocks_give_the_same_bits_as_the_whole(block):
    whole = simulate(PAIR, *draw(0, 250), VISITS)
    parts = list(simulate_blocks(PAIR, 250, draw, VISITS, block=block, workers=2))
    np.testing.assert_array_equal(np.concatenate([part.values for part in parts]), whole.values)


def test_parquet_holds_every_subject_once_with_its_status(tmp_path):
    rates = RATES.copy()
    rates[7] = np.nan
    seen = []
    summary = simulate_to_parquet(
        tmp_path / "run.parquet",
        PAIR,
        250,
        lambda first, count: ({"k": rates[first : first + count]}, None),
        VISITS,
        block=120,
        outputs=["y"],
        progress=lambda done, total: seen.append((done, total)),
    )
    values, status = pq.read_table(summary.values).to_pandas(), pq.read_table(summary.status).to_pandas()
    assert values["subject"].tolist() == np.repeat(np.arange(250), 2).tolist()
    assert values.columns.tolist() == ["subject", "time", "y"]
    assert status["subject"].tolist() == list(range(250))
    assert summary.statuses == {"ok": 249, "bad_parameter": 1}
    assert summary.largest_error < 1e-3
    assert values.loc[values["subject"] == 7, "y"].isna().all()
    assert seen[-1] == (250, 250)


def test_a_folder_that_is_not_there_and_an_empty_block_are_refused(tmp_path):
    with pytest.raises(FileError, match="cannot be written"):
        simulate_to_parquet(tmp_path / "no" / "run.parquet", PAIR, 2, draw, VISITS)
    with pytest.raises(InputError, match="block needs subjects"):
        next(simulate_blocks(PAIR, 2, draw, VISITS, block=0))


@pytest.fixture
def fresh_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("IFNTRIAL_CACHE", str(tmp_path / "cache"))
    compile_kernel.cache_clear()
    yield tmp_path / "cache"
    compile_kernel.cache_clear()


def solve_pair():
    compile_kernel.cache_clear()
    kernel = compile_kernel(PAIR)
    return kernel.is_from_cache, simulate(PAIR, {"k": RATES[:9]}, None, VISITS).values


def test_a_compiled_system_is_kept_and_a_broken_entry_is_made_again(fresh_cache):
    made, first = solve_pair()
    kept, second = solve_pair()
    assert (made, kept) == (False, True)
    (entry,) = fresh_cache.iterdir()
    content = entry.read_bytes()
    for broken in (b"", content[:100], content[:-1] + bytes([content[-1] ^ 1])):
        entry.write_bytes(broken)
        remade, third = solve_pair()
        assert not remade
        np.testing.assert_array_equal(third, first)
        assert entry.read_bytes() == content
    np.testing.assert_array_equal(second, first)


def test_a_cache_that_cannot_be_written_only_costs_time(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("IFNTRIAL_CACHE", str(blocked / "cache"))
    from_cache, values = solve_pair()
    assert not from_cache
    assert np.isfinite(values).all()
    compile_kernel.cache_clear()


def test_two_systems_do_not_share_an_entry(fresh_cache):
    solve_pair()
    other = OdeSystem("pair", ("x", "y"), ("k",), (-K * X, 2 * K * X - Y), PAIR.initial)
    assert not compile_kernel(other).is_from_cache
    assert len(list(fresh_cache.iterdir())) == 2


def test_no_temporary_files_stay(fresh_cache):
    solve_pair()
    assert all(len(name) == 64 for name in os.listdir(fresh_cache))


def test_writers_at_once_leave_one_whole_entry(fresh_cache):
    contents = [bytes([letter]) * 200_000 for letter in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            assert all(pool.map(lambda code: save_entry("same", {"width": 4}, code), contents))
            sizes, code = load_entry("same")
            assert sizes == {"width": 4}
            assert code in contents
    assert os.listdir(fresh_cache) == ["same"]
