"""The rank score against ssGSEA of GSEApy, which agrees with GSVA of R: exact without weights, close with them."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from ifntrial.signature import ReadOptions
from shipped import load_signature, score_samples

GENES = list(load_signature("aybey_ifn_i").genes)


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    numbers = np.random.default_rng(12)
    names = [*GENES, *(f"G{i}" for i in range(1980))]
    frame = pd.DataFrame(numbers.normal(8, 2, (30, 2000)), columns=names, index=[f"s{i}" for i in range(30)])
    frame[GENES] += np.linspace(-1, 4, 30)[:, None]
    return frame


def ssgsea(data: pd.DataFrame, weight: float) -> np.ndarray:
    gseapy = pytest.importorskip("gseapy", reason="GSEApy is not installed")
    found = gseapy.ssgsea(
        data=data.T, gene_sets={"set": GENES}, outdir=None, sample_norm_method="rank", correl_norm_type="rank",
        weight=weight, permutation_num=0, min_size=1, max_size=5000, no_plot=True, threads=1, seed=1,
    )  # fmt: skip
    return found.res2d.set_index("Name").loc[list(data.index), "ES"].to_numpy(dtype=float)


def ours(data: pd.DataFrame) -> np.ndarray:
    result = score_samples(
        data, signatures=["aybey_ifn_i"], methods=["singscore"], options=ReadOptions(scale="log2")
    )
    return result.scores_of("aybey_ifn_i")["score"].to_numpy()


@pytest.mark.filterwarnings("ignore")
def test_without_weights_ssgsea_is_a_straight_line_of_the_rank_score(data):
    enrichment, score = ssgsea(data, 0.0), ours(data)
    slope, offset = np.polyfit(score, enrichment, 1)
    assert slope > 0
    np.testing.assert_allclose(enrichment, slope * score + offset, rtol=0, atol=1e-6 * np.ptp(enrichment))


@pytest.mark.filterwarnings("ignore")
def test_with_weights_the_order_of_samples_is_close(data):
    assert spearmanr(ssgsea(data, 0.25), ours(data))[0] > 0.98
