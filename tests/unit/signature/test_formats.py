"""Files of other makers, written by hand or by code, hold the levels that pandas reads from the same content."""

import gzip
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ifntrial.errors import InputError
from ifntrial.signature import ReadOptions
from shipped import CATALOG, compute_scores, read_expression
from unit.signature.made import HEALTHY, make_cohort

COHORT = make_cohort()
BASE = COHORT.log2
COUNTS = (np.exp2(BASE) * np.linspace(1.0, 4.0, 20)).round().astype(int)
CPM = np.log2(COUNTS / COUNTS.sum() * 1e6 + 1.0)
NUMBERS = np.random.default_rng(9)


def same(expression, levels: pd.DataFrame) -> None:
    assert set(expression.values.index) == set(levels.columns)
    own = expression.values.loc[levels.columns, levels.index]
    np.testing.assert_allclose(own.to_numpy(), levels.T.to_numpy(), rtol=1e-12)


def text_of(expression) -> str:
    return "\n".join(notice.text for notice in expression.notices)


@pytest.mark.parametrize("ending", ["gct", "gct.gz", "txt"])
def test_gct(tmp_path, ending):
    table = BASE.reset_index().rename(columns={"gene": "NAME"})
    table.insert(1, "Description", "na")
    text = f"#1.2\n150\t20\n{table.to_csv(sep=chr(9), index=False)}"
    path = tmp_path / f"x.{ending}"
    path.write_bytes(gzip.compress(text.encode()) if ending.endswith("gz") else text.encode())
    found = read_expression(path)
    same(found, BASE)
    assert found.scale == "log2"
    path.write_text("\n".join(text.splitlines()[:-3]))
    with pytest.raises(InputError, match="size that its second line says"):
        read_expression(path)


def test_gct_1_3_with_symbols_beside_probes(tmp_path):
    head = ["id", "pr_gene_symbol", *BASE.columns]
    about = ["group", "na", *["healthy"] * 10, *["SSc"] * 10]
    rows = [[f"P{i}_at", gene, *map(str, BASE.loc[gene])] for i, gene in enumerate(BASE.index)]
    lines = ["#1.3", "150\t20\t1\t1", *("\t".join(row) for row in (head, about, *rows))]
    (tmp_path / "x.gct").write_text("\n".join(lines) + "\n")
    found = read_expression(tmp_path / "x.gct")
    same(found, BASE)
    assert found.obs["group"].tolist() == ["healthy"] * 10 + ["SSc"] * 10


def test_workbook(tmp_path):
    xlsx = pytest.importorskip("python_calamine")
    assert xlsx is not None
    write_workbook(tmp_path / "x.xlsx", {"levels": BASE, "notes": BASE.iloc[:2]})
    found = read_expression(tmp_path / "x.xlsx")
    same(found, BASE)
    assert "other sheets are not read: notes" in text_of(found)
    with pytest.raises(InputError, match="levels, notes"):
        read_expression(tmp_path / "x.xlsx", ReadOptions(sheet="level"))
    (tmp_path / "y.xlsx").write_bytes(b"PK\x03\x04" + bytes(50))
    with pytest.raises(InputError, match="not an Excel workbook"):
        read_expression(tmp_path / "y.xlsx")


def write_workbook(path: Path, sheets: dict[str, pd.DataFrame]) -> None:
    """Write the least that a workbook must hold: inline texts and numbers."""
    names = list(sheets)
    with zipfile.ZipFile(path, "w") as book:
        kinds = "".join(
            f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.spreadsheetml.worksheet+xml"/>' for i in range(1, len(names) + 1)
        )  # fmt: skip
        book.writestr("[Content_Types].xml",
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            f'spreadsheetml.sheet.main+xml"/>{kinds}</Types>')  # fmt: skip
        relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        package = "http://schemas.openxmlformats.org/package/2006/relationships"
        book.writestr("_rels/.rels", f'<?xml version="1.0"?><Relationships xmlns="{package}"><Relationship Id="rId1" '
                      f'Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>')  # fmt: skip
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        listed = "".join(
            f'<sheet name="{n}" sheetId="{i}" r:id="rId{i}"/>' for i, n in enumerate(names, start=1)
        )
        book.writestr("xl/workbook.xml", f'<?xml version="1.0"?><workbook xmlns="{main}" xmlns:r="{relation}">'
                      f"<sheets>{listed}</sheets></workbook>")  # fmt: skip
        links = "".join(f'<Relationship Id="rId{i}" Type="{relation}/worksheet" Target="worksheets/sheet{i}.xml"/>'
                        for i in range(1, len(names) + 1))  # fmt: skip
        book.writestr("xl/_rels/workbook.xml.rels",
                      f'<?xml version="1.0"?><Relationships xmlns="{package}">{links}</Relationships>')  # fmt: skip
        for i, frame in enumerate(sheets.values(), start=1):
            rows = [
                ["gene", *frame.columns],
                *([gene, *values] for gene, values in zip(frame.index, frame.to_numpy(), strict=True)),
            ]
            cells = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
            book.writestr(f"xl/worksheets/sheet{i}.xml",
            f'<?xml version="1.0"?><worksheet xmlns="{main}"><sheetData>{cells}'
                          "</sheetData></worksheet>")  # fmt: skip


def cell(value: object) -> str:
    return (
        f'<c t="inlineStr"><is><t>{value}</t></is></c>'
        if isinstance(value, str)
        else f"<c><v>{value!r}</v></c>".replace("np.float64(", "").replace(")", "")
    )


LANE = np.where(np.arange(20) % 2, 2.0, 1.0)
PANEL = (np.exp2(BASE.iloc[:29]) * LANE).round().astype(int)
KEEPING = pd.DataFrame(
    [np.round(g * LANE) for g in (500, 300, 450)], index=["NRDC", "OTUD5", "TUBB"], columns=BASE.columns
).astype(int)


def rcc(name: str) -> str:
    rows = [f"Endogenous,{gene},NM_1,{n}" for gene, n in PANEL[name].items()]
    rows += [f"Housekeeping,{gene},NM_2,{n}" for gene, n in KEEPING[name].items()]
    lane = LANE[list(BASE.columns).index(name)]
    rows += [
        f"Positive,POS_{x}({c}),ERCC,{round(c * 468 * lane)}"
        for x, c in zip("ABCDEF", (128, 32, 8, 2, 0.5, 0.125), strict=True)
    ]
    rows += [
        f"Negative,NEG_{x}(0),ERCC,{n}" for x, n in zip("ABCDEFGH", (3, 8, 5, 9, 7, 4, 6, 11), strict=True)
    ]
    head = f"<Header>\nFileVersion,1.7\n</Header>\n\n<Sample_Attributes>\nID,{name}\nOwner,x\n</Sample_Attributes>\n\n"
    head += (
        "<Lane_Attributes>\nID,3\nFovCount,280\nFovCounted,279\nBindingDensity,0.8\n</Lane_Attributes>\n\n"
    )
    return head + "<Code_Summary>\nCodeClass,Name,Accession,Count\n" + "\n".join(rows) + "\n</Code_Summary>\n"


def by_hand() -> pd.DataFrame:
    """Return log2(count + 1) minus the mean of the same of the housekeeping genes."""
    return np.log2(PANEL + 1.0) - np.log2(KEEPING + 1.0).mean()


def test_rcc_files_in_a_folder_or_an_archive(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    with zipfile.ZipFile(tmp_path / "run.zip", "w") as archive:
        for place, name in enumerate(BASE.columns):
            (folder / f"lane_{place:02}.RCC").write_text(rcc(name))
            archive.writestr(f"run/lane_{place:02}.RCC", rcc(name))
    for path in (folder, tmp_path / "run.zip"):
        found = read_expression(path)
        same(found, by_hand())
        assert (found.scale, found.platform) == ("nanostring", "NanoString")
        assert "relative to the mean of NRDC, OTUD5, TUBB" in text_of(found)
        assert "limit of detection" in text_of(found)
        assert {each.name for each in found.ledger.set_aside} >= {"POS_A(128)", "NEG_H(0)"}
    one = read_expression(folder / "lane_00.RCC")
    assert list(one.values.index) == ["HC_1"]
    (folder / "lane_00.RCC").write_text(rcc("HC_1").replace("FovCounted,279", "FovCounted,100"))
    assert "HC_1: 100 of 280 fields counted" in text_of(read_expression(folder))
    (folder / "lane_01.RCC").write_text(rcc("HC_2").replace("Endogenous,IFI27", "Endogenous,OTHER"))
    with pytest.raises(InputError, match="different panels"):
        read_expression(folder)
    (tmp_path / "x.RCC").write_text(rcc("HC_1")[:400])
    with pytest.raises(InputError, match="cut off"):
        read_expression(tmp_path / "x.RCC")


ENSEMBL = {symbol: name for name, symbol in CATALOG.genes.by_ensembl.items() if name}


def gene_ids() -> list[str]:
    return [f"{ENSEMBL.get(gene, f'ENSG{i:011}')}.5" for i, gene in enumerate(BASE.index, start=900_000)]


@pytest.mark.parametrize("tool", ["star", "htseq", "rsem"])
def test_counts_of_genes_by_a_tool(tmp_path, tool):
    for name in BASE.columns:
        own = pd.DataFrame({"gene": gene_ids(), "n": COUNTS[name].to_numpy()})
        if tool == "star":
            rows = "".join(f"{word}\t{n}\t{n}\t{n}\n" for word, n in
                           zip(("N_unmapped", "N_multimapping", "N_noFeature", "N_ambiguous"), (9**6, 9**5, 9**5,
                           700), strict=True))  # fmt: skip
            text = rows + "".join(
                f"{g}\t{n}\t{n // 50}\t{n - n // 50}\n" for g, n in own.itertuples(index=False)
            )
            path = tmp_path / f"{name}.ReadsPerGene.out.tab"
        elif tool == "htseq":
            text = (
                own.to_csv(sep="\t", index=False, header=False) + "__no_feature\t700000\n__ambiguous\t200\n"
            )
            path = tmp_path / f"{name}.counts.txt"
        else:
            about = own.assign(
                t="x", length=1000.0, effective_length=900.0, count=own["n"] + 0.0, TPM=1.0, FPKM=1.0
            )
            about = about.rename(
                columns={"gene": "gene_id", "t": "transcript_id(s)", "count": "expected_count"}
            )
            text = about[
                ["gene_id", "transcript_id(s)", "length", "effective_length", "expected_count", "TPM", "FPKM"]
            ].to_csv(sep="\t", index=False)
            path = tmp_path / f"{name}.genes.results"
        path.write_text(text)
    found = read_expression(tmp_path)
    assert found.scale == "counts"
    assert set(found.values.index) == set(BASE.columns)
    own = found.values.loc[BASE.columns, list(BASE.index[:29])]
    np.testing.assert_allclose(own.to_numpy(), CPM.iloc[:29].T.to_numpy(), rtol=1e-12)


@pytest.mark.parametrize("tool", ["salmon", "kallisto"])
def test_transcripts_are_summed_to_genes_by_a_map(tmp_path, tool):
    shares = {name: NUMBERS.uniform(0.1, 0.9, 150) for name in BASE.columns}
    names = [f"ENST{i:011}.2" for i in range(300)]
    truth = {}
    for name in BASE.columns:
        first = (COUNTS[name].to_numpy() * shares[name]).round(3)
        counts = np.ravel(np.column_stack([first, (COUNTS[name].to_numpy() - first).round(3)]))
        truth[name] = pd.Series(counts).groupby(np.arange(300) // 2).sum().to_numpy()
        if tool == "salmon":
            table = pd.DataFrame(
                {"Name": names, "Length": 900, "EffectiveLength": 700.0, "TPM": 1.0, "NumReads": counts}
            )
            path = tmp_path / "runs" / name / "quant.sf"
        else:
            table = pd.DataFrame(
                {"target_id": names, "length": 900, "eff_length": 700.0, "est_counts": counts, "tpm": 1.0}
            )
            path = tmp_path / "runs" / name / "abundance.tsv"
        path.parent.mkdir(parents=True)
        table.to_csv(path, sep="\t", index=False)
    with pytest.raises(InputError, match="sum them to genes with --probes MAP"):
        read_expression(tmp_path / "runs")
    genes = np.repeat(BASE.index, 2)
    pd.DataFrame({"transcript": [n.split(".")[0] for n in names], "gene": genes}).to_csv(
        tmp_path / "map.csv", index=False
    )
    found = read_expression(tmp_path / "runs", ReadOptions(probes=tmp_path / "map.csv"))
    sums = pd.DataFrame(truth, index=BASE.index)
    same(found, np.log2(sums / sums.sum() * 1e6 + 1.0))
    assert found.ledger.rows_merged == 150


def write_salmon(folder, name, file="quant.sf"):
    table = pd.DataFrame(
        {
            "Name": BASE.index,
            "Length": 900,
            "EffectiveLength": 700.0,
            "TPM": 1.0,
            "NumReads": COUNTS[name].to_numpy(),
        }
    )
    (folder / name / "logs").mkdir(parents=True, exist_ok=True)
    (folder / name / "cmd_info.json").write_text("{}")
    table.to_csv(folder / name / file, sep="\t", index=False)


@pytest.mark.parametrize("inside", [[], ["cmd_info.json"], ["cmd_info.json", "lib_format_counts.json"]])
def test_a_sample_without_its_counts_is_not_dropped(tmp_path, inside):
    for place, name in enumerate(BASE.columns[:4]):
        write_salmon(tmp_path / "run", name, "quant.sf.gz" if place % 2 else "quant.sf")
    (tmp_path / "run" / "index").mkdir()
    (tmp_path / "run" / "index" / "pos.bin").write_bytes(b"\x00")
    assert sorted(read_expression(tmp_path).values.index) == sorted(BASE.columns[:4])
    (tmp_path / "run" / "PT_99").mkdir()
    for name in inside:
        (tmp_path / "run" / "PT_99" / name).write_text("{}")
    with pytest.raises(InputError, match=r"have no file of counts[\s\S]*run/PT_99"):
        read_expression(tmp_path)


def test_a_sample_with_several_files_is_not_there_twice(tmp_path):
    for name in BASE.columns[:4]:
        write_salmon(tmp_path, name)
    write_salmon(tmp_path, BASE.columns[0], "quant.sf.gz")
    with pytest.raises(InputError, match=r"would be there several times[\s\S]*quant.sf, .*quant.sf.gz"):
        read_expression(tmp_path)


def test_a_folder_without_such_files_is_refused(tmp_path):
    (tmp_path / "x.docx").write_bytes(b"\x00\x01")
    with pytest.raises(InputError, match="not a file, and the folder holds no files of single samples"):
        read_expression(tmp_path)


def test_several_names_in_one_label():
    frame = BASE.rename(index={"IFI27": "ENSG00000165949.12_IFI27", "IFI44": "IFI44|10561",
    "RSAD2": "NM_080657 // RSAD2 // radical",
                               "OAS1": "OAS1 /// OAS2"})  # fmt: skip
    found = read_expression(frame)
    for gene in ("IFI27", "IFI44", "RSAD2"):
        np.testing.assert_array_equal(found.values[gene], BASE.loc[gene])
    np.testing.assert_array_equal(found.values["OAS2"], BASE.loc["OAS2"])
    assert "OAS1" not in found.values


def test_mouse_genes_are_refused_or_mapped(tmp_path):
    mouse = BASE.rename(index=str.capitalize)
    with pytest.raises(InputError, match="look like mouse genes"):
        read_expression(mouse)
    pd.DataFrame({"mouse": mouse.index, "human": BASE.index}).to_csv(tmp_path / "map.csv", index=False)
    same(read_expression(mouse, ReadOptions(probes=tmp_path / "map.csv")), BASE)


def cells():
    from anndata import AnnData
    from scipy.sparse import csr_matrix

    donors = np.repeat(list(BASE.columns), 30)
    counts = NUMBERS.poisson(np.repeat(np.exp2(BASE.T.to_numpy() - 6.0), 30, axis=0))
    data = AnnData(csr_matrix(counts.astype(np.float32)))
    data.var_names = list(BASE.index)
    data.obs_names = [f"c{i}" for i in range(600)]
    data.obs["donor"] = donors
    data.obs["cell_type"] = np.tile(["T", "T", "B"], 200)
    data.obs["group"] = np.where(np.char.startswith(donors.astype(str), "HC"), "healthy", "SSc")
    return data, pd.DataFrame(counts, columns=BASE.index)


def test_cells_are_added_up_by_donor_and_cell_type(tmp_path):
    data, counts = cells()
    data.write_h5ad(tmp_path / "x.h5ad")
    found = read_expression(tmp_path / "x.h5ad", ReadOptions(pseudobulk=("donor", "cell_type")))
    sums = counts.groupby([data.obs["donor"].to_numpy(), data.obs["cell_type"].to_numpy()]).sum()
    sums.index = ["|".join(pair) for pair in sums.index]
    same(found, np.log2(sums.T / sums.T.sum() * 1e6 + 1.0))
    assert found.obs.loc["HC_1|T", "group"] == "healthy"
    assert found.obs.loc["HC_1|T", "cells"] == 20
    with pytest.raises(InputError, match="column 'donors'"):
        read_expression(tmp_path / "x.h5ad", ReadOptions(pseudobulk=("donors",)))
    data.X = data.X * 0.5
    data.write_h5ad(tmp_path / "y.h5ad")
    with pytest.raises(InputError, match="not whole"):
        read_expression(tmp_path / "y.h5ad", ReadOptions(pseudobulk=("donor",)))


def test_a_large_sparse_matrix_is_not_made_dense(tmp_path, monkeypatch):
    data, _ = cells()
    dense = read_expression(data, ReadOptions(scale="counts"))
    monkeypatch.setattr("ifntrial.signature.read.anndata_file.LARGEST_DENSE", 1000)
    part = read_expression(data)
    assert part.values.shape == (600, 29)
    np.testing.assert_allclose(
        part.values.to_numpy(), dense.values[list(part.values.columns)].to_numpy(), rtol=1e-6
    )
    healthy = [name for name, donor in data.obs["donor"].items() if donor.startswith("HC")]
    assert compute_scores(part, healthy=healthy, signatures=["az_4_gene"]).notna().all(axis=None)
    with pytest.raises(InputError, match="rank scores need all genes"):
        compute_scores(part, healthy=HEALTHY, methods=["singscore"], signatures=["az_4_gene"])


def test_an_option_without_effect_is_refused(tmp_path):
    BASE.to_csv(tmp_path / "x.csv")
    for options in (ReadOptions(layer="raw"), ReadOptions(pseudobulk=("donor",)), ReadOptions(sheet="one")):
        with pytest.raises(InputError, match="no effect"):
            read_expression(tmp_path / "x.csv", options)
    with pytest.raises(InputError, match="no effect"):
        read_expression(BASE, ReadOptions(reference_genes=("ACTB",)))
    with pytest.raises(InputError, match="no effect"):
        read_expression(BASE, ReadOptions(library_size="sum"))
    with pytest.raises(InputError, match="not in the table"):
        read_expression(BASE, ReadOptions(set_aside=("nothing",)))
