"""Who takes glucocorticoids and who lives in East Asia."""

import numpy as np
from scipy.stats import binomtest

from ifntrial.patients.sample import sample_population

N = 20_000


def test_background_is_drawn_in_its_shares_and_is_what_the_model_gets(model, with_rows):
    evidence = with_rows({"population.glucocorticoid_share": 0.3, "population.east_asia_share": 0.1})
    people = sample_population(model, evidence, N, 3)
    for name, share in (("uses_glucocorticoid", 0.3), ("lives_in_east_asia", 0.1)):
        seen = people.covariates[name]
        assert binomtest(int(seen.sum()), N, share).pvalue > 1e-3
        assert np.array_equal(people.parameters[name], seen)
    assert np.array_equal(people.parameters["age"], people.covariates["age_years"])
    together = np.corrcoef([*(people.covariates[name] for name in ("uses_glucocorticoid", "uses_mmf"))])
    assert abs(together[0, 1]) < 4 / np.sqrt(N)
