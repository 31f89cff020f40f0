"""Whom a trial should enrol, how many, and at which cost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ifntrial.api import defaults
from ifntrial.api.answer import Shown
from ifntrial.api.argument_names import names_arguments
from ifntrial.api.beliefs import Weights, basis
from ifntrial.api.calls import Call, Given, begin, given_run, processors, reporter, require_whole
from ifntrial.api.checks import as_listed
from ifntrial.api.designs import AnyDesign, given_design, settled
from ifntrial.api.runs import Run
from ifntrial.api.shared_worlds import work_in_common_worlds
from ifntrial.api.tables import Column, make_table
from ifntrial.catalog import Catalog
from ifntrial.errors import InputError
from ifntrial.report.terminal.enrich import answer_lines
from ifntrial.solver import Progress
from ifntrial.studies.compare.plan import SharedPlan, prepare
from ifntrial.studies.enrich.inputs import enrichment_inputs
from ifntrial.studies.enrich.markers import Assay, shipped_markers
from ifntrial.studies.enrich.result import Enrichment
from ifntrial.studies.enrich.study import enrichment_result
from ifntrial.studies.enrich.subjects import gather_subjects
from ifntrial.studies.executors import Workers
from ifntrial.studies.over_worlds import fields_of
from ifntrial.studies.run_facts import RunFacts

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = (
    Column("marker", "way to select patients"),
    Column("size", "treated patients in all arms"),
    Column("to_screen", "patients that have to be screened"),
    Column("to_screen_all_comers", "the same without selection"),
    Column("prior", "name of a belief about the effect, or their mixture"),
    Column("change", "probability of success less that of as many all comers", "1"),
    Column("low", "lower end of its 95 % interval, with worlds as the unit", "1"),
    Column("high", "upper end of its 95 % interval, with worlds as the unit", "1"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selections:
    """What of selection is varied, as the options of ``ifntrial enrich``; the first of several is the reference.

    Parameters
    ----------
    markers
        Ways to select; none: all.
    prevalences
        Shares of truly high signatures.
    assays
        Of the signature test.
    score_cutoffs, score_noises
        Of the interferon score of blood, and SD of one such score [log2 fold change].
    sizes
        Treated patients in all arms.
    screening_costs, test_cost
        Of one screened patient and of one test, in costs of treating one.
    entry_share
        Share of the screened who meet the other criteria.
    """

    markers: tuple[str, ...] = ()
    prevalences: tuple[float, ...] = ()
    assays: tuple[Assay, ...] = ()
    score_cutoffs: tuple[float, ...] = ()
    score_noises: tuple[float, ...] = ()
    sizes: tuple[int, ...] = ()
    screening_costs: tuple[float, ...] = ()
    test_cost: float | None = None
    entry_share: float | None = None


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class EnrichmentAnswer(Shown[Enrichment], Enrichment):
    """Whom to enrol: every field of the result of ``ifntrial enrich``, and what can be done with it."""

    def table(self) -> "pd.DataFrame":
        """Return what selection by each marker changes at the design's own size, a row for each marker and belief."""
        rows = (
            (
                each.marker,
                each.size,
                each.to_screen,
                each.to_screen_all_comers,
                prior,
                gap.estimate,
                gap.low,
                gap.high,
            )
            for each in self.answers
            for prior, gap in each.same_size_by_prior.items()
        )
        return make_table(f"Whom {self.design_facts.name} should enrol", _COLUMNS, rows)

    def lines(self) -> Iterator[str]:
        """Yield what selection by each marker changes."""
        yield f"Whom {self.design_facts.name} should enrol"
        yield from answer_lines(self)


@names_arguments
def enrich(
    design: AnyDesign,
    *,
    markers: Sequence[str] = (),
    prevalences: Sequence[float] = (),
    assays: Sequence[str | tuple[float, float]] = (),
    score_cutoffs: Sequence[float] = (),
    score_noises: Sequence[float] = (),
    sizes: Sequence[int] = (),
    screening_costs: Sequence[float] = (),
    test_cost: float | None = None,
    entry_share: float | None = None,
    worlds: int = defaults.ENRICH.worlds,
    subjects: int = defaults.ENRICH.subjects,
    beliefs: str | Path | None = None,
    weights: Weights | None = None,
    calibration: str | Path | None = None,
    addresses: Sequence[str | Path] = (),
    catalog: Catalog | None = None,
    seed: int = defaults.SEED,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: bool = False,
) -> EnrichmentAnswer:
    """Return whom a trial should enrol; does what ``ifntrial enrich`` does.

    Parameters
    ----------
    markers, prevalences, score_cutoffs, score_noises, sizes, screening_costs, test_cost, entry_share
        As in ``Selections``; what is empty is filled with assumed defaults.
    assays
        Pairs of sensitivity and specificity, or texts such as ``0.9/0.8``.
    design, worlds, subjects, beliefs, weights, calibration, addresses, catalog, seed, workers, out, progress
        As in ``forecast``.

    Raises
    ------
    InputError
        If an argument is not usable.
    RunError
        If the folder holds another run, or worlds could not be done.
    """
    on = basis(catalog, beliefs, weights, calibration, addresses)
    tests = tuple(each if isinstance(each, str) else f"{each[0]}/{each[1]}" for each in assays)
    call = Call(
        "enrich",
        "enrich",
        (
            given_design("design", design, on.catalog),
            Given("worlds", "--worlds", worlds, defaults.ENRICH.worlds),
            Given("subjects", "--subjects", subjects, defaults.ENRICH.subjects),
            Given("markers", "--marker", tuple(markers)),
            Given("prevalences", "--prevalence", tuple(prevalences)),
            Given("assays", "--assay", tests),
            Given("score_cutoffs", "--cutoff", tuple(score_cutoffs)),
            Given("score_noises", "--score-noise", tuple(score_noises)),
            Given("sizes", "--size", tuple(sizes)),
            Given("screening_costs", "--screening-cost", tuple(screening_costs)),
            Given("test_cost", "--test-cost", test_cost),
            Given("entry_share", "--entry-share", entry_share),
            *on.given,
            *given_run(seed, workers, out),
        ),
    )
    known = [each.name for each in shipped_markers(on.catalog.evidence)]
    asked = Selections(
        markers=tuple(as_listed(each, known) for each in markers),
        prevalences=tuple(prevalences),
        assays=tuple(read_assay(each) for each in tests),
        score_cutoffs=tuple(score_cutoffs),
        score_noises=tuple(score_noises),
        sizes=tuple(sizes),
        screening_costs=tuple(screening_costs),
        test_cost=test_cost,
        entry_share=entry_share,
    )
    plan = SharedPlan(
        (settled(design, on.catalog),),
        require_whole("--worlds", worlds),
        require_whole("--subjects", subjects),
        seed,
        beliefs=on.beliefs,
    )
    run = begin(call, on.catalog, seed=seed, out=out)
    return answer_enrichment(plan, asked, run, on.catalog, processors(workers), reporter(progress))


def answer_enrichment(
    plan: SharedPlan, asked: Selections, run: Run, catalog: Catalog, workers: Workers, progress: Progress
) -> EnrichmentAnswer:
    """Return the answer of a plan of one design, kept where the run says; errors as in ``enrich``."""
    prepared = prepare(plan, catalog)
    inputs = enrichment_inputs(prepared.evidence, prepared.designs[0].size.analyzed, **fields_of(asked))
    kept = work_in_common_worlds(
        prepared,
        run,
        "enrichment.json",
        workers=workers,
        progress=progress,
        finish=lambda there, worlds, folder: enrichment_result(
            there, *gather_subjects(there, worlds.records(), folder), inputs
        ),
        render=_render,
    )
    return EnrichmentAnswer(**fields_of(kept.result), kept=kept)


def read_assay(text: str) -> Assay:
    """Return the test that a text such as ``0.9/0.8`` describes.

    Raises
    ------
    InputError
        If the text is not two shares, or the test tells no more than a coin.
    """
    parts = text.split("/")
    try:
        sensitivity, specificity = (float(part) for part in parts)
    except ValueError:
        raise InputError(
            "the assay cannot be read",
            given=text,
            allowed="sensitivity/specificity, two shares from 0 to 1",
            fix="for example --assay 0.9/0.8",
        ) from None
    return Assay(sensitivity, specificity)


def _render(result: Enrichment, facts: RunFacts) -> str:
    from ifntrial.report.enrich.page import render_enrichment

    return render_enrichment(result, facts)
