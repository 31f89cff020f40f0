"""Matrix with slow turnover and what it does to the organs: skin, lung and heart.

Cells are in ``two_cell_circuit``, collagen synthesis in ``tgf_beta``. Untreated, a patient's skin score moves towards
the patient's own goal (natural history), lung function falls by progression and recovers by repair, and NT-proBNP and
troponin move towards their own goals; collagen synthesis over untreated scales the first two, and a share of the last.
The skin score stays on its scale and lung function above zero, whatever synthesis is.
Matrix turnover was not readable in the publication of the circuit and is wide. A drug that is known by its trials
alone shifts the skin score's goal and adds to lung function.
"""

from ifntrial.items import ITEMS
from ifntrial.model.parts import Assignment, Mechanism, Parameter, Reaction, Species, Values
from ifntrial.model.rate_laws import kept_on_scale, positive_part, relaxation, share_kept

_SKIN, _LUNG, _VOLUME, _HEART, _MUSCLE = (
    ITEMS[name] for name in ("mrss", "fvc_percent", "fvc_ml", "nt_probnp", "troponin")
)


def _skin_thickening(s: Values, p: Values) -> object:
    goal = kept_on_scale(p.mrss_goal, s.collagen_synthesis_skin, p.mrss_scale_top)
    return p.k_skin_matrix_turnover * (goal + s.mrss_goal_shift)


def _skin_softening(s: Values, p: Values) -> object:
    return p.k_skin_matrix_turnover * s.mrss


def _lung_function_loss(s: Values, p: Values) -> object:
    # What is lost beyond untreated is a share of what is left, so that no signal takes more than there is.
    rise = positive_part(s.collagen_synthesis_lung - 1)
    left = s.fvc_percent / p.fvc_percent_baseline
    return p.fvc_progression * (s.collagen_synthesis_lung - rise + rise * left)


def _fvc_ml(s: Values, p: Values) -> object:
    return s.fvc_percent * (p.fvc_ml_per_percent - p.fvc_ml_per_percent_ageing * s.time)


def _cardiac_stress(s: Values, p: Values) -> object:
    goal = p.nt_probnp_goal * share_kept(s.collagen_synthesis_heart, p.cardiac_fibrosis_share)
    return relaxation(p.k_nt_probnp_turnover, goal, s.nt_probnp)


def _cardiac_injury(s: Values, p: Values) -> object:
    goal = p.troponin_goal * share_kept(s.collagen_synthesis_heart, p.cardiac_fibrosis_share)
    return relaxation(p.k_troponin_turnover, goal, s.troponin)


MECHANISM = Mechanism(
    name="fibrosis",
    meaning="Matrix and the function of skin, lung and heart",
    species=(
        Species(
            "mrss",
            _SKIN.unit,
            f"{_SKIN.title_in_sentence}, without rater error",
            lambda s, p: p.mrss_baseline,
            "skin",
        ),
        Species(
            "fvc_percent",
            _LUNG.unit,
            f"{_LUNG.title_in_sentence}, without test error",
            lambda s, p: p.fvc_percent_baseline,
            "lung",
        ),
        Species(
            "nt_probnp",
            _HEART.unit,
            "N-terminal pro-B-type natriuretic peptide",
            lambda s, p: p.nt_probnp_baseline,
            "heart",
        ),
        Species(
            "troponin", _MUSCLE.unit, _MUSCLE.title_in_sentence, lambda s, p: p.troponin_baseline, "heart"
        ),
    ),
    parameters=(
        Parameter("k_skin_matrix_turnover", "1/day", "turnover of skin matrix"),
        Parameter("mrss_baseline", _SKIN.unit, "skin score of the patient at entry"),
        Parameter("mrss_goal", _SKIN.unit, "skin score towards which the untreated patient moves"),
        Parameter("mrss_scale_top", _SKIN.unit, "highest skin score"),
        Parameter("fvc_percent_baseline", _LUNG.unit, f"{_LUNG.title_in_sentence} of the patient at entry"),
        Parameter("fvc_progression", f"{_LUNG.unit}/day", "loss of lung function by active fibrosis"),
        Parameter("fvc_repair", f"{_LUNG.unit}/day", "gain of lung function independent of fibrosis"),
        Parameter(
            "fvc_ml_per_percent",
            f"{_VOLUME.unit}/{_LUNG.unit}",
            "volume that one percent predicted stands for",
        ),
        Parameter("fvc_ml_per_percent_ageing", f"{_VOLUME.unit}/{_LUNG.unit}/day", "its loss by ageing"),
        Parameter("nt_probnp_baseline", _HEART.unit, f"{_HEART.label} of the patient at entry"),
        Parameter("nt_probnp_goal", _HEART.unit, f"{_HEART.label} towards which the untreated patient moves"),
        Parameter("k_nt_probnp_turnover", "1/day", "adaptation of cardiac wall stress"),
        Parameter("troponin_baseline", _MUSCLE.unit, f"{_MUSCLE.label} of the patient at entry"),
        Parameter(
            "troponin_goal", _MUSCLE.unit, f"{_MUSCLE.label} towards which the untreated patient moves"
        ),
        Parameter("k_troponin_turnover", "1/day", "adaptation of cardiac injury"),
        Parameter(
            "cardiac_fibrosis_share",
            "1",
            "share of cardiac stress and injury that follows collagen synthesis",
        ),
    ),
    reactions=(
        Reaction("skin_thickening", {"mrss": +1}, _skin_thickening),
        Reaction("skin_softening", {"mrss": -1}, _skin_softening),
        Reaction("lung_function_loss", {"fvc_percent": -1}, _lung_function_loss),
        Reaction("lung_function_repair", {"fvc_percent": +1}, lambda s, p: p.fvc_repair + s.fvc_gain),
        Reaction("cardiac_stress_turnover", {"nt_probnp": +1}, _cardiac_stress),
        Reaction("cardiac_injury_turnover", {"troponin": +1}, _cardiac_injury),
    ),
    observables=(
        Assignment("fvc_ml", _VOLUME.unit, f"{_VOLUME.title_in_sentence}, ageing included", _fvc_ml),
    ),
)
