"""The page of one simulated regimen: concentration, target engagement and suppression over time."""

from collections.abc import Sequence

from ifntrial.calendar import DAYS_PER_WEEK
from ifntrial.report.page import Frame, render_page
from ifntrial.report.palette import ACTIVE, BLOOD, SKIN
from ifntrial.report.plots.courses import course, course_table, plot_courses
from ifntrial.report.plots.frame import Panel
from ifntrial.report.wording import number, subjects_in_words, unit_label
from ifntrial.studies.run_facts import RunFacts
from ifntrial.studies.simulate.result import ReadOut, Simulation

HEIGHT = 300

SECTIONS = {"drug": "Drug and target", "signature": "Interferon signature"}

ENGAGEMENTS = {
    "occupancy": "Receptors occupied",
    "ifn_alpha_bound": "Interferon alpha bound by drug",
    "kinase_inhibition": "Kinases below the receptor inhibited",
}
"""What shows that a drug is at its target; a drug without such a read-out has no panel for it."""

_TISSUES = (("Blood", BLOOD, "solid"), ("Skin", SKIN, "dash"))


def render_simulation(result: Simulation, run: RunFacts) -> str:
    """Return the page of a simulated regimen.

    Returns
    -------
    A self-contained HTML page that requests nothing from anywhere.
    """
    drug = [concentration_panel(result)]
    if result.at_target is not None:
        drug.append(
            tissue_panel(
                result, result.engagement, ENGAGEMENTS[result.engagement], result.at_target, (0, 104)
            )
        )
    signature = [
        tissue_panel(
            result,
            "ifn_driven_suppression",
            "(a) Receptor-driven share removed",
            (result.ifn_driven_suppression_blood, result.ifn_driven_suppression_skin),
        ),
        tissue_panel(
            result,
            "suppression",
            "(b) Fold-change score lowered",
            (result.suppression_blood, result.suppression_skin),
        ),
    ]
    return render_page(
        "simulate/page.html.j2",
        Frame(
            "One regimen in a virtual population",
            f"{result.drug[:1].upper()}{result.drug[1:]}, {result.regimen}",
            f"Followed for {number(result.weeks)} weeks in {result.people.subjects} virtual subjects: "
            f"{result.people.meaning}.",
            SECTIONS,
            notes=[subjects_in_words(result.subjects_status)],
            facts={"Regimen": result.regimen},
        ),
        [*drug, *signature],
        run,
        drug_panels=drug,
        signature_panels=signature,
    )


def concentration_panel(result: Simulation) -> Panel:
    """Return the drug's concentration in serum over time."""
    unit = unit_label(result.units.concentration_unit)
    lines = [course("Serum", ACTIVE, result.concentration)]
    title = f"Drug in serum [{unit}]"
    figure = plot_courses(_weeks(result), lines, title, height=HEIGHT, unit=unit)
    caption = "Median subject, with the band that holds 5 to 95 % of subjects."
    table = course_table(_weeks(result), lines, unit)
    return Panel("concentration", title, caption, figure, HEIGHT, 2, table)


def tissue_panel(
    result: Simulation,
    name: str,
    title: str,
    in_tissues: tuple[ReadOut, ReadOut],
    limits: Sequence[float] | None = None,
) -> Panel:
    """Return a share [%] over time in blood (solid) and skin (dashed)."""
    lines = [
        course(label, color, values, 100, dash)
        for (label, color, dash), values in zip(_TISSUES, in_tissues, strict=True)
    ]
    figure = plot_courses(_weeks(result), lines, "Share [%]", height=HEIGHT, y_range=limits, unit="%")
    caption = "Blood solid, skin dashed: median subject, with the band that holds 5 to 95 % of subjects."
    return Panel(name, f"{title} [%]", caption, figure, HEIGHT, 2, course_table(_weeks(result), lines, "%"))


def _weeks(result: Simulation) -> list[float]:
    return [day / DAYS_PER_WEEK for day in result.time_days]
