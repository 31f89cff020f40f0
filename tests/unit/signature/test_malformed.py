"""Fifty inputs that cannot be used: each gives one clear message, exit code 2, and never a traceback."""

import gzip
import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from ifntrial.app.score import command
from ifntrial.errors import InputError
from ifntrial.signature import (
    ReadOptions,
    associate,
    check_scores,
    compare_interferons,
    load_reference,
    load_scores,
    measure_suppression,
    save_scores,
    select_scores,
)
from shipped import load_signature_file, read_expression, score_samples

LOG2 = ReadOptions(scale="log2")
GENES = ["IFI27", "IFI44", "IFI44L", "RSAD2", "IFIT1", "ISG15", "SIGLEC1", "MX1"]


def good(samples: int = 8) -> pd.DataFrame:
    numbers = np.random.default_rng(2).normal(8.0, 1.0, (samples, len(GENES))).round(3)
    return pd.DataFrame(numbers, index=[f"s{i}" for i in range(samples)], columns=GENES)


def csv(frame: pd.DataFrame) -> bytes:
    return frame.to_csv().encode()


def changed(row: int, column: int, cell: object) -> bytes:
    frame = good().astype(object)
    frame.iloc[row, column] = cell
    return csv(frame)


MOUSE = {gene: f"{gene.capitalize()}rik" for gene in GENES}
PROBES = {gene: f"ILMN_{i}" for i, gene in enumerate(GENES)}
UNKNOWN = {gene: f"GENE{i}" for i, gene in enumerate(GENES)}

# name of the file, its bytes, and a piece of the message that says what is wrong
FILES: dict[str, tuple[str, bytes, str]] = {
    "empty file": ("x.csv", b"", "empty"),
    "only blank lines": ("x.csv", b"\n\n\n", "no rows"),
    "only a header": ("x.csv", b",IFI27,MX1\n", "no rows"),
    "one column": ("x.csv", b"gene\nIFI27\nMX1\n", "separator"),
    "unknown ending": ("x.docx", csv(good()), "ending is not known"),
    "excel workbook": ("x.csv", b"PK\x03\x04" + bytes(60), "save the sheet as CSV"),
    "old excel workbook": ("x.csv", b"\xd0\xcf\x11\xe0" + bytes(60), "save the sheet as CSV"),
    "pdf": ("x.csv", b"%PDF-1.7" + bytes(60), "PDF"),
    "binary": ("x.csv", b"a,b\x00\x01\x02\n1,2\n", "binary"),
    "not utf-8": ("x.csv", csv(good().rename(index={"s1": "Jos\u00e9"})).decode().encode("latin-1"), "not in UTF-8"),
    "broken gzip": ("x.csv.gz", b"\x1f\x8b" + b"nonsense", "unpacked"),
    "cut-off gzip": ("x.csv.gz", gzip.compress(csv(good()))[:-30], "unpacked"),
    "text in a cell": ("x.csv", changed(2, 3, "high"), "'high' is not a number"),
    "infinite value": ("x.csv", changed(1, 1, "inf"), "infinite"),
    "all cells missing": ("x.csv", csv(good() * np.nan), "no numbers"),
    "all text": ("x.csv", csv(good().astype(object).map(lambda _: "yes")), "no numbers"),
    "rows of different lengths": ("x.csv", b",IFI27,MX1\ns1,1.5,2.5\ns2,1.5\n", "differ in length"),
    "columns without name": ("x.csv", b",IFI27,,MX1\ns1,1.5,2.5,3\ns2,1.5,2.5,3\n", "no name"),
    "gene columns repeat": ("x.csv", b",IFI27,IFI27\ns1,1.5,2.5\ns2,1.5,3.5\n", "2 times"),
    "sample names repeat": ("x.csv", csv(good().rename(index={"s1": "s0"})), "sample 's0' is there 2 times"),
    "sample without name": ("x.csv", csv(good().rename(index={"s1": " "})), "no name"),
    "mouse genes": ("x.csv", csv(good().rename(columns=MOUSE)), "mouse"),
    "probe ids": ("x.csv", csv(good().rename(columns=PROBES).T), "probe ids"),
    "no known gene": ("x.csv", csv(good().rename(columns=UNKNOWN)), "no gene of any signature"),
    "genes turned into dates": ("x.csv", b",s1,s2\n1-Mar,1.5,2.5\n1-Sep,3.5,2.5\n2-Mar,1.2,2.0\n", "dates"),
    "negative counts": ("x.csv", csv((good() * 1000).round() - 8500), "negative values next to"),
    "small whole numbers": ("x.csv", csv(good().round()), "scale cannot be told"),
    "as many genes on both sides": ("x.csv", csv(good(2).iloc[:, :2].set_axis(["MX1", "ISG15"])), "which side"),
    "no separator": ("x.csv", b"IFI27\nMX1\nOAS1\n", "no separator"),
    "spaces as separator": ("x.csv", b"gene s1 s2\nIFI27 1.5 2.5\nMX1 2.5 3.5\n", "separator"),
    "not parquet": ("x.parquet", b"nonsense", "not Parquet"),
    "not anndata": ("x.h5ad", b"nonsense", "not AnnData"),
    "series matrix without table": ("GSE1_series_matrix.txt", b"!Series_title\tx\n", "no series matrix table"),
    "series matrix cut off": ("GSE1_series_matrix.txt", b'!series_matrix_table_begin\n"ID"\t"s1"\n"MX1"\t1\n', "cut off"),
    "soft without samples": ("x.soft", b"^SERIES = GSE1\n!Series_title = x\n", "no samples"),
    "soft without values": ("x.soft", b"^SAMPLE = s1\n!Sample_title = x\n", "no sample in the SOFT file has values"),
}  # fmt: skip


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_cannot_be_used_says_why(tmp_path, case):
    name, content, words = FILES[case]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_expression(path)
    assert words in str(caught.value)


def options(**given: str) -> list[str]:
    return [part for name, value in given.items() for part in (f"--{name.replace('_', '-')}", value)]


# options beside a good table, and a piece of the message
COMMANDS: dict[str, tuple[list[str], str]] = {
    "healthy sample not in the data": (options(healthy="{other}"), "'nobody' is not in the data"),
    "healthy named twice": (options(healthy="{twice}"), "named twice"),
    "too few healthy": (options(healthy="{two}"), "too few healthy"),
    "healthy list absent": (options(healthy="absent.txt"), "does not exist"),
    "healthy list empty": (options(healthy="{none}"), "holds no name"),
    "healthy by a column without metadata": (options(healthy="status=healthy"), "not in the metadata"),
    "healthy and a reference": (options(healthy="{four}", reference="{reference}"), "both given"),
    "no healthy at all": ([], "name the healthy samples"),
    "unknown signature": (options(healthy="{four}", signature="ags6"), "did you mean ags_6"),
    "unknown method": (options(healthy="{four}", method="ssgsea"), "scoring method 'ssgsea'"),
    "protein signature on genes": (options(healthy="{four}", signature="ssc_chemokine_6"), "not of rna"),
    "unknown rule": (options(healthy="{four}", rule="3sd"), "mean_2sd"),
    "unknown tissue": (options(healthy="{four}", tissue="liver", signature="az_4_gene"), "tissue"),
    "unknown scale": (options(healthy="{four}", scale="log3"), "did you mean"),
    "unknown format": (options(healthy="{four}", format="docx"), "file format 'docx'"),
    "wrong orientation": (options(healthy="{four}", orientation="genes x samples"), "other way round"),
    "coverage out of range": (options(healthy="{four}", coverage="1.5"), "minimum_coverage is 1.5"),
    "draws out of range": (options(healthy="{four}", draws="-1"), "draws is -1"),
    "counts that are negative": (options(healthy="{four}", scale="counts"), "negative"),
    "library column absent": (options(healthy="{four}", library_size="depth"), "library sizes"),
    "metadata absent": (options(healthy="{four}", metadata="absent.csv"), "does not exist"),
    "metadata repeats a sample": (options(healthy="{four}", metadata="{repeats}"), "repeat"),
    "metadata lacks the visit column": (
        options(healthy="{four}", metadata="{meta}", visit="week"),
        "column for visit",
    ),
    "variables without metadata": (
        options(healthy="{four}", signature="az_4_gene", variables="sledai"),
        "--metadata",
    ),
    "variable not in metadata": (
        options(healthy="{four}", signature="az_4_gene", metadata="{meta}", variables="sledai"),
        "not in the clinical table",
    ),
    "signature file without genes": (options(healthy="{four}", signature="{nogene}"), "lacks columns"),
    "signature file with a wrong direction": (
        options(healthy="{four}", signature="{sideways}"),
        "neither up nor down",
    ),
}


@pytest.fixture
def places(tmp_path):
    """Return files that the commands name in braces."""
    table = good() - 8.0  # log2 against a reference sample: negative values
    (tmp_path / "x.csv").write_bytes(csv(table))
    reference = score_samples(
        table, healthy=["s0", "s1", "s2"], signatures=["az_4_gene"], options=LOG2
    ).reference
    from ifntrial.signature import save_reference

    save_reference(reference, tmp_path / "reference.json")
    texts = {
        "four": "s0\ns1\ns2\ns3\n", "two": "s0\ns1\n", "twice": "s0\ns1\ns2\ns0\n", "other": "s0\ns1\ns2\nnobody\n",
        "none": "# nobody\n\n", "repeats": "sample,age\ns0,1\ns0,2\n", "meta": "sample,age\ns0,1\ns1,2\n",
        "nogene": "symbol\nMX1\n", "sideways": "gene,direction\nMX1,left\nMX1,up\n",
    }  # fmt: skip
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text)
    return tmp_path, {name: str(tmp_path / f"{name}.csv") for name in texts} | {
        "reference": str(tmp_path / "reference.json")
    }


@pytest.mark.parametrize("case", COMMANDS)
def test_a_command_that_cannot_be_done_says_why(places, case):
    folder, names = places
    arguments, words = COMMANDS[case]
    words_given = [a.format(**names) for a in arguments]
    scale = [] if "--scale" in words_given else ["--scale", "log2"]
    result = CliRunner().invoke(command, [str(folder / "x.csv"), *words_given, *scale])
    assert isinstance(result.exception, InputError), result.output
    assert words in str(result.exception)


@pytest.mark.parametrize("text", ["", "not json", "[]", '{"schema_version": 1}', '{"schema_version": 9}'])
def test_a_broken_reference_says_why(tmp_path, text):
    path = tmp_path / "r.json"
    path.write_text(text)
    with pytest.raises(InputError, match="reference"):
        load_reference(path)


def test_a_reference_that_was_edited_is_refused(places):
    folder, names = places
    content = json.loads((folder / "reference.json").read_text())
    content["log2"][0][0] += 1.0
    (folder / "edited.json").write_text(json.dumps(content))
    assert load_reference(names["reference"]).samples == ("s0", "s1", "s2")
    with pytest.raises(InputError, match="was changed after it was made"):
        load_reference(folder / "edited.json")


def test_a_reference_of_another_scale_is_refused(places):
    reference = load_reference(places[1]["reference"])
    counts = np.round(np.exp2(good()))
    with pytest.raises(InputError, match="another scale"):
        score_samples(
            counts, reference=reference, signatures=["az_4_gene"], options=ReadOptions(scale="counts")
        )


@pytest.mark.parametrize("thing", [None, 5, [1, 2], np.ones((3, 3))])
def test_data_of_another_kind_is_refused(thing):
    with pytest.raises(InputError, match="kind that cannot be scored"):
        read_expression(thing)


def test_a_table_without_names_is_refused():
    with pytest.raises(InputError, match="nothing names the rows"):
        read_expression(pd.DataFrame(np.ones((3, 3))))
    with pytest.raises(InputError, match="no rows or no columns"):
        read_expression(pd.DataFrame())


def test_proteins_read_as_genes_are_noticed():
    names = ["CCL2", "CCL8", "CCL19", "CXCL9", "CXCL10", "CXCL11"]
    data = pd.DataFrame(np.full((5, 6), 120.5), index=[f"s{i}" for i in range(5)], columns=names)
    with pytest.raises(InputError, match=r"--scale protein \(concentrations\)"):
        score_samples(data, healthy=["s0", "s1", "s2"])
    with pytest.raises(
        InputError, match=r"if these are proteins, say scale protein or npx \(ssc_chemokine_6"
    ):
        score_samples(data, healthy=["s0", "s1", "s2"], options=ReadOptions(scale="linear"))


def test_a_folder_and_an_absent_file_are_refused(tmp_path):
    with pytest.raises(InputError, match="not a file"):
        read_expression(tmp_path)
    with pytest.raises(InputError, match="does not exist"):
        read_expression(tmp_path / "x.csv")
    with pytest.raises(InputError, match="cannot be read"):
        load_signature_file(tmp_path / "x.csv")


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("score", "high", "is not a number"),
        ("score", "", "has no score"),
        ("probability_high", "1.2", "not in 0 to 1"),
        ("class", "middling", "none of high, borderline, low"),
        ("sample", "", "'sample' is empty"),
        ("sample", "s1", "is there twice"),
        ("interval_low", "1000000", "interval_low is above"),
        ("status", "lost", "none of scored"),
    ],
)
def test_a_broken_score_table_says_where(tmp_path, column, cell, words):
    result = score_samples(good(), healthy=["s0", "s1", "s2", "s3"], signatures=["az_4_gene"], options=LOG2)
    save_scores(result, tmp_path / "s.csv")
    frame = pd.read_csv(tmp_path / "s.csv", dtype=str, keep_default_na=False)
    frame.loc[0, column] = cell
    frame.to_csv(tmp_path / "s.csv", index=False)
    with pytest.raises(InputError, match="line ") as caught:
        load_scores(tmp_path / "s.csv")
    assert words in str(caught.value)


def test_questions_that_cannot_be_answered_say_why(tmp_path):
    result = score_samples(good(), healthy=["s0", "s1", "s2", "s3"], signatures=["az_4_gene"], options=LOG2)
    with pytest.raises(InputError, match="no repeated visits"):
        measure_suppression(result, "az_4_gene")
    with pytest.raises(InputError, match="fold-change scale only"):
        measure_suppression(result, "az_4_gene", method="mean_z")
    with pytest.raises(InputError, match="aybey_ifn_i"):
        compare_interferons(result)
    with pytest.raises(InputError, match="was not scored"):
        associate(result, "ags_6", pd.DataFrame())
    save_scores(result, tmp_path / "s.csv")
    table = load_scores(tmp_path / "s.csv")
    with pytest.raises(InputError, match="not in the table"):
        select_scores(table, "ags_6")
    with pytest.raises(InputError, match="does not exist"):
        load_scores(tmp_path / "absent.csv")
    with pytest.raises(InputError, match="lacks columns"):
        check_scores(pd.DataFrame({"sample": ["a"]}))
