"""Every command of the gallery in docs/score_signatures.md runs on such a file and calls the raised samples high."""

import gzip
import re
import shlex
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy.io import mmwrite
from scipy.sparse import coo_array

from ifntrial.app.cli import cli
from ifntrial.signature import load_scores
from unit.signature.made import HEALTHY, RAISED, make_cohort
from unit.signature.test_formats import rcc, write_workbook

PAGE = (Path(__file__).parents[2] / "docs" / "score_signatures.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"\| `(ifntrial score [^`]+)` \|", PAGE)
BASE = make_cohort().log2
COUNTS = (np.exp2(BASE) * np.linspace(1.0, 3.0, 20)).round().astype(int)
STATUS = {name: "healthy" if name in HEALTHY else "SSc" for name in BASE.columns}
CHEMOKINES = ["CCL2", "CCL8", "CCL19", "CXCL9", "CXCL10", "CXCL11"]


def write_geo() -> None:
    quoted = "\t".join(f'"{name}"' for name in BASE.columns)
    status = "\t".join(f'"status: {STATUS[name]}"' for name in BASE.columns)
    rows = [
        "\t".join([f'"{gene}"', *map(str, values)])
        for gene, values in zip(BASE.index, BASE.to_numpy(), strict=True)
    ]
    lines = [f"!Sample_title\t{quoted}", f"!Sample_characteristics_ch1\t{status}", "!series_matrix_table_begin",
             f'"ID_REF"\t{quoted}', *rows, "!series_matrix_table_end", ""]  # fmt: skip
    Path("GSE1_series_matrix.txt").write_text("\n".join(lines))
    parts = [
        "^DATABASE = GeoMiame",
        "^SERIES = GSE1",
        "^PLATFORM = GPL1",
        "!platform_table_begin",
        "ID\tSymbol",
    ]
    parts += [f"P{i}\t{gene}" for i, gene in enumerate(BASE.index)] + ["!platform_table_end"]
    for name in BASE.columns:
        parts += [
            f"^SAMPLE = {name}",
            f"!Sample_characteristics_ch1 = status: {STATUS[name]}",
            "#VALUE = log2 signal",
        ]
        parts += ["!sample_table_begin", "ID_REF\tVALUE"]
        parts += [f"P{i}\t{value}" for i, value in enumerate(BASE[name])] + ["!sample_table_end"]
    Path("GSE1_family.soft").write_text("\n".join([*parts, ""]))


def write_tools() -> None:
    for folder in ("htseq_files", "salmon_files"):
        Path(folder).mkdir()
    for name in BASE.columns:
        own = COUNTS[name]
        own.to_csv(f"htseq_files/{name}.txt", sep="\t", header=False)
        with Path(f"htseq_files/{name}.txt").open("a") as file:
            file.write("__no_feature\t123456\n")
        Path(f"salmon_files/{name}").mkdir()
        table = pd.DataFrame({"Name": [f"ENST{i:011}.1" for i in range(150)], "Length": 900, "EffectiveLength": 700.0,
                              "TPM": 1.0, "NumReads": own.to_numpy() + 0.0})  # fmt: skip
        table.to_csv(f"salmon_files/{name}/quant.sf", sep="\t", index=False)
    transcripts = {"transcript": [f"ENST{i:011}" for i in range(150)], "gene": BASE.index}
    pd.DataFrame(transcripts).to_csv("transcripts.csv", index=False)
    about = COUNTS.copy()
    for place, name in enumerate(["Chr", "Start", "End", "Length"]):
        about.insert(place, name, np.arange(150) + 10**place)
    Path("featurecounts.txt").write_text(
        "# Program:featureCounts v2\n" + about.to_csv(sep="\t", index_label="Geneid")
    )


def write_cells() -> None:
    from anndata import AnnData

    obs = pd.DataFrame({"status": STATUS.values()}, index=list(STATUS))
    AnnData(BASE.T.to_numpy(), obs=obs, var=pd.DataFrame(index=BASE.index)).write_h5ad("samples.h5ad")
    counts = (
        np.random.default_rng(1)
        .poisson(np.repeat(np.exp2(BASE.T.to_numpy() - 5.0), 20, axis=0))
        .astype(float)
    )
    cells = AnnData(
        counts, obs=obs.loc[np.repeat(obs.index, 20)].reset_index(names="donor").rename(index=str)
    )
    cells.var_names = list(BASE.index)
    cells.write_h5ad("cells.h5ad")


def write_panels() -> None:
    numbers = np.random.default_rng(2)
    with zipfile.ZipFile("nanostring.zip", "w") as archive:
        for name in BASE.columns:
            archive.writestr(f"{name}.RCC", rcc(name))
    lanes = {
        name: dict(re.findall(r"^\w+,([^,\n]+),\w+,(\d+)$", rcc(name), re.MULTILINE)) for name in BASE.columns
    }
    pd.DataFrame(lanes).to_csv("nanostring.csv", index_label="gene")
    (12.0 - BASE.iloc[:29]).round(3).to_csv("delta_ct.csv")
    some = COUNTS.iloc[:29].T
    some.assign(total=COUNTS.sum()).to_csv("panel_counts.csv", index_label="sample")
    proteins = np.exp(
        numbers.normal(4.0, 0.3, (6, 20)) + np.where([name in RAISED for name in BASE.columns], 3.0, 0.0)
    )
    levels = pd.DataFrame(proteins.round(2), index=CHEMOKINES, columns=BASE.columns)
    levels.to_csv("proteins.csv")
    levels.to_csv("simoa.csv")
    pd.DataFrame({"protein": CHEMOKINES, "limit": 20.0}).to_csv("limits.csv", index=False)
    npx = np.log2(levels).stack().rename_axis(["Assay", "SampleID"]).rename("NPX").reset_index()
    npx.assign(LOD=1.0, QC_Warning="Pass").to_csv("olink_npx.csv", sep=";", index=False)


def write_matrix() -> None:
    """Cells of ten a person, as Cell Ranger and a table of cells hold them."""
    folder = Path("cell_ranger")
    folder.mkdir()
    expected = np.repeat(np.exp2(BASE.to_numpy() - 5.0), 10, axis=1)
    counts = np.random.default_rng(3).poisson(expected)
    with gzip.open(folder / "matrix.mtx.gz", "wb") as file:
        mmwrite(file, coo_array(counts))
    barcodes = [f"ACGT{i}-1" for i in range(counts.shape[1])]
    features = "".join(f"ENSG{i:011}\t{gene}\tGene Expression\n" for i, gene in enumerate(BASE.index))
    for name, text in (("features", features), ("barcodes", "\n".join(barcodes) + "\n")):
        (folder / f"{name}.tsv.gz").write_bytes(gzip.compress(text.encode()))
    donors = np.repeat(BASE.columns.to_numpy(), 10)
    pd.DataFrame({"barcode": barcodes, "donor": donors}).to_csv(folder / "cells.csv", index=False)


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gallery")
    patch = pytest.MonkeyPatch()
    patch.chdir(folder)
    Path("healthy.txt").write_text("\n".join(HEALTHY))
    BASE.to_csv("log2.csv")
    COUNTS.to_csv("counts.csv")
    (COUNTS + 0.25).to_csv("estimated.csv")
    table = BASE.reset_index().rename(columns={"gene": "NAME"})
    table.insert(1, "Description", "na")
    Path("levels.gct").write_text(f"#1.2\n150\t20\n{table.to_csv(sep=chr(9), index=False)}")
    write_workbook(Path("levels.xlsx"), {"notes": BASE.iloc[:1], "levels": BASE})
    probes = [f"ILMN_{i}" for i in range(150)]
    BASE.set_axis(probes, axis=0).to_csv("probes.csv", index_label="probe")
    pd.DataFrame({"probe": probes, "gene": BASE.index}).to_csv("map.csv", index=False)
    mouse = BASE.rename(index=str.capitalize)
    mouse.to_csv("mouse.csv")
    pd.DataFrame({"mouse": mouse.index, "human": BASE.index}).to_csv("mouse_to_human.csv", index=False)
    BASE[["PT_1"]].to_csv("new.csv")
    write_geo()
    write_tools()
    write_cells()
    write_panels()
    write_matrix()
    other = ["score", "counts.csv", "--healthy", "healthy.txt", "--draws", "0", "--out", "other_platform"]
    assert CliRunner().invoke(cli, other, catch_exceptions=False).exit_code == 0
    first = [
        "score",
        "log2.csv",
        "--healthy",
        "healthy.txt",
        "--save-reference",
        "reference.json",
        "--draws",
        "0",
    ]
    assert CliRunner().invoke(cli, first, catch_exceptions=False).exit_code == 0
    yield folder
    patch.undo()


def test_the_gallery_is_there():
    assert len(COMMANDS) == len(set(COMMANDS)) == 24


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_gallery_calls_the_raised_high(here, line):
    pytest.importorskip("python_calamine") if ".xlsx" in line else None
    words = shlex.split(line)[1:]
    result = CliRunner().invoke(cli, [*words, "--draws", "0", "--out", "out"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    table = load_scores("out/scores.csv").frame
    own = table[table["signature"] == table["signature"].iloc[0]].set_index("sample")
    raised = [name for name in RAISED if name in own.index]
    assert (own.loc[raised, "class"] == "high").all()
    assert raised
    others = own.loc[[name for name in own.index if name not in raised], "score"]
    assert own.loc[raised, "score"].min() > (others.max() if len(others) else 0.0)
