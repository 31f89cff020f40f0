"""Draw virtual patients with early systemic sclerosis: covariates, baseline scores and their own parameters.

Every number comes from the rows ``population.*`` of the evidence tables. A subject's draws depend on the seed, the
purpose and the subject's number alone, so a larger population starts with the same people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from scipy.special import ndtr
from scipy.stats import lognorm, truncnorm

from ifntrial.arrays import AnyArray, BoolArray, FloatArray
from ifntrial.evidence.distributions import between_subject, deviation_sd
from ifntrial.evidence.records import Evidence, ParameterValue
from ifntrial.evidence.rows import Each, Rows
from ifntrial.items import CORE_ITEMS, ITEMS
from ifntrial.model import Model
from ifntrial.model.values import evidence_row
from ifntrial.patients.entry_rows import CHANGES, CORRELATIONS, ENTRY, REPORTED, Entry
from ifntrial.patients.organs import with_organs
from ifntrial.patients.records import VirtualPopulation
from ifntrial.seeds import Stream

ETA = "eta_"
"""What the name of a between-subject deviation starts with; the rest is the parameter that deviates."""

AMPLITUDES = ("signature_amplitude_blood", "signature_amplitude_skin")

FVC_TOP = 130.0
AGE_RANGE = (18.0, 85.0)
WEIGHT_RANGE = (35.0, 180.0)
LONGEST_DURATION_YEARS = 6.0


@dataclass(frozen=True, slots=True)
class _Own:
    """Model parameters of which every subject has an own value, by name."""

    row: Annotated[
        Mapping[str, ParameterValue],
        Each(
            "{}",
            {
                **dict.fromkeys(AMPLITUDES, "1"),
                "capillary_density_baseline": "1/mm",
                "nt_probnp_baseline": ITEMS["nt_probnp"].unit,
                "troponin_baseline": "ng/L",
            },
        ),
    ]


_OWN = Rows("", _Own)


def sample_population(
    model: Model, evidence: Evidence, subjects: int, seed: int, *, first: int = 0
) -> VirtualPopulation:
    """Return subjects ``first .. first + subjects - 1`` of the population that belongs to ``seed``.

    Parameters
    ----------
    model
        Its drug's rows give the between-subject variability of pharmacokinetics.
    evidence
        Holds the rows ``population.*``.
    subjects, first
        How many, and the number of the first.
    seed
        The run's seed.
    """
    number = ENTRY.read(evidence)
    draw = _Draws(seed, subjects, first)
    covariates = _covariates(number, draw)
    covariates |= _baseline_items(number, draw, covariates["has_ild"].astype(bool))
    parameters = _interferon_layer(number, draw, covariates)
    parameters |= _subject_variability(model, evidence, draw)
    covariates["nt_probnp"] = parameters["nt_probnp_baseline"]
    parameters |= {
        "body_weight": covariates["body_weight_kg"].astype(np.float64),
        "uses_mmf": covariates["uses_mmf"].astype(np.float64),
        "is_ifn_low": 1.0 - covariates["is_ifn_high"].astype(np.float64),
    }
    parameters |= {f"{item}_baseline": covariates[item].astype(np.float64) for item in CORE_ITEMS}
    together = item_correlation(CHANGES.read(evidence).correlation)
    history = dict(
        zip(
            CORE_ITEMS,
            correlate(together, draw.normals("natural history", len(CORE_ITEMS))),
            strict=True,
        )
    )
    history["nt_probnp"] = draw.normal("natural history of NT-proBNP")
    drawn = VirtualPopulation(
        covariates=covariates,
        parameters=parameters,
        history=history,
        prevalence_weight=np.ones(subjects),
    )
    return with_organs(drawn, evidence, draw)


class _Draws:
    """The random numbers of one block of subjects, by purpose."""

    def __init__(self, seed: int, subjects: int, first: int) -> None:
        self.seed, self.subjects, self.first = seed, subjects, first

    def uniform(self, purpose: str) -> FloatArray:
        return Stream(self.seed, f"population: {purpose}").uniform(self.subjects, first=self.first)

    def normal(self, purpose: str, draw: int = 0) -> FloatArray:
        return Stream(self.seed, f"population: {purpose}").normal(self.subjects, draw=draw, first=self.first)

    def normals(self, purpose: str, rows: int) -> FloatArray:
        """Return independent normals, shape (rows, subjects)."""
        return np.stack([self.normal(purpose, draw) for draw in range(rows)])


def truncated_normal(
    u: FloatArray, mean: FloatArray | float, sd: float, low: float, high: float
) -> FloatArray:
    """Return quantiles ``u`` of a normal distribution cut to [low, high]."""
    return np.asarray(truncnorm.ppf(u, (low - mean) / sd, (high - mean) / sd, loc=mean, scale=sd))


def truncated_lognormal(u: FloatArray, median: float, cv: float, low: float, high: float) -> FloatArray:
    """Return quantiles ``u`` of a lognormal distribution cut to [low, high]."""
    sigma = np.sqrt(np.log1p(cv**2))
    distribution = lognorm(sigma, scale=median)
    bottom, top = distribution.cdf(low), distribution.cdf(high)
    return np.asarray(distribution.ppf(bottom + u * (top - bottom)))


def correlate(matrix: FloatArray, normals: FloatArray) -> FloatArray:
    """Return independent normals of shape (items, subjects), mixed so that they correlate as the matrix says.

    One subject's sum is always taken in the same order: a matrix product rounds otherwise for other numbers of subjects.
    """
    root = np.linalg.cholesky(matrix)
    mixed = np.zeros_like(normals)
    for row in range(len(root)):
        for column in range(row + 1):
            mixed[row] += root[row, column] * normals[column]
    return mixed


def item_correlation(correlation: Mapping[str, float]) -> FloatArray:
    """Return the correlation matrix of ``CORE_ITEMS`` from rows ``correlation_*``, shape (5, 5)."""
    matrix = np.eye(len(CORE_ITEMS))
    for i, j, name in CORRELATIONS:
        matrix[i, j] = matrix[j, i] = correlation[name]
    return matrix


def _covariates(number: Entry, draw: _Draws) -> dict[str, AnyArray]:
    antibody = np.select(
        [
            draw.uniform("antibody") < number.ata_share,
            draw.uniform("antibody") < number.ata_share + number.ara_share,
        ],
        ["ATA", "ARA"],
        "other",
    )
    ild_share = np.where(antibody == "ATA", number.ild_share_ata, number.ild_share_other)
    return {
        "age_years": truncated_normal(draw.uniform("age"), number.age_mean, number.age_sd, *AGE_RANGE),
        "is_female": draw.uniform("sex") < number.female_share,
        "body_weight_kg": truncated_lognormal(
            draw.uniform("body weight"), number.body_weight_median, number.body_weight_cv, *WEIGHT_RANGE
        ),
        "subset": np.where(draw.uniform("subset") < number.diffuse_share, "diffuse", "limited"),
        "antibody": antibody,
        "disease_duration_years": truncated_lognormal(
            draw.uniform("duration"),
            number.duration_median,
            number.duration_cv,
            0.0,
            LONGEST_DURATION_YEARS,
        ),
        "has_ild": draw.uniform("interstitial lung disease") < ild_share,
        "uses_mmf": draw.uniform("mycophenolate") < number.mmf_share,
    }


def _baseline_items(number: Entry, draw: _Draws, has_ild: BoolArray) -> dict[str, FloatArray]:
    u = dict(
        zip(
            CORE_ITEMS,
            ndtr(
                correlate(
                    item_correlation(number.correlation), draw.normals("baseline items", len(CORE_ITEMS))
                )
            ),
            strict=True,
        )
    )
    lung_mean = np.where(has_ild, number.fvc_percent_ild_mean, number.fvc_percent_no_ild_mean)
    items = {
        "mrss": truncated_normal(
            u["mrss"], number.mrss_mean, number.mrss_sd, number.mrss_low, number.mrss_high
        ),
        "fvc_percent": truncated_normal(
            u["fvc_percent"], lung_mean, number.fvc_percent_sd, number.fvc_percent_low, FVC_TOP
        ),
    }
    for name in REPORTED:
        mean, sd, scale = number.scale_mean[name], number.scale_sd[name], ITEMS[name]
        items[name] = truncated_normal(u[name], mean, sd, scale.low, scale.high)
    return items


def _interferon_layer(number: Entry, draw: _Draws, covariates: dict[str, AnyArray]) -> dict[str, FloatArray]:
    blood = draw.normal("signature in blood")
    shared = number.ifn_blood_skin_correlation
    skin = shared * blood + np.sqrt(1 - shared**2) * draw.normal("signature in skin")
    covariates["is_ifn_high"] = ndtr(blood) > 1 - number.ifn_high_share_blood
    covariates["is_ifn_high_skin"] = ndtr(skin) > 1 - number.ifn_high_share_skin
    return {
        f"ifn_tone_{tissue}": _tone(
            number, covariates[f"is_ifn_high{suffix}"], draw.normal(f"tone in {tissue}")
        )
        for tissue, suffix in (("blood", ""), ("skin", "_skin"))
    }


def _tone(number: Entry, is_high: AnyArray, deviation: FloatArray) -> FloatArray:
    high = np.exp(np.sqrt(np.log1p(number.ifn_tone_high_cv**2)) * deviation)
    low = number.ifn_tone_low_median * np.exp(np.sqrt(np.log1p(number.ifn_tone_low_cv**2)) * deviation)
    tone: FloatArray = np.where(is_high, high, low)
    return tone


def _subject_variability(model: Model, evidence: Evidence, draw: _Draws) -> dict[str, FloatArray]:
    values = {}
    for parameter in model.parameters:
        if parameter.name.startswith(ETA):
            name = parameter.name.removeprefix(ETA)
            row = evidence_row(model, evidence, name)
            spread = 0.0 if row is None else deviation_sd(row)
            values[parameter.name] = spread * draw.normal(f"eta {name}")
    for name, row in _OWN.read(evidence).row.items():
        values[name] = between_subject(row).ppf(draw.uniform(name))
    return values
