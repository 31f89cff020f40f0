"""Files that would not fit into memory, and headers of millions of columns, are answered and not tried."""

import gzip
import json

import pytest
from click.testing import CliRunner

from ifntrial.app.score import command
from ifntrial.errors import InputError
from ifntrial.signature.read import text
from shipped import read_expression
from unit.signature.made import HEALTHY, make_cohort

BASE = make_cohort().log2


def test_a_packed_file_is_refused_by_its_unpacked_size(tmp_path, monkeypatch):
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(BASE.to_csv().encode() + b"\n" * 50_000_000))
    assert path.stat().st_size < 200_000
    monkeypatch.setattr(text, "largest_text", lambda: 10_000_000)
    with pytest.raises(InputError, match="MiB unpacked"):
        read_expression(path)


def test_the_limit_follows_the_memory_that_is_free(monkeypatch):
    monkeypatch.setattr(
        text, "_lines_of", lambda path: ["MemAvailable: 7168000 kB"] if "meminfo" in path else []
    )
    assert text.largest_text() == 1_024_000 * 1024


def test_a_header_of_very_many_columns_is_refused(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("gene," + ",".join(map(str, range(300_000))) + "\nIFI27" + ",1.5" * 300_000 + "\n")
    with pytest.raises(InputError, match="300,001"):
        read_expression(path)


def test_the_account_of_rows_and_samples_is_kept_with_the_result(tmp_path):
    frame = BASE.copy()
    frame.insert(0, "ENTREZID", range(100, 250))
    frame.loc["__no_feature"] = 7.0
    frame.to_csv(tmp_path / "x.csv")
    (tmp_path / "hc.txt").write_text("\n".join(HEALTHY))
    words = [
        str(tmp_path / "x.csv"),
        "--healthy",
        str(tmp_path / "hc.txt"),
        "--draws",
        "0",
        "--json",
        str(tmp_path / "s.json"),
    ]
    assert CliRunner().invoke(command, words, catch_exceptions=False).exit_code == 0
    ledger = json.loads((tmp_path / "s.json").read_text())["ledger"]
    assert (ledger["rows_in"], ledger["rows_used"], ledger["samples_in"], ledger["samples_used"]) == (
        151,
        150,
        21,
        20,
    )
    assert [(each["side"], each["name"]) for each in ledger["set_aside"]] == [
        ("row", "__no_feature"),
        ("sample", "ENTREZID"),
    ]
