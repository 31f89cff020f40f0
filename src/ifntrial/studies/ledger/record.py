"""What a locked prediction holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.studies.ledger.predictive import Predictive

FORM = "ifntrial prediction 1"
"""Of the file; another form is another number."""


@dataclass(frozen=True, slots=True)
class TrialAsForecast:
    """The trial that is predicted.

    Parameters
    ----------
    design, title, registration, question
        Its name here, its title, its registration and what is asked.
    primary, primary_definition, primary_week, analysis, alpha_one_sided
        The primary endpoint, its rule, its visit [week], its test and the level.
    arms, per_arm
        Active and control arm, and patients of each.
    design_file
        The whole design, as YAML.
    """

    design: str
    title: str
    registration: str
    question: str
    primary: str
    primary_definition: str
    primary_week: float
    analysis: str
    alpha_one_sided: float
    arms: tuple[str, str]
    per_arm: tuple[int, int]
    design_file: str


@dataclass(frozen=True, slots=True)
class RunBehind:
    """The run that predicts.

    Parameters
    ----------
    command
        That makes it again.
    version, model_version, evidence_hash, lock_hash, catalog
        Of the program and of what it knew.
    seed, worlds, subjects, date
        Of the run.
    files
        File of the run to the hash of its content (SHA-256).
    """

    command: str
    version: str
    model_version: int
    evidence_hash: str | None
    lock_hash: str
    catalog: str | None
    seed: int | None
    worlds: int
    subjects: int
    date: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BeliefAtLock:
    """A belief as it was when the prediction was locked: its label, and its weight in the mixture (None: it has none)."""

    label: str
    weight: float | None


@dataclass(frozen=True, slots=True)
class Baseline:
    """A forecast of the primary endpoint that knows nothing of this trial.

    Parameters
    ----------
    label
        In words.
    chance
        That the primary endpoint is met.
    source
        Where it is from.
    """

    label: str
    chance: float
    source: str


@dataclass(frozen=True, slots=True)
class LockedPrediction:
    """A prediction that no longer changes.

    Parameters
    ----------
    form
        ``FORM``.
    locked
        Date of locking, by the clock of that machine.
    known
        What was known of the outcome by then; empty if nothing was published. A prediction of what is known is a
        back-test, and is told apart everywhere.
    trial, run
        What is predicted, and by which run.
    beliefs
        Name to label and weight.
    baselines
        Name to what is scored beside the beliefs.
    predictive
        The distribution of every number that the trial will print, under each belief.
    """

    form: str
    locked: str
    known: str
    trial: TrialAsForecast
    run: RunBehind
    beliefs: Mapping[str, BeliefAtLock]
    baselines: Mapping[str, Baseline]
    predictive: Predictive
