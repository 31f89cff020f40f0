"""Plasmacytoid dendritic cells, chemokines, systemic inflammation and autoantibody.

Three things drive plasmacytoid dendritic cells, their shares summing to one: interferon itself, immune complexes with
autoantibody, and CXCL4 with DNA. Of serum, that part of the induction of interferon which antibody and nucleic acid
carry is known in vitro; the shares in patients are not.

Autoantibody follows systemic inflammation as far as short-lived cells make it: in mice without the receptor it was
unchanged. T cells, B cells and BAFF are not followed: they would act on nothing here, as whatever blockade does to the
disease passes through ``drug_effect``, which can be set to zero, and no endpoint would read them. Chemokines, CXCL9, 10
and 11 among them, are read as the serum score of a trial.
"""

from typing import Any

from ifntrial.items import ITEMS
from ifntrial.model.parts import Assignment, Mechanism, Parameter, Reaction, Species, Values, one
from ifntrial.model.rate_laws import log, relaxation, share_kept

_SCORE = ITEMS["chemokine_score"]


def _dendritic_cell_drive(p: Values, ifn: Any, autoantibody: Any, cxcl4: Any) -> Any:  # noqa: ANN401 - any law's value
    complexes = p.dendritic_cell_complex_share
    others = complexes * autoantibody + (1 - complexes) * cxcl4
    return p.dendritic_cell_ifn_share * ifn + (1 - p.dendritic_cell_ifn_share) * others


def _dendritic_cells(s: Values, p: Values) -> object:
    goal = _dendritic_cell_drive(p, s.ifn_relative_response_blood, s.autoantibody, s.cxcl4)
    return relaxation(p.k_dendritic_cell_turnover, goal, s.plasmacytoid_dendritic_cell)


def _source_at_ic80(s: Values, p: Values) -> object:
    left, inflammation = 1 - p.signature_suppression_at_ic80, 1 - p.phi_inflammation
    cells = _dendritic_cell_drive(
        p,
        left,
        share_kept(inflammation, p.autoantibody_inflammation_share),
        share_kept(inflammation, p.cxcl4_inflammation_share),
    )
    return share_kept(cells, s.dendritic_cell_source)


def _source_by_inflammation(s: Values, p: Values) -> object:
    complexes = p.dendritic_cell_complex_share
    share = complexes * p.autoantibody_inflammation_share + (1 - complexes) * p.cxcl4_inflammation_share
    return s.dendritic_cell_source * p.phi_inflammation * (1 - p.dendritic_cell_ifn_share) * share


def _chemokine(s: Values, p: Values) -> object:
    goal = share_kept(s.ifn_relative_response_blood, p.chemokine_ifn_share)
    return relaxation(p.k_chemokine_turnover, goal, s.chemokine)


def _inflammation(s: Values, p: Values) -> object:
    return relaxation(p.k_inflammation_turnover, s.drive_inflammation, s.inflammation)


def _autoantibody(s: Values, p: Values) -> object:
    goal = share_kept(s.inflammation, p.autoantibody_inflammation_share)
    return relaxation(p.k_autoantibody_turnover, goal, s.autoantibody)


MECHANISM = Mechanism(
    name="immune",
    meaning="Plasmacytoid dendritic cells, chemokines, systemic inflammation, autoantibody",
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
        Parameter(
            "dendritic_cell_complex_share",
            "1",
            "of their activity that does not depend on interferon, the share of immune complexes; the rest is CXCL4",
        ),
        Parameter("cxcl4_inflammation_share", "1", "share of CXCL4 that follows systemic inflammation"),
        Parameter("signature_suppression_at_ic80", "1", "share of the signal lost at the published IC80"),
        Parameter("phi_inflammation", "1", "share of the drive of inflammation that passes through IFNAR"),
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
    assignments=(
        Assignment(
            "cxcl4",
            "1",
            "plasma CXCL4 over untreated",
            lambda s, p: share_kept(s.inflammation, p.cxcl4_inflammation_share),
        ),
        Assignment(
            "ifn_source_at_ic80",
            "1",
            "cells that make interferon at the published IC80, over untreated, did inflammation hear no signal",
            _source_at_ic80,
        ),
        Assignment(
            "ifn_source_by_inflammation",
            "1",
            "what of them follows the signal that inflammation hears",
            _source_by_inflammation,
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
            f"{_SCORE.title_in_sentence}: {_SCORE.spoken_unit}",
            lambda s, p: p.chemokine_score_baseline + log(s.chemokine),
        ),
    ),
)
