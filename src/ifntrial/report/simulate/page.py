"""The page of one simulated regimen: concentration, target engagement and suppression over time."""

from collections.abc import Mapping, Sequence
from typing import Any

from ifntrial.calendar import DAYS_PER_WEEK
from ifntrial.report.forecast.words import status
from ifntrial.report.page import Frame, render_page, require_keys
from ifntrial.report.palette import ACTIVE, BLOOD, SKIN
from ifntrial.report.plots.courses import course, course_table, plot_courses
from ifntrial.report.plots.frame import Panel
from ifntrial.report.wording import number, unit_label
from ifntrial.studies.run_facts import RunFacts

Result = Mapping[str, Any]

HEIGHT = 300

SECTIONS = {"drug": "Drug and target", "signature": "Interferon signature"}

NEEDED = (
    "regimen",
    "weeks",
    "population",
    "time_days",
    "concentration",
    "occupancy_blood",
    "occupancy_skin",
    "suppression_blood",
    "suppression_skin",
    "ifn_driven_suppression_blood",
    "ifn_driven_suppression_skin",
)

ENGAGEMENTS = {
    "occupancy": "Receptors occupied",
    "ifn_alpha_bound": "Interferon alpha bound by drug",
    "kinase_inhibition": "Kinases below the receptor inhibited",
}
"""What shows that a drug is at its target; a drug without such a read-out has no panel for it."""

_TISSUES = {"blood": (BLOOD, "solid"), "skin": (SKIN, "dash")}


def render_simulation(result: Result, run: RunFacts) -> str:
    """Return the page of a simulated regimen.

    Parameters
    ----------
    result
        What ``ifntrial simulate --json`` writes: ``time_days`` of shape (times,), and bands ``{"5", "50", "95"}`` over
        subjects of the same shape; occupancy and suppression as fractions.

    Returns
    -------
    A self-contained HTML page that requests nothing from anywhere.

    Raises
    ------
    InputError
        If a key that the page shows is absent; names every absent key.
    """
    require_keys(result, NEEDED, "the simulation's result")
    engagement = str(result.get("engagement", "occupancy"))
    drug = [concentration_panel(result)]
    if engagement:
        drug.append(tissue_panel(result, engagement, ENGAGEMENTS[engagement], (0, 104)))
    signature = [
        tissue_panel(result, "ifn_driven_suppression", "(a) Receptor-driven share removed", None),
        tissue_panel(result, "suppression", "(b) Fold-change score lowered", None),
    ]
    drug_name = str(result.get("drug", "drug"))
    title = f"{drug_name[:1].upper()}{drug_name[1:]}, {result['regimen']}"
    population = result["population"]
    return render_page(
        "simulate/page.html.j2",
        Frame(
            "One regimen in a virtual population",
            title,
            f"Followed for {number(result['weeks'])} weeks in {population['subjects']} virtual subjects: "
            f"{population['meaning']}.",
            SECTIONS,
            notes=[status(result)] if "subjects_status" in result else [],
            facts={"Regimen": result["regimen"]},
        ),
        [*drug, *signature],
        run,
        drug_panels=drug,
        signature_panels=signature,
    )


def concentration_panel(result: Result) -> Panel:
    """Return the drug's concentration in serum over time."""
    unit = unit_label(result.get("units", {}).get("concentration", "ug/mL"))
    lines = [course("Serum", ACTIVE, result["concentration"])]
    title = f"Drug in serum [{unit}]"
    figure = plot_courses(_weeks(result), lines, title, height=HEIGHT, unit=unit)
    caption = "Median subject, with the band that holds 5 to 95 % of subjects."
    table = course_table(_weeks(result), lines, unit)
    return Panel("concentration", title, caption, figure, HEIGHT, 2, table)


def tissue_panel(result: Result, key: str, title: str, limits: Sequence[float] | None) -> Panel:
    """Return a share [%] over time in blood (solid) and skin (dashed)."""
    lines = [
        course(tissue.capitalize(), color, result[f"{key}_{tissue}"], 100, dash)
        for tissue, (color, dash) in _TISSUES.items()
    ]
    figure = plot_courses(_weeks(result), lines, "Share [%]", height=HEIGHT, y_range=limits, unit="%")
    caption = "Blood solid, skin dashed: median subject, with the band that holds 5 to 95 % of subjects."
    return Panel(key, f"{title} [%]", caption, figure, HEIGHT, 2, course_table(_weeks(result), lines, "%"))


def _weeks(result: Result) -> list[float]:
    return [day / DAYS_PER_WEEK for day in result["time_days"]]
