"""Generated tables: what stands beside the genes never changes a score without a refusal.

Each table is one cohort with columns or rows that are no levels, on some scale, with some kind of names, in some form
of text. The scores are those of the clean table on the same scale, written without any of that; or the file is refused.
"""

import gzip

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ifntrial.errors import InputError
from ifntrial.signature import ReadOptions, ScoreSettings
from shipped import CATALOG, compute_scores, read_expression
from unit.signature.made import HEALTHY, PATIENTS, make_cohort

COHORT = make_cohort()
SAMPLES = HEALTHY + PATIENTS
SETTINGS = ScoreSettings(draws=0)
SIGNATURES = ["az_4_gene", "ags_6", "aybey_ifn_i"]
NUMBERS = np.random.default_rng(7)
DEPTH = np.exp2(np.random.default_rng(8).uniform(0.0, 3.0, 20))

LINEAR = np.exp2(COHORT.log2)
SCALES = {
    "log2": COHORT.log2,
    "counts": (LINEAR * DEPTH).round().astype(int),
    "estimated counts": (LINEAR * DEPTH * 1.003).round(2),
    "tpm": (LINEAR / LINEAR.sum() * 1e6).round(3),
    "linear": (LINEAR * 10.0 + 0.37).round(2),
    "delta_ct": (20.0 - COHORT.log2).round(4),
    "low delta_ct": (12.0 - COHORT.log2).round(4),
    "rq": np.exp2(COHORT.log2.sub(COHORT.log2[HEALTHY].mean(axis=1), axis=0)).round(5),
    "fpkm": (LINEAR / 400.0).round(4),
    "ln": (COHORT.log2 * np.log(2.0)).round(5),
    "log10": (COHORT.log2 * np.log10(2.0)).round(5),
    "z": COHORT.log2.sub(COHORT.log2.mean(axis=1), axis=0).div(COHORT.log2.std(axis=1), axis=0).round(5),
}
TRUE_SCALE = {"estimated counts": "counts", "low delta_ct": "delta_ct", "fpkm": "tpm"}


def draw(low: float, high: float, digits: int = 2, size: int = 150) -> np.ndarray:
    return NUMBERS.uniform(low, high, size).round(digits)


# Columns beside samples, in tables with genes in rows.
BESIDE_SAMPLES = {
    "ENTREZID": draw(1, 60000, 0).astype(int), "Length": draw(300, 9000, 0).astype(int), "gene_length": draw(300,
    9000, 1),
    "Chr": NUMBERS.integers(1, 23, 150), "Start": draw(1e4, 1e8, 0).astype(int), "GC content": draw(30, 70),
    "P.Value": draw(0, 1, 5), "adj.P.Val": draw(0, 1, 5), "logFC": draw(-3, 4, 3), "log2FoldChange": draw(-3, 4, 3),
    "baseMean": draw(5, 9e4), "Mean": COHORT.log2.mean(axis=1).round(4).to_numpy(), "SD": draw(0.1, 2.0, 3),
    "biotype": np.array(["protein_coding"] * 150), "Unnamed: 0": np.arange(150), "exon count": NUMBERS.integers(1, 40,
    150),
    "HGNC_ID": draw(1, 5e4, 0).astype(int), "stat": draw(-9, 9, 3), "xyz7": draw(0, 1000, 1), "t": draw(-9, 9, 3),
    "description": np.array(["interferon induced protein"] * 149 + ["x"]), "flag": NUMBERS.integers(0, 2,
    150).astype(bool),
}  # fmt: skip
# Rows (or columns) beside genes.
BESIDE_GENES = {
    "__no_feature": draw(1e4, 9e5, 0, 20).astype(int), "__ambiguous": draw(10, 9e3, 0, 20).astype(int),
    "N_unmapped": draw(1e4, 9e5, 0, 20).astype(int), "Unassigned_NoFeatures": draw(1e4, 9e5, 0, 20).astype(int),
    "ERCC-00002": draw(10, 9e4, 0, 20).astype(int), "AFFX-BioB-3_at": draw(5, 12, 2, 20), "age": NUMBERS.integers(18,
    80, 20),
    "Age at onset": NUMBERS.integers(18, 80, 20), "sex": np.array(["F", "M"] * 10), "SLEDAI": NUMBERS.integers(0, 30,
    20),
    "mRSS": NUMBERS.integers(0, 51, 20), "BMI": draw(18, 40, 1, 20), "RIN": draw(5, 10, 1, 20), "batch": np.array([1,
    2] * 10),
    "plate": np.array(["P1", "P2"] * 10), "total_reads": draw(1e6, 9e7, 0, 20).astype(int), "CRP_mg_l": draw(0, 90, 1,
    20),
    "lib_size": draw(1e6, 9e7, 0, 20).astype(int), "percent.mt": draw(0, 20, 2, 20), "n_genes": draw(1e3, 9e3, 0,
    20).astype(int),
    "Anti-dsDNA IgG": draw(0, 300, 1, 20), "platelets": draw(90, 450, 0, 20).astype(int), "HGB": draw(80, 170, 0,
    20).astype(int),
    "visit": np.array([0, 12] * 10), "2": draw(5, 12, 2, 20), "Neutrophils (%)": draw(20, 90, 1, 20),
    "well": np.array(["5"] * 19 + ["5_repeat"]),
}  # fmt: skip


def ids_of(kind: str) -> dict[str, str]:
    genes = CATALOG.genes
    table = {"ensembl": genes.by_ensembl, "entrez": genes.by_entrez}.get(kind)
    by_symbol = {} if table is None else {symbol: name for name, symbol in table.items() if name}
    if kind == "entrez":
        others = NUMBERS.permutation(np.arange(70_001, 900_000))[:121]
        by_symbol |= {f"GENE{i}": str(number) for i, number in enumerate(others, start=1)}
        by_symbol |= {f"GENE{i}": "100130" + str(100 + i) for i in range(1, 9)}
    if kind == "ensembl":
        by_symbol = {gene: f"{name}.{4}" for gene, name in by_symbol.items()}
    if kind == "joined":
        by_symbol = {symbol: f"{name}|{symbol}" for name, symbol in genes.by_ensembl.items() if name}
    return by_symbol


def build(scale, columns, rows, ids, turned) -> pd.DataFrame:
    frame = SCALES[scale].rename(index=ids_of(ids))
    # among Entrez ids the number 2 is a gene
    rows = [name for name in rows if name != "2" or ids != "entrez"]
    for name in rows:
        values = pd.DataFrame([BESIDE_GENES[name]], index=[name], columns=SAMPLES)
        frame = pd.concat([frame.astype(object), values.astype(object)])
    if turned:
        return frame.T
    out = frame.copy()
    for place, name in enumerate(columns):
        own = list(BESIDE_SAMPLES[name]) + [""] * len(rows)
        out.insert(min(place * 7, out.shape[1]), name, own)
    return out


def clean_scores(scale: str) -> pd.DataFrame:
    options = ReadOptions(scale=TRUE_SCALE.get(scale, scale))
    methods = ["mean_z"] if scale == "z" else None
    return compute_scores(
        SCALES[scale],
        healthy=HEALTHY,
        signatures=SIGNATURES,
        methods=methods,
        options=options,
        settings=SETTINGS,
    )


CLEAN = {scale: clean_scores(scale) for scale in SCALES}
READ, REFUSED = [], []


@settings(suppress_health_check=list(HealthCheck))
@given(
    scale=st.sampled_from(list(SCALES)),
    columns=st.lists(st.sampled_from(list(BESIDE_SAMPLES)), max_size=3, unique=True),
    rows=st.lists(st.sampled_from(list(BESIDE_GENES)), max_size=3, unique=True),
    ids=st.sampled_from(["symbol", "symbol", "ensembl", "entrez", "joined"]),
    turned=st.booleans(),
)
def test_no_other_scores_without_a_refusal(tmp_path_factory, scale, columns, rows, ids, turned):
    frame = build(scale, columns, rows, ids, turned)
    folder = tmp_path_factory.mktemp("made")
    for separator, ending in ((",", "csv"), ("\t", "tsv.gz"), (";", "txt")):
        text = frame.to_csv(sep=separator, index_label="gene" if not turned else "sample").encode()
        path = folder / f"x.{ending}"
        path.write_bytes(gzip.compress(text) if ending.endswith("gz") else text)
        check(path, (scale, columns, rows, ids))


def check(path, made):
    try:
        expression = read_expression(path)
        found = compute_scores(expression, healthy=HEALTHY, signatures=SIGNATURES, settings=SETTINGS)
    except InputError as error:
        REFUSED.append((*made, str(error)))
        return
    pd.testing.assert_frame_equal(found, CLEAN[made[0]], check_names=False, rtol=1e-9)
    assert expression.ledger.samples_used == 20
    assert expression.ledger.rows_used == 150
    READ.append(made[0])


def test_enough_tables_were_tried_and_the_usual_ones_are_read():
    if not READ:
        pytest.skip("the test above was not run")
    assert len(READ) + len(REFUSED) >= 100
    assert {"log2", "counts", "tpm", "linear"} == set(READ)
    usual = [each for each in REFUSED if each[0] in ("log2", "counts", "tpm", "linear")]
    assert len(usual) < len(READ)
