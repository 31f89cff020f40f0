"""Text of others in files for spreadsheets and on terminals: no formula is run and no control character acts."""

import re

_FORMULA = re.compile(r"^'*[=+\-@\t\r|]")
_NUMBER = re.compile(r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?%?$")
_MARKED = re.compile(r"^'(?='*[=+\-@\t\r|])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]")


def to_cell(text: str) -> str:
    """Return a text that a spreadsheet shows and does not run: an apostrophe stands before a sign of a formula.

    Examples
    --------
    >>> to_cell("=1+1"), to_cell("@SUM(A1)"), to_cell("-0.5"), to_cell("HC_1")
    ("'=1+1", "'@SUM(A1)", '-0.5', 'HC_1')
    """
    shown = show_plainly(text)
    return f"'{shown}" if _FORMULA.match(shown) and not _NUMBER.match(shown) else shown


def from_cell(text: str) -> str:
    """Return the text that ``to_cell`` was given, control characters apart."""
    return _MARKED.sub("", text, count=1)


def show_plainly(text: str) -> str:
    r"""Return a text with its control characters written out, as a terminal or a spreadsheet may obey them.

    Examples
    --------
    >>> show_plainly("\x1b[31mRED")
    '\\x1b[31mRED'
    """
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)
