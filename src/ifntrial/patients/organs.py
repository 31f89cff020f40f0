"""What organs, their events and safety need to know of a patient beside skin and lung volume."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Protocol

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import Each, PercentPredicted, Rows
from ifntrial.items import ITEMS
from ifntrial.patients.background import background_parameters, draw_background
from ifntrial.patients.gas_transfer import draw_gas_transfer, gas_transfer_goals
from ifntrial.patients.heart import cardiac_involvement, heart_goals, troponin_beside, troponin_deviation
from ifntrial.patients.records import VirtualPopulation


class _Draws(Protocol):
    """Random numbers of a block of subjects by purpose, each (subjects,)."""

    def uniform(self, purpose: str) -> FloatArray: ...
    def normal(self, purpose: str) -> FloatArray: ...


@dataclass(frozen=True, slots=True)
class _Errors:
    """How far readings at screening lie off."""

    dlco_percent_sd: PercentPredicted
    log_sd: Annotated[Mapping[str, float], Each("{}_log_sd", {"troponin": "1"})]


_ERRORS = Rows("measurement", _Errors)


def with_organs(population: VirtualPopulation, evidence: Evidence, draw: _Draws) -> VirtualPopulation:
    """Return the subjects with background, heart and transfer factor.

    Covariates are what is known at entry: ``troponin`` and ``dlco_percent`` are readings with their error.
    """
    covariates, own, history = (
        dict(population.covariates),
        dict(population.parameters),
        dict(population.history),
    )
    covariates |= draw_background(evidence, draw.uniform)
    own["troponin_baseline"] = troponin_beside(evidence, own["nt_probnp_baseline"], own["troponin_baseline"])
    markers = {name: own[f"{name}_baseline"] for name in ("nt_probnp", "troponin")}
    is_involved = cardiac_involvement(evidence, draw.normal("cardiac involvement"), covariates, markers)
    history["troponin"] = troponin_deviation(
        evidence, history["nt_probnp"], draw.normal("natural history of troponin")
    )
    history["dlco_percent"] = draw.normal("natural history of transfer factor")
    own["dlco_percent_baseline"] = draw_gas_transfer(
        evidence,
        draw.normal("transfer factor"),
        covariates["has_ild"].astype(bool),
        own["fvc_percent_baseline"],
    )
    error, scale = _ERRORS.read(evidence), ITEMS["dlco_percent"]
    read = own["dlco_percent_baseline"] + error.dlco_percent_sd * draw.normal("screening of transfer factor")
    covariates |= {
        "has_cardiac_involvement": is_involved,
        "troponin": own["troponin_baseline"]
        * np.exp(error.log_sd["troponin"] * draw.normal("screening of troponin")),
        "dlco_percent": np.clip(read, scale.low, scale.high),
    }
    own |= background_parameters(covariates) | {
        "has_cardiac_involvement": is_involved.astype(np.float64),
        "is_diffuse": np.asarray(covariates["subset"] == "diffuse", dtype=np.float64),
        "has_ara": np.asarray(covariates["antibody"] == "ARA", dtype=np.float64),
        "has_ata": np.asarray(covariates["antibody"] == "ATA", dtype=np.float64),
    }
    return replace(population, covariates=covariates, parameters=own, history=history)


def organ_goals(
    population: VirtualPopulation, evidence: Evidence, world_parameters: Mapping[str, float]
) -> dict[str, FloatArray]:
    """Return the model parameters of the untreated course of heart and transfer factor, each (subjects,)."""
    return heart_goals(population, evidence, world_parameters) | gas_transfer_goals(population, evidence)
