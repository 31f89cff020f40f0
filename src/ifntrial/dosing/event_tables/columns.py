"""Columns of an event table: which are read, which may be there unread, and which would change the meaning."""

import re
from difflib import get_close_matches

from ifntrial.dosing.event_tables.text_table import MISSING, TextTable
from ifntrial.errors import TableError, listed, require_columns

SITE, BLOOD = 1, 2

COMPARTMENTS = {
    "1": SITE, "DEPOT": SITE, "SITE": SITE, "SC": SITE, "ORAL": SITE, "GUT": SITE, "ABS": SITE,
    "2": BLOOD, "CENTRAL": BLOOD, "BLOOD": BLOOD, "SERUM": BLOOD, "PLASMA": BLOOD, "IV": BLOOD, "CENT": BLOOD,
}  # fmt: skip
"""Numbers and names of the compartments that take doses."""

NEEDED = ("ID", "EVID", "AMT")
READ = (
    "ID", "TIME", "DATE", "EVID", "AMT", "CMT", "RATE", "DUR", "II", "ADDL", "SS",
    "F", "F1", "F2", "ALAG", "ALAG1", "ALAG2", "R1", "R2", "D1", "D2",
)  # fmt: skip
"""Columns with a meaning for doses and times."""

ALIASES = {"USUBJID": "ID", "SUBJID": "ID", "AFRLT": "TIME"}
"""Names in CDISC population tables, taken where the NONMEM name is absent."""

UNREAD = (
    "DV", "LNDV", "MDV", "BLQ", "BLOQ", "LLOQ", "ULOQ", "CENS", "LIMIT", "DVID", "TAD", "TAFD", "NTIME", "NTAD",
    "OCC", "VISIT", "VISITNUM", "STUDY", "STUDYID", "PROJID", "SITEID", "COUNTRY", "TRT", "TRTA", "ARM", "PART",
    "COHORT", "ROW", "RECSEQ", "LINE", "NUM", "SEQ", "COMMENT", "USUBJID", "SUBJID", "DVL", "PARAM", "PARAMCD",
    "AVAL", "AVALU", "NFRLT", "APRLT", "NPRLT", "AFRLT", "AFRLTU", "DOSE", "DOSEA", "DOSEP", "ROUTE", "FORM",
)  # fmt: skip
"""Columns that say nothing about doses and times; observed values among them are for figures, not for solving."""

COVARIATES = {
    name: meaning
    for meaning, names in {
        "body_weight": ("WT", "WEIGHT", "BWT", "BODY_WEIGHT", "BODY_WEIGHT_KG", "WTBL"),
        "is_ifn_high": ("IFN_HIGH", "IS_IFN_HIGH", "IFNHIGH"),
    }.items()
    for name in names
}
"""Columns of who is given the doses: body weight [kg], and whether the signature in blood is high (1) or low (0)."""

COMMON = (
    "AGE",
    "SEX",
    "RACE",
    "HT",
    "BMI",
    "BSA",
    "ALB",
    "CRCL",
    "EGFR",
    "ETHNIC",
    "HEIGHT",
    "DAY",
    "TYPE",
    "DATETIME",
)
"""Names of other columns that look like those with a meaning."""

RESERVED = {
    "PCMT": "output compartments", "CALL": "calls", "CONT": "continued records", "L1": "levels",
    "L2": "correlated records",
    "RAW_": "template records", "MRG_": "merged records", "RPT_": "repeated records", "MTIME": "model times",
    "DAT1": "dates by day, month and year", "DAT2": "dates by year, month and day",
    "DAT3": "dates by year, day and month", "F0": "output fractions", "FO": "output fractions",
}  # fmt: skip
_PARAMETER = re.compile(r"(?:ALAG|F|R|D|S|XVID)\d+")


def rename_columns(table: TextTable) -> TextTable:
    """Return a table whose CDISC names are the NONMEM ones.

    Raises
    ------
    TableError
        If a needed column is absent, or one has a meaning in NONMEM that is not read and is used.
    """
    columns = dict(table.columns)
    for name, meaning in ALIASES.items():
        if name in columns and meaning not in columns:
            columns[meaning] = columns.pop(name)
    require_columns(list(columns), NEEDED, "the event table")
    if "TIME" not in columns and "DATE" not in columns:
        require_columns(list(columns), ("TIME",), "the event table")
    problems = [
        f"column {name} ({_reserved(name)}) is not read"
        for name, values in columns.items()
        if _reserved(name) and any(value not in (*MISSING, "0") for value in values)
    ]
    if problems:
        raise TableError(
            "the event table has columns that would change what happens",
            problems=problems,
            allowed=f"{listed(READ)}, and columns without a meaning in NONMEM",
            fix="take them out, or write what they mean as doses",
        )
    return TextTable(columns, table.rows, table.comments)


def _reserved(name: str) -> str:
    if name in READ:
        return ""
    return RESERVED.get(name, "a parameter of a compartment" if _PARAMETER.fullmatch(name) else "")


def unread_columns(table: TextTable) -> list[str]:
    """Return columns that nothing is made of and that no list knows, to be told to the reader.

    Raises
    ------
    TableError
        If one is a misspelling of a column with a meaning.
    """
    known = (*READ, *UNREAD, *RESERVED, *COVARIATES)
    odd = [name for name in table.columns if name not in known and not _reserved(name)]
    problems = [
        f"column {name}: {near[0]} is meant?"
        for name in odd
        if name not in COMMON and (near := get_close_matches(name, (*READ, *COVARIATES), n=1, cutoff=0.75))
    ]
    if problems:
        raise TableError(
            "the event table has columns whose names are nearly those of others",
            problems=problems,
            fix="correct the name, or give it another",
        )
    return odd
