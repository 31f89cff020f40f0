"""What drives the uncertainty: which unknown the spread of power comes from, and which globals data inform."""

from collections.abc import Mapping, Sequence

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.studies.calibrate.learnt import LABELS
from ifntrial.studies.forecast.answers import InformedGlobal, VarianceShare
from ifntrial.studies.forecast.gather import ForecastWorlds
from ifntrial.studies.forecast.run import PreparedForecast
from ifntrial.studies.over_worlds import fields_of
from ifntrial.ties import are_equal
from ifntrial.worlds.beliefs import MIXTURE
from ifntrial.worlds.draw import GLOBALS
from ifntrial.worlds.posterior import data_likelihood, global_posteriors
from ifntrial.worlds.quantiles import quantile_band

PHARMACOKINETIC = (
    "bioavailability",
    "absorption_rate",
    "antibody_biodistribution_skin",
    "antibody_biodistribution_lung",
    "antibody_biodistribution_heart",
    "k_tissue_exchange_skin",
    "k_bound_receptor_internalization",
)
OTHER_GLOBALS = ("k_skin_matrix_turnover", "signature_imax", "bioavailability", "absorption_rate")


def variance_split(prepared: PreparedForecast, worlds: ForecastWorlds) -> tuple[VarianceShare, ...]:
    """Return the share of the variance of power between worlds and rules that each source of uncertainty carries.

    Power of a world and a reading of the rule varies within worlds (endpoint rule, where it has several readings) and
    between them. The part between worlds is shared out by an additive quadratic regression: a source's share is the
    covariance of its part with power. What no part explains is named so.
    """
    weight = prepared.choice.counts[MIXTURE] / prepared.choice.counts[MIXTURE].sum()
    power = np.stack([numbers.power for numbers in worlds.rules.values()], axis=1)
    between = power.mean(axis=1)
    rule_part = float((weight * power.var(axis=1)).sum())
    noise_part = float((weight * worlds.rules[""].standard_error ** 2).sum())
    blocks = _regressors(prepared)
    parts = _additive_parts(between, blocks, weight)
    centered = between - (weight * between).sum()
    shares = {name: float((weight * part * centered).sum()) for name, part in parts.items()}
    spread = float((weight * centered**2).sum())
    rest = spread - sum(shares.values())
    if power.shape[1] > 1:
        shares["endpoint rule"] = rule_part
    shares |= {
        "Monte Carlo": min(noise_part, max(rest, 0.0)),
        "other unknowns": max(rest - noise_part, 0.0),
    }
    total = sum(max(value, 0.0) for value in shares.values())
    return tuple(
        VarianceShare(name, max(value, 0.0) / total if total else 0.0) for name, value in shares.items()
    )


def _regressors(prepared: PreparedForecast) -> dict[str, list[FloatArray]]:
    choice = prepared.choice
    history = prepared.trial.worlds.history
    parameters = prepared.trial.worlds.parameters
    return {
        "efficacy": [
            *(
                np.where(choice.has_effect, place.effect[choice.positions], 0.0)
                for place in prepared.calibration.implied.at.values()
            ),
            parameters["effect_follows_signal"],
            parameters["a_mmf"],
        ],
        "placebo and trial effect": [
            values for name, values in history.items() if name != "progression_share"
        ],
        "pharmacokinetics": [parameters[name] for name in PHARMACOKINETIC if name in parameters],
    }


def _additive_parts(
    outcome: FloatArray, blocks: Mapping[str, Sequence[FloatArray]], weight: FloatArray
) -> dict[str, FloatArray]:
    """Return the fitted part of each block of regressors, linear and squared, by weighted ridge regression."""
    columns, owner = [], []
    for name, regressors in blocks.items():
        for values in regressors:
            is_constant = are_equal(values)
            scaled = np.zeros_like(values) if is_constant else (values - values.mean()) / values.std()
            columns += [scaled, scaled**2 - 1.0]
            owner += [name, name]
    design = np.stack(columns, axis=1)
    design = design - (weight[:, None] * design).sum(axis=0)
    root = np.sqrt(weight)
    weighed = design * root[:, None]
    # A tenth of a world's weight per column keeps small runs from fitting noise; it vanishes in large ones.
    ridge = np.eye(design.shape[1]) * (weight**2).sum()
    target = (outcome - (weight * outcome).sum()) * root
    # not by ``@``: a library's product rounds otherwise for another number of its threads
    normal = np.einsum("wi,wj->ij", weighed, weighed) + ridge
    slopes = np.linalg.solve(normal, (weighed * target[:, None]).sum(axis=0))
    is_own = {name: np.array([own == name for own in owner]) for name in blocks}
    return {name: (design[:, own] * slopes[own]).sum(axis=1) for name, own in is_own.items()}


def informed_globals(prepared: PreparedForecast) -> tuple[InformedGlobal, ...]:
    """Return prior and posterior of the drug effect's globals and of every other that data inform.

    The posterior uses data alone: published drug levels and signatures. The named beliefs are not
    data; ``under_mixture`` weighs worlds by both.
    """
    calibration = prepared.calibration
    model, evidence = prepared.trial.common.model, prepared.trial.common.evidence
    first = calibration.first_worlds(model, evidence)
    likelihood = data_likelihood(calibration.implied.predictions, evidence)[: first.size]
    rows = {row.name: row for row in global_posteriors(model, evidence, first, likelihood, LABELS)}
    worlds = calibration.structural_worlds(model, evidence)
    named = [name for name in (*GLOBALS, *OTHER_GLOBALS) if name in rows]
    informed = [name for name, row in rows.items() if row.verdict == "informed" and name not in named]
    mixture = prepared.choice.structural_mixture
    return tuple(
        InformedGlobal(**fields_of(rows[name]), under_mixture=quantile_band(worlds.parameters[name], mixture))
        for name in (*named, *informed)
    )
