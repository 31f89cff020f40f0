"""
A forecast
==========

How likely is a trial to succeed, and what does the answer rest on? This page asks it of DAISY, changes the size of
the trial, looks at one virtual trial of it, and writes the report that a colleague can read.

Install the package first: :doc:`/install`. This page takes few worlds and patients, so that it is quick; leave
``worlds`` and ``subjects`` away for a forecast that you want to use.
"""

# %%
# The question
# ------------
#
# A design is a name, a YAML file, or one of these changed. Every field of a design file is an attribute; an editor
# completes them.

from pathlib import Path
from tempfile import mkdtemp

import ifntrial as ift

daisy = ift.load_design("daisy")
print(daisy.title)
print(daisy.size.analyzed, "patients;", daisy.primary.endpoint, "at week", daisy.primary.visit_week)

# %%
# The answer
# ----------
#
# One call draws worlds, that is, sets of what nobody knows, gives each its virtual patients, and counts in how many
# the primary endpoint is met. No efficacy result has been published, so there is an answer for each of several named
# beliefs about the effect, and one for their declared mixture. None of them is *the* answer.

folder = Path(mkdtemp())
answer = ift.forecast(daisy, worlds=24, subjects=40, seed=1, workers=1, out=folder / "daisy")
print(answer)

# %%
# The same as a pandas table. What each column means, and its unit, goes with it.

table = answer.table()
table[["prior", "assurance", "low", "high", "power_q50"]]

# %%

print(table.attrs["columns"]["assurance"])

# %%
# An answer is a typed record, so a number in it has a name and needs no parsing:

lupus = answer.by_prior["lupus_bridge"]
print(lupus.label, f"{lupus.assurance.estimate:.2f}, {lupus.assurance.low:.2f} to {lupus.assurance.high:.2f}")

# %%
# Where it comes from
# -------------------
#
# ``facts`` says what made the numbers: the version, hashes of the evidence and of the libraries, the seed, and the
# command that gives them again. ``ifntrial reproduce`` does so with the folder, and compares every number.

print(answer.facts.command.replace(str(folder), "runs"))
print(sorted(path.name for path in (folder / "daisy").iterdir() if path.is_file()))

# %%
# Another trial
# -------------
#
# ``changed`` takes the fields of a design file. What cannot be is told at once, all of it:

try:
    daisy.changed(treatment_weeks="long", primary={"endpoint": "rcris"})
except ift.InputError as error:
    print(error)

# %%
# Two designs are compared in the same worlds, with the same patients, so that their difference is not luck.

larger = daisy.changed(size=600, name="daisy_600")
compared = ift.compare(daisy, larger, worlds=16, subjects=40, seed=1, workers=1)
columns = ["design", "prior", "assurance", "versus_first"]
compared.table().query("prior in ['ssc_reference_class', 'mixture']")[columns]

# %%
# One virtual trial
# -----------------
#
# A single trial has a result, and another seed has another one. Its tables have the shape of ADaM; ``ift.stats``
# analyses it as a statistician would.

trial = ift.simulate_trial("daisy", seed=7, workers=1)
trial.tables["adsl"].head(3)

# %%

difference = ift.stats.mmrm(trial, "mrss_change")
print(
    f"skin score, active minus placebo: {difference.estimate:.2f} ({difference.low:.2f} to {difference.high:.2f})"
)

# %%
# The report
# ----------
#
# One HTML file that needs no other; :doc:`/how_to_read_the_report` explains it.

page = answer.report(folder / "daisy.html")
print(page.name, page.stat().st_size > 100_000)

# %%
# Next: :doc:`a drug and evidence of your own </_tutorials/plot_2_own_drug_and_evidence>`, :doc:`beliefs of your own
# </beliefs>`, :doc:`whom to enrol </enrich_and_compare>`.
