"""AnnData of cells, and what a file says of its logarithm: the profiles that cells add up to, or a refusal."""

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData

from ifntrial.errors import InputError
from ifntrial.signature import ReadOptions
from shipped import read_expression
from unit.signature.made import HEALTHY, PATIENTS, make_cohort

BASE = make_cohort().log2
SAMPLES = HEALTHY + PATIENTS
CELLS = (
    np.random.default_rng(3).poisson(np.repeat(np.exp2(BASE.T.to_numpy() - 5.0), 12, axis=0)).astype(float)
)
DONORS = np.repeat(np.array(SAMPLES, dtype=object), 12)
SUMS = pd.DataFrame(CELLS).groupby(DONORS, sort=False).sum().set_axis(BASE.index, axis=1)
TPM = np.exp2(BASE.T) / np.exp2(BASE.T).sum(axis=1).to_numpy()[:, None] * 1e6


def cells(donors=DONORS, numbers=CELLS, names=None) -> AnnData:
    names = [f"cell{i}" for i in range(len(numbers))] if names is None else names
    return AnnData(
        numbers, obs=pd.DataFrame({"donor": donors}, index=names), var=pd.DataFrame(index=BASE.index)
    )


def samples(numbers, base="none") -> AnnData:
    made = AnnData(
        np.asarray(numbers, dtype=float), obs=pd.DataFrame(index=SAMPLES), var=pd.DataFrame(index=BASE.index)
    )
    if base != "none":
        made.uns["log1p"] = {"base": base}
    return made


def added_up(data: AnnData) -> pd.DataFrame:
    return read_expression(data, ReadOptions(pseudobulk=("donor",))).values


@pytest.mark.parametrize(
    ("base", "log"), [(None, np.log1p), (2, lambda x: np.log2(1.0 + x)), (10.0, lambda x: np.log10(1.0 + x))]
)
def test_the_base_of_the_logarithm_is_that_of_the_file(base, log):
    found = read_expression(samples(log(TPM.to_numpy()), base)).values
    np.testing.assert_allclose(found, np.log2(TPM + 1.0), rtol=1e-9)


def test_a_base_that_nobody_uses_is_refused():
    with pytest.raises(InputError, match="base 7"):
        read_expression(samples(np.log1p(TPM), 7.0))


@pytest.mark.parametrize("numbers", [TPM.round(), (BASE - BASE.mean()).T], ids=["counts", "centred"])
def test_what_the_file_says_of_its_logarithm_is_held_against_the_numbers(numbers):
    with pytest.raises(InputError, match="its numbers are none"):
        read_expression(samples(numbers, None))
    assert read_expression(samples(TPM.round(), None), ReadOptions(scale="tpm")).scale == "tpm"


def test_cells_without_a_donor_make_no_sample_and_are_told():
    donors = [*DONORS, *[None] * 30, *["nan"] * 2]
    found = read_expression(cells(donors, np.vstack([CELLS, CELLS[:32]])), ReadOptions(pseudobulk=("donor",)))
    pd.testing.assert_frame_equal(found.values, added_up(cells()))
    assert "32 of 272 cells have no donor" in str(found.notices)


def test_donors_that_are_numbers_keep_their_digits():
    numbers = np.repeat(np.arange(1234567.0, 1234587.0), 12)
    assert [*added_up(cells(numbers)).index] == [str(1234567 + i) for i in range(20)]


def test_sums_are_those_of_pandas():
    expected = np.log2(SUMS.div(SUMS.sum(axis=1), axis=0) * 1e6 + 1.0)
    np.testing.assert_allclose(added_up(cells()).loc[SAMPLES], expected.loc[SAMPLES], rtol=1e-12)


def test_groups_of_the_same_joined_name_are_not_one():
    data = cells(["a|b"] * 120 + ["a"] * 120)
    data.obs["type"] = ["c"] * 120 + ["b|c"] * 120
    with pytest.raises(InputError, match="same for different groups"):
        read_expression(data, ReadOptions(pseudobulk=("donor", "type")))


@pytest.mark.parametrize(
    "names", [[f"AACGTTGC{'ACGT'[i % 4]}{i}-1" for i in range(240)], None], ids=["barcodes", "zeros"]
)
def test_single_cells_are_not_scored_one_by_one_unless_they_are_said_to_be_samples(names):
    numbers = CELLS if names else np.where(np.random.default_rng(4).random(CELLS.shape) < 0.1, CELLS, 0.0)
    names = None if names is None else ["ACGTACGTACGT-" + str(i) for i in range(240)]
    data = cells(numbers=numbers, names=names)
    with pytest.raises(InputError, match="look like single cells"):
        read_expression(data, ReadOptions(scale="counts"))
    said = ReadOptions(scale="counts", samples=tuple(data.obs_names), library_size="sum")
    assert len(read_expression(data, said).values) == 240


def test_the_size_of_a_file_is_asked_before_it_is_read(tmp_path, monkeypatch):
    samples(TPM).write_h5ad(tmp_path / "x.h5ad")
    monkeypatch.setattr("ifntrial.signature.formats.anndata_checks.LARGEST_CELLS", 100)
    with pytest.raises(InputError, match="too large to be read"):
        read_expression(tmp_path / "x.h5ad")
