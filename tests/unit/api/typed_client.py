"""A client that a type checker understands: every answer is a record, every name has its type. Checked, not run."""

from collections.abc import Mapping

import numpy as np
import sympy

import ifntrial as ift


def chance_of_success(seed: int) -> float:
    daisy = ift.load_design("daisy").changed(size=400)
    answer = ift.forecast(daisy, worlds=240, subjects=200, seed=seed, out="runs/daisy")
    found: float = answer.by_prior["lupus_bridge"].assurance.estimate
    weeks: float = answer.primary_week
    versions: tuple[str, int | None] = (answer.facts.version, answer.facts.seed)
    columns = [str(name) for name in answer.table().columns]
    return found + weeks + len(versions) + len(columns) + len(answer.report("daisy.html").name)


def designs() -> Mapping[str, float]:
    first = ift.compare("daisy", ift.load_design("daisy_iv"), worlds=100).designs[0]
    return {name: each.assurance.estimate for name, each in first.by_prior.items()}


def one_trial() -> float:
    trial = ift.simulate_trial("daisy", seed=7)
    subjects: int = len(trial.tables["adsl"])
    difference = ift.stats.mmrm(trial, "mrss_change")
    return difference.estimate / subjects


def courses() -> float:
    followed = ift.simulate("150 mg SC every 2 weeks", drug="anifrolumab", at=[0, 14, 28]).followed[0]
    return followed.concentration.q50[0]


def own_drug(drug: ift.Drug) -> ift.Catalog:
    return ift.SHIPPED.with_(drugs=[drug], evidence="my_rows/")


def own_model() -> float:
    rate, amount = ift.symbol("rate"), ift.symbol("amount")
    system = ift.OdeSystem("decay", ("amount",), ("rate",), (-rate * amount,), (sympy.Integer(1),))
    found = ift.solve(system, {"rate": np.array([0.1, 0.2])}, None, [1.0])
    table = ift.sbml.load("model.xml").simulate([0.0, 1.0], parameters={"k": 2.0})
    return float(found.of("amount")[0, 0]) + len(table)


def scores() -> list[str]:
    answer = ift.score("expression.csv", healthy="healthy.txt")
    return [each.call for each in answer.scores]


def errors() -> str:
    try:
        ift.parse_regimen("300 furlongs")
    except ift.InputError as error:
        return "; ".join(error.problems)
    return ift.load_evidence().source("tummala2018").citation
