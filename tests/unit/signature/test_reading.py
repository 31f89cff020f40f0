"""Formats, orientation, scale, gene names: detected, said, and overruled."""

import gzip
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest

from ifntrial.errors import InputError, TableError, UnknownNameError
from ifntrial.signature import ReadOptions, load_signatures
from ifntrial.signature.genes import load_genes
from ifntrial.signature.read.detect import detect_scale
from ifntrial.signature.read.geo import load_probe_map
from ifntrial.signature.read.names import choose_healthy, load_metadata, load_names
from ifntrial.signature.read.scale import SCALES
from shipped import read_expression

GENES = ["IFI27", "IFI44", "IFI44L", "RSAD2", "MX1"]


LOG2 = ReadOptions(scale="log2")


def levels(samples: int = 4) -> pd.DataFrame:
    """Return log2 levels, samples x genes."""
    numbers = np.random.default_rng(1).normal(8.0, 1.0, (samples, len(GENES))).round(3)
    return pd.DataFrame(numbers, index=[f"s{i}" for i in range(samples)], columns=GENES)


def text_of(expression) -> str:
    return "\n".join(f"{notice.kind}: {notice.text}" for notice in expression.notices)


@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("zipped", [False, True])
def test_text_tables_either_way_round(tmp_path, separator, turned, zipped):
    frame = levels()
    text = (frame.T if turned else frame).to_csv(sep=separator)
    path = tmp_path / f"x.{'tsv' if separator == chr(9) else 'csv'}{'.gz' if zipped else ''}"
    path.write_bytes(gzip.compress(text.encode()) if zipped else text.encode())
    found = read_expression(path, LOG2)
    pd.testing.assert_frame_equal(found.values[GENES], frame, check_names=False)
    assert ("genes x samples" if turned else "samples x genes") in text_of(found)
    assert "scale log2 (as you said" in text_of(found)


def test_a_number_is_read_to_the_double_nearest_to_it(tmp_path):
    numbers = np.random.default_rng(2).normal(8.0, 1.0, (400, len(GENES)))
    frame = pd.DataFrame(numbers, index=[f"s{i}" for i in range(400)], columns=GENES)
    frame.map(repr).to_csv(tmp_path / "x.csv")
    np.testing.assert_array_equal(read_expression(tmp_path / "x.csv", LOG2).values[GENES].to_numpy(), numbers)


def test_parquet_and_pandas_and_anndata_give_the_same(tmp_path):
    from anndata import AnnData

    frame = levels()
    frame.to_parquet(tmp_path / "a.parquet")
    frame.T.rename_axis("gene").reset_index().to_parquet(tmp_path / "b.parquet")
    data = AnnData(frame)
    data.obs["subject"] = ["A", "A", "B", "B"]
    data.write_h5ad(tmp_path / "c.h5ad")
    for source in (tmp_path / "a.parquet", tmp_path / "b.parquet", tmp_path / "c.h5ad", frame, frame.T, data):
        found = read_expression(source, LOG2)
        np.testing.assert_array_equal(found.values[GENES].to_numpy(), frame.to_numpy())
    assert read_expression(data, LOG2).obs["subject"].tolist() == ["A", "A", "B", "B"]


def test_anndata_names_from_var_and_log1p_from_uns():
    from anndata import AnnData

    frame = levels()
    data = AnnData(np.log1p(np.exp2(frame.to_numpy())))
    data.obs_names = list(frame.index)
    data.var["gene_symbols"] = GENES
    data.uns["log1p"] = {"base": None}
    found = read_expression(data)
    assert found.scale == "ln1p"
    assert found.values[GENES].to_numpy() == pytest.approx(np.log2(1.0 + np.exp2(frame.to_numpy())))
    data.layers["raw"] = np.round(np.exp2(frame.to_numpy()))
    assert read_expression(data, ReadOptions(layer="raw", scale="counts")).scale == "counts"
    with pytest.raises(UnknownNameError, match="raw"):
        read_expression(data, ReadOptions(layer="rw"))


def series_matrix(frame: pd.DataFrame, probes: dict[str, str]) -> str:
    by_gene = {gene: probe for probe, gene in probes.items()}
    lines = ['!Series_title\t"toy"', "!Sample_title\t" + "\t".join(f'"{s}"' for s in frame.index)]
    for states in (
        ["status: healthy", "status: healthy", "status: SSc", "status: SSc"],
        ["visit: 0", "visit: 1"] * 2,
    ):
        lines.append("!Sample_characteristics_ch1\t" + "\t".join(f'"{state}"' for state in states))
    lines += ["!series_matrix_table_begin", '"ID_REF"\t' + "\t".join(f'"{s}"' for s in frame.index)]
    lines += [f'"{by_gene[gene]}"\t' + "\t".join(str(x) for x in frame[gene]) for gene in frame]
    return "\n".join([*lines, "!series_matrix_table_end", ""])


def test_series_matrix_with_a_probe_map(tmp_path):
    probes = {f"ILMN_{i}": gene for i, gene in enumerate(GENES)}
    path = tmp_path / "GSE1_series_matrix.txt.gz"
    path.write_bytes(gzip.compress(series_matrix(levels(), probes).encode()))
    mapping = tmp_path / "probes.csv"
    mapping.write_text("probe,gene\n" + "\n".join(f"{p},{g}" for p, g in probes.items()))
    found = read_expression(path, ReadOptions(probes=mapping, scale="log2"))
    np.testing.assert_allclose(found.values[GENES], levels())
    assert found.obs["status"].tolist() == ["healthy", "healthy", "SSc", "SSc"]
    with pytest.raises(TableError, match="probe ids"):
        read_expression(path)


def test_probe_map_from_a_platform_file(tmp_path):
    path = tmp_path / "GPL1.soft"
    head = ["^PLATFORM = GPL1", "!Platform_title = toy", "#ID = x", "!platform_table_begin"]
    rows = ["ID\tGB_ACC\tSymbol", "P1\tA\tMX1", "P2\tB\tOAS1", "!platform_table_end", ""]
    path.write_text("\n".join([*head, *rows]))
    assert load_probe_map(path) == {"P1": "MX1", "P2": "OAS1"}


def soft_family(frame: pd.DataFrame) -> str:
    parts = ["^DATABASE = GeoMiame", "!Database_name = GEO", "^SERIES = GSE1", "!Series_title = toy"]
    parts += ["^PLATFORM = GPL1", "!Platform_title = toy", "#ID = id", "#Symbol = gene"]
    parts += ["!platform_table_begin", "ID\tSymbol"]
    parts += [f"P{i}\t{gene}" for i, gene in enumerate(GENES)] + ["!platform_table_end"]
    for name in frame.index:
        parts += [
            f"^SAMPLE = {name}",
            f"!Sample_title = {name}",
            "!Sample_characteristics_ch1 = status: healthy",
        ]
        parts += [
            "!Sample_platform_id = GPL1",
            "#ID_REF = id",
            "#VALUE = log2",
            "!sample_table_begin",
            "ID_REF\tVALUE",
        ]
        parts += [f"P{i}\t{frame.loc[name, gene]}" for i, gene in enumerate(GENES)] + ["!sample_table_end"]
    return "\n".join([*parts, ""])


def test_soft_family_file(tmp_path):
    frame = levels(2)
    path = tmp_path / "GSE1_family.soft.gz"
    path.write_bytes(gzip.compress(soft_family(frame).encode()))
    found = read_expression(path, LOG2)
    np.testing.assert_array_equal(found.values[GENES], frame)
    assert found.obs["status"].tolist() == ["healthy", "healthy"]
    assert found.obs["title"].tolist() == ["s0", "s1"]


def platform(samples: int = 6) -> np.ndarray:
    """Return log2 levels of 200 genes that lie between 3 and 14, samples x genes."""
    numbers = np.random.default_rng(3)
    return np.linspace(3.0, 14.0, 200) + numbers.normal(0.0, 0.05, (samples, 200))


def detected(values: np.ndarray, **given: object) -> str:
    known = [place % 10 == 0 for place in range(values.shape[1])]
    return detect_scale(values, known, [f"G{i}" for i in range(values.shape[1])], **given)[0]


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda x: x, "log2"),
        (lambda x: x - 5.0 + np.where(np.arange(200) > 150, 5.5, 0.0), "log2"),
        (lambda x: np.round(np.exp2(x)), "counts"),
        (lambda x: np.exp2(x) + 0.25, "linear"),
        (lambda x: np.exp2(x) / np.exp2(x).sum(axis=1, keepdims=True) * 1e6, "tpm"),
    ],
)
def test_scale_is_detected(make, expected):
    assert detected(make(platform())) == expected


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda x: x - np.median(x, axis=0), "neither base nor sign"),
        (lambda x: 9.0 - x, "neither base nor sign"),
        (lambda x: np.exp2(x) / 900.0, "large genes vary most"),
        (lambda x: x * np.log(2.0), "base of the logarithm"),
        (lambda x: x * np.log10(2.0), "base of the logarithm"),
        (lambda x: np.exp2(x - np.median(x, axis=0)), "base of the logarithm"),
        (lambda x: np.exp2(x + np.arange(6.0)[:, None] / 2.0), "estimated counts"),
        (lambda x: (x - x.mean(axis=0)) / x.std(axis=0, ddof=1), "standardised"),
        (lambda x: np.round(x), "cannot be told"),
        (lambda x: x[:, :60], "small panel"),
        (lambda x: np.round(np.exp2(x[:, 100:160])), "how deep"),
        (
            lambda x: np.where(np.arange(200) == 55, 250.5, x),
            "far too large for a logarithm, where most have not",
        ),
    ],
)
def test_what_two_scales_explain_is_a_question(make, words):
    with pytest.raises(InputError, match=words) as caught:
        detected(make(platform()))
    assert "--scale" in str(caught.value)


def test_one_wild_cell_decides_no_scale():
    for cell in (1e6, -50.0):
        values = platform()
        values[0, 10] = cell
        assert detected(values) == "log2"
    counts = np.round(np.exp2(platform()))
    counts[2, 3] += 0.5
    assert detected(counts) == "counts"


def test_small_whole_numbers_are_not_guessed():
    with pytest.raises(InputError, match="--scale"):
        detected(platform().round())


def test_scales_become_the_same_log2_levels():
    log2 = levels() + 5.0
    linear = np.exp2(log2) - 1.0
    forms = {"log2": log2, "ln": log2 * np.log(2), "ln1p": log2 * np.log(2), "log10": log2 * np.log10(2),
    "tpm": linear, "z": log2, "rq": np.exp2(log2),
             "linear": linear, "delta_ct": -log2, "npx": log2, "protein": np.exp2(log2)}  # fmt: skip
    for name, values in forms.items():
        found = read_expression(values, ReadOptions(scale=name)).values[GENES]
        np.testing.assert_allclose(found, log2, rtol=1e-12)
    assert set(forms) | {"counts", "ct", "nanostring"} == {scale.name for scale in SCALES}


def test_counts_use_the_library_size_that_is_given():
    counts = np.round(np.exp2(levels()))
    totals = pd.Series(2e6, index=counts.index)
    found = read_expression(counts, ReadOptions(library_size=totals, scale="counts"))
    np.testing.assert_allclose(found.values[GENES], np.log2(counts / 2.0 + 1.0))
    column = read_expression(
        counts.assign(lib_size=2_000_000.0), ReadOptions(library_size="lib_size", scale="counts")
    )
    np.testing.assert_array_equal(column.values[GENES], found.values[GENES])
    assert "library sizes from 'lib_size'" in text_of(column)
    with pytest.raises(InputError, match="--library-size lib_size"):
        read_expression(counts.assign(lib_size=2_000_000.0), ReadOptions(scale="counts"))
    assert "with so few genes" in text_of(read_expression(counts, ReadOptions(scale="counts")))


def test_ct_and_nanostring_are_relative_to_housekeeping_genes():
    ct = 20.0 - levels().assign(HPRT1=[1.0, 2, 3, 4], GAPDH=[3.0, 4, 5, 6])
    found = read_expression(ct, ReadOptions(scale="ct", reference_genes=("HPRT1", "GAPDH")))
    expected = levels().sub(pd.Series([2.0, 3, 4, 5], index=ct.index), axis=0)
    np.testing.assert_allclose(found.values[GENES], expected)
    assert "HPRT1" not in found.values
    with pytest.raises(InputError, match="TBP"):
        read_expression(ct, ReadOptions(scale="ct", reference_genes=("TBP",)))


def test_zero_protein_is_not_measured_and_said():
    data = pd.DataFrame([[0.0, 120.0], [30.0, 400.0]], index=["a", "b"], columns=["CXCL10", "CXCL11"])
    found = read_expression(data, ReadOptions(scale="protein"))
    assert np.isnan(found.values.loc["a", "CXCL10"])
    assert "1 concentrations are 0" in text_of(found)


def test_older_names_and_ids_are_read_as_current_symbols():
    pairs = {"DDX58": "RIGI", "HRASLS2": "PLAAT2", "DNAPTP6": "SPATS2L", "G1P3": "IFI6", "PRKR": "EIF2AK2",
             "WARS": "WARS1", "PRIC285": "HELZ2", "IP-10": "CXCL10", "MCP-1": "CCL2", "cd169": "SIGLEC1",
             "ENSG00000107201.17": "RIGI", "23586": "RIGI", "10964.0": "IFI44L",
             " MX1 ": "MX1", "TP53": "TP53"}  # fmt: skip
    assert {name: load_genes().symbol_of(name) for name in pairs} == pairs


def test_every_member_of_every_signature_is_in_the_gene_table_with_ids():
    table = load_genes()
    members = {gene for signature in load_signatures() for gene in signature.genes}
    assert members <= table.symbols
    assert set(table.by_ensembl.values()) >= members
    assert set(table.by_entrez.values()) >= members


def test_no_name_stands_for_two_genes():
    rows = pd.read_csv(files("ifntrial.signature") / "sets" / "genes.csv", dtype=str)
    seen: dict[str, str] = {}
    for row in rows.fillna("").to_dict("records"):
        for name in {row["symbol"], *row["previous_symbols"].split("|"), *row["alias_symbols"].split("|")} - {
            ""
        }:
            assert seen.setdefault(name.upper(), row["symbol"]) == row["symbol"]


@pytest.mark.parametrize("kind", ["ensembl", "entrez"])
def test_ids_in_place_of_symbols(kind):
    table = load_genes()
    ids = {
        symbol: name for name, symbol in (table.by_ensembl if kind == "ensembl" else table.by_entrez).items()
    }
    found = read_expression(levels().rename(columns=ids), LOG2)
    np.testing.assert_array_equal(found.values[GENES], levels())


def test_repeated_genes_are_averaged_or_added_and_said():
    log2 = levels().assign(DDX58=7.0, RIGI=9.0)
    found = read_expression(log2, LOG2)
    assert found.values["RIGI"].tolist() == [8.0] * 4
    assert "averaged: RIGI" in text_of(found)
    counts = np.round(np.exp2(log2))
    added = read_expression(
        counts, ReadOptions(library_size=pd.Series(1e6, index=counts.index), scale="counts")
    )
    assert added.values["RIGI"].to_numpy() == pytest.approx(np.log2(128 + 512 + 1))


def test_text_columns_become_information_about_samples():
    found = read_expression(levels().assign(status=["healthy", "healthy", "SSc", "SSc"]), LOG2)
    assert found.obs["status"].tolist() == ["healthy", "healthy", "SSc", "SSc"]
    assert "text columns are not levels: status" in text_of(found)


def test_missing_values_are_counted():
    data = levels()
    data.iloc[0, 0] = np.nan
    assert "1 of 20 values are not measured, in 1 genes" in text_of(read_expression(data, LOG2))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_in_unicode(tmp_path, encoding):
    path = tmp_path / "x.csv"
    path.write_bytes(levels().rename(index={"s1": "José"}).to_csv().encode(encoding))
    assert list(read_expression(path, LOG2).values.index) == ["s0", "José", "s2", "s3"]


def test_decimal_comma(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(levels().to_csv(sep=";", decimal=","))
    found = read_expression(path, LOG2)
    np.testing.assert_allclose(found.values[GENES], levels())
    assert "decimal comma" in text_of(found)


def test_what_the_user_says_overrules():
    whole = levels().round()
    assert read_expression(whole, ReadOptions(scale="log2")).scale == "log2"
    with pytest.raises(TableError, match="other way round"):
        read_expression(levels(), ReadOptions(orientation="genes x samples"))
    with pytest.raises(UnknownNameError, match="samples x genes"):
        read_expression(levels(), ReadOptions(orientation="sideways"))
    with pytest.raises(UnknownNameError, match="counts"):
        read_expression(levels(), ReadOptions(scale="count"))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("State=HEALTHY", ["s0"]),
        ("state=ssc", ["s1", "s2"]),
        ("STATE= ssc ", ["s1", "s2"]),
        ("batch=B1", ["s0"]),  # two values differ in nothing else: each is its own
        ("batch=b1", ["s1"]),
    ],
)
def test_capitals_of_columns_and_values_do_not_matter(words, found, tmp_path):
    (tmp_path / "m.csv").write_text("sample,State,Batch\ns0,Healthy,B1\ns1,SSc,b1\ns2,SSc,b2\n")
    metadata = load_metadata(tmp_path / "m.csv", {"group": "STATE"})
    assert metadata["group"].tolist() == ["Healthy", "SSc", "SSc"]
    assert choose_healthy(words, metadata, levels().index) == found


def test_a_value_in_two_spellings_is_not_guessed(tmp_path):
    (tmp_path / "m.csv").write_text("sample,state\ns0,Healthy\ns1,healthy\ns2,SSc\n")
    with pytest.raises(InputError, match="Healthy, SSc, healthy"):
        choose_healthy("state=HEALTHY", load_metadata(tmp_path / "m.csv"), levels().index)


def test_healthy_names_and_metadata(tmp_path):
    (tmp_path / "h.txt").write_text("# healthy\ns0\n\n s1 \n")
    assert load_names(tmp_path / "h.txt") == ["s0", "s1"]
    (tmp_path / "m.csv").write_text(
        "sample,patient,week,status\ns0,A,0,healthy\ns1,A,4.0,healthy\ns2,B,0,SSc\n"
    )
    metadata = load_metadata(tmp_path / "m.csv", {"subject": "patient", "visit": "week"})
    assert metadata["visit"].tolist() == ["0", "4", "0"]
    assert metadata["subject"].tolist() == ["A", "A", "B"]
    samples = levels().index
    assert choose_healthy("status=healthy", metadata, samples) == ["s0", "s1"]
    assert choose_healthy(str(tmp_path / "h.txt"), None, samples) == ["s0", "s1"]
    with pytest.raises(InputError, match="SSc, healthy"):
        choose_healthy("status=control", metadata, samples)
    with pytest.raises(TableError, match="patient"):
        load_metadata(tmp_path / "m.csv", {"subject": "patiant"})
