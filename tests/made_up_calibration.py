"""A catalogue whose frozen worlds were never simulated: what they imply is a ladder from none to much."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from ifntrial.catalog import Catalog, shipped
from ifntrial.normal_mixture import NormalMixture
from ifntrial.ties import stable_order
from ifntrial.worlds.calibration import Calibration, save_calibration
from ifntrial.worlds.draw import draw_worlds
from ifntrial.worlds.implied import EffectAtAddress, ImpliedEffects
from ifntrial.worlds.posterior import WEIGHING, used_rows
from ifntrial.worlds.predictions import Predictions

CANDIDATES = 1500
REACH = 2.5
"""Highest log odds ratio of any world."""


def made_up_catalog(folder: Path) -> Catalog:
    """Return the package's catalogue with such worlds in a file of a folder."""
    catalog = shipped()
    worlds = draw_worlds(catalog.model(), catalog.evidence, CANDIDATES, 5)
    helped = np.flatnonzero(~worlds.is_protective)
    drive = np.sum([values for name, values in worlds.parameters.items() if name.startswith("phi_")], axis=0)
    ratio = np.empty(CANDIDATES)
    ratio[helped[stable_order(drive[helped])]] = REACH * (np.arange(len(helped)) + 0.5) / len(helped)
    harmed = np.flatnonzero(worlds.is_protective)
    ratio[harmed] = -1.5 * (np.arange(len(harmed)) + 0.5) / len(harmed)
    implied = ImpliedEffects(
        number=np.arange(CANDIDATES),
        chance=np.ones(CANDIDATES),
        is_protective=worlds.is_protective,
        at={
            name: _place(-3.0 * ratio, -2.0) if name == "mrss_year" else _place(ratio, 0.35)
            for name in catalog.addresses
        },
        predictions=_as_published(catalog),
    )
    save_calibration(Calibration(implied, 5, "made up", CANDIDATES, 100, 1, 100, 100), folder / "worlds.npz")
    return replace(catalog, calibration_file=folder / "worlds.npz")


def _place(effect: np.ndarray, control: float) -> EffectAtAddress:
    some = np.arange(0, CANDIDATES, 30)
    return EffectAtAddress(effect, np.full(CANDIDATES, control), 0.02, control < 0, some, effect[some])


def _as_published(catalog: Catalog) -> Predictions:
    """Return what all worlds predict for the published results: these themselves, so that all weigh the same."""
    rows = [row.observation for row in used_rows(catalog.evidence)]
    held = WEIGHING.held(catalog.evidence)
    values = [held[row].low if held[row].value is None else held[row].value for row in rows]
    return Predictions(tuple(rows), np.tile(np.array(values, dtype=float), (CANDIDATES, 1)))


def normal(mean: float, sd: float) -> NormalMixture:
    return NormalMixture(np.ones(1), np.array([mean]), np.array([sd]))
