"""Print the picture of the model, ``docs/pathway.svg``."""

import sys

import ifntrial
from ifntrial.report.pathway.panels import pathway_svg

SUBJECTS = 100
"""So many that the numbers in it are near those of a usual run."""

if __name__ == "__main__":
    sys.stdout.write(pathway_svg(ifntrial.pathway(subjects=SUBJECTS)))
