"""
The solver on a model of yours
==============================

The solver knows no biology: it takes names and expressions, gives each subject its own parameters and doses, and
answers with an array and a status for everyone. This page solves a one-compartment model for a thousand people,
checks it against its closed form, and reads a model from SBML.
"""

# %%
# Equations
# ---------
#
# A system is written in symbols: states, parameters, the rate of each state, and where it begins. Here a drug is
# absorbed from under the skin and cleared from the blood.

from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import sympy
from numpy.typing import ArrayLike, NDArray

import ifntrial as ift
from ifntrial.solver import DoseTable, Tolerance

depot, central = ift.symbol("depot"), ift.symbol("central")
absorption, clearance, volume = (ift.symbol(name) for name in ("absorption", "clearance", "volume"))
system = ift.OdeSystem(
    name="one compartment",
    states=("depot", "central"),
    parameters=("absorption", "clearance", "volume"),
    rates=(-absorption * depot, absorption * depot - clearance / volume * central),
    initial=(sympy.Integer(0), sympy.Integer(0)),
    outputs=(("concentration", central / volume),),
    time_unit="day",
)

# %%
# People and doses
# ----------------
#
# A parameter is one number, or one for each subject. Doses are a table: here the same for everyone, 120 mg every
# week.

subjects = 1000
rng = np.random.default_rng(1)
clearances = 0.2 * np.exp(0.3 * rng.standard_normal(subjects))
volumes = 6.0 * np.exp(0.2 * rng.standard_normal(subjects))
parameters: dict[str, ArrayLike] = {"absorption": 0.3, "clearance": clearances, "volume": volumes}
weekly = DoseTable.regimen(subjects, state="depot", amount=120.0, interval=7.0, n_doses=12)
days = np.linspace(0.0, 84.0, 85)

courses = ift.solve(system, parameters, weekly, days, outputs=["concentration"], workers=1)
table = courses.table()
print(table["status"].value_counts().to_dict())
table.head(3)

# %%
# What was asked for is there as an array, subjects by times, too.

concentration = courses.of("concentration")
low, middle, high = np.percentile(concentration[:, -1], (5, 50, 95))
print(f"day 84: {middle:.1f} mg/L (5 to 95 % of subjects: {low:.1f} to {high:.1f})")

# %%
# Is it right?
# ------------
#
# This model has a closed form, so the answer can be checked: a sum over the doses that were given.


def closed_form(subject: int) -> NDArray[np.float64]:
    """Return the concentration of one subject at all days."""
    ka, cl, v = 0.3, clearances[subject], volumes[subject]
    k = cl / v
    since = days[:, None] - 7.0 * np.arange(12)
    one_dose = 120.0 * ka / (v * (ka - k)) * (np.exp(-k * since) - np.exp(-ka * since))
    return np.asarray(np.where(since > 0, one_dose, 0.0).sum(axis=1))


apart = max(float(np.abs(concentration[each] - closed_form(each)).max()) for each in range(20))
print(f"largest difference from the closed form in 20 subjects: {apart / middle:.0e} of the median")

# %%
# How exact it is can be chosen, :doc:`/how_the_solver_works` says what that costs.

exact = ift.solve(
    system, parameters, weekly, days, outputs=["concentration"], tolerance=Tolerance.REFERENCE, workers=1
).of("concentration")
apart = max(float(np.abs(exact[each] - closed_form(each)).max()) for each in range(20))
print(f"with Tolerance.REFERENCE: {apart / middle:.0e}")

# %%
# Who cannot be solved
# --------------------
#
# A subject that cannot be solved is no error of the call: its row says why, and its numbers are missing. This one's
# volume is zero.

two = ift.solve(system, {**parameters, "clearance": 0.2, "volume": [6.0, 0.0]}, None, [0.0, 1.0], workers=1)
two.table()

# %%
# A model of somebody else
# ------------------------
#
# SBML files are read with their events, rules and units (this needs the extra ``sbml``).

path = Path(mkdtemp()) / "decay.xml"
path.write_text(
    """<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">
  <model id="decay">
    <listOfParameters>
      <parameter id="x" value="1" constant="false"/>
      <parameter id="k" value="0.1" constant="true"/>
    </listOfParameters>
    <listOfRules>
      <rateRule variable="x">
        <math xmlns="http://www.w3.org/1998/Math/MathML">
          <apply><minus/><apply><times/><ci>k</ci><ci>x</ci></apply></apply>
        </math>
      </rateRule>
    </listOfRules>
  </model>
</sbml>
""",
    encoding="utf-8",
)
model = ift.sbml.load(path)
print(dict(model.parameters))
model.simulate([0.0, 1.0, 2.0], parameters={"k": [0.1, 0.5]}, workers=1)
