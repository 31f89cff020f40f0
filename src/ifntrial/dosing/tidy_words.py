"""Text of a regimen made plain: one alphabet, digits for number words, and no number that could be read in two ways."""

import re
import unicodedata

from ifntrial.errors import InputError

_NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_TO_DIGITS = {
    **{word: str(number) for number, word in enumerate(_NUMBER_WORDS, 1)},
    **{word: str(number) for word, number in _TENS.items()},
    **{
        f"{ten}{sign}{unit}": str(number + more)
        for ten, number in _TENS.items()
        for more, unit in enumerate(_NUMBER_WORDS[:9], 1)
        for sign in "- "
    },
}
_NUMBER = re.compile(r"\b(?:" + "|".join(sorted(_TO_DIGITS, key=len, reverse=True)) + r")\b")
_ORDINALS = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "twelfth": 12}

# What two writers mean by the same characters differs, so that nobody's reading is taken.
_UNCLEAR = (
    (
        re.compile(r"(?<![\d.])\.\d[\d.]*"),
        "'{0}' has no digit before its point, and a point is easily overlooked",
        "write 0{0}",
    ),
    (
        re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{3})*,\d+(?![\d,])|\d+(?:,\d+)+(?:\.\d+)?"),
        "'{0}' is not a number with a decimal point",
        "write it with a decimal point, like 0.5, and thousands without a sign, like 1000",
    ),
    (
        re.compile(r"(?<![\w.])\d{1,3}(?:[ '’]\d{3})+(?![\w.])"),
        "'{0}' may be one number or several",
        "write one number without spaces, like 1000",
    ),
    (
        re.compile(
            r"(?<![\w.])\d+(?:\.\d+)?\s*(?:-|\bto\b|\bor\b)\s*\d+(?:\.\d+)?(?!\s*-?\s*(?:weekly|daily|hourly))"
        ),
        "'{0}' is a range, and a regimen is one plan",
        "choose one number",
    ),
    (
        re.compile(r"(?<![\w.-])(?<!\bx )\d+\s+(?:hourly|daily|weekly|monthly)\b"),
        "'{0}' may be an interval or a number of doses",
        "write 'every 4 weeks' for the one or 'weekly x 4' for the other",
    ),
)
_THOUSANDS = re.compile(r"(?<![\w.,])([1-9]\d{0,2}(?:,\d{3})+)(?![\d,])")
_LISTED = re.compile(r"(?<=\bweeks )[\d,.]+|(?<=\bdays )[\d,.]+")


def tidy(text: str) -> str:
    """Return the text of a regimen in lower case with plain digits.

    Number words become digits, Greek mu the ``u`` of ug, dots within abbreviations vanish, brackets become commas.

    Raises
    ------
    InputError
        If a number can be read in more than one way: fractions and raised digits, decimal commas, spaces within a
        number, a point without a digit before it, ranges.
    """
    raised = [sign for sign in text if unicodedata.category(sign) == "No"]
    if raised:
        raise _unclear("'{0}' is no plain digit", raised[0], text, "write it with digits and a decimal point")
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf"
    ).lower()
    plain = re.sub(r"[\u2010-\u2015\u2212]", "-", plain)
    plain = re.sub(r"[μµ](?=g\b|g/|gram)", "u", plain).replace("×", " x ")
    plain = re.sub(r"[()\[\]]", " , ", plain)
    plain = re.sub(r"\b(every|each)-", r"\1 ", plain)
    plain = re.sub(r"\b([isp])\. (?=[vco]\.)", r"\1", plain)
    plain = re.sub(r"(?<=[a-z])\.(?=[a-z]|[\s,;)]|$)", "", plain)
    plain = _digits_for_words(" ".join(plain.split()))
    # 'four (4) weeks'
    plain = re.sub(r"\b(\d+) , \1 ,", r"\1", plain)
    return _check_numbers(plain, text)


def _digits_for_words(plain: str) -> str:
    plain = re.sub(r"\bhalf an hour\b", "0.5 hours", plain)
    for word, number in _ORDINALS.items():
        plain = re.sub(rf"\b(every|each) {word}\b", rf"\1 {number}", plain)
    plain = re.sub(r"\b(every|each) (\d+)(?:st|nd|rd|th)\b", r"\1 \2", plain)
    return _NUMBER.sub(lambda found: _TO_DIGITS[found.group()], plain)


def _check_numbers(plain: str, text: str) -> str:
    # commas of a list of weeks stand between numbers, not within one
    plain = _LISTED.sub(lambda found: found.group().replace(",", ", "), plain)
    plain = _THOUSANDS.sub(lambda found: found.group().replace(",", ""), plain)
    for pattern, what, fix in _UNCLEAR:
        found = pattern.search(plain)
        if found is not None:
            raise _unclear(what, found.group(), text, fix)
    return plain


def _unclear(what: str, sign: str, text: str, fix: str) -> InputError:
    return InputError(
        what.format(sign),
        given=text,
        allowed="one number, in digits and with a decimal point, such as 0.5 or 1000",
        fix=fix.format(sign),
    )
