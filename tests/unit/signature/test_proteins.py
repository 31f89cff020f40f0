"""Proteins below the limit of detection, in other units, from Olink; and what has no published rule."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ifntrial.errors import InputError
from ifntrial.signature import ReadOptions
from shipped import read_expression

PROTEINS = ["CCL2", "CCL8", "CCL19", "CXCL9", "CXCL10", "CXCL11"]
SAMPLES = [f"S{i}" for i in range(8)]
LEVELS = pd.DataFrame(
    np.exp(np.random.default_rng(1).normal(4.5, 0.5, (8, 6))).round(2), index=SAMPLES, columns=PROTEINS
)


def read(frame: pd.DataFrame, folder: Path, **options) -> tuple[pd.DataFrame, str]:
    """Return concentrations as they are used, and all notices."""
    frame.to_csv(folder / "x.csv", index_label="sample")
    found = read_expression(folder / "x.csv", ReadOptions(scale="protein", **options))
    return np.exp2(found.values), "\n".join(notice.text for notice in found.notices)


@pytest.mark.parametrize(
    ("rule", "expected"), [(None, 10.0), ("half", 10.0), ("keep", 20.0), ("missing", np.nan)]
)
def test_cells_below_a_limit(tmp_path, rule, expected):
    frame = LEVELS.astype(object)
    frame.iloc[0, 0], frame.iloc[1, 1] = "<20", "> 900"
    found, text = read(frame, tmp_path, below_lod=rule)
    assert found.loc["S0", "CCL2"] == pytest.approx(expected, nan_ok=True)
    assert found.loc["S1", "CCL8"] == pytest.approx(900.0)
    assert found.loc["S2", "CCL2"] == pytest.approx(LEVELS.loc["S2", "CCL2"])
    assert "1 cells are below a limit" in text


def test_limits_in_a_row_of_the_table_and_in_a_table_of_their_own(tmp_path):
    limits = dict.fromkeys(PROTEINS, 0.1) | {"CXCL10": 1000.0}
    beside = pd.concat([LEVELS, pd.DataFrame([limits], index=["LOD"])])
    found, text = read(beside, tmp_path)
    assert list(found.index) == SAMPLES
    np.testing.assert_allclose(found["CXCL10"], 500.0)
    np.testing.assert_allclose(found["CCL2"], LEVELS["CCL2"])
    assert "mostly below the limit of detection: CXCL10 100%" in text
    pd.Series(limits).to_csv(tmp_path / "limits.csv", index_label="protein", header=["limit"])
    pd.testing.assert_frame_equal(read(LEVELS, tmp_path, lod=tmp_path / "limits.csv")[0], found)


def test_units_in_names_become_pg(tmp_path):
    named = LEVELS.set_axis([f"{name} (pg/mL)" for name in PROTEINS[:5]] + ["CXCL11_ng_ml"], axis=1)
    named["CXCL11_ng_ml"] /= 1000.0
    found, text = read(named, tmp_path)
    np.testing.assert_allclose(found[PROTEINS], LEVELS[PROTEINS])
    assert "read as pg/ml" in text


def test_limits_have_no_effect_on_transcripts(tmp_path):
    LEVELS.to_csv(tmp_path / "x.csv")
    with pytest.raises(InputError, match="no effect on this scale"):
        read_expression(tmp_path / "x.csv", ReadOptions(scale="log2", below_lod="half"))


def olink(folder: Path, **changes) -> Path:
    long = (
        np.log2(LEVELS)
        .rename_axis("SampleID")
        .reset_index()
        .melt("SampleID", var_name="Assay", value_name="NPX")
    )
    long = long.assign(LOD=6.0, QC_Warning=np.where(long["SampleID"] == "S3", "Warn", "Pass"), **changes)
    long.to_csv(folder / "npx.csv", sep=";", index=False)
    return folder / "npx.csv"


def test_olink_is_what_pandas_pivots(tmp_path):
    found = read_expression(olink(tmp_path))
    assert (found.scale, found.platform, found.material) == ("npx", "Olink", "protein")
    np.testing.assert_allclose(found.values.loc[SAMPLES, PROTEINS], np.log2(LEVELS))
    text = "\n".join(notice.text for notice in found.notices)
    assert f"{int((np.log2(LEVELS) < 6.0).to_numpy().sum())} levels lie below the limit of detection" in text
    assert "6 levels of 1 samples carry a warning and are used: S3" in text


def test_olink_with_a_protein_on_two_panels_is_refused(tmp_path):
    path = olink(tmp_path)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines, lines[1]]) + "\n")
    with pytest.raises(InputError, match="twice for a sample"):
        read_expression(path)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("pSTAT1 MFI", "phosphorylated STAT"),
        ("SIGLEC1 MFI", "SIGLEC1 on cells"),
        ("IFN-alpha2 (fg/ml)", "by Simoa"),
    ],
)
@pytest.mark.parametrize("scale", [None, "protein"])
def test_what_has_no_published_rule_is_refused_and_said(tmp_path, name, said, scale):
    (tmp_path / "x.csv").write_text(f"sample,{name}\na,5\nb,6\n")
    with pytest.raises(InputError, match=said):
        read_expression(tmp_path / "x.csv", ReadOptions(scale=scale))


def test_a_marker_beside_proteins_is_said_and_not_scored(tmp_path):
    _, text = read(LEVELS.assign(SIGLEC1=50.0), tmp_path)
    assert "'SIGLEC1' is SIGLEC1 on cells" in text
