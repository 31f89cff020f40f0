"""A large text that is read in pieces gives the same scores as when it is read whole, or the same question."""

import gzip

import numpy as np
import pandas as pd
import pytest

from ifntrial.catalog import shipped
from ifntrial.errors import IfntrialError, TableError
from ifntrial.signature import ReadOptions, ScoreSettings, score_samples
from ifntrial.signature.read.pieces import lines, table
from shipped import read_expression

LIBRARY = shipped().library
FAST = ScoreSettings(draws=0)
HEALTHY = [f"HC_{i}" for i in range(8)]
PEOPLE = HEALTHY + [f"PT_{i}" for i in range(8)]
MEMBERS = sorted({g for s in LIBRARY.signatures.values() if s.material == "rna" for g in s.genes})
NAMES = MEMBERS + sorted(LIBRARY.genes.approved - set(MEMBERS))[:3000]


def made(kind: str) -> pd.DataFrame:
    """Return genes x samples on a scale; the last four people have a raised signature."""
    numbers = np.random.default_rng(3)
    middle = numbers.normal(7.0, 2.0, len(NAMES))
    log2 = middle[:, None] + numbers.normal(0.0, 0.4, (len(NAMES), 16))
    log2[: len(MEMBERS), 12:] += 2.0
    linear = 2.0**log2
    tpm = linear / linear.sum(axis=0) * 1e6
    values = {
        "log2": log2.clip(0.0) + 1.0,
        "counts": numbers.poisson(linear * numbers.uniform(0.5, 2.0, 16)),
        "tpm": tpm,
        "ln of tpm": np.log(tpm + 1.0),
        "ranks": np.argsort(np.argsort(log2, axis=0), axis=0) + 1,
        "standardised": (log2 - log2.mean(axis=1)[:, None]) / log2.std(axis=1, ddof=1)[:, None],
        "estimated counts": linear * numbers.uniform(0.5, 2.0, 16),
    }
    return pd.DataFrame(values[kind], index=pd.Index(NAMES, name="gene"), columns=PEOPLE)


@pytest.fixture
def in_pieces(monkeypatch):
    """Read any text in pieces of few rows, and hold 200 genes beside those of the signatures."""
    monkeypatch.setattr(lines, "LARGEST_WHOLE", 100)
    monkeypatch.setattr(lines, "_FEWEST_BYTES", 0)
    monkeypatch.setattr(lines, "_CELLS_AT_ONCE", 20_000)
    monkeypatch.setattr(table, "FEWEST_OTHERS", 200)
    monkeypatch.setattr(table, "HELD", 0)


def outcome(path, **given):
    """Return scale and scores, or the refusal without what it shows of numbers."""
    try:
        found = score_samples(path, LIBRARY, healthy=HEALTHY, options=ReadOptions(**given), settings=FAST)
    except IfntrialError as error:
        return str(error).partition(":")[0].partition(". ")[0]
    texts = [notice.text for notice in found.notices]
    scale = next(text.split()[1] for text in texts if text.startswith("scale "))
    aside = sorted(text for text in texts if text.startswith("set aside"))
    # the background genes, which name a reference, are chosen among those that are held
    return scale, aside, found.table.drop(columns="reference_id")


def same(whole, parts):
    if isinstance(whole, str) or isinstance(parts, str):
        assert whole == parts
        return
    assert whole[:2] == parts[:2]
    pd.testing.assert_frame_equal(whole[2], parts[2], check_exact=False, rtol=1e-11, atol=1e-12)


def with_strangers(frame: pd.DataFrame, kind: str, in_rows: bool) -> pd.DataFrame:
    """Return the table with annotation and counters (genes in rows), or with clinical variables."""
    own = frame.copy() if in_rows else frame.T
    if not in_rows:
        own.insert(0, "age", np.arange(20, 36))
        own.insert(1, "site", ["Split", "Zagreb"] * 8)
        return own
    own.insert(0, "chr", ["1" if i < 2000 else "X" for i in range(len(own))])
    own["Length"] = np.arange(500, 500 + len(own))
    if kind == "counts":
        own.loc["__no_feature"] = ["", *np.linspace(1e6, 9e6, 16).astype(int), 0]
    return own


@pytest.mark.parametrize(
    ("kind", "in_rows", "strangers"),
    [
        ("log2", True, True),
        ("log2", False, False),
        ("counts", True, True),
        ("counts", False, True),
        ("counts", True, False),
        ("tpm", True, False),
        ("ln of tpm", False, True),
        ("ranks", True, False),
        ("standardised", False, False),
        ("estimated counts", True, False),
    ],
)
def test_the_same_as_whole(tmp_path, request, kind, in_rows, strangers):
    frame = made(kind)
    own = with_strangers(frame, kind, in_rows) if strangers else frame if in_rows else frame.T
    path = tmp_path / "x.csv.gz"
    with gzip.open(path, "wt") as file:
        own.to_csv(file)
    whole = outcome(path)
    request.getfixturevalue("in_pieces")
    parts = outcome(path)
    if strangers and in_rows and not isinstance(whole, str):
        # a column that may hold text further down is taken for text
        names = (
            "set aside, no sample (annotation of genes): Length",
            "set aside, no sample (text beside the levels): chr",
        )
        assert [x for x in whole[1] if "sample" in x] == list(names)
        assert [x for x in parts[1] if "sample" in x] == [
            "set aside, no sample (text beside the levels): chr, Length"
        ]
        rows = [[x for x in found[1] if "no gene" in x] for found in (whole, parts)]
        whole, parts = (whole[0], rows[0], whole[2]), (parts[0], rows[1], parts[2])
    same(whole, parts)


def test_genes_are_counted_whole_and_few_are_held(tmp_path, in_pieces):
    path = tmp_path / "x.tsv"
    made("counts").to_csv(path, sep="\t")
    found = read_expression(path)
    assert found.values.shape[1] < len(MEMBERS) + 250
    assert found.ledger.rows_in == found.ledger.rows_used == len(NAMES)
    assert found.is_part
    assert score_samples(path, LIBRARY, methods=["singscore"], settings=FAST).table["score"].notna().any()


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda f: f.astype(object).mask(np.arange(f.size).reshape(f.shape) == 40_001, "n.d."), "'n.d.' is not a number"),
        (lambda f: f.astype(float).mask(np.arange(f.size).reshape(f.shape) == 40_001, np.inf), "values are infinite"),
        (lambda f: f.mask(np.arange(f.size).reshape(f.shape) == 40_001, -5), "values are negative"),
        (lambda f: pd.concat([f, f.sum().to_frame("Sums").T]), "the sum of all others"),
        (lambda f: pd.concat([f, (f.sum() // 2).to_frame("QX7").T]), "whether these rows are genes"),
        (lambda f: pd.concat([f, pd.DataFrame(1.5, ["QX7"], f.columns)]), "is not whole, as all others are"),
    ],
)  # fmt: skip
def test_faults_far_down_are_seen(tmp_path, in_pieces, change, match):
    path = tmp_path / "x.csv"
    changed = change(made("counts").astype(object))
    changed.to_csv(path)
    with pytest.raises(IfntrialError, match=match):
        score_samples(path, LIBRARY, healthy=HEALTHY, options=ReadOptions(scale="counts"), settings=FAST)


@pytest.mark.parametrize("cut", [-3, -30])
def test_a_row_that_is_cut_off(tmp_path, in_pieces, cut):
    path = tmp_path / "x.csv"
    made("counts").to_csv(path)
    text = path.read_text().rstrip("\n")
    path.write_text(text[: text.rindex(",", 0, cut)])
    with pytest.raises(TableError, match="rows differ in length"):
        read_expression(path)


def test_ids_of_entrez_stay_ids_and_places_on_an_array_do_not(tmp_path, request):
    by_symbol = {symbol: number for number, symbol in LIBRARY.genes.by_entrez.items()}
    frame = made("log2")
    own = [by_symbol.get(name, str(200_000 + 37 * i)) for i, name in enumerate(frame.index)]
    frame.set_axis(own, axis=0).to_csv(tmp_path / "ids.csv")
    frame.set_axis(range(1, len(frame) + 1), axis=0).to_csv(tmp_path / "places.csv")
    whole = outcome(tmp_path / "ids.csv")
    request.getfixturevalue("in_pieces")
    same(whole, outcome(tmp_path / "ids.csv"))
    assert outcome(tmp_path / "places.csv").startswith("no gene of any signature is in the table")
