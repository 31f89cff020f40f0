"""Files from GEO give the values, titles and characteristics that GEOparse reads from the same files.

Oracle: GEOparse (BSD-3), an independent reader of SOFT, on a made-up family file and a made-up platform; and, for the
series matrix, whose format GEOparse does not read, the same samples in a family file that it does read.
"""

import GEOparse
import numpy as np
import pandas as pd
import pytest

from ifntrial.signature.read import ReadOptions
from ifntrial.signature.read.geo import load_probe_map
from shipped import read_expression

GENES = ["IFI27", "IFI44", "IFI44L", "RSAD2", "MX1", "ACTB"]
SAMPLES = {
    "GSM1": ("patient one", {"status": "SSc", "week": "0", "note": "skin: forearm"}),
    "GSM2": ("patient one, later", {"status": "SSc", "week": "12"}),
    "GSM3": ("donor", {"status": "healthy", "week": "0"}),
}
LEVELS = np.random.default_rng(5).normal(8.0, 1.5, (len(SAMPLES), len(GENES) + 2)).round(4)
# One probe stands for two genes and one for none: both tell no gene apart.
PROBES = [f"P{i}" for i in range(len(GENES) + 2)]
SYMBOLS = [*GENES, "OAS1 /// OAS2", ""]


def platform() -> list[str]:
    lines = [
        "^PLATFORM = GPL1",
        "!Platform_title = toy",
        "!Platform_geo_accession = GPL1",
        "#ID = probe",
        "#GB_ACC = x",
        "#Symbol = gene",
    ]
    lines += ["!platform_table_begin", "ID\tGB_ACC\tSymbol"]
    lines += [f"{probe}\tX{i}\t{gene}" for i, (probe, gene) in enumerate(zip(PROBES, SYMBOLS, strict=True))]
    return [*lines, "!platform_table_end"]


def sample(name: str, row: np.ndarray) -> list[str]:
    title, about = SAMPLES[name]
    lines = [f"^SAMPLE = {name}", f"!Sample_title = {title}", f"!Sample_geo_accession = {name}"]
    lines += [f"!Sample_characteristics_ch1 = {key}: {value}" for key, value in about.items()]
    lines += ["!Sample_platform_id = GPL1", "#ID_REF = probe", "#VALUE = log2", "#CALL = detection"]
    lines += ["!sample_table_begin", "ID_REF\tVALUE\tCALL"]
    lines += [f"{probe}\t{value}\t{0.01}" for probe, value in zip(PROBES, row, strict=True)]
    return [*lines, "!sample_table_end"]


@pytest.fixture
def family(tmp_path):
    lines = ["^DATABASE = GeoMiame", "!Database_name = Gene Expression Omnibus (GEO)", "^SERIES = GSE1"]
    lines += ["!Series_title = toy", "!Series_geo_accession = GSE1", *platform()]
    for name, row in zip(SAMPLES, LEVELS, strict=True):
        lines += sample(name, row)
    path = tmp_path / "GSE1_family.soft"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def read_with_geoparse(path):
    """Return levels by gene, titles and characteristics, put together from what GEOparse holds."""
    series = GEOparse.get_GEO(filepath=str(path), silent=True)
    genes = series.gpls["GPL1"].table.set_index("ID")["Symbol"]
    levels = series.pivot_samples("VALUE").T
    single = [
        probe for probe in levels.columns if isinstance(genes[probe], str) and "///" not in genes[probe]
    ]
    levels = levels[single].rename(columns=genes)
    about = {
        name: {"title": gsm.metadata["title"][0]}
        | dict(text.split(": ", 1) for text in gsm.metadata["characteristics_ch1"])
        for name, gsm in series.gsms.items()
    }
    return levels.astype(float), pd.DataFrame.from_dict(about, orient="index")


def check(ours, family):
    levels, about = read_with_geoparse(family)
    assert levels.shape == (3, len(GENES))
    pd.testing.assert_frame_equal(
        ours.values.sort_index(axis=1), levels.sort_index(axis=1), check_names=False, check_exact=True
    )
    assert list(ours.obs.index) == list(about.index)
    for column in about.columns:
        assert ours.obs[column].fillna("").tolist() == about[column].fillna("").tolist(), column


def test_a_soft_family_file(family):
    check(read_expression(family, ReadOptions(scale="log2")), family)


def test_a_series_matrix_with_the_platform_file(family, tmp_path):
    soft = tmp_path / "GPL1.soft"
    soft.write_text("\n".join([*platform(), ""]), encoding="utf-8")
    quoted = "\t".join(f'"{name}"' for name in SAMPLES)
    lines = [
        '!Series_title\t"toy"',
        "!Sample_title\t" + "\t".join(f'"{title}"' for title, _ in SAMPLES.values()),
    ]
    lines.append(f"!Sample_geo_accession\t{quoted}")
    for key in ("status", "week", "note"):
        cells = [f"{key}: {about[key]}" if key in about else "" for _, about in SAMPLES.values()]
        lines.append("!Sample_characteristics_ch1\t" + "\t".join(f'"{cell}"' for cell in cells))
    lines += ["!series_matrix_table_begin", f'"ID_REF"\t{quoted}']
    lines += [
        f'"{probe}"\t' + "\t".join(str(v) for v in column)
        for probe, column in zip(PROBES, LEVELS.T, strict=True)
    ]
    path = tmp_path / "GSE1_series_matrix.txt"
    path.write_text("\n".join([*lines, "!series_matrix_table_end", ""]), encoding="utf-8")
    check(read_expression(path, ReadOptions(scale="log2", probes=soft)), family)


def test_the_platform_table(tmp_path):
    path = tmp_path / "GPL1.soft"
    path.write_text("\n".join([*platform(), ""]), encoding="utf-8")
    table = GEOparse.get_GEO(filepath=str(path), silent=True, geotype="GPL").table
    theirs = dict(zip(table["ID"], table["Symbol"].fillna(""), strict=True))
    assert load_probe_map(path) == theirs
