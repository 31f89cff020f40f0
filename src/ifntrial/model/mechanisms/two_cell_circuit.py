"""Macrophages and myofibroblasts keep each other alive: the published two-cell circuit in skin, lung and heart.

Myofibroblasts secrete CSF1, which macrophages need; macrophages and the myofibroblasts themselves secrete PDGF, which
myofibroblasts need; each cell takes up the factor it lives on, and only myofibroblasts are limited by space. Without
influx the published constants have two fibroses, a hot one with macrophages and a cold one without, and healing; what
an injury ends in depends on how long it lasts.

The untreated patient stands at hot fibrosis, and all levels are relative to it. No root is searched: the PDGF
saturation of the untreated patient and the share of macrophages that come from blood are parameters, levels follow in
closed form, and so does the PDGF secretion of macrophages, for which a published value exists to compare with.

The publication has no interferon. Here the drive of the organ's domain, one before treatment, acts in three places
whose shares of its loss sum to one: activation of myofibroblasts (their proliferation), and of the rest, recruitment
of monocytes (influx) and support of macrophages (their proliferation). How the loss is split nobody has measured: the
split differs between worlds. What follows: a small loss in activation lowers myofibroblasts in proportion, a small
loss in macrophages much less; near a threshold the response is steep and slow; beyond it myofibroblasts vanish. With
macrophages gone, cold fibrosis remains. While monocytes flow in, macrophages never vanish and fibrosis can return.
"""

from typing import Any

from ifntrial.model.mechanisms.tissues import DISTRIBUTED_TISSUES
from ifntrial.model.parts import Assignment, Law, Mechanism, Parameter, Reaction, Species, Values, one
from ifntrial.model.rate_laws import mass_action, saturable, share_kept

ORGAN_DOMAIN = {"skin": "skin", "lung": "lung", "heart": "heart"}
"""Organ to the domain whose drive reaches its circuit."""


def _csf1_saturation(s: Values, p: Values) -> object:
    local = 1 - p.recruited_macrophage_share
    return p.k_macrophage_removal * local / p.macrophage_proliferation


def _csf1(s: Values, p: Values) -> object:
    return p.csf1_half_saturation * s.csf1_saturation_untreated / (1 - s.csf1_saturation_untreated)


def _pdgf(s: Values, p: Values) -> object:
    return p.pdgf_half_saturation * p.pdgf_saturation_untreated / (1 - p.pdgf_saturation_untreated)


def _crowding(s: Values, p: Values) -> object:
    return 1 - p.k_myofibroblast_removal / (p.myofibroblast_proliferation * p.pdgf_saturation_untreated)


def _macrophages(s: Values, p: Values) -> object:
    surplus = p.csf1_secretion * s.myofibroblast_untreated - p.k_growth_factor_decay * s.csf1_untreated
    return surplus / (p.csf1_uptake * s.csf1_saturation_untreated)


def _secretion_by_macrophages(s: Values, p: Values) -> object:
    lost = p.pdgf_uptake * p.pdgf_saturation_untreated * s.myofibroblast_untreated
    lost += p.k_growth_factor_decay * s.pdgf_untreated
    own = p.pdgf_secretion_myofibroblast * s.myofibroblast_untreated
    return (lost - own) / s.macrophage_untreated


def _half(saturation: Any) -> Any:  # noqa: ANN401 - a number, an array, a quantity or a symbol
    """Return the half-saturation over the untreated level, at which saturation is known."""
    return (1 - saturation) / saturation


def _csf1_saturation_now(organ: str) -> Law:
    return lambda s, p: saturable(s[f"csf1_{organ}"], _half(s.csf1_saturation_untreated))


def _pdgf_saturation_now(organ: str) -> Law:
    return lambda s, p: saturable(s[f"pdgf_{organ}"], _half(p.pdgf_saturation_untreated))


def _drive(s: Values, organ: str) -> object:
    return s[f"drive_{ORGAN_DOMAIN[organ]}"]


def _myofibroblast_birth(organ: str) -> Law:
    def law(s: Values, p: Values) -> object:
        activation = share_kept(_drive(s, organ), p.drive_on_myofibroblasts)
        space = 1 - s.myofibroblast_crowding_untreated * s[f"myofibroblast_{organ}"]
        born = p.myofibroblast_proliferation * s[f"pdgf_saturation_{organ}"] * s[f"myofibroblast_{organ}"]
        return activation * space * born

    return law


def _macrophage_birth(organ: str) -> Law:
    def law(s: Values, p: Values) -> object:
        share = (1 - p.drive_on_myofibroblasts) * (1 - p.drive_on_recruitment)
        born = p.macrophage_proliferation * s[f"csf1_saturation_{organ}"] * s[f"macrophage_{organ}"]
        return share_kept(_drive(s, organ), share) * born

    return law


def _macrophage_influx(organ: str) -> Law:
    def law(s: Values, p: Values) -> object:
        share = (1 - p.drive_on_myofibroblasts) * p.drive_on_recruitment
        return p.k_macrophage_removal * p.recruited_macrophage_share * share_kept(_drive(s, organ), share)

    return law


def _csf1_secretion(organ: str) -> Law:
    return lambda s, p: (
        p.csf1_secretion * s.myofibroblast_untreated / s.csf1_untreated * s[f"myofibroblast_{organ}"]
    )


def _csf1_uptake(organ: str) -> Law:
    return lambda s, p: (
        p.csf1_uptake
        * s.macrophage_untreated
        / s.csf1_untreated
        * s[f"csf1_saturation_{organ}"]
        * s[f"macrophage_{organ}"]
    )


def _pdgf_secretion(organ: str) -> Law:
    def law(s: Values, p: Values) -> object:
        by_macrophages = s.pdgf_secretion_macrophage * s.macrophage_untreated * s[f"macrophage_{organ}"]
        by_myofibroblasts = (
            p.pdgf_secretion_myofibroblast * s.myofibroblast_untreated * s[f"myofibroblast_{organ}"]
        )
        return (by_macrophages + by_myofibroblasts) / s.pdgf_untreated

    return law


def _pdgf_uptake(organ: str) -> Law:
    return lambda s, p: (
        p.pdgf_uptake
        * s.myofibroblast_untreated
        / s.pdgf_untreated
        * s[f"pdgf_saturation_{organ}"]
        * s[f"myofibroblast_{organ}"]
    )


def _first_order(constant: str, name: str) -> Law:
    return lambda s, p: mass_action(p[constant], s[name])


def _species(organ: str) -> tuple[Species, ...]:
    return (
        Species(f"myofibroblast_{organ}", "1", f"myofibroblasts in {organ} over untreated", one, organ),
        Species(f"macrophage_{organ}", "1", f"profibrotic macrophages in {organ} over untreated", one, organ),
        Species(f"csf1_{organ}", "1", f"macrophage growth factor CSF1 in {organ} over untreated", one, organ),
        Species(f"pdgf_{organ}", "1", f"fibroblast growth factor PDGF in {organ} over untreated", one, organ),
    )


def _saturations(organ: str) -> tuple[Assignment, ...]:
    return (
        Assignment(
            f"csf1_saturation_{organ}",
            "1",
            f"share of CSF1 receptors busy, {organ}",
            _csf1_saturation_now(organ),
        ),
        Assignment(
            f"pdgf_saturation_{organ}",
            "1",
            f"share of PDGF receptors busy, {organ}",
            _pdgf_saturation_now(organ),
        ),
    )


def _reactions(organ: str) -> tuple[Reaction, ...]:
    fibroblast, macrophage = f"myofibroblast_{organ}", f"macrophage_{organ}"
    csf1, pdgf = f"csf1_{organ}", f"pdgf_{organ}"
    return (
        Reaction(f"{fibroblast}_proliferation", {fibroblast: +1}, _myofibroblast_birth(organ)),
        Reaction(
            f"{fibroblast}_removal", {fibroblast: -1}, _first_order("k_myofibroblast_removal", fibroblast)
        ),
        Reaction(f"{macrophage}_proliferation", {macrophage: +1}, _macrophage_birth(organ)),
        Reaction(f"{macrophage}_influx", {macrophage: +1}, _macrophage_influx(organ)),
        Reaction(f"{macrophage}_removal", {macrophage: -1}, _first_order("k_macrophage_removal", macrophage)),
        Reaction(f"{csf1}_secretion", {csf1: +1}, _csf1_secretion(organ)),
        Reaction(f"{csf1}_uptake", {csf1: -1}, _csf1_uptake(organ)),
        Reaction(f"{csf1}_decay", {csf1: -1}, _first_order("k_growth_factor_decay", csf1)),
        Reaction(f"{pdgf}_secretion", {pdgf: +1}, _pdgf_secretion(organ)),
        Reaction(f"{pdgf}_uptake", {pdgf: -1}, _pdgf_uptake(organ)),
        Reaction(f"{pdgf}_decay", {pdgf: -1}, _first_order("k_growth_factor_decay", pdgf)),
    )


MECHANISM = Mechanism(
    name="two_cell_circuit",
    meaning="Macrophages and myofibroblasts that keep each other alive through CSF1 and PDGF",
    species=tuple(species for organ in DISTRIBUTED_TISSUES for species in _species(organ)),
    parameters=(
        Parameter(
            "myofibroblast_proliferation",
            "1/day",
            "proliferation of myofibroblasts at full PDGF and free space",
        ),
        Parameter("macrophage_proliferation", "1/day", "proliferation of macrophages at full CSF1"),
        Parameter("k_myofibroblast_removal", "1/day", "removal of myofibroblasts"),
        Parameter("k_macrophage_removal", "1/day", "removal of macrophages"),
        Parameter("carrying_capacity", "cell", "myofibroblasts that fill the space of the circuit"),
        Parameter("k_growth_factor_decay", "1/day", "loss of CSF1 and PDGF other than uptake"),
        Parameter("csf1_secretion", "molecule/cell/day", "CSF1 made by a myofibroblast"),
        Parameter("csf1_uptake", "molecule/cell/day", "largest uptake of CSF1 by a macrophage"),
        Parameter("pdgf_secretion_myofibroblast", "molecule/cell/day", "PDGF made by a myofibroblast"),
        Parameter("pdgf_uptake", "molecule/cell/day", "largest uptake of PDGF by a myofibroblast"),
        Parameter("csf1_half_saturation", "molecule", "CSF1 at which half of its receptors are busy"),
        Parameter("pdgf_half_saturation", "molecule", "PDGF at which half of its receptors are busy"),
        Parameter("pdgf_saturation_untreated", "1", "share of PDGF receptors busy in the untreated patient"),
        Parameter("recruited_macrophage_share", "1", "share of untreated macrophages that came from blood"),
        Parameter(
            "drive_on_myofibroblasts",
            "1",
            "share of a loss of drive that falls on activation of myofibroblasts",
        ),
        Parameter(
            "drive_on_recruitment", "1", "of what falls on macrophages, the share that falls on recruitment"
        ),
    ),
    assignments=(
        Assignment(
            "csf1_saturation_untreated", "1", "share of CSF1 receptors busy, untreated", _csf1_saturation
        ),
        Assignment("csf1_untreated", "molecule", "CSF1, untreated", _csf1),
        Assignment("pdgf_untreated", "molecule", "PDGF, untreated", _pdgf),
        Assignment(
            "myofibroblast_crowding_untreated",
            "1",
            "share of the space that myofibroblasts fill, untreated",
            _crowding,
        ),
        Assignment(
            "myofibroblast_untreated",
            "cell",
            "myofibroblasts, untreated",
            lambda s, p: p.carrying_capacity * s.myofibroblast_crowding_untreated,
        ),
        Assignment("macrophage_untreated", "cell", "macrophages, untreated", _macrophages),
        Assignment(
            "pdgf_secretion_macrophage",
            "molecule/cell/day",
            "PDGF made by a macrophage, so that the untreated state rests",
            _secretion_by_macrophages,
        ),
        *(assignment for organ in DISTRIBUTED_TISSUES for assignment in _saturations(organ)),
    ),
    reactions=tuple(reaction for organ in DISTRIBUTED_TISSUES for reaction in _reactions(organ)),
)
