"""Print the page of what is derived and what is assumed, ``docs/derived_or_assumed.md``."""

import sys

from ifntrial.catalog import shipped
from ifntrial.report.validate.documents import standing_page

if __name__ == "__main__":
    sys.stdout.write(standing_page(shipped().evidence))
