"""Draw virtual patients with systemic sclerosis: covariates, scores, the untreated course, and their own parameters.

They are patients as registries see them, of both subsets and any duration; whom a trial lets in, its design says. Every
number comes from the rows ``population.*``, ``history.*`` and ``skin_course.*`` of the evidence tables. A subject's
draws depend on the seed, the purpose and the subject's number alone, so a larger population starts with the same people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from scipy.special import ndtr

from ifntrial.arrays import AnyArray, FloatArray
from ifntrial.evidence.distributions import between_subject, deviation_sd
from ifntrial.evidence.records import Evidence, ParameterValue
from ifntrial.evidence.rows import Each, Rows
from ifntrial.items import CORE_ITEMS, ITEMS
from ifntrial.model import Model
from ifntrial.model.build import BESIDE_EQUATIONS, ETA
from ifntrial.model.values import evidence_row
from ifntrial.patients.drawing import (
    Draws,
    correlate,
    item_correlation,
    truncated_lognormal,
    truncated_normal,
)
from ifntrial.patients.entry_rows import CHANGES, ENTRY, REPORTED, Entry
from ifntrial.patients.organs import with_organs
from ifntrial.patients.records import VirtualPopulation
from ifntrial.patients.reference_volume import volume_parameters
from ifntrial.patients.screening import read_at_screening, read_skin_change
from ifntrial.patients.signature_status import Status, draw_chemokine_score, draw_status, draw_tone
from ifntrial.patients.skin_course import (
    SKIN_LAW,
    SkinLaw,
    SkinPatient,
    change_before,
    change_in_a_year,
    course_of,
    liability,
)
from ifntrial.patients.who import draw_who

AMPLITUDES = ("signature_amplitude_blood", "signature_amplitude_skin")
COURSE = "skin_course"
"""Name in ``VirtualPopulation.history`` of the class of the skin's course, see ``skin_course``."""


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
        Holds the rows.
    subjects, first
        How many, and the number of the first.
    seed
        The run's seed.
    """
    draw = Draws(seed, subjects, first)
    entry = _enter(evidence, draw)
    number = entry.number
    covariates = dict(entry.covariates)
    own = _subject_variability(model, evidence, draw)
    history, before = _history(evidence, draw, entry.skin)
    covariates |= read_at_screening(evidence, {**entry.true, "nt_probnp": own["nt_probnp_baseline"]}, draw)
    covariates["mrss_change_before"] = read_skin_change(evidence, before, draw)
    drawn = VirtualPopulation(
        covariates=covariates,
        parameters=own
        | _interferon_layer(number, evidence, draw, entry.status, own)
        | volume_parameters(
            evidence,
            covariates["is_female"].astype(bool),
            *(covariates[name].astype(np.float64) for name in ("age_years", "height_cm")),
        )
        | {
            "body_weight": covariates["body_weight_kg"].astype(np.float64),
            "uses_mmf": covariates["uses_mmf"].astype(np.float64),
            "is_ifn_low": 1.0 - entry.status.is_high_blood.astype(np.float64),
        }
        | {f"{item}_baseline": entry.true[item] for item in CORE_ITEMS},
        history=history,
        prevalence_weight=np.ones(subjects),
    )
    return with_organs(drawn, evidence, draw)


def skin_patients(evidence: Evidence, subjects: int, seed: int) -> SkinPatient:
    """Return what the course of skin hangs on in the subjects of ``sample_population``, each (subjects,)."""
    return _enter(evidence, Draws(seed, subjects, 0)).skin


@dataclass(frozen=True, slots=True)
class _Entry:
    """Subjects before anything is read of them: covariates and true scores, each (subjects,)."""

    number: Entry
    covariates: Mapping[str, AnyArray]
    true: Mapping[str, FloatArray]
    status: Status
    skin: SkinPatient


def _enter(evidence: Evidence, draw: Draws) -> _Entry:
    number = ENTRY.read(evidence)
    covariates = draw_who(number, draw)
    normals = correlate(item_correlation(number.correlation), draw.normals("baseline items", len(CORE_ITEMS)))
    true = _baseline_items(number, covariates, normals)
    status = draw_status(number, draw, covariates, normals[0], normals[CORE_ITEMS.index("fvc_percent")])
    covariates |= {"is_ifn_high": status.is_high_blood, "is_ifn_high_skin": status.is_high_skin}
    return _Entry(number, covariates, true, status, _skin_patient(number, covariates, true["mrss"], status))


def _baseline_items(
    number: Entry, covariates: Mapping[str, AnyArray], normals: FloatArray
) -> dict[str, FloatArray]:
    """Return the true scores at entry, each (subjects,).

    ``normals`` are those of patients of the same kind. Other items hang on the skin score itself, not on its rank among
    patients of the same kind: their own rows are those of patients with the reference score.
    """
    root = np.linalg.cholesky(item_correlation(number.correlation))
    mrss = _skin_score(number, covariates, ndtr(normals[0]))
    beyond = (mrss - number.mrss_reference_mean) / number.mrss_reference_sd - normals[0]
    u = {item: ndtr(normals[i] + root[i, 0] * beyond) for i, item in enumerate(CORE_ITEMS)}
    lung_mean = np.where(covariates["has_ild"], number.fvc_percent_ild_mean, number.fvc_percent_no_ild_mean)
    lung = truncated_normal(
        u["fvc_percent"], lung_mean, number.fvc_percent_sd, number.fvc_percent_low, number.fvc_percent_high
    )
    reported = {
        name: truncated_normal(
            u[name], number.scale_mean[name], number.scale_sd[name], ITEMS[name].low, ITEMS[name].high
        )
        for name in REPORTED
    }
    return {"mrss": mrss, "fvc_percent": lung, **reported}


def _skin_score(number: Entry, covariates: Mapping[str, AnyArray], u: FloatArray) -> FloatArray:
    """Return the true skin score: of diffuse disease high and falling after its peak, of limited disease low."""
    scale, duration = ITEMS["mrss"], covariates["disease_duration_years"].astype(np.float64)
    after_peak = np.log(np.maximum(duration / number.mrss_peak_duration, 1.0))
    mean = (
        number.mrss_mean
        + number.mrss_ara_higher * (covariates["antibody"] == "ARA")
        - number.mrss_fall_per_log_year * after_peak
    )
    diffuse = truncated_normal(u, mean, number.mrss_sd, scale.low, scale.high)
    limited = truncated_lognormal(
        u, number.mrss_limited_median, number.mrss_limited_cv, scale.low, scale.high
    )
    return np.where(covariates["subset"] == "diffuse", diffuse, limited)


def _skin_patient(
    number: Entry, covariates: Mapping[str, AnyArray], mrss: FloatArray, status: Status
) -> SkinPatient:
    return SkinPatient(
        is_diffuse=np.asarray(covariates["subset"] == "diffuse"),
        has_ara=np.asarray(covariates["antibody"] == "ARA"),
        duration_years=covariates["disease_duration_years"].astype(np.float64),
        score=mrss,
        above_reference=(mrss - number.mrss_reference_mean) / number.mrss_reference_sd,
        signature=status.above_blood,
    )


def _history(evidence: Evidence, draw: Draws, who: SkinPatient) -> tuple[dict[str, FloatArray], FloatArray]:
    """Return the deviations of the natural changes, and the true change of skin over the year before, (subjects,)."""
    law, changes = SKIN_LAW.read(evidence), CHANGES.read(evidence)
    normals = draw.normals("natural history", len(CORE_ITEMS))
    unseen = draw.normal("course of the skin")
    course = course_of(law, liability(law, who) + unseen)
    change = change_in_a_year(law, who, course, normals[0])
    # Other items go with the whole change of the skin, of class and within it.
    normals[0] = (change - changes.mrss_change_mean) / changes.mrss_change_sd
    mixed = correlate(item_correlation(changes.correlation), normals)
    history = dict(zip(CORE_ITEMS, mixed, strict=True))
    history |= {COURSE: course.astype(np.float64), "nt_probnp": draw.normal("natural history of NT-proBNP")}
    return history, _before(law, draw, who, unseen)


def _before(law: SkinLaw, draw: Draws, who: SkinPatient, unseen: FloatArray) -> FloatArray:
    fresh = draw.normal("course of the skin before")
    last = law.persistence * unseen + np.sqrt(1.0 - law.persistence**2) * fresh
    return change_before(law, who, last, draw.normal("change of the skin before"))


def _interferon_layer(
    number: Entry, evidence: Evidence, draw: Draws, status: Status, own: Mapping[str, FloatArray]
) -> dict[str, FloatArray]:
    rows = _OWN.read(evidence).row
    tissues = {name.removeprefix("signature_amplitude_"): name for name in AMPLITUDES}
    amplitude = {tissue: own[name] for tissue, name in tissues.items()}
    typical = {tissue: rows[name].value for tissue, name in tissues.items()}
    return draw_tone(number, status, draw, amplitude, typical) | {
        "chemokine_score_baseline": draw_chemokine_score(number, evidence, status, draw)
    }


def _subject_variability(model: Model, evidence: Evidence, draw: Draws) -> dict[str, FloatArray]:
    values = {}
    deviating = [x.name.removeprefix(ETA) for x in model.parameters if x.name.startswith(ETA)]
    for name in (*deviating, *BESIDE_EQUATIONS):
        row = evidence_row(model, evidence, name)
        spread = 0.0 if row is None else deviation_sd(row)
        values[f"{ETA}{name}"] = spread * draw.normal(f"eta {name}")
    for name, row in _OWN.read(evidence).row.items():
        values[name] = between_subject(row).ppf(draw.uniform(name))
    return values
