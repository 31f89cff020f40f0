"""Courses over time of endpoints and of the signature, by arm, as bands over worlds."""

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.items import ITEMS
from ifntrial.studies.difference_chances import chances, smallest_relevant
from ifntrial.studies.forecast.course_records import (
    ArmCourse,
    ArmSignature,
    EndpointCourses,
    SignatureCourses,
)
from ifntrial.studies.forecast.gather import ForecastWorlds
from ifntrial.studies.forecast.run import PreparedForecast
from ifntrial.worlds.beliefs import MIXTURE
from ifntrial.worlds.quantiles import BandOverTime, quantile_band


def endpoint_courses(prepared: PreparedForecast, worlds: ForecastWorlds) -> tuple[EndpointCourses, ...]:
    """Return mean courses of each endpoint by arm and signature, as bands over worlds of the mixture."""
    weight = prepared.choice.counts[MIXTURE]
    rows = []
    for item in ITEMS.values():
        if not item.heading:
            continue
        name = item.name
        every = {group: _arm_bands(worlds, name, group, weight) for group in ("all", "high", "low")}
        groups = {group: arms for group, arms in every.items() if arms}
        differences = {group: difference_at_primary(worlds, name, group, prepared) for group in groups}
        relevant = smallest_relevant(prepared.trial.common.evidence, name)
        rows.append(
            EndpointCourses(
                name=name,
                label=item.heading,
                unit=item.spoken_unit,
                higher_is_better=item.higher_is_better,
                visit_weeks=tuple(prepared.trial.design.visit_weeks),
                by_group={
                    group: {arm: ArmCourse(band) for arm, band in arms.items()}
                    for group, arms in groups.items()
                },
                difference_by_group={
                    group: quantile_band(each, weight) for group, each in differences.items()
                },
                chances_by_group={
                    group: chances(each if item.higher_is_better else -each, weight, relevant)
                    for group, each in differences.items()
                },
                smallest_relevant=relevant,
            )
        )
    return tuple(rows)


def difference_at_primary(
    worlds: ForecastWorlds, endpoint: str, group: str, prepared: PreparedForecast
) -> FloatArray:
    """Return active minus control at the primary visit, shape (worlds,); not a number where a group is empty."""
    design = prepared.trial.design
    arms = worlds.means[endpoint][group]
    active, control = arms[design.active.name], arms[design.control.name]
    return np.asarray(active[:, design.primary_visit] - control[:, design.primary_visit])


def _arm_bands(worlds: ForecastWorlds, name: str, group: str, weight: FloatArray) -> dict[str, BandOverTime]:
    """Return arm to bands over time; none if the group is empty in a world."""
    arms = worlds.means[name][group]
    if any(np.isnan(courses).any() for courses in arms.values()):
        return {}
    return {arm: _bands_over_time(courses, weight) for arm, courses in arms.items()}


def _bands_over_time(courses: FloatArray, weight: FloatArray) -> BandOverTime:
    """Return 5, 50 and 95 % at each visit from courses of shape (worlds, visits)."""
    each = [quantile_band(column, weight) for column in courses.T]
    return BandOverTime(
        tuple(band.q05 for band in each), tuple(band.q50 for band in each), tuple(band.q95 for band in each)
    )


def signature_courses(prepared: PreparedForecast, worlds: ForecastWorlds) -> SignatureCourses:
    """Return suppression (b) in patients with a high signature, mean by arm and visit, as bands over worlds."""
    weight = prepared.choice.counts[MIXTURE]
    group = "high" if "high" in worlds.means["mrss"] else "all"
    blood, skin = (
        _arm_bands(worlds, f"signature_suppression_{tissue}", group, weight) for tissue in ("blood", "skin")
    )
    return SignatureCourses(
        visit_weeks=tuple(prepared.trial.design.visit_weeks),
        group=group,
        by_arm={arm: ArmSignature(blood[arm], skin[arm]) for arm in blood},
        returned_to_healthy=_returned_to_healthy(worlds, weight),
        definitions={
            "a": "share of the IFNAR-driven signal removed",
            "b": "one minus post over pre of the fold-change score, background and assay noise included; "
            "published figures of 80 % or more are this one, in blood",
            "c": "whether the score is back in the healthy range",
        },
    )


def _returned_to_healthy(worlds: ForecastWorlds, weight: FloatArray) -> dict[str, float]:
    """Return by arm the mean share of patients with a high signature whose score is back in the healthy range."""
    if "high" not in worlds.by_ifn:
        return {}
    returned = worlds.by_ifn["high"].returned
    return {arm: float(np.average(shares, weights=weight)) for arm, shares in returned.items()}
