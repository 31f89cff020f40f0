"""Suppression of the signature: how deep, how fast, and through which ligand and receptor."""

from collections.abc import Iterator

import numpy as np

from ifntrial.course.system import build_system
from ifntrial.evidence.rows import Selected
from ifntrial.solver import simulate as solve
from ifntrial.studies.calibrate.predict import without_alpha
from ifntrial.studies.validate.checks.setting import Setting, Simulated
from ifntrial.ties import first_largest
from ifntrial.worlds.predictions import ONSET_DOSES, TULIP

LABEL = "anifrolumab_label.300_mg_iv_every_4_weeks_or_more.signature_suppression_blood.w4"
ONSET = "medi_546_phase_1.all.time_to_maximal_suppression"
KNOCKED_DOWN = Selected(uses=("fit", "test"), begin=("receptor_knock_down.",))
TISSUES = ("blood", "skin")
ONSET_SUBJECTS = 100


def depth(setting: Setting) -> Iterator[Simulated]:
    """Return suppression in blood of patients with a high signature."""
    lupus = setting.lupus
    days = [0.0, 28.0, 84.0, 364.0]
    found = lupus.follow("300 mg IV every 4 weeks", days, ["signature_suppression_blood"])
    high = 100 * found["signature_suppression_blood"][lupus.is_high]
    for row, place in ((LABEL, 1), (f"{TULIP}.w12", 2), (f"{TULIP}.w52", 3)):
        values = high[:, place]
        yield Simulated(row, float(np.median(values)), float(values.std()), note="just before a dose")


def onset(setting: Setting) -> Iterator[Simulated]:
    """Return the day of the deepest median suppression, on average over single doses."""
    group = setting.sclerosis
    is_high_skin = group.population.covariates["is_ifn_high_skin"].astype(bool)
    few = group.take(np.flatnonzero(group.is_high & is_high_skin)[:ONSET_SUBJECTS])
    days = np.arange(0.0, 29.0, 0.25)
    outputs = [f"signature_suppression_{tissue}" for tissue in TISSUES]
    runs = [few.follow(f"{dose} mg/kg IV once", days, outputs) for dose in ONSET_DOSES]
    for tissue, output in zip(TISSUES, outputs, strict=True):
        deepest = [days[first_largest(np.median(run[output], axis=0))] for run in runs]
        doses = ", ".join(str(dose) for dose in ONSET_DOSES)
        yield Simulated(f"{ONSET}_{tissue}", float(np.mean(deepest)), note=f"mean of {doses} mg/kg IV once")


def without_ifn_alpha(setting: Setting) -> Iterator[Simulated]:
    """Return suppression where one ligand is gone."""
    system = without_alpha(setting.model)
    values = {name: setting.typical.parameters[name] for name in system.parameters}
    found = solve(system, values, None, [0.0, 98.0], outputs=["signature_suppression_blood"])
    yield Simulated(
        "sifalimumab_in_myositis.sifalimumab.signature_suppression_blood",
        float(100 * found.of("signature_suppression_blood")[0, 1]),
        note="all interferon alpha removed, typical patient with a high signature",
    )


def receptor_knock_down(setting: Setting) -> Iterator[Simulated]:
    """Return pSTAT at once after a part of the receptor is taken away, before any feedback answers."""
    rows = [row for row in KNOCKED_DOWN.read(setting.evidence) if "_ifnar1_at_" in row.id]
    shares = np.array([float(row.id.partition("_at_")[2].partition(".")[0]) / 100 for row in rows])
    system = build_system(setting.model)
    values = {name: setting.typical.parameters[name] for name in system.parameters}
    untreated = solve(system, values, None, [0.0]).values[0, 0]
    initial = np.tile(untreated, (len(rows), 1))
    initial[:, system.states.index("receptor_free_blood")] = shares
    repeated = {name: np.full(len(rows), value[0]) for name, value in values.items()}
    found = solve(system, repeated, None, [0.0], outputs=["pstat_blood"], initial=initial)
    for row, pstat in zip(rows, found.of("pstat_blood")[:, 0], strict=True):
        other = "_yns_" in row.id
        yield Simulated(
            row.id,
            float(100 * pstat),
            note="a tighter ligand acts as any other here" if other else "",
            identity="what the others are measured against" if row.id.endswith("_at_100.pstat1") else "",
        )


CHECKS = (depth, onset, without_ifn_alpha, receptor_knock_down)
