"""Who a sample is from, by the words of a table: healthy people, systemic sclerosis, another disease."""

import re
from collections.abc import Iterable

HEALTHY = "healthy"
SYSTEMIC_SCLEROSIS = "systemic sclerosis"
_HEALTHY = re.compile(
    r"^(healthy|normal|unaffected|control|controls|hc|hd|hv|nc|ctrl|volunteer|non-?diseased)"
    r"([ _-]?(control|controls|donor|donors|volunteer|volunteers|subject|subjects|person|people|individual|s))*\d*$",
    re.IGNORECASE,
)
_DISEASES = {
    SYSTEMIC_SCLEROSIS: r"systemic[ _-]scleros\w*|scleroderma|(d|l|dc|lc|e|(very )?early )?ssc(-?ild)?|vedoss",
    "systemic lupus erythematosus": r"(c|p|j)?sle|(systemic )?lupus( erythematosus)?( nephritis)?|ln|dle|cle",
    "Sjogren's disease": r"(p|s)?ss|(primary )?sj(o|ö|oe)gren\W?s?( syndrome| disease)?|sjd",
    "rheumatoid arthritis": r"ra|rheumatoid arthritis",
    "myositis": r"(j)?dm|pm|iim|(dermato|poly)?myositis|(juvenile )?dermatomyositis",
    "interferonopathy": r"ags|savi|candle|(type i )?interferonopathy|aicardi.*",
    "another disease": r"mctd|uctd|ms|multiple sclerosis|psoriasis|pso|psa|ibd|uc|cd|crohn\W?s?( disease)?|"
    r"covid(-?19)?|"
    r"tb|tuberculosis|sepsis|copd|ipf|raynaud\W?s?.*|vasculitis|gca|behcet.*|t1d|t2d|cancer|melanoma",
}
_PATTERNS = {name: re.compile(f"^({words})$", re.IGNORECASE) for name, words in _DISEASES.items()}


def is_healthy(group: str) -> bool:
    """Return whether the word for a group stands for healthy people.

    Examples
    --------
    >>> [is_healthy(word) for word in ("healthy", "Healthy controls", "HC", "SSc", "patient", "placebo control arm")]
    [True, True, True, False, False, False]
    """
    return bool(_HEALTHY.match(group.strip()))


def is_group(name: str) -> bool:
    """Return whether a name is only the word for a group of people, and has nothing that tells one person.

    Examples
    --------
    >>> [is_group(word) for word in ("SSc", "Healthy controls", "HC1", "PT_4", "dcSSc")]
    [True, True, False, False, True]
    """
    text = name.strip()
    is_known = is_healthy(text) or any(pattern.match(text) for pattern in _PATTERNS.values())
    return is_known and not any(mark.isdigit() for mark in text)


def name_disease(word: str) -> str:
    """Return the disease that a word stands for; the word itself where it is none of the known, empty for none.

    Examples
    --------
    >>> name_disease("dcSSc"), name_disease("SLE"), name_disease("arm A"), name_disease("")
    ('systemic sclerosis', 'systemic lupus erythematosus', 'arm A', '')
    """
    text = word.strip()
    return next((name for name, pattern in _PATTERNS.items() if pattern.match(text)), text)


def diseases_in(words: Iterable[str]) -> tuple[str, ...]:
    """Return the known diseases among words for groups or diseases, each once."""
    named = (name_disease(word) for word in words)
    return tuple(dict.fromkeys(name for name in named if name in _PATTERNS))
