"""Files that look right and are not: each gives the scores of the clean table, or a refusal, and never other scores."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ifntrial.errors import InputError
from ifntrial.signature import ReadOptions, ScoreSettings
from shipped import CATALOG, compute_scores, read_expression
from unit.signature.made import HEALTHY, PATIENTS, SIGNATURE_GENES, make_cohort

SAMPLES = HEALTHY + PATIENTS
NUMBERS = np.random.default_rng(21)
SYMBOLS = sorted(CATALOG.genes.approved - CATALOG.genes.symbols)
OTHERS = [
    str(name)
    for name in np.random.default_rng(3).choice(
        [name for name in SYMBOLS if not name.startswith(("HB", "MT-", "RN"))], 500, replace=False
    )
]
COHORT = make_cohort().log2.iloc[: len(SIGNATURE_GENES)]
LOG2 = pd.concat(
    [
        COHORT,
        pd.DataFrame(
            (
                np.random.default_rng(4).uniform(3.0, 13.9, 500)[:, None]
                + np.random.default_rng(5).normal(0.0, 0.3, (500, 20))
            ).round(4),
            index=OTHERS,
            columns=SAMPLES,
        ),
    ]
)
DEPTH = np.random.default_rng(6).uniform(0.5, 4.0, 20)
COUNTS = (np.exp2(LOG2) * DEPTH).round().astype(int)
SIGNATURES = ["az_4_gene", "ags_6"]


def scores(data, **options) -> pd.DataFrame:
    expression = read_expression(data, ReadOptions(samples=tuple(HEALTHY), **options))
    return compute_scores(expression, healthy=HEALTHY, signatures=SIGNATURES, settings=ScoreSettings(draws=0))


CLEAN = {"log2": scores(LOG2, scale="log2"), "counts": scores(COUNTS, scale="counts")}


def same(path, kind="log2", **options) -> None:
    found = scores(path, **options)
    assert set(found.index) == set(SAMPLES)
    pd.testing.assert_frame_equal(found.loc[SAMPLES], CLEAN[kind], check_names=False, rtol=1e-9)


def refusal(path, **options) -> str:
    with pytest.raises(InputError) as caught:
        scores(path, **options)
    return str(caught.value)


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def lines_of(frame: pd.DataFrame, separator: str = ",") -> list[str]:
    return frame.to_csv(sep=separator, index_label="gene").splitlines()


# Rows that are short, long or end with a separator


@pytest.mark.parametrize("header_too", [False, True])
def test_a_separator_at_the_end_of_every_row_moves_no_level_to_the_next_sample(tmp_path, header_too):
    first, *rest = lines_of(LOG2, "\t")
    same(write(tmp_path / "x.tsv", "\n".join([first + "\t" * header_too, *(line + "\t" for line in rest)])))


def test_row_names_without_a_header_are_still_read(tmp_path):
    first, *rest = lines_of(LOG2, "\t")
    same(write(tmp_path / "x.tsv", "\n".join([first.removeprefix("gene\t"), *rest])))


@pytest.mark.parametrize("row", [3, 300, 520])
def test_a_row_that_lacks_a_cell_is_refused_wherever_it_stands(tmp_path, row):
    lines = lines_of(LOG2)
    cells = lines[row].split(",")
    lines[row] = ",".join(cells[:8] + cells[9:])
    said = refusal(write(tmp_path / "x.csv", "\n".join(lines)))
    assert f"line {row + 1} has 20 cells, the first line 21" in said


def test_a_file_that_was_cut_off_in_its_last_row_is_refused(tmp_path):
    *lines, last = lines_of(LOG2)
    said = refusal(write(tmp_path / "x.csv", "\n".join([*lines, last[: len(last) // 2]])))
    assert "the last one is cut off" in said


def test_quoted_names_with_separators_and_line_ends_are_whole_cells(tmp_path):
    first, *rest = lines_of(LOG2)
    quoted = [
        f'"{gene}","{gene}, a ""gene""",{values}' for gene, values in (line.split(",", 1) for line in rest)
    ]
    head = first.replace("gene,", "gene,description,", 1)
    same(write(tmp_path / "x.csv", "\n".join([head, *quoted])))
    broken = quoted[0].replace(", a", ",\n a")
    same(write(tmp_path / "y.csv", "\n".join([head, broken, *quoted[1:]])))


def test_a_cell_without_end_is_refused(tmp_path):
    text = "\n".join(lines_of(LOG2)).replace("IFI27,", '"IFI27,', 1) + "x" * 200_000
    assert "check quotes" in refusal(write(tmp_path / "x.csv", text))


# Separators of thousands


@pytest.mark.parametrize(("sign", "separator"), [(".", ";"), (".", "\t"), (",", "\t"), (",", ";")])
def test_separators_of_thousands_are_no_decimals(tmp_path, sign, separator):
    text = COUNTS.map(lambda count: f"{count:,}".replace(",", sign))
    path = write(tmp_path / "x.txt", text.to_csv(sep=separator, index_label="gene"))
    assert f"'{sign}' between thousands" in refusal(path, scale="counts")


@pytest.mark.parametrize("sign", [".", ","])
def test_three_decimals_in_every_cell_are_decimals(tmp_path, sign):
    text = LOG2.map(lambda level: f"{level:.3f}".replace(".", sign))
    rounded = scores(LOG2.map(lambda level: float(f"{level:.3f}")), scale="log2")
    path = write(tmp_path / "x.txt", text.to_csv(sep=";", index_label="gene"))
    pd.testing.assert_frame_equal(scores(path), rounded, check_names=False, rtol=1e-9)


def test_ages_beside_three_decimals_are_no_sign_of_thousands(tmp_path):
    frame = LOG2.T.map(lambda level: f"{level:.3f}").assign(age=[str(age) for age in range(30, 50)])
    path = write(tmp_path / "x.csv", frame.to_csv(index_label="sample"))
    assert len(scores(path)) == 20


def test_a_healthy_sample_of_text_is_refused_and_not_set_aside(tmp_path):
    frame = COUNTS.astype(object)
    frame["HC_3"] = [f"{count:,}" for count in COUNTS["HC_3"] * 1000]
    said = refusal(write(tmp_path / "x.csv", frame.to_csv(index_label="gene")), scale="counts")
    assert "HC_3" in said


# Rows that are no genes


@pytest.mark.parametrize("name", ["OTHER", "MULTI", "Rest", "EGFP", "Lambda", "Spike1"])
@pytest.mark.parametrize("share", [0.04, 0.3])
def test_a_large_row_under_an_odd_name_is_asked_about_however_even_it_is(tmp_path, name, share):
    own = (COUNTS.sum() * share * NUMBERS.uniform(0.9, 1.1, 20)).round().astype(int)
    frame = pd.concat([COUNTS, own.to_frame(name).T])
    path = write(tmp_path / "x.csv", frame.to_csv(index_label="gene"))
    assert f"'{name}' holds" in refusal(path)
    same(path, "counts", set_aside=(name,))


@pytest.mark.parametrize("name", ["CRP", "C3", "ALB", "LDH"])
def test_a_laboratory_value_called_as_a_gene_is_no_count(tmp_path, name):
    rest = COUNTS.drop(index=name, errors="ignore").T
    path = write(tmp_path / "x.csv", rest.assign(**{name: NUMBERS.uniform(0.2, 90.0, 20).round(1)}).to_csv())
    refusal(path)
    assert f"'{name}' is not whole" in refusal(path, scale="counts")


@pytest.mark.parametrize(("name", "symbol"), [("CD169", "SIGLEC1"), ("VIPERIN", "RSAD2")])
@pytest.mark.parametrize("kind", ["log2", "counts"])
def test_another_name_beside_the_symbol_is_no_second_row_of_the_gene(tmp_path, name, symbol, kind):
    frame = {"log2": LOG2, "counts": COUNTS}[kind]
    own = pd.DataFrame([NUMBERS.uniform(3.0, 14.0, 20).round()], index=[name], columns=SAMPLES)
    path = write(tmp_path / "x.csv", pd.concat([frame, own]).to_csv(index_label="gene"))
    same(path, kind)
    found = read_expression(path).ledger.set_aside
    assert [(each.name, symbol in each.reason) for each in found] == [(name, True)]


def test_whole_numbers_of_many_genes_without_a_low_one_may_be_those_of_a_scanner(tmp_path):
    levels = np.exp2(NUMBERS.uniform(5.0, 15.0, (6000, 20))).round().astype(int)
    frame = pd.DataFrame(levels, index=[*SIGNATURE_GENES, *(f"GENE{i}" for i in range(6000 - 29))])
    said = refusal(frame.set_axis(SAMPLES, axis=1))
    assert "--scale linear" in said
    assert "--scale counts" in said


# Rows of one gene


def with_rows(**rows) -> pd.DataFrame:
    return pd.concat(
        [LOG2, *(pd.DataFrame([own], index=[gene], columns=SAMPLES) for gene, own in rows.items())]
    )


def test_noise_that_moves_as_much_as_the_gene_does_not_dilute_it(tmp_path):
    frame = with_rows(IFI27=NUMBERS.normal(6.0, 1.3, 20), RSAD2=NUMBERS.normal(7.0, 1.3, 20))
    found = read_expression(frame, ReadOptions(scale="log2"))
    assert [len(rows) for rows in found.chosen_rows.values()] == [1, 1]
    same(frame, scale="log2")


def test_a_row_of_few_samples_does_not_stand_for_its_gene(tmp_path):
    own = np.where(np.arange(20) < 5, NUMBERS.normal(6.0, 2.0, 20), np.nan)
    same(with_rows(IFI27=own), scale="log2")


def test_rows_of_a_gene_that_all_go_with_the_others_are_averaged():
    frame = with_rows(IFI27=LOG2.loc["IFI27"].to_numpy() + 1.0)
    levels = read_expression(frame, ReadOptions(scale="log2")).values["IFI27"]
    np.testing.assert_allclose(levels, LOG2.loc["IFI27"] + 0.5, rtol=1e-12)
