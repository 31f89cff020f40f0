"""What ``ifntrial score`` prints."""

from typing import TYPE_CHECKING

import click

from ifntrial.plain_text import show_plainly

if TYPE_CHECKING:
    from ifntrial.signature import ScoreResult
    from ifntrial.studies.score.study import ScoreStudy

SHOWN_SAMPLES = 12


def print_scores(study: "ScoreStudy") -> None:
    """Print what was noticed, the cut-off and the calls of each score, and the highest samples."""
    result = study.result
    click.echo(show_plainly(study.title))
    for notice in study.notices:
        click.echo(f"  {notice.kind}: {show_plainly(notice.text)}")
    click.echo(
        f"\n{'signature':<22}{'method':<24}{'cut-off':>9}{'high':>7}{'border':>8}{'low':>7}{'not scored':>12}"
    )
    for signature, method in result.pairs:
        own = result.scores_of(signature.name, method.name)
        counts = own["class"].value_counts()
        cuts = result.cutoffs[
            (result.cutoffs["signature"] == signature.name) & result.cutoffs["decides_class"]
        ]
        cut = cuts[cuts["method"] == method.name]["cutoff"].dropna()
        cutoff = f"{cut.iloc[0]:.3g}" if len(cut) else "-"
        calls = f"{counts.get('high', 0):>7}{counts.get('borderline', 0):>8}{counts.get('low', 0):>7}"
        left_out = int((own["status"] != "scored").sum())
        click.echo(f"{signature.name:<22}{method.name:<24}{cutoff:>9}{calls}{left_out:>12}")
    _print_samples(result)
    _print_platforms(study)
    click.echo("\nResearch tool: not for diagnosis or treatment.")


def _print_samples(result: "ScoreResult") -> None:
    main, method = result.pairs[0]
    rows = result.scores_of(main.name, method.name)
    ordered = rows.sort_values("score", ascending=False, kind="stable")
    click.echo(
        f"\n{main.label} [{method.unit}], {min(len(rows), SHOWN_SAMPLES)} of {len(rows)} samples, highest first"
    )
    click.echo(f"{'sample':<28}{'group':<12}{'score':>9}{'95 % interval':>22}{'P(high)':>9}  class")
    for sample, row in ordered.head(SHOWN_SAMPLES).iterrows():
        interval = f"{_short(row['interval_low'])} to {_short(row['interval_high'])}"
        numbers = f"{_short(row['score']):>9}{interval:>22}{_short(row['probability_high']):>9}"
        name, group = show_plainly(str(sample))[:27], show_plainly(str(row["group"]))[:11]
        click.echo(f"{name:<28}{group:<12}{numbers}  {row['class']}")


def _print_platforms(study: "ScoreStudy") -> None:
    if not study.platforms:
        return
    click.echo("\nThe same samples in the other table (differences: this minus the other)")
    click.echo(
        f"{'signature':<22}{'samples':>8}{'bias':>9}{'limits of agreement':>22}{'Lin':>7}{'same call':>11}{'kappa':>7}"
    )
    for each in study.platforms:
        limits = f"{_or_dash(each.limit_low)} to {_or_dash(each.limit_high)}"
        same = "-" if each.same_call is None else f"{each.same_call:.0%}"
        numbers = f"{each.samples:>8}{_or_dash(each.bias):>9}{limits:>22}{_or_dash(each.concordance):>7}"
        click.echo(f"{each.signature:<22}{numbers}{same:>11}{_or_dash(each.kappa):>7}  {each.unit}")


def _or_dash(value: float | None) -> str:
    return "-" if value is None else _short(value)


def _short(value: float) -> str:
    return f"{value:.3g}" if value == value else "-"
