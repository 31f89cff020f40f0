"""Followed regimens, and what can be done with them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ifntrial.api import defaults
from ifntrial.api.answer import Files, Shown, keep
from ifntrial.api.checks import require_range
from ifntrial.api.courses.asked import MOST_SUBJECTS, AskedCourses, drug_of, regimens_of, setting_of
from ifntrial.api.runs import Run
from ifntrial.api.tables import Cell, Column, make_table
from ifntrial.calendar import DAYS_PER_WEEK
from ifntrial.catalog import Catalog
from ifntrial.solver import Progress
from ifntrial.studies.over_worlds import fields_of
from ifntrial.studies.pathway.result import PathwayMap
from ifntrial.studies.pathway.study import map_pathway
from ifntrial.studies.run_facts import RunFacts
from ifntrial.studies.simulate.plans import plans_of_regimens, plans_of_table
from ifntrial.studies.simulate.result import FollowedRegimen, ReadOut, Simulation
from ifntrial.studies.simulate.study import simulate_regimen

if TYPE_CHECKING:
    import pandas as pd

_NEAR = 1e-6
"""Days that differ by less are the same."""

_COURSES = (
    ("concentration", "of the drug in serum", "ug/mL"),
    ("occupancy_blood", "share of receptors in blood bound by the drug", "1"),
    ("occupancy_skin", "share of receptors in skin bound by the drug", "1"),
    ("suppression_blood", "suppression (b) in blood: one minus post over pre of the fold-change score", "1"),
    ("suppression_skin", "suppression (b) in skin", "1"),
    ("signature_blood", "fold-change score in blood", "1"),
    ("signature_skin", "fold-change score in skin", "1"),
)
_QUANTILES = (("q05", "5 % of subjects"), ("q50", "median subject"), ("q95", "95 % of subjects"))
_COLUMNS = (
    Column("regimen", "in words; of an event table, the subject and occasion"),
    Column("day", "time after the first dose", "day"),
    *(
        Column(f"{name}_{quantile}", f"{meaning}, {of}", unit)
        for name, meaning, unit in _COURSES
        for quantile, of in _QUANTILES
    ),
)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class SimulationAnswer(Shown[Simulation], Simulation):
    """Followed regimens: every field of the result of ``ifntrial simulate``, and what can be done with it."""

    def table(self, *, all_times: bool = False) -> "pd.DataFrame":
        """Return the courses, a row for each regimen and time.

        Parameters
        ----------
        all_times
            Every time that was simulated; otherwise those that were asked for with ``at`` or ``every``, if any.
        """
        rows = (row for each in self.followed for row in _rows(each, all_times))
        return make_table(f"{self.drug}, {self.people.subjects} virtual subjects", _COLUMNS, rows)

    def lines(self) -> Iterator[str]:
        """Yield who was followed, and the read-outs of each regimen at its end."""
        yield f"{self.drug}, {self.people.subjects} virtual subjects: {self.people.meaning}"
        for each in self.followed:
            level, score = each.concentration, each.suppression_blood
            yield (
                f"  {each.regimen}, {each.doses} doses; day {each.time_days[-1]:g}: serum {level.q50[-1]:.3g} ug/mL "
                f"({level.q05[-1]:.3g} to {level.q95[-1]:.3g}), suppression (b) in blood {100 * score.q50[-1]:.0f} % "
                f"({100 * score.q05[-1]:.0f} to {100 * score.q95[-1]:.0f})"
            )


def _rows(regimen: FollowedRegimen, all_times: bool) -> Iterator[tuple[Cell, ...]]:
    courses: tuple[ReadOut, ...] = tuple(getattr(regimen, name) for name, _, _ in _COURSES)
    asked = np.array(regimen.asked_days)
    for place, day in enumerate(regimen.time_days):
        if all_times or not len(asked) or np.abs(asked - day).min() < _NEAR:
            yield (
                regimen.regimen,
                day,
                *(each for one in courses for each in (one.q05[place], one.q50[place], one.q95[place])),
            )


def answer_simulation(
    asked: AskedCourses,
    begin_run: Callable[[], Run],
    catalog: Catalog,
    workers: int,
    progress: Progress | None,
) -> SimulationAnswer:
    """Return the answer, kept where the run says; errors as in ``simulate``.

    Parameters
    ----------
    begin_run
        Called when all that is asked has been understood.
    """
    require_range("--weeks", asked.weeks, 0.1, defaults.MOST_WEEKS)
    require_range("--subjects", asked.subjects, 1, MOST_SUBJECTS)
    regimens = regimens_of(asked.regimens, asked.events)
    model = catalog.model(drug_of(regimens, asked.drug), asked.without)
    setting = setting_of(asked, catalog, model)
    run = begin_run()
    until = asked.weeks * DAYS_PER_WEEK
    notes: tuple[str, ...] = ()
    if asked.events is None:
        plans = plans_of_regimens(regimens, model, until)
    else:
        plans, notes = plans_of_table(asked.events, model, asked.time_unit, until)
    result = simulate_regimen(
        catalog.pool(model), plans, setting.with_notes(notes), workers=workers, progress=progress
    )
    drawn = partial(
        map_pathway, catalog.pool(model), plans[0], setting, catalog.drugs.values(), workers=workers
    )
    kept = keep(run, result, Files("simulation.json", partial(_render, drawn)))
    return SimulationAnswer(**fields_of(result), kept=kept)


def _render(drawn: Callable[[], PathwayMap], result: Simulation, facts: RunFacts) -> str:
    from ifntrial.report.simulate.page import render_simulation

    # the page alone shows the map, so that nothing else waits for it
    return render_simulation(result, facts, drawn())
