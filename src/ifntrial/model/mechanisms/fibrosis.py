"""Macrophages call myofibroblasts, which lay down matrix with slow turnover: skin, lung and heart.

First version: each cell pool follows the one before it, relative to untreated; the published two-cell circuit with
its bistability is not in here yet. Untreated, a patient's skin score moves towards the patient's own goal (natural
history), lung function falls by progression and recovers by repair, and NT-proBNP moves towards its own goal.
"""

from ifntrial.model.mechanisms.tissues import DISTRIBUTED_TISSUES
from ifntrial.model.parts import Assignment, Law, Mechanism, Parameter, Reaction, Species, Values, one
from ifntrial.model.rate_laws import relaxation

ORGAN_DOMAIN = {"skin": "skin", "lung": "lung", "heart": "vessel"}


def _macrophages(organ: str) -> Law:
    return lambda s, p: relaxation(
        p.k_macrophage_turnover, s[f"drive_{ORGAN_DOMAIN[organ]}"], s[f"macrophage_{organ}"]
    )


def _myofibroblasts(organ: str) -> Law:
    return lambda s, p: relaxation(
        p.k_myofibroblast_turnover, s[f"macrophage_{organ}"], s[f"myofibroblast_{organ}"]
    )


def _skin_thickening(s: Values, p: Values) -> object:
    return p.k_skin_matrix_turnover * p.mrss_goal * s.myofibroblast_skin * s.released_collagen_skin


def _skin_softening(s: Values, p: Values) -> object:
    return p.k_skin_matrix_turnover * s.mrss


def _lung_function_loss(s: Values, p: Values) -> object:
    return p.fvc_progression * s.myofibroblast_lung * s.released_collagen_lung


def _fvc_ml(s: Values, p: Values) -> object:
    return s.fvc_percent * (p.fvc_ml_per_percent - p.fvc_ml_per_percent_ageing * s.time)


def _cardiac_stress(s: Values, p: Values) -> object:
    return relaxation(p.k_nt_probnp_turnover, p.nt_probnp_goal * s.myofibroblast_heart, s.nt_probnp)


MECHANISM = Mechanism(
    name="fibrosis",
    meaning="Macrophages, myofibroblasts and matrix in skin, lung and heart",
    species=(
        *(
            Species(f"macrophage_{x}", "1", f"profibrotic macrophages in {x} over untreated", one, x)
            for x in DISTRIBUTED_TISSUES
        ),
        *(
            Species(f"myofibroblast_{x}", "1", f"myofibroblasts in {x} over untreated", one, x)
            for x in DISTRIBUTED_TISSUES
        ),
        Species(
            "mrss",
            "mrss_point",
            "modified Rodnan skin score, without rater error",
            lambda s, p: p.mrss_baseline,
            "skin",
        ),
        Species(
            "fvc_percent",
            "percent_predicted",
            "forced vital capacity, without test error",
            lambda s, p: p.fvc_percent_baseline,
            "lung",
        ),
        Species(
            "nt_probnp",
            "pg/mL",
            "N-terminal pro-B-type natriuretic peptide",
            lambda s, p: p.nt_probnp_baseline,
            "heart",
        ),
    ),
    parameters=(
        Parameter("k_macrophage_turnover", "1/day", "turnover of tissue macrophages"),
        Parameter("k_myofibroblast_turnover", "1/day", "turnover of myofibroblasts"),
        Parameter("k_skin_matrix_turnover", "1/day", "turnover of skin matrix"),
        Parameter("mrss_baseline", "mrss_point", "skin score of the patient at entry"),
        Parameter("mrss_goal", "mrss_point", "skin score towards which the untreated patient moves"),
        Parameter(
            "fvc_percent_baseline", "percent_predicted", "forced vital capacity of the patient at entry"
        ),
        Parameter("fvc_progression", "percent_predicted/day", "loss of lung function by active fibrosis"),
        Parameter("fvc_repair", "percent_predicted/day", "gain of lung function independent of fibrosis"),
        Parameter(
            "fvc_ml_per_percent", "mL/percent_predicted", "volume that one percent predicted stands for"
        ),
        Parameter("fvc_ml_per_percent_ageing", "mL/percent_predicted/day", "its loss by ageing"),
        Parameter("nt_probnp_baseline", "pg/mL", "NT-proBNP of the patient at entry"),
        Parameter("nt_probnp_goal", "pg/mL", "NT-proBNP towards which the untreated patient moves"),
        Parameter("k_nt_probnp_turnover", "1/day", "adaptation of cardiac wall stress"),
    ),
    reactions=(
        *(
            Reaction(f"macrophage_turnover_{x}", {f"macrophage_{x}": +1}, _macrophages(x))
            for x in DISTRIBUTED_TISSUES
        ),
        *(
            Reaction(f"myofibroblast_turnover_{x}", {f"myofibroblast_{x}": +1}, _myofibroblasts(x))
            for x in DISTRIBUTED_TISSUES
        ),
        Reaction("skin_thickening", {"mrss": +1}, _skin_thickening),
        Reaction("skin_softening", {"mrss": -1}, _skin_softening),
        Reaction("lung_function_loss", {"fvc_percent": -1}, _lung_function_loss),
        Reaction("lung_function_repair", {"fvc_percent": +1}, lambda s, p: p.fvc_repair),
        Reaction("cardiac_stress_turnover", {"nt_probnp": +1}, _cardiac_stress),
    ),
    observables=(Assignment("fvc_ml", "mL", "forced vital capacity, ageing included", _fvc_ml),),
)
