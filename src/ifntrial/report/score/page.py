"""The page of ``ifntrial score``: who is high, how sure, which interferon, and what it rests on."""

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from ifntrial.report.page import Frame, Page, render_page
from ifntrial.report.plots.frame import Table
from ifntrial.report.plots.panel import Panel
from ifntrial.report.score import panels
from ifntrial.report.score import specificity as specific
from ifntrial.report.score.platforms import platforms_table
from ifntrial.report.wording import number, percent
from ifntrial.signature import Association, Citation, Method, ScoreResult, Signature
from ifntrial.signature.infection import BACTERIAL
from ifntrial.studies.run_facts import RunFacts
from ifntrial.studies.score.study import ScoreStudy

SECTIONS = {
    "glance": "At a glance",
    "patients": "Every patient sample",
    "specificity": "Which interferon, or an infection",
    "visits": "Repeated visits",
    "clinical": "Clinical variables",
    "platforms": "The same samples on another platform",
}
APPENDIX = {
    "distribution": "Scores of each group",
    "genes": "Genes",
    "beside": "Interferons and infection, sample by sample",
    "data": "What was done to the data",
    "basis": "What the scores rest on",
    "sources": "Sources",
}
"""Parts that are folded."""


# A median over fewer subjects is not shown on the page; every subject is in suppression.csv.
FEWEST_SUBJECTS = 3

_RULES = {"mean_2sd": "mean + 2 SD", "median_mad": "median + k MAD"}
NOTICE_WORDS = {"changed": "Changed", "detected": "Detected"}


def render_scores(study: ScoreStudy, run: RunFacts) -> Page:
    """Return the page of scores.

    Parameters
    ----------
    study
        Scores and what was derived from them.

    Returns
    -------
    A self-contained HTML page that requests nothing from anywhere.
    """
    result = study.result
    main, method = result.pairs[0]
    groups: dict[str, list[Panel]] = {
        "distribution": [panels.distribution_panel(result, s, m) for s, m in _drawn(result)],
        "patients": [panels.waterfall_panel(result, main, method)],
        "genes": [panel] if (panel := panels.heat_map_panel(result, main, method)) else [],
        "specificity": [],
        "beside": [],
        "visits": [panel] if (panel := panels.visits_panel(result, main, method)) else [],
        "clinical": [],
    }
    if study.specificity is not None:
        drawn = [
            specific.specificity_panel(result, study.specificity),
            specific.infection_panel(result, study.specificity),
        ]
        groups["specificity"] = [specific.reading_panel(study.specificity)]
        groups["beside"] = [panel for panel in drawn if panel is not None]
    if study.association is not None and (study.association.table["status"] == "tested").any():
        groups["clinical"] = [panels.association_panel(study.association.table, main.label)]
    counts = _count_classes(result, main, method)
    return render_page(
        "score/page.html.j2",
        Frame(
            "Interferon scores of real samples",
            study.title,
            _calls(main, counts, has_reference=result.reference is not None),
            {name: text for name, text in SECTIONS.items() if name in _shown(study, groups)},
            appendix={name: text for name, text in APPENDIX.items() if name in _shown(study, groups)},
            notes=_healthy_calls(counts),
            warnings={s.label: f"({s.status}): {s.note}" for s in _banners(result)},
        ),
        [panel for group in groups.values() for panel in group],
        run,
        groups=groups,
        study=study,
        main=main,
        method=method,
        class_colors=panels.CLASS_COLORS,
        glance=_glance_table(result),
        side_by_side=specific.side_by_side(result, study.specificity)
        if study.specificity is not None
        else None,
        suppression=_suppression_table(study.suppression),
        suppression_words=_suppression_words(study.suppression),
        rule=_RULES[result.settings.rule],
        association=_association_table(study.association),
        notices={
            kind: [n.text for n in study.notices if n.kind == kind] for kind in ("caution", *NOTICE_WORDS)
        },
        notice_words=NOTICE_WORDS,
        basis=_basis_table(result),
        points=Table(("Asked for", "Here"), tuple((p.point, p.statement) for p in study.points)),
        platforms=platforms_table(study.platforms),
        sources=_sources(result, study.citations),
    )


def _calls(main: Signature, counts: Mapping[str, Mapping[str, int]], *, has_reference: bool) -> str:
    """Return how many patient samples are high, borderline and low."""
    of = counts["patients"]
    if not has_reference:
        return f"{main.label} of {of['all']} samples. No healthy samples were named, so no sample is called high or low."
    lost = f"; {of['unclassified']} could not be called" if of["unclassified"] else ""
    return Markup(
        "{}: of {} patient samples <strong>{}</strong> are high, <strong>{}</strong> borderline and <strong>{}</strong> "
        "low{}."
    ).format(main.label, of["all"], of["high"], of["borderline"], of["low"], lost)


def _healthy_calls(counts: Mapping[str, Mapping[str, int]]) -> list[str]:
    of = counts["healthy"]
    if not of["all"]:
        return []
    return [f"Of {of['all']} healthy samples {of['high']} are high and {of['borderline']} borderline."]


def _drawn(result: ScoreResult) -> list[tuple[Signature, Method]]:
    """Return what gets a figure of its own: all but a set of which no sample could be scored, and infection."""
    scored = set(result.table.loc[result.table["status"] == "scored", "signature"])
    main = result.pairs[0][0].name
    return [(s, m) for s, m in result.pairs if s.name == main or (s.name in scored and s.name != BACTERIAL)]


def _banners(result: ScoreResult) -> list[Signature]:
    """Return the lists not confirmed; the bacterial one has its say beside the table it is in."""
    main = result.pairs[0][0].name
    found = {s.name: s for s, _ in result.pairs if s.status != "confirmed"}
    return [s for name, s in found.items() if name == main or name != BACTERIAL]


def _shown(study: ScoreStudy, groups: dict[str, list[Panel]]) -> set[str]:
    always = {"glance", "distribution", "patients", "data", "basis", "sources"}
    shown = {name for name, drawn in groups.items() if drawn} | set(study.left_out)
    tables = {
        "visits": study.suppression,
        "clinical": study.association,
        "platforms": study.platforms or None,
    }
    return always | shown | {name for name, table in tables.items() if table is not None}


def _count_classes(result: ScoreResult, signature: Signature, method: Method) -> dict[str, dict[str, int]]:
    rows = result.scores_of(signature.name, method.name)
    found = {}
    for group, own in (
        ("patients", rows[rows["group"] != "healthy"]),
        ("healthy", rows[rows["group"] == "healthy"]),
    ):
        counts = own["class"].value_counts()
        found[group] = {name: int(counts.get(name, 0)) for name in panels.CLASS_COLORS} | {"all": len(own)}
    return found


def _glance_table(result: ScoreResult) -> Table:
    rows = []
    for signature, method in result.pairs:
        own = result.scores_of(signature.name, method.name)
        patients = own[own["group"] != "healthy"]
        counts = patients["class"].value_counts()
        cuts = result.cutoffs[
            (result.cutoffs["signature"] == signature.name) & (result.cutoffs["method"] == method.name)
        ]
        decides = cuts[cuts["decides_class"]]["cutoff"]
        agree = result.agreement[
            (result.agreement["signature"] == signature.name) & (result.agreement["method"] == method.name)
        ]["same_call"].min()
        rows.append(
            (
                _label(signature),
                signature.target,
                method.label,
                number(decides.iloc[0]) if len(decides) and decides.notna().all() else "none",
                f"{counts.get('high', 0)} / {counts.get('borderline', 0)} / {counts.get('low', 0)}",
                str(int((own["status"] != "scored").sum())),
                percent(agree) if agree == agree else "–",
            )
        )
    headers = (
        "Signature",
        "Answers to",
        "Method",
        "Cut-off",
        "High / borderline / low",
        "Not scored",
        "Rules agree in",
    )
    return Table(headers, tuple(rows))


def _label(signature: Signature) -> str:
    """Return the label with the status of the list, where it does not say so itself."""
    said = signature.status == "confirmed" or signature.status in signature.label
    return signature.label if said else f"{signature.label} [{signature.status}]"


def _suppression_table(suppression: pd.DataFrame | None) -> Table | None:
    if suppression is None:
        return None
    measured = suppression[(suppression["status"] == "measured") & (suppression["raised_before"] == True)]  # noqa: E712 object column
    rows = []
    from ifntrial.signature.visits import list_visits

    for visit in list_visits(measured["visit"]):
        own = measured[measured["visit"] == visit]
        if len(own) < FEWEST_SUBJECTS:
            continue
        middle = own["suppression"].astype(float)
        back = own["in_healthy_range_after"].dropna().astype(float)
        rows.append(
            (visit, str(len(own)), percent(middle.median()),
             f"{percent(middle.quantile(0.25))} to {percent(middle.quantile(0.75))}",
             percent(back.mean()) if len(back) else "–")
        )  # fmt: skip
    return Table(
        ("Visit", "Raised before", "Median suppression", "Middle half of subjects", "Back in healthy range"),
        tuple(rows),
    )


def _suppression_words(suppression: pd.DataFrame | None) -> str:
    if suppression is None:
        return ""
    out = int((suppression["status"] != "measured").sum())
    flat = int(((suppression["status"] == "measured") & (suppression["raised_before"] == False)).sum())  # noqa: E712 object column
    return (
        f"{len(suppression)} later samples; {out} not measured and {flat} left out here because the score was not raised "
        "before (fold change below 2); visits with fewer than "
        f"{FEWEST_SUBJECTS} raised subjects are not shown. All are in suppression.csv with the reason."
    )


def _association_table(association: Association | None) -> Table | None:
    if association is None:
        return None
    rows = tuple(
        (
            str(row["variable"]),
            f"{row['samples']} / {row['subjects']}",
            _with_interval(row["rho"], row["rho_low"], row["rho_high"]),
            *(_or_dash(row[key]) for key in ("rho_within", "rho_between", "p_holm", "q_bh")),
            str(row["reason"] or row["status"]),
        )
        for row in association.table.to_dict("records")
    )
    headers = (
        "Variable",
        "Samples / subjects",
        "Rho (95 %)",
        "Within subjects",
        "Between",
        "p (Holm)",
        "q (BH)",
        "Note",
    )
    return Table(headers, rows)


def _with_interval(value: float, low: float, high: float) -> str:
    return "–" if pd.isna(value) else f"{number(value, 2)} ({number(low, 2)} to {number(high, 2)})"


def _or_dash(value: float) -> str:
    return "–" if pd.isna(value) else number(value, 2)


def _basis_table(result: ScoreResult) -> Table:
    rows = tuple(
        (s.label, m.formula, f"{len(set(s.genes))} {'proteins' if s.material == 'protein' else 'genes'}", s.status,
         "yes" if m.single_sample else "no", "yes" if m.needs_reference else "no", s.note)
        for s, m in result.pairs
    )  # fmt: skip
    return Table(("Signature", "Formula", "Size", "List", "One sample alone", "Needs healthy", "Note"), rows)


def _sources(result: ScoreResult, known: Mapping[str, Citation]) -> list[str]:
    wanted = [source for s, m in result.pairs for source in (*s.sources, m.source)] + ["eular_2022", "hgnc"]
    lines = []
    for source in dict.fromkeys(wanted):
        about = known.get(source)
        doi = f", doi:{about.doi}" if about and about.doi else ""
        lines.append(f"{about.text}{doi} ({about.role})" if about else source)
    return lines
