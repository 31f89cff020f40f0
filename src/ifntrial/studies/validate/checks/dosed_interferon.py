"""Natural interferon alpha given to patients: the one trial in people that says which way skin and lung go."""

from collections.abc import Iterator

from ifntrial.studies.calibrate.predict import BLACK_REGIMEN
from ifntrial.studies.validate.checks.natural_history import change_of, fewer, read
from ifntrial.studies.validate.checks.setting import Setting, Simulated
from ifntrial.worlds.predictions import BLACK

DRUG, COHORT, WEEK = "interferon_alpha", "black1999", 52.0
NOTE = "everyone stays to the end: 11 of those on interferon and 3 of the others stopped; a dose above what patients make"


def check(setting: Setting) -> Iterator[Simulated]:
    """Return what the model says of every row on interferon that is given."""
    group = fewer(setting.with_drug(DRUG))
    members = group.take(group.members(COHORT))
    on_drug, untreated = (read(members, setting, words) for words in (BLACK_REGIMEN, "placebo"))
    for item in ("fvc_percent", "mrss"):
        difference = change_of(on_drug[item], WEEK).mean() - change_of(untreated[item], WEEK).mean()
        yield Simulated(f"{BLACK}.{item}_change.w52", float(difference), note=NOTE)


CHECKS = (check,)
