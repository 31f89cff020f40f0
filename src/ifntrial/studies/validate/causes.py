"""Why the model misses published figures: each cause once, with the rows it explains and what would mend it.

A cause is no excuse: the verdict stays. Causes are looked up for misses alone, so that a rule never hides agreement;
the first cause with a pattern that fits is the row's.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ifntrial.evidence.records import Observation


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that is wrong, or not known, and shows in several rows.

    Parameters
    ----------
    name, words
        Key, and what it is.
    remedy
        What would mend it.
    patterns
        Of the ids it explains.
    """

    name: str
    words: str
    remedy: str
    patterns: tuple[str, ...]


UNKNOWN = Cause("unknown", "Not understood.", "Find out.", (r".*",))

CAUSES = (
    Cause(
        "volunteers_unknown",
        "Six healthy volunteers whose body weights are not published; 300 mg in the published central volume gives a "
        "higher peak, and no population model of subcutaneous absorption is published.",
        "The weights of the volunteers, or concentrations of single people.",
        (r"anifrolumab_in_healthy_volunteers\..*",),
    ),
    Cause(
        "equations_as_published",
        "The published equations give this, in another implementation as well: one exponent of the fall of clearance is "
        "not published, and the label does not say which means or doses it compares.",
        "The exponent, or the data behind the label.",
        (
            r"anifrolumab_population_pharmacokinetics\..*(time_to_lloq|linear_clearance_fall).*",
            r"anifrolumab_label\..*accumulation.*",
        ),
    ),
    Cause(
        "one_gene_for_the_signature",
        "One half-life of mRNA stands for all genes, and feedback on ligand takes days: the signature is still falling "
        "when the published one has fallen; depth at the first trough depends on when blood was taken.",
        "Half-lives of the genes of the score, and times of sampling.",
        (r".*time_to_maximal_suppression_.*", r".*signature_suppression_blood.*"),
    ),
    Cause(
        "receptor_and_signal",
        "pSTAT is proportional to free receptor: a knock-down in cells bends the line where single points were read.",
        "A law with the spread of cells, once a second experiment shows the same bend.",
        (r"receptor_knock_down\..*",),
    ),
    Cause(
        "signature_by_tissue_and_subset",
        "Shares of high signatures by subset and tissue differ between assays and cut-offs more than patients do.",
        "One assay in both subsets and both tissues of the same patients.",
        (r".*\.ifn_high_(blood|skin)\..*",),
    ),
    Cause(
        "antibodies_by_country",
        "Antibodies differ between countries and between those whom trials of skin and of lung take by far more than "
        "chance (8 to 49 % against RNA polymerase III); one mix for America and one for elsewhere are drawn.",
        "The countries of each cohort, and antibodies that go with how lung disease was found.",
        (r".*\.(ata|ara|aca|u1rnp)_positive\..*",),
    ),
    Cause(
        "acute_phase",
        "focuSSced asked for raised acute phase reactants, which select fast loss of lung function; patients here do "
        "not carry them.",
        "Acute phase reactants as a covariate that goes with the loss of lung function.",
        (r"focussced\..*(fvc|ild).*",),
    ),
    Cause(
        "long_lung_disease",
        "Trials of lung disease took patients by symptoms and by how far the disease reached on a scan, beside limits "
        "of lung function. Only the limits are among their entry rules here, so that whoever has lung disease and "
        "meets them stands for them: better function and diffusing capacity, more skin, more of diffuse disease.",
        "The extent of disease on a scan, and how it goes with lung function, subset and duration.",
        (
            r"senscis.*",
            r"sls_.*",
            r"eustar_ild.*",
            r".*_ild\.fvc_percent\.w0",
        ),
    ),
    Cause(
        "heart_markers",
        "Markers of the heart are drawn from one distribution for all patients, without heart failure and pulmonary "
        "hypertension in its tail, and apart from skin and subset.",
        "Cardiac involvement as a state of patients.",
        (r"troponin_.*",),
    ),
    Cause(
        "course_by_registry",
        "How many get better or worse in a year depends on the tails of the untreated course, on who is still seen, and "
        "on treatment that is not recorded.",
        "Registries of treated patients apart from untreated, with duration.",
        (r"eustar_(919|1257|1021)\..*\.skin_.*", r"eustar_glucocorticoids\..*", r".*\.skin_worsening.*"),
    ),
    Cause(
        "dose_above_nature",
        "Interferon was given at a dose above what patients make, and a third stopped early: how far domains answer "
        "beyond their own signal is bounded by an assumption.",
        "A second trial of given interferon, or lower doses.",
        (r"black1999\..*",),
    ),
    Cause(
        "luck_of_a_trial",
        "A placebo arm that did better or worse than trials are declared to differ.",
        "More trials, or a wider declared spread between them.",
        (
            r".*_change\.w\d+(\.adjusted)?",
            r".*fvc_(slope|decline).*",
            r".*any_fvc_decline.*",
            r".*rcriss.*",
        ),
    ),
    Cause(
        "deaths",
        "The rate of death is that of trials, from three deaths, and takes no severe organ disease; cohorts hold it.",
        "Deaths of a registry by organ and duration.",
        (r".*\.death\..*",),
    ),
    Cause(
        "items_together",
        "How items go together, at entry and as they change, is set from a few cohorts and shrinks with reading error.",
        "Single patients' items over time.",
        (r".*correlation.*",),
    ),
    Cause(
        "reading",
        "Patients at entry differ less than the patients of all stages in whom reliability was read.",
        "Reliability in the patients of trials.",
        (r"(fvc_test_retest|mrss_training|mrss_reliability).*",),
    ),
    Cause(
        "one_population",
        "One population stands for every cohort, entered by published rules; who comes to a clinic or a trial beyond "
        "them is not drawn.",
        "Margins of each cohort's country and clinic.",
        (r".*\.w0(\..*)?",),
    ),
    UNKNOWN,
)


@dataclass(frozen=True, slots=True)
class Cluster:
    """The misses of one cause.

    Parameters
    ----------
    cause, words, remedy
        As in ``Cause``.
    observations
        Ids of the observations that are missed, in the order of the tables.
    of_trials
        The trials and cohorts they come from.
    """

    cause: str
    words: str
    remedy: str
    observations: tuple[str, ...]
    of_trials: tuple[str, ...]


def cause_of(row: Observation) -> Cause:
    """Return the cause of a miss."""
    return next(cause for cause in CAUSES if any(re.fullmatch(pattern, row.id) for pattern in cause.patterns))


def clusters(missed: Iterable[Observation]) -> tuple[Cluster, ...]:
    """Return the misses by their cause, the cause of most misses first."""
    found: dict[str, list[Observation]] = {}
    for row in missed:
        found.setdefault(cause_of(row).name, []).append(row)
    named: Mapping[str, Cause] = {cause.name: cause for cause in CAUSES}
    made = [
        Cluster(
            name,
            named[name].words,
            named[name].remedy,
            tuple(row.id for row in rows),
            tuple(dict.fromkeys(row.trial for row in rows)),
        )
        for name, rows in found.items()
    ]
    return tuple(sorted(made, key=lambda each: -len(each.observations)))
