"""What commands print of what the program knows by name."""

from collections.abc import Iterator

from ifntrial.studies.known.result import KnownThings


def table_lines(found: KnownThings) -> Iterator[str]:
    """Yield a table: a line of headings, and one for each thing; the longest text stands last."""
    things = found.known_things
    headings = ["name", "in words", *(things[0].told if things else ())]
    rows = [[each.name, each.label, *each.told.values()] for each in things]
    columns = list(zip(headings, *rows, strict=True))
    # what is read most comes first, what may be long comes last
    order = sorted(range(len(columns)), key=lambda at: (at > 0, max(map(len, columns[at]))))
    widths = [max(map(len, columns[at])) for at in order[:-1]]
    for cells in (headings, *rows):
        ordered = [cells[at] for at in order]
        yield "  ".join([*map(str.ljust, ordered[:-1], widths), ordered[-1]]).rstrip()
