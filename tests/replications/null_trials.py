"""How often trials without any effect are significant, through the whole path of a forecast.

    PYTHONPATH=tests python -m replications.null_trials --trials 1000000 --designs daisy daisy_2to1

The worlds without effect of a forecast of full size go through dose, course, readings, conduct and rule; then whole
trials are drawn from each world's chances of response and tested as the design says.
"""

import argparse
import tempfile
from pathlib import Path

from ifntrial.studies.forecast.run import ForecastPlan, run_worlds
from ifntrial.studies.forecast.summary import type_i_error
from shipped import load_design, prepare_forecast


def main() -> None:
    """Run what the command line asks for and print the shares."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("--designs", nargs="+", default=["daisy"])
    asked.add_argument("--trials", type=int, default=1_000_000)
    asked.add_argument("--worlds", type=int, default=240)
    asked.add_argument("--subjects", type=int, default=200)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--workers", type=int, default=2)
    given = asked.parse_args()
    for name in given.designs:
        prepared = prepare_forecast(ForecastPlan(load_design(name), given.worlds, given.subjects, given.seed))
        with tempfile.TemporaryDirectory() as folder:
            nulls = run_worlds(prepared, Path(folder), given.workers).nulls
        found = type_i_error(prepared, nulls, given.trials)
        print(
            f"{name}: {100 * found.estimate:.3f} % ({100 * found.mc_low:.3f} to {100 * found.mc_high:.3f} %) "
            f"of {given.trials} trials in {len(nulls)} worlds"
        )


if __name__ == "__main__":
    main()
