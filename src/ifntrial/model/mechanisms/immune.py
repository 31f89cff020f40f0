"""Plasmacytoid dendritic cells, serum chemokines, systemic inflammation and autoantibody."""

from ifntrial.model.parts import Assignment, Mechanism, Parameter, Reaction, Species, Values, one
from ifntrial.model.rate_laws import log, relaxation


def _dendritic_cells(s: Values, p: Values) -> object:
    goal = 1 + p.dendritic_cell_ifn_share * (s.ifn_relative_response_blood - 1)
    return relaxation(p.k_dendritic_cell_turnover, goal, s.plasmacytoid_dendritic_cell)


def _chemokine(s: Values, p: Values) -> object:
    goal = 1 + p.chemokine_ifn_share * (s.ifn_relative_response_blood - 1)
    return relaxation(p.k_chemokine_turnover, goal, s.chemokine)


def _inflammation(s: Values, p: Values) -> object:
    return relaxation(p.k_inflammation_turnover, s.drive_inflammation, s.inflammation)


def _autoantibody(s: Values, p: Values) -> object:
    goal = 1 + p.autoantibody_inflammation_share * (s.inflammation - 1)
    return relaxation(p.k_autoantibody_turnover, goal, s.autoantibody)


MECHANISM = Mechanism(
    name="immune",
    meaning="Plasmacytoid dendritic cells, chemokines, systemic inflammation and autoantibody",
    species=(
        Species(
            "plasmacytoid_dendritic_cell",
            "1",
            "active plasmacytoid dendritic cells over untreated",
            one,
            "blood",
        ),
        Species("chemokine", "1", "serum interferon-inducible chemokines over untreated", one, "blood"),
        Species("inflammation", "1", "systemic immune activity over untreated", one, "blood"),
        Species("autoantibody", "1", "autoantibody titre over untreated", one, "blood"),
    ),
    parameters=(
        Parameter("k_dendritic_cell_turnover", "1/day", "turnover of active plasmacytoid dendritic cells"),
        Parameter("dendritic_cell_ifn_share", "1", "share of their activity that depends on interferon"),
        Parameter("k_chemokine_turnover", "1/day", "turnover of serum chemokines"),
        Parameter(
            "chemokine_ifn_share", "1", "share of the six chemokines that depends on type I interferon"
        ),
        Parameter("k_inflammation_turnover", "1/day", "turnover of systemic immune activity"),
        Parameter("k_autoantibody_turnover", "1/day", "loss of immunoglobulin G"),
        Parameter("autoantibody_inflammation_share", "1", "share of autoantibody made by short-lived cells"),
        Parameter(
            "chemokine_score_baseline", "1", "mean natural logarithm of the six chemokines before treatment"
        ),
    ),
    reactions=(
        Reaction("dendritic_cell_turnover", {"plasmacytoid_dendritic_cell": +1}, _dendritic_cells),
        Reaction("chemokine_turnover", {"chemokine": +1}, _chemokine),
        Reaction("inflammation_turnover", {"inflammation": +1}, _inflammation),
        Reaction("autoantibody_turnover", {"autoantibody": +1}, _autoantibody),
    ),
    observables=(
        Assignment(
            "chemokine_score",
            "1",
            "serum six-chemokine score: mean natural logarithm",
            lambda s, p: p.chemokine_score_baseline + log(s.chemokine),
        ),
    ),
)
