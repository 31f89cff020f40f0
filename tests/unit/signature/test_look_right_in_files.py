"""Files of makers and numbers that look right and are not: the scores of the clean table, or a refusal."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from shipped import read_expression
from unit.signature.made import PATIENTS
from unit.signature.test_look_right import COUNTS, LOG2, SAMPLES, lines_of, refusal, same, scores, write

# Formats


def soft(
    path: Path, platforms: dict[str, list[str]], on: dict[str, str], *, described: str = "log2", extra=()
) -> Path:
    lines = ["^SERIES = GSE1"]
    for platform, genes in platforms.items():
        lines += [f"^PLATFORM = {platform}", "!platform_table_begin", "ID\tSymbol"]
        lines += [f"{i}\t{gene}" for i, gene in enumerate(genes)] + ["!platform_table_end"]
    for sample in SAMPLES:
        own = LOG2[sample].loc[platforms[on[sample]]]
        lines += [f"^SAMPLE = {sample}", f"!Sample_platform_id = {on[sample]}", f"#VALUE = {described}"]
        lines += ["!sample_table_begin", "ID_REF\tVALUE", *(f"{i}\t{level}" for i, level in enumerate(own))]
        lines += [*(extra if sample == "HC_1" else ()), "!sample_table_end"]
    return write(path, "\n".join([*lines, ""]))


def test_ids_are_those_of_the_platform_of_the_samples(tmp_path):
    genes = [*LOG2.index]
    tables = {"GPL1": genes, "GPL2": genes[::-1]}
    same(soft(tmp_path / "x.soft", tables, dict.fromkeys(SAMPLES, "GPL1")))
    on = {name: "GPL2" if name in PATIENTS else "GPL1" for name in SAMPLES}
    assert "several platforms" in refusal(soft(tmp_path / "y.soft", tables, on))


def test_an_id_that_one_sample_holds_twice_is_refused(tmp_path):
    path = soft(
        tmp_path / "x.soft", {"GPL1": [*LOG2.index]}, dict.fromkeys(SAMPLES, "GPL1"), extra=["5\t1.5"]
    )
    assert "HC_1" in refusal(path)


def test_not_log2_is_not_log2(tmp_path):
    path = soft(
        tmp_path / "x.soft",
        {"GPL1": [*LOG2.index]},
        dict.fromkeys(SAMPLES, "GPL1"),
        described="not log2 transformed",
    )
    assert read_expression(path).scale_is_detected


@pytest.mark.parametrize("content", ["", "IFI27\t5\nMX1", "gene\tcount\nIFI27\t5\nMX1\t3\nISG15\t2\n"])
def test_a_broken_file_of_a_folder_is_no_sample_less(tmp_path, content):
    for name in SAMPLES:
        text = "".join(f"{gene}\t{count}\n" for gene, count in COUNTS[name].items())
        write(tmp_path / f"{name}.txt", f"{text}__no_feature\t5000000\n")
    write(tmp_path / "README.txt", "Counts of a study.")
    same(tmp_path, "counts")
    write(tmp_path / "PT_4.txt", content)
    assert "PT_4.txt" in refusal(tmp_path)


def test_unpacked_sizes_are_asked_before_a_workbook_or_a_table_is_read(tmp_path, monkeypatch):
    from zipfile import ZIP_DEFLATED, ZipFile

    import pyarrow as pa
    from pyarrow.parquet import write_table

    with ZipFile(tmp_path / "x.xlsx", "w", ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    monkeypatch.setattr("ifntrial.signature.formats.workbook.largest_text", lambda: 10_000_000)
    assert "too large when unpacked" in refusal(tmp_path / "x.xlsx")
    write_table(
        pa.table({"gene": ["IFI27"] * 100, **{f"s{i}": [1.0] * 100 for i in range(9)}}),
        tmp_path / "x.parquet",
    )
    monkeypatch.setattr("ifntrial.signature.read.parquet.LARGEST_CELLS", 500)
    assert "too large" in refusal(tmp_path / "x.parquet")
    assert (tmp_path / "x.xlsx").stat().st_size < 100_000


def test_a_packed_table_that_is_whole_is_read(tmp_path):
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress("\n".join(lines_of(LOG2)).encode()))
    same(path)


# Numbers that are no levels


def test_ranks_are_no_counts(tmp_path):
    path = write(tmp_path / "x.csv", LOG2.rank(method="first").astype(int).to_csv(index_label="gene"))
    assert "ranks" in refusal(path)


def test_stretched_logarithms_are_no_linear_levels(tmp_path):
    path = write(tmp_path / "x.csv", (LOG2 / LOG2.max().max() * 100.0).round(3).to_csv(index_label="gene"))
    assert "too close together" in refusal(path)


@pytest.mark.parametrize(("mark", "words"), [(0.0, "zeros"), (-1.0, "cells of -1")])
def test_a_number_that_marks_what_was_not_measured_is_no_level(tmp_path, mark, words):
    marked = LOG2.clip(lower=2.6).mask(np.random.default_rng(8).random(LOG2.shape) < 0.02, mark)
    path = write(tmp_path / "x.csv", marked.to_csv(index_label="gene"))
    assert f"{words} may be levels" in refusal(path)
    assert len(scores(path, scale="log2")) == 20


@pytest.mark.parametrize("name", ["SSc", "Healthy controls", "HC", "Undetermined"])
def test_a_column_of_a_group_or_of_no_person_is_no_sample(tmp_path, name):
    frame = LOG2.assign(**{name: LOG2[PATIENTS].mean(axis=1).round(4)})
    path = write(tmp_path / "x.csv", frame.to_csv(index_label="gene"))
    assert f"'{name}'" in refusal(path)
    same(path, set_aside=(name,))
