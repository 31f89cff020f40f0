"""The tool that changes the program in one place at a time: its changes, its samples, its verdicts."""

import ast
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from mutants.equivalent import load_equivalent
from mutants.find import find_mutants, is_valid
from mutants.host import Host
from mutants.judge import Verdict, judge
from mutants.sample import draw_sample
from mutants.settings import load_settings
from mutants.source import Source
from mutants.store import RecordedTest, Store, carry_lines
from mutants.table import diff_of, table_of
from mutants.touched import load_tests

ROOT = Path(__file__).parents[3]
SETTINGS = load_settings()

TOY = '''"""A toy."""

from functools import lru_cache

LIMIT = 3


@lru_cache
def table():
    return [1, 2, 4]


def total(values, start=0):
    """Return a sum."""
    for value in values:
        start += value
    return start


def is_large(value):
    return value > LIMIT


def never_called(value):
    return value * 2
'''
TOY_TESTS = """from toy import is_large, table, total

import pytest


@pytest.fixture(scope="module")
def six():
    return total([1, 2, 3])


def test_a_sum(six):
    assert six == 6


def test_the_same_sum(six):
    assert six > 5


def test_five_is_large():
    assert is_large(5)


@pytest.mark.parametrize("place", [0, 1])
def test_table(place):
    assert table()[place] == place + 1


def test_that_fails():
    assert total([]) == 1
"""


def changes(code, kind):
    """Return the lines that a kind of change makes of a function's only line."""
    source = Source(f"def f(a, b, c, size=1):\n    {code}\n".encode())
    found = [mutant for mutant in find_mutants("f.py", source, SETTINGS) if mutant.kind == kind]
    return [
        source.edited(mutant.edit).decode().splitlines()[1].strip() for mutant in found if mutant.number == 2
    ]


@pytest.mark.parametrize(
    ("kind", "code", "expected"),
    [
        ("operator", "return (a + b)  # +", ["return (a - b)  # +"]),
        ("operator", "return (a)*(b)", ["return (a)/(b)"]),
        ("operator", "return -a", ["return (a)"]),
        ("operator", "a += 1", ["a -= 1"]),
        ("operator", "return a + 'text'", []),
        ("term", "return a + b", ["return (a)", "return (b)"]),
        ("term", "return a / b", ["return (a)"]),
        ("term", "return a and b", ["return (a)", "return (b)"]),
        ("term", "return a if b else c", ["return (a)", "return (c)"]),
        ("comparison", "return a < b", ["return a <= b", "return a > b"]),
        ("comparison", "return a  not  in b", ["return a  in b"]),
        ("comparison", "return a == b <= c", ["return a != b <= c", "return a == b < c", "return a == b >= c"]),
        ("logic", "return a and b", ["return a or b"]),
        ("logic", "return not a", ["return (a)"]),
        ("logic", "return a if b > c else c", ["return a if (not (b > c)) else c"]),
        ("logic", "return True", ["return False"]),
        ("number", "return 0", ["return 1"]),
        ("number", "return 1.0", ["return 0.0", "return 2.0"]),
        ("number", "return 7", ["return 8", "return 14"]),
        ("swapped arguments", "return f(a, b)", ["return f(b, a)"]),
        ("swapped arguments", "return f(x=a, y=b)", ["return f(x=b, y=a)"]),
        ("swapped arguments", "return f(a, 1)", []),
        ("dropped argument", "return a.max(b, axis=0, where=c)", ["return a.max(b, where=c)", "return a.max(b, axis=0)"]),
        ("dropped argument", "return a.max(axis=0)", ["return a.max()"]),
        ("dropped argument", "return f(a, b, c, size=2)", ["return f(a, b, c)"]),
        ("dropped argument", "return another(a, size=2)", []),
        ("dropped argument", "return f(a, b, size=2, c=3)", ["return f(a, b, c=3)"]),
        ("dropped argument", "return Record(a=a, b=b)", []),
        ("partner", "return a.active - a.control", ["return a.control - a.control", "return a.active - a.active"]),
        ("partner", "return n_active - n_control", ["return n_control - n_control", "return n_active - n_active"]),
        ("partner", "return a.n_active", []),
        ("partner", 'return a["blood"] - a["skin"]', ['return a["skin"] - a["skin"]', 'return a["blood"] - a["blood"]']),
        ("sibling", "return a.width * a.depth", ["return a.depth * a.depth", "return a.width * a.width"]),
        ("sibling", "return a.width * b.depth", []),
        ("sibling", 'return a["x"] * a["y"]', ['return a["y"] * a["y"]', 'return a["x"] * a["x"]']),
        ("axis", "return a.sum(axis=-1)", ["return a.sum(axis=0)"]),
        ("axis", "return a.std(ddof=1)", ["return a.std(ddof=0)"]),
        ("axis", "return a[b, c]", ["return a[c, b]"]),
        ("axis", "return a[1:]", ["return a[:]"]),
        ("function", "return np.maximum(a, b)", ["return np.minimum(a, b)", "return (a)"]),
        ("function", "return np.exp(a)", ["return np.expm1(a)", "return (a)"]),
    ],
)  # fmt: skip
def test_each_kind_of_change(kind, code, expected):
    assert changes(code, kind) == expected


def test_texts_for_the_reader_types_and_refusals_are_not_changed():
    code = (
        '"""Doc 1."""\nfrom a import b\n\n\ndef f(x: dict[int, 1]) -> 2:\n    """Doc 3."""\n'
        '    if x:\n        raise ValueError(4, "a" + "b")\n    return f"{x + 5}"\n'
    )
    assert [mutant.change for mutant in find_mutants("f.py", Source(code.encode()), SETTINGS)] == [
        "x -> (not (x))"
    ]


def test_a_change_after_letters_of_two_bytes_is_where_it_belongs():
    assert changes('return {"µΩ": a + b}', "operator") == ['return {"µΩ": a - b}']


def size_of(path):
    return path.stat().st_size


def test_every_change_of_a_file_is_a_program_that_differs_in_one_statement():
    source = Source(
        min((ROOT / file for file in SETTINGS.files_of("conduct", ROOT)), key=size_of).read_bytes()
    )
    valid = [mutant for mutant in find_mutants("x.py", source, SETTINGS) if is_valid(mutant, source)]
    assert len(valid) > 30
    for mutant in valid:
        changed = source.edited(mutant.edit)
        ast.parse(changed)
        first, last = mutant.statement
        before, after = source.content.splitlines(), changed.splitlines()
        assert before[: first - 1] == after[: first - 1]
        assert before[last:] == after[len(after) - (len(before) - last) :]


def test_the_settings_name_files_that_exist_in_every_stratum():
    for stratum in SETTINGS.strata:
        assert SETTINGS.files_of(stratum, ROOT)
    assert not [pattern for pattern in SETTINGS.left_out if not list(ROOT.glob(pattern))]


def test_a_pattern_without_a_file_is_refused():
    lost = replace(SETTINGS, strata={"lost": ("src/nowhere/*.py",)})
    with pytest.raises(
        FileNotFoundError, match=r"no file matches 'src/nowhere/\*\.py' of the stratum 'lost'"
    ):
        lost.files_of("lost", ROOT)


def test_every_equivalent_change_has_a_reason():
    assert all(len(reason) > 15 for reason in load_equivalent().values())


@pytest.fixture
def toy(tmp_path) -> Path:
    """A small program with tests, under git."""
    root = tmp_path / "toy"
    for name, text in {"src/toy.py": TOY, "src/other.py": TOY, "tests/test_toy.py": TOY_TESTS}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    return root


TOY_SETTINGS = replace(
    SETTINGS,
    strata={"one": ("src/toy.py",), "two": ("src/other.py",)},
    test_paths=("tests",),
    left_out=(),
)


def drawn(root, size, seed):
    sample = draw_sample(root, TOY_SETTINGS, size, seed)
    return {name: [(m.path, m.number, m.change) for m in found] for name, found in sample.items()}


def test_the_same_seed_draws_the_same_sample_and_each_stratum_its_share(toy):
    first, again, other = drawn(toy, 5, 1), drawn(toy, 5, 1), drawn(toy, 5, 2)
    assert first == again
    assert first != other
    assert [len(found) for found in first.values()] == [3, 2]
    lines = [place[:2] for found in first.values() for place in found]
    assert len(set(lines)) == 5


def the_mutant(root, line, change):
    source = Source((root / "src/toy.py").read_bytes())
    found = [m for m in find_mutants("src/toy.py", source, SETTINGS) if (m.line, m.change) == (line, change)]
    assert len(found) == 1, [(m.line, m.change) for m in find_mutants("src/toy.py", source, SETTINGS)]
    return found[0]


def test_a_wrong_change_is_killed_an_equivalent_one_and_one_out_of_reach_are_not(toy, tmp_path):
    folder, copy = tmp_path / "folder", tmp_path / "copy"
    folder.mkdir()
    subprocess.run(["cp", "-r", str(toy), str(copy)], check=True)
    tests = {test.name.split("::")[1]: test for test in load_tests(folder, toy, copy, TOY_SETTINGS)}

    assert set(tests) == {
        "test_a_sum",
        "test_the_same_sum",
        "test_five_is_large",
        "test_table[0]",
        "test_table[1]",
    }
    wrong = the_mutant(toy, "start += value", "+= -> -=")
    # Both depend on the fixture, which runs only once, and on the table, which is kept from the first.
    assert {name for name, test in tests.items() if test.reaches(wrong)} == {
        "test_a_sum",
        "test_the_same_sum",
    }
    in_table = the_mutant(toy, "return [1, 2, 4]", "1 -> 0")
    assert {name for name, test in tests.items() if test.reaches(in_table)} == {
        "test_table[0]",
        "test_table[1]",
    }

    # Nothing is run again while the test file is the same.
    stored = (folder / "touched.json").read_bytes()
    assert len(load_tests(folder, toy, copy, TOY_SETTINGS)) == 5
    assert (folder / "touched.json").read_bytes() == stored

    with Host(copy, []) as host:
        verdict = judge(wrong, host, list(tests.values()), budget=100.0)
        assert verdict.state == "killed"
        assert verdict.by in {"tests/test_toy.py::test_a_sum", "tests/test_toy.py::test_the_same_sum"}
        alike = the_mutant(toy, "return value > LIMIT", "> -> >=")
        assert judge(alike, host, list(tests.values()), budget=100.0).state == "survived"
        at_import = the_mutant(toy, "LIMIT = 3", "3 -> 6")
        assert judge(at_import, host, list(tests.values()), budget=100.0).state == "killed"
        unreached = the_mutant(toy, "return value * 2", "* -> /")
        assert judge(unreached, host, list(tests.values()), budget=100.0).state == "not reached"
    assert (copy / "src/toy.py").read_text() == TOY


def test_a_change_that_never_ends_is_noticed(tmp_path):
    (tmp_path / "test_busy.py").write_text("def test_busy():\n    while True:\n        pass\n")
    (tmp_path / "test_idle.py").write_text("import time\n\ndef test_idle():\n    time.sleep(1000)\n")
    with Host(tmp_path, []) as host:
        assert host.run(["-q", "test_busy.py"], limit=3.0)[0] is None
        assert host.run(["-q", "test_idle.py"], limit=3.0, wait=3.0)[0] is None


def test_lines_are_found_again_after_others_were_written_above(tmp_path):
    assert carry_lines("a\nb\nc\n", "new\na\nchanged\nc\n") == {1: 2, 3: 4}
    store = Store(tmp_path / "store.json")
    seen = {"t.py::t": {"seconds": 1.0, "lines": {"a.py": [1, 2]}}}
    store.put("t.py", "digest", {"a.py": "def f():\n    return 1\n"}, seen)
    assert store.knows("t.py", "digest", {"a.py": ""})
    assert not store.knows("t.py", "another", {"a.py": ""})
    assert not store.knows("t.py", "digest", {"a.py": "", "moved.py": ""})
    (test,) = store.tests_of("t.py", {"a.py": "# above\ndef f():\n    return 1\n"})
    assert test.lines["a.py"] == {2, 3}
    # The statement was written since: whoever runs the function may run it.
    (test,) = store.tests_of("t.py", {"a.py": "def f():\n    return 2 + 1\n"})
    assert test.reaches(the_mutant_of("a.py", "def f():\n    return 2 + 1\n", "+ -> -"))


def test_the_table_counts_and_the_survivor_is_shown():
    source = Source(TOY.encode())
    mutants = find_mutants("src/toy.py", source, SETTINGS)
    plus = next(mutant for mutant in mutants if mutant.change == "+= -> -=")
    states = ["killed", "timed out", "survived", "not reached", "equivalent"]
    table = table_of({"one": [Verdict(plus, state) for state in states], "two": [Verdict(plus, "killed")]})
    assert [line.replace(" ", "") for line in table.splitlines()[2:]] == [
        "|one|5|2|2|1|50%|",
        "|two|1|1|0|0|100%|",
        "|all|6|3|2|1|60%|",
    ]
    shown = diff_of(Verdict(plus, "survived", reaching=7, given=4), source).splitlines()
    assert shown == [
        "src/toy.py:16 (operator; 4 of 7 tests that reach it were run)",
        "-        start += value",
        "+        start -= value",
    ]


def test_the_test_object_reaches_a_statement_of_many_lines():
    mutant = the_mutant_of("f.py", "def f(a):\n    return max(\n        a,\n        1,\n    )\n", "1 -> 0")
    assert RecordedTest("t", 1.0, {"f.py": frozenset({2})}, {}).reaches(mutant)
    assert not RecordedTest("t", 1.0, {"f.py": frozenset({1})}, {}).reaches(mutant)


def the_mutant_of(path, code, change):
    return next(m for m in find_mutants(path, Source(code.encode()), SETTINGS) if m.change == change)
