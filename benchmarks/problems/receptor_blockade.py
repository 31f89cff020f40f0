"""A stiff problem of 35 states of the class that receptor blockade models belong to.

Invented for timing and not calibrated to anything: an antibody with target-mediated elimination (a square root), free,
bound and internalized receptor in three tissues, ligand, a signalling chain with Hill functions and feedback, and slow
disease states. Rates run from 0.01 to about 28,000 per day. Amounts in nmol, volumes in L, time in days.
"""

from dataclasses import dataclass

import numpy as np
import sympy
from numpy.typing import NDArray

from ifntrial.seeds import Stream
from ifntrial.solver import DoseTable, OdeSystem, Tolerance, Trajectories, simulate, symbol

TISSUES = ("blood", "skin", "lung")
RUN_IN_DAYS = 3000.0
MOST_RUN_IN_STEPS = 10_000_000
VISITS = np.linspace(0.0, 364.0, 30)

TYPICAL = {
    "ka": 0.25, "cl": 0.25, "q": 0.5, "v1": 3.0, "v2": 2.8, "kss": 0.7, "kint_pk": 0.7, "ksyn_pk": 1.5, "kdeg_pk": 0.5,
    "kon_drug": 40.0, "koff_drug": 2.7, "kon_ligand": 60.0, "koff_ligand": 30.0, "kdeg_receptor": 2.0,
    "kint_drug": 20.0, "kint_ligand": 60.0, "kdeg_inside": 30.0, "kdeg_ligand": 12.0, "auto": 3.0, "auto_half": 2.0,
    "kp": 600.0, "kdp": 200.0, "feedback": 0.4, "kg": 20.0, "kdg": 24.0, "km": 4.0, "kdm": 3.0, "basal": 0.05,
    "hill_blood": 1.6, "hill_skin": 1.8, "hill_lung": 1.4, "half_blood": 0.4, "half_skin": 0.35, "half_lung": 0.3,
    "part_blood": 1.0, "part_skin": 0.15, "part_lung": 0.25, "rec_blood": 1.0, "rec_skin": 0.6, "rec_lung": 0.8,
    "ksyn_blood": 1.2, "ksyn_skin": 0.9, "ksyn_lung": 0.8, "pdc_gain": 1.5, "pdc_half": 1.0, "pdc_hill": 1.7,
    "kdc": 0.2, "kb": 0.5, "kdb": 0.3, "kab": 0.05, "kdab": 0.03, "kv": 0.05, "kdv": 0.08, "kc": 0.02, "kf": 0.03,
    "kdf": 0.04, "ke": 0.01,
}  # fmt: skip


def build_receptor_blockade() -> OdeSystem:
    """Return the system: 35 states, 57 parameters."""
    p = {name: symbol(name) for name in TYPICAL}
    rates: dict[str, sympy.Expr] = {}
    initial: dict[str, sympy.Expr] = {}
    s = {
        name: symbol(name)
        for name in ("depot", "central", "peripheral", "target", "pdc", "plasmablast", "antibody")
    }
    s |= {name: symbol(name) for name in ("injury", "capillary", "myofibroblast", "matrix")}
    total = s["central"] / p["v1"]
    gap = symbol("gap")
    free, complexed = symbol("free"), symbol("complexed")
    assignments = [
        ("gap", total - s["target"] - p["kss"]),
        ("free", (gap + sympy.sqrt(gap**2 + 4 * p["kss"] * total)) / 2),
        ("complexed", s["target"] * free / (p["kss"] + free)),
    ]
    rates["depot"] = -p["ka"] * s["depot"]
    rates["central"] = (
        p["ka"] * s["depot"]
        - p["cl"] * free
        - p["q"] * (free - s["peripheral"] / p["v2"])
        - p["kint_pk"] * complexed * p["v1"]
    )
    rates["peripheral"] = p["q"] * (free - s["peripheral"] / p["v2"])
    rates["target"] = p["ksyn_pk"] - p["kdeg_pk"] * (s["target"] - complexed) - p["kint_pk"] * complexed
    initial |= {"depot": 0, "central": 0, "peripheral": 0, "target": p["ksyn_pk"] / p["kdeg_pk"]}
    messages = []
    for tissue in TISSUES:
        x = {k: symbol(f"{k}_{tissue}") for k in ("rf", "rd", "rl", "ri", "ligand", "pstat", "isgf", "mrna")}
        drug = p[f"part_{tissue}"] * free
        bind = p["kon_drug"] * drug * x["rf"] - p["koff_drug"] * x["rd"]
        catch = p["kon_ligand"] * x["ligand"] * x["rf"] - p["koff_ligand"] * x["rl"]
        hill, half = p[f"hill_{tissue}"], p[f"half_{tissue}"]
        local = {
            "rf": p["kdeg_receptor"] * (p[f"rec_{tissue}"] - x["rf"]) - bind - catch,
            "rd": bind - p["kint_drug"] * x["rd"],
            "rl": catch - p["kint_ligand"] * x["rl"],
            "ri": p["kint_drug"] * x["rd"] + p["kint_ligand"] * x["rl"] - p["kdeg_inside"] * x["ri"],
            "ligand": p[f"ksyn_{tissue}"]
            * s["pdc"]
            * (1 + p["auto"] * x["mrna"] / (p["auto_half"] + x["mrna"]))
            - p["kdeg_ligand"] * x["ligand"]
            - catch,
            "pstat": p["kp"] * x["rl"] / (1 + p["feedback"] * x["mrna"]) - p["kdp"] * x["pstat"],
            "isgf": p["kg"] * x["pstat"] - p["kdg"] * x["isgf"],
            "mrna": p["km"] * (p["basal"] + x["isgf"] ** hill / (half**hill + x["isgf"] ** hill))
            - p["kdm"] * x["mrna"],
        }
        rates |= {f"{name}_{tissue}": rate for name, rate in local.items()}
        initial |= {
            f"{name}_{tissue}": p[f"rec_{tissue}"] if name == "rf" else sympy.Integer(0) for name in local
        }
        messages.append(x["mrna"])
    drive = sympy.Add(*messages) / 3
    assignments.append(("drive", drive))
    drive = symbol("drive")
    response = drive ** p["pdc_hill"] / (p["pdc_half"] ** p["pdc_hill"] + drive ** p["pdc_hill"])
    rates["pdc"] = p["kdc"] * (1 + p["pdc_gain"] * response - s["pdc"])
    rates["plasmablast"] = p["kb"] * drive - p["kdb"] * s["plasmablast"]
    rates["antibody"] = p["kab"] * s["plasmablast"] - p["kdab"] * s["antibody"]
    rates["injury"] = p["kv"] * drive - p["kdv"] * s["injury"]
    rates["capillary"] = p["kc"] * (1 - s["capillary"]) - p["kc"] * s["injury"] * s["capillary"]
    rates["myofibroblast"] = p["kf"] * (drive + s["injury"]) - p["kdf"] * s["myofibroblast"]
    rates["matrix"] = p["ke"] * (s["myofibroblast"] - s["matrix"])
    initial |= {
        "pdc": 1,
        "plasmablast": 1,
        "antibody": 1,
        "injury": 0,
        "capillary": 1,
        "myofibroblast": 1,
        "matrix": 1,
    }
    return OdeSystem(
        name="receptor blockade",
        states=tuple(rates),
        parameters=tuple(TYPICAL),
        rates=tuple(rates.values()),
        initial=tuple(sympy.sympify(initial[name]) for name in rates),
        assignments=tuple(assignments),
    )


@dataclass(frozen=True, slots=True)
class Population:
    """Parameters and initial states of a benchmark population."""

    parameters: NDArray[np.float64]
    initial: NDArray[np.float64]


def draw_parameters(subjects: int, cv: float = 0.3, seed: int = 1) -> NDArray[np.float64]:
    """Return lognormal parameters around the typical ones, shape (subjects, parameters)."""
    sigma = np.sqrt(np.log1p(cv**2))
    columns = [value * np.exp(sigma * Stream(seed, name).normal(subjects)) for name, value in TYPICAL.items()]
    return np.stack(columns, axis=1)


def draw_extreme_parameters(subjects: int, factor: float, seed: int = 1) -> NDArray[np.float64]:
    """Return parameters between typical / factor and typical * factor, shape (subjects, parameters).

    All of them, Hill exponents included: at a factor of 100 these run from 0.014, with an infinite slope at zero, to
    180, which is a switch.
    """
    columns = [
        value * factor ** (2.0 * Stream(seed, f"extreme {name}").uniform(subjects) - 1.0)
        for name, value in TYPICAL.items()
    ]
    return np.stack(columns, axis=1)


def run_in(system: OdeSystem, parameters: NDArray[np.float64], workers: int = 1) -> Trajectories:
    """Return the untreated state after a long time.

    Switch-like feedback oscillates for all that time, at several hundred steps per cycle; hence the many steps.
    """
    return simulate(
        system,
        parameters,
        None,
        [0.0],
        start=-RUN_IN_DAYS,
        tolerance=Tolerance(1e-6),
        workers=workers,
        max_steps=MOST_RUN_IN_STEPS,
        audit_share=0.0,
    )


def plan_doses(subjects: int, route: str, seed: int = 1) -> DoseTable:
    """Return 52 weekly subcutaneous or 13 intravenous doses, each at a time of its own for every subject."""
    count, interval, spread = (52, 7.0, 0.5) if route == "sc" else (13, 28.0, 1.0)
    jitter = np.stack(
        [Stream(seed, f"jitter {route}").uniform(subjects, draw=k) for k in range(count)], axis=1
    )
    times = np.arange(count) * interval + spread * (2.0 * jitter - 1.0) + spread
    nanomoles = 811.0 if route == "sc" else 2027.0
    return DoseTable.from_columns(
        subjects,
        subject=np.repeat(np.arange(subjects), count),
        time=times.ravel(),
        state="depot" if route == "sc" else "central",
        amount=nanomoles,
        duration=0.0 if route == "sc" else 1.0 / 48.0,
        bioavailability=0.8 if route == "sc" else 1.0,
    )
