"""From one virtual trial to its result."""

from collections.abc import Sequence

from ifntrial.catalog import Catalog
from ifntrial.studies.over_worlds import calibration_facts, fields_of
from ifntrial.studies.safety.one_trial import counted_events
from ifntrial.studies.screening import screening_of
from ifntrial.studies.trial.one_trial import TYPICAL, OneTrial
from ifntrial.studies.trial.primary_analysis import primary_by_arm, primary_tests
from ifntrial.studies.trial.result import ArmConduct, PrimaryResult, TrialResult, TrialScreening


def trial_result(trial: OneTrial, catalog: Catalog, files: Sequence[str]) -> TrialResult:
    """Return what a trial shows.

    Parameters
    ----------
    files
        Names of its tables.
    """
    design, enrollment = trial.design, trial.enrollment
    endpoint = catalog.endpoints[design.primary.endpoint]
    analysis = catalog.analysis_of(design)
    return TrialResult(
        design=design.name,
        title=design.title,
        world=None if trial.world == TYPICAL else trial.world,
        screening=TrialScreening(**fields_of(screening_of(enrollment)), enrolled=enrollment.population.size),
        arm_conduct=_arms(trial),
        primary_result=PrimaryResult(
            endpoint=endpoint.name,
            label=endpoint.label,
            kind=endpoint.kind,
            unit=endpoint.unit,
            visit_week=design.primary.visit_week,
            among=design.primary.among,
            arm_results=primary_by_arm(trial, endpoint),
            tests=primary_tests(trial, endpoint, analysis),
        ),
        safety=counted_events(design, trial.arms, trial.assigned),
        calibration=calibration_facts(catalog),
        files=tuple(files),
    )


def _arms(trial: OneTrial) -> tuple[ArmConduct, ...]:
    adsl, end = trial.tables["adsl"], trial.design.treatment_weeks
    rows = []
    for arm in trial.design.arms:
        own = adsl[adsl["TRT01P"] == arm.name]
        stopped = own[own["EOTWK"] <= end]
        rows.append(
            ArmConduct(
                name=arm.name,
                drug=arm.drug_name,
                regimen=arm.regimen,
                enrolled=len(own),
                completed_treatment=len(own) - len(stopped),
                stopped={str(word): int(n) for word, n in stopped["DCTREAS"].value_counts().items()},
                left=int((own["EOSWK"] <= end).sum()),
                rescued=int((own["RESCWK"] <= end).sum()),
                subjects_status={str(word): int(n) for word, n in own["SIMSTAT"].value_counts().items()},
            )
        )
    return tuple(rows)
