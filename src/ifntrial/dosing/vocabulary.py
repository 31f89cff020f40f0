"""Words for what is given and how: masses, routes, brand names, and forms of a drug."""

import re
from collections.abc import Iterable

EXAMPLES = (
    '"120 mg SC every week", "300 mg IV every 4 weeks", "1 mg/kg IV once", "5 mg/kg IV weekly x 4 over 60 min", '
    '"5 mg orally twice a day"'
)

NUMBER = r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?"

MASSES = {
    word: unit
    for unit, words in {
        "mg": "mg mgs milligram milligrams milligramme milligrammes",
        "g": "g gram grams gramme grammes",
        "ug": "ug mcg microgram micrograms microgramme microgrammes",
    }.items()
    for word in words.split()
}

ACTIVITIES = {
    word: unit
    for unit, words in {
        "MIU": ("miu", "mu", "million iu", "million units", "million international units"),
        "IU": ("iu", "international units", "international unit"),
    }.items()
    for word in words
}
"""Words for a dose by its biological activity, which the drug's specific activity makes a mass."""

ROUTES = {
    word: route
    for route, words in {
        "SC": (
            "sc",
            "s/c",
            "subcutaneous",
            "subcutaneously",
            "subcut",
            "sub cut",
            "subq",
            "sub-q",
            "sub q",
            "sq",
        ),
        "IV": ("iv", "i/v", "intravenous", "intravenously"),
        "oral": ("oral", "orally", "po", "p/o", "by mouth", "per os"),
    }.items()
    for word in words
}

NOT_MODELLED = (
    "im", "i/m", "intramuscular", "intramuscularly", "topical", "topically", "inhaled", "inhalation", "nasal",
    "nasally", "intranasal", "intranasally", "intrathecal", "intrathecally", "intradermal", "intradermally",
    "sublingual", "sublingually", "rectal", "rectally", "transdermal", "transdermally", "intraperitoneal",
    "intraperitoneally", "intra-articular", "intraarticular", "intravitreal", "buccal", "vaginal", "vaginally",
    "intraosseous", "epidural",
)  # fmt: skip
"""Routes that people know and no drug here takes."""

FORMS = {
    "injection": ("SC",),
    "injections": ("SC",),
    "injected": ("SC",),
    "infusion": ("IV",),
    "infusions": ("IV",),
    "infused": ("IV",),
    "drip": ("IV",),
    "bolus": ("IV",),
    "push": ("IV",),
    "tablet": ("oral",),
    "tablets": ("oral",),
    "capsule": ("oral",),
    "capsules": ("oral",),
    "pill": ("oral",),
    "pills": ("oral",),
}
"""Forms of a dose, and the routes they go with."""
AT_ONCE = ("bolus", "push")

DRUG_NAMES = {
    name: drug
    for drug, names in {
        "anifrolumab": ("anifrolumab", "anifrolumab-fnia", "saphnelo", "medi-546"),
        "sifalimumab": ("sifalimumab", "medi-545"),
        "rontalizumab": ("rontalizumab",),
        "tofacitinib": ("tofacitinib", "xeljanz"),
        "baricitinib": ("baricitinib", "olumiant"),
        "upadacitinib": ("upadacitinib", "rinvoq"),
        "interferon_alpha": (
            "interferon_alpha",
            "interferon alpha",
            "interferon alfa",
            "natural interferon alpha",
        ),
        "ropeginterferon": ("ropeginterferon", "ropeginterferon alfa-2b", "besremi"),
        "tocilizumab": ("tocilizumab", "actemra", "roactemra"),
        "mycophenolate": ("mycophenolate", "mycophenolate mofetil", "cellcept"),
    }.items()
    for name in names
}
"""Names of drugs as labels print them, brands among them, to the name that the program uses."""

FILLERS = frozenset(
    "a an as be by dose doses each given administered administration of the via with treatment on maintenance "
    "patient patients is are receive receives take takes and only total".split()
)
"""Words that may stand anywhere and say nothing."""


def one_of(words: Iterable[str]) -> str:
    """Return a pattern for any of some words, whole, the longest first."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return r"(?<![\w/-])(?:" + "|".join(re.escape(word) for word in longest_first) + r")(?![\w/]|-\w)"
