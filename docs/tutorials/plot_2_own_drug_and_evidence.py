"""
A drug and evidence of your own
===============================

Nothing in the installed package has to be edited to take another clearance, another prior or another drug. This page
puts a row of evidence in the place of the package's, adds a drug of a structure that is known, and plans a trial of
it.
"""

# %%
# A number of your own
# --------------------
#
# Every number is a row of a table with a source, or is called an assumption:

from dataclasses import asdict, replace
from pathlib import Path
from tempfile import mkdtemp

import pandas as pd

import ifntrial as ift

evidence = ift.load_evidence()
row = evidence.parameter("anifrolumab.clearance")
print(row.value, row.unit, "|", row.source, "|", row.status)

# %%
# A folder of tables with the same columns takes their place where a name is the same; of the tables any may be
# absent. Here is one row, the antibody leaving twice as fast. It is nobody's measurement, so its status is
# ``assumed`` and its note says why it is there.

faster = replace(row, value=2 * row.value, status="assumed", note="twice as fast, to see what it does")
folder = Path(mkdtemp())
(folder / "faster").mkdir()
pd.DataFrame([asdict(faster)]).to_csv(folder / "faster" / "parameters.csv", index=False)

mine = ift.SHIPPED.with_(evidence=folder / "faster")
for name, catalog in (("as published", ift.SHIPPED), ("twice as fast", mine)):
    followed = ift.simulate(
        "120 mg SC every week", weeks=12, at=[77], subjects=40, catalog=catalog, workers=1
    )
    trough = followed.table()["concentration_q50"].iloc[0]
    print(f"{name:<14} {trough:5.1f} ug/mL on day 77")

# %%
# Every result says so: its page on top, its JSON and the manifest of its folder under ``chosen``.

print(followed.facts.chosen)

# %%
# A command takes the same folder with ``--evidence``: ``ifntrial simulate "120 mg SC every week" --evidence faster``.
# A row that contradicts itself or the rest is refused, all problems at once:

wrong = replace(faster, unit="kg", source="nobody2026")
(folder / "wrong").mkdir()
pd.DataFrame([asdict(wrong)]).to_csv(folder / "wrong" / "parameters.csv", index=False)
try:
    ift.SHIPPED.with_(evidence=folder / "wrong")
except ift.InputError as error:
    print(str(error).replace(str(folder), ""))

# %%
# A drug of your own
# ------------------
#
# A drug is a structure, which says how it moves and where it acts, and rows that begin with its name. This one is an
# antibody against the receptor like anifrolumab, which binds it three times as tightly.

prefix = "anifrolumab."
rows = [
    replace(each, name=each.name.replace(prefix, "mymab."))
    for each in evidence.parameters
    if each.name.startswith(prefix)
]
rows = [
    replace(each, value=each.value / 3, status="assumed", note="three times as tight, to see what it does")
    if each.name == "mymab.kss"
    else each
    for each in rows
]
(folder / "mymab").mkdir()
pd.DataFrame([asdict(each) for each in rows]).to_csv(folder / "mymab" / "parameters.csv", index=False)

mymab = replace(ift.SHIPPED.drugs["anifrolumab"], name="mymab", label="Mymab", usual="30 mg SC every week")
with_mymab = ift.SHIPPED.with_(drugs=[mymab], evidence=folder / "mymab")
low_dose = ift.simulate(
    "30 mg SC every week", drug="mymab", weeks=12, at=[77], subjects=40, catalog=with_mymab, workers=1
)
low_dose.table()[["regimen", "day", "concentration_q50", "occupancy_skin_q50", "suppression_blood_q50"]]

# %%
# A name that is there already is an error that names both sides:

try:
    ift.SHIPPED.with_(drugs=[replace(mymab, name="anifrolumab")])
except ift.InputError as error:
    print(error)

# %%
# A trial of it
# -------------
#
# A design that comes from the same catalogue may name the drug, and every verb takes the catalogue.

design = ift.load_design("daisy", catalog=with_mymab).changed(
    name="mymab_trial",
    arms=[
        {"name": "mymab", "drug": "mymab", "regimen": "30 mg SC every week"},
        {"name": "placebo", "regimen": "placebo", "is_control": True},
    ],
)
trial = ift.simulate_trial(design, seed=3, catalog=with_mymab, workers=1)
trial.table()

# %%
# For everyone who installs it
# ----------------------------
#
# A package of yours brings drugs, endpoints, signatures, designs and evidence to all who install it, and every
# command sees them: name an ``ift.Extension`` in the group ``ifntrial.extensions`` of its entry points.
# :doc:`/extend` shows the whole of it.

extension = ift.Extension(drugs=(mymab,), evidence=folder / "mymab")
print(type(extension).__name__, [drug.name for drug in extension.drugs])
