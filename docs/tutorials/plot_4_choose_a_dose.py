"""
Choose a dose
=============

Which dose of anifrolumab, by which route, for a trial in systemic sclerosis? This page follows regimens in virtual
patients, reads troughs, peaks and the time above a level, looks at what each does along the pathway, and asks whether
a larger dose would change a trial's chance.

Concentrations are those of a model with published misses (:doc:`/known_misses`). The page takes few subjects and
worlds, so that it is quick; leave ``subjects`` and ``worlds`` away for numbers that you want to use.
"""

# %%
# Two regimens side by side
# -------------------------
#
# Regimens are written as prescribers write them. What the program prints back is one form of the words.

from pathlib import Path
from tempfile import mkdtemp

import ifntrial as ift

print(ift.parse_regimen("IV 300mg q4w").words())
followed = ift.simulate(
    "300 mg IV every 4 weeks", "120 mg SC weekly", weeks=24, subjects=40, seed=1, workers=1
)
print(followed)

# %%
# Troughs and peaks are looked at where they are: just before each dose, and at the end of an infusion.

for regimen in followed.followed:
    last = regimen.intervals[-1]
    print(
        f"{regimen.regimen}: before dose {last.dose} {last.trough_before.q50:.1f} ug/mL, peak after it "
        f"{last.peak.q50:.0f} ug/mL, {last.peak_days.q50:.2f} days later"
    )

# %%
# The accumulation, the half-life and the days above 3.88 ug/mL, which gives 80 % of the largest suppression of the
# signature in blood, with the share of subjects between 5 and 95 %:

monthly = followed.followed[0]
steady = monthly.steady_state
if steady is not None:
    print(
        f"area of the last interval over the first: {steady.accumulation_area.q50:.2f}, steady: {steady.is_reached}"
    )
above = monthly.intervals[-2].days_above
if above is not None:
    print(f"days above the level: {above.q50:.1f} ({above.q05:.1f} to {above.q95:.1f}) of 28")

# %%
# Lower doses
# -----------
#
# How far can the dose fall before the signature returns? Suppression (b) is one less the fold-change score after over
# before, at the last trough.

lower = ift.simulate(
    "30 mg SC weekly", "60 mg SC weekly", "120 mg SC weekly", weeks=24, subjects=40, seed=1, workers=1
)
for regimen in lower.followed:
    level, signature = regimen.concentration, regimen.suppression_blood
    print(f"{regimen.regimen}: {level.q50[-1]:.1f} ug/mL, signature down by {100 * signature.q50[-1]:.0f} %")

# %%
# A dose that is not understood in one way only is refused, with what is unclear:

try:
    ift.simulate("300 mg IV every 4 weeks x 3 for 52 weeks")
except ift.InputError as error:
    print(error)

# %%
# What the dose does along the pathway
# ------------------------------------
#
# The model as a picture: each box is shaded by what the treatment does to it, against no treatment in the same
# subjects. Behind a dashed arrow is a strength that no trial has told.

mapped = ift.pathway("120 mg SC weekly", week=24, subjects=40, seed=1, workers=1)
folder = Path(mkdtemp())
print(mapped.svg(folder / "pathway.svg").name)
mapped.table().set_index("box").loc[
    ["receptor_free_skin", "isg_mrna_skin", "collagen_synthesis_skin", "mrss"]
]

# %%
# Does a larger dose change the trial?
# ------------------------------------
#
# The signature is saturated at 120 mg a week, so a larger dose moves the chance of success little: what is not known
# is how much of the disease the signature drives.

compared = ift.doses(
    "daisy",
    regimens=["60 mg SC weekly", "300 mg IV every 4 weeks"],
    worlds=16,
    subjects=40,
    seed=1,
    workers=1,
)
print(compared)

# %%
# Next: :doc:`regimens in words and event tables </choose_a_dose>`, :doc:`what moves the answer </sensitivity>`.
