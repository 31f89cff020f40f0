"""Every analysis on fixed tables, as JSON: what must be the same on any processor.

python tests/processors/analyses.py FILE
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ifntrial.seeds import Stream
from ifntrial.signature.random_intercept import fit_random_intercept
from ifntrial.signature.two_normals import fit_two_normals
from ifntrial.statistics.ancova import ancova
from ifntrial.statistics.cmh import StratifiedCounts, cmh_test
from ifntrial.statistics.imputation import analyze_imputed, impute
from ifntrial.statistics.logistic import logistic
from ifntrial.statistics.looks.sequential import sequential_power, spend_beta
from ifntrial.statistics.miettinen_nurminen import miettinen_nurminen
from ifntrial.statistics.mmrm import estimate_contrast, fit_mmrm, trial_design
from ifntrial.statistics.negative_binomial import negative_binomial
from ifntrial.statistics.survival import cox, log_rank

SUBJECTS = 120
ACTIVE = np.arange(SUBJECTS) % 2 == 0


def uniform(purpose: str, size: int = SUBJECTS) -> np.ndarray:
    return Stream(1, f"table: {purpose}").uniform(size)


def bell(purpose: str, size: int = SUBJECTS) -> np.ndarray:
    """Return numbers that scatter like normal ones, made without any function that processors round differently."""
    return np.round(np.sum([uniform(f"{purpose} {i}", size) for i in range(12)], axis=0) - 6.0, 6)


def counted(rate: float) -> np.ndarray:
    """Return whole counts that vary more than Poisson ones."""
    odds = uniform("counts") / (1.05 - uniform("counts"))
    return np.floor(rate * odds * np.where(ACTIVE, 0.7, 1.0))


def regressions() -> Iterator[tuple[str, Any]]:
    covariates = np.column_stack([bell("age"), 1e6 * bell("size") + 3e6])
    for rate in (0.5, 5.0, 200.0, 40_000.0):
        counts, years = counted(rate), 0.5 + uniform("years")
        yield f"negative binomial {rate}", asdict(negative_binomial(counts, years, ACTIVE))
        yield (
            f"negative binomial {rate}, adjusted",
            asdict(negative_binomial(counts, years, ACTIVE, covariates)),
        )
    response = (uniform("response") + 0.15 * ACTIVE > 0.6).astype(float)
    yield "logistic", asdict(logistic(response, ACTIVE, covariates))
    yield "ancova", asdict(ancova(bell("outcome") + 0.3 * ACTIVE, ACTIVE, covariates))
    time, happened = 1.0 + np.floor(60 * uniform("time")), uniform("happened") < 0.6
    stratum = np.floor(3 * uniform("stratum"))
    for ties in ("efron", "breslow"):
        yield f"cox {ties}", asdict(cox(time, happened, ACTIVE, strata=stratum, ties=ties))
    yield "log rank", log_rank(time, happened, ACTIVE, stratum)


def repeated_measures() -> Iterator[tuple[str, Any]]:
    baseline = 20.0 + 5.0 * bell("baseline")
    y = np.stack([2.0 * bell("shared") + bell(f"visit {v}") - v * ACTIVE for v in range(4)], axis=1)
    y[uniform("gone") < 0.3, 3] = np.nan
    y[uniform("gone") < 0.15, 2:] = np.nan
    x, names, weights = trial_design(ACTIVE, baseline, 4)
    for scale in (1.0, 1e-4, 1e5):
        fit = fit_mmrm(scale * y, x, names)
        for method in ("satterthwaite", "kenward_roger"):
            yield f"mmrm {scale:g} {method}", asdict(estimate_contrast(fit, weights[3], method=method))
    imputed = impute(y[:, 1:], ACTIVE, baseline, reference="jump_to_reference", imputations=4, seed=3)
    yield "imputed", asdict(analyze_imputed(imputed, lambda last: ancova(last, ACTIVE, baseline[:, None])))


def tables() -> Iterator[tuple[str, Any]]:
    by_hand = [
        [(8, 20, 4, 20)],
        [(0, 20, 0, 20)],
        [(20, 20, 0, 20)],
        [(7, 7, 7, 7)],
        [(0, 9, 3, 8), (4, 4, 1, 5)],
    ]
    drawn = [
        [(int(u * 31), 30, int(v * 26), 25) for u, v in uniform(f"cells {i}", 6).reshape(3, 2)]
        for i in range(20)
    ]
    for place, strata in enumerate([*by_hand, *drawn]):
        counts = StratifiedCounts(*np.array(strata, dtype=float).T)
        yield f"score interval {place}", asdict(miettinen_nurminen(counts))
        yield (
            f"cmh {place}",
            {name: np.asarray(each).tolist() for name, each in asdict(cmh_test(counts)).items()},
        )


def others() -> Iterator[tuple[str, Any]]:
    for rates in ((0.5, 1.0), (0.25, 0.5, 0.75, 1.0)):
        design, drift = spend_beta(rates)
        yield f"looks {rates}", [drift, design.critical.tolist(), design.futility.tolist()]
        yield f"power {rates}", [float(sequential_power(design, drift).power)]
    groups = bell("scores") + 4.0 * (uniform("group") < 0.4)
    yield "two normals", asdict(fit_two_normals(groups))
    subject = np.repeat(np.arange(SUBJECTS // 3), 3)
    matrix = np.column_stack([np.ones(SUBJECTS), bell("variable")])
    fit = fit_random_intercept(bell("own") + bell("person")[subject] + 0.4 * matrix[:, 1], matrix, subject)
    yield "random intercept", [fit.coefficient.tolist(), fit.standard_error.tolist(), fit.ratio]


def main() -> None:
    found = {name: each for part in (regressions, repeated_measures, tables, others) for name, each in part()}
    Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
