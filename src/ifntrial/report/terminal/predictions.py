"""What the commands of locked predictions print."""

from collections.abc import Iterator, Mapping

from ifntrial.levels import BAND_ENDS
from ifntrial.report.wording import number
from ifntrial.studies.ledger.distributions import chance, distribution
from ifntrial.studies.ledger.record import LockedPrediction
from ifntrial.studies.ledger.result import PredictionScores

BACK_TEST = "A back-test: when it was locked it was known that"
LOWER = "Lower scores are better; one trial alone tells little: see docs/predictions.md."


def locked_lines(prediction: LockedPrediction, digest: str) -> Iterator[str]:
    """Yield what was locked, with the chance of the primary endpoint under each belief."""
    found = prediction.predictive
    yield f"{prediction.trial.title}"
    yield f"Locked on {prediction.locked}, sha256 {digest}"
    if prediction.known:
        yield f"{BACK_TEST} {prediction.known}"
    yield f"Chance that {found.foretold['primary_met'].label}:"
    for name, belief in prediction.beliefs.items():
        weight = "" if belief.weight is None else f", weight {belief.weight:g}"
        yield f"  {belief.label + weight:48} {100.0 * chance(found, 'primary_met', name):5.1f} %"
    for each in prediction.baselines.values():
        yield f"  {each.label:48} {100.0 * each.chance:5.1f} %"


def foretold_lines(prediction: LockedPrediction, belief: str) -> Iterator[str]:
    """Yield every number that an outcome may hold, with what a belief foretells of it."""
    found = prediction.predictive
    for key, each in found.foretold.items():
        if each.law == "yes or no":
            told = f"{100.0 * chance(found, key, belief):.1f} %"
        else:
            own = distribution(found, key, belief)
            low, high = (number(own.quantile(end)) for end in BAND_ENDS)
            told = f"{number(own.mean)} ({low} to {high})"
            told += "" if each.unit == "1" else f" {each.unit}"
        yield f"{key:32} {told:32} {each.label}"


def score_lines(scores: PredictionScores, labels: Mapping[str, str]) -> Iterator[str]:
    """Yield the scores by what was foretold.

    Parameters
    ----------
    labels
        Belief or baseline to its words.
    """
    yield f"{scores.design}, locked on {scores.locked}, read out on {scores.read_out}: {scores.source}"
    if scores.known_at_lock:
        yield f"{BACK_TEST} {scores.known_at_lock}"
    for key in dict.fromkeys(each.key for each in scores.chances):
        rows = [each for each in scores.chances if each.key == key]
        yield f"\n{rows[0].label}: {'yes' if rows[0].happened else 'no'}"
        yield f"  {'':48} {'chance':>8} {'log':>8} {'Brier':>8}"
        for row in rows:
            log = "infinite" if row.log_score is None else f"{row.log_score:.3f}"
            yield (
                f"  {labels.get(row.forecaster, row.forecaster):48} {row.given_chance:8.3f} {log:>8} "
                f"{row.brier_score:8.3f}"
            )
    for key in dict.fromkeys(each.key for each in scores.numbers):
        own = [each for each in scores.numbers if each.key == key]
        unit = "" if own[0].unit == "1" else f" {own[0].unit}"
        yield f"\n{own[0].label}: {number(own[0].printed)}{unit}"
        yield f"  {'':48} {'mean':>9} {'90 % of trials':>22} {'CRPS':>9} {'PIT':>6}"
        for each in own:
            middle = f"{number(each.low)} to {number(each.high)}"
            yield (
                f"  {labels.get(each.forecaster, each.forecaster):48} {number(each.mean):>9} {middle:>22} "
                f"{number(each.crps):>9} {each.pit:6.3f}"
            )
    if scores.together:
        yield f"\nTogether: {' and '.join(scores.together[0].keys)}, energy score"
        for one in scores.together:
            yield f"  {labels.get(one.forecaster, one.forecaster):48} {one.energy_score:9.3f}"
    yield f"\n{LOWER}"
