"""Print the page of the model, ``docs/model.md``."""

import sys

from ifntrial.catalog import shipped
from ifntrial.report.model_page import model_page

if __name__ == "__main__":
    sys.stdout.write(model_page(shipped().model(), shipped().evidence))
