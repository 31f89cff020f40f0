"""Which interferon: IFN-I, IFN-II, IFN-III and infection side by side, as the EULAR 2022 points ask (eular_2022).

Known subsets of interferon-stimulated genes are reported separately and a bare "interferon signature" is avoided.
No gene set can separate IFN-III from IFN-I, since both use the same transcription factor: blood hardly answers to
IFN-lambda, epithelium and skin do. An infection raises the same genes: see :mod:`ifntrial.signature.infection`.
"""

import pandas as pd

from ifntrial.errors import InputError, UnknownNameError, listed
from ifntrial.signature.infection import describe_bacterial, describe_infection
from ifntrial.signature.records import Notice
from ifntrial.signature.result import UNCLASSIFIED, ScoreResult

IFN_I = "aybey_ifn_i"
IFN_II = "aybey_ifn_ii"
TISSUES = ("blood", "skin", "epithelium", "other", "unknown")
EPITHELIAL_TISSUES = ("skin", "epithelium")
EPITHELIAL_GENES = ("EPCAM", "KRT8", "KRT18", "KRT19")
BLOOD_GENE = "PTPRC"

IFN_III_IN_EPITHELIUM = "cannot be told from IFN-I in epithelium or skin"
IFN_III_IN_BLOOD = "not measured; whole blood hardly answers to IFN-III"
IFN_III_UNKNOWN = "cannot be told from IFN-I unless the tissue is known to be blood"


def compare_interferons(
    result: ScoreResult, *, tissue: str = "unknown", levels: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return one row for each sample with what the gene sets say about each interferon.

    Parameters
    ----------
    result
        Scores that hold the IFN-I and the IFN-II specific set.
    tissue
        Where the samples are from: one of :data:`TISSUES`.
    levels
        log2 levels of all genes, to see whether unknown tissue looks like epithelium.

    Returns
    -------
    Columns ``sample, group, ifn_i_score, ifn_i_class, ifn_ii_score, ifn_ii_class, ifn_iii, infection,
    bacterial_score, bacterial_class, bacterial, reading``. ``infection`` is what the IFN-I set says of a viral
    one; ``bacterial`` is the hint of the bacterial genes, or why there is none.

    Raises
    ------
    UnknownNameError
        If the tissue is not one of the list.
    InputError
        If one of the two sets was not scored.
    """
    _check_tissue(tissue)
    absent = [name for name in (IFN_I, IFN_II) if result.find(name) is None]
    if absent:
        raise InputError(
            "the specific sets were not scored", given=listed(absent), fix="add them to the signatures"
        )
    first, second = result.scores_of(IFN_I), result.scores_of(IFN_II)
    epithelial = tissue in EPITHELIAL_TISSUES or (tissue == "unknown" and looks_epithelial(levels))
    may_be_blood = tissue == "blood" or (tissue == "unknown" and not epithelial)
    bacterial = describe_bacterial(result, first.index, is_blood=may_be_blood)
    return pd.DataFrame(
        {
            "sample": first.index,
            "group": first["group"].to_numpy(),
            "ifn_i_score": first["score"].to_numpy(),
            "ifn_i_class": first["class"].to_numpy(),
            "ifn_ii_score": second["score"].to_numpy(),
            "ifn_ii_class": second["class"].to_numpy(),
            "ifn_iii": _describe_ifn_iii(tissue, epithelial),
            "infection": describe_infection(first["class"]),
            **{name: bacterial[name].to_numpy() for name in bacterial.columns},
            "reading": [
                _read(one, two, epithelial, tissue)
                for one, two in zip(first["class"], second["class"], strict=True)
            ],
        }
    ).reset_index(drop=True)


def describe_specificity(tissue: str, levels: pd.DataFrame | None = None) -> list[Notice]:
    """Return what a reader must know about the specificity of any score in this tissue.

    Raises
    ------
    UnknownNameError
        If the tissue is not one of :data:`TISSUES`.
    """
    _check_tissue(tissue)
    notices = [
        Notice(
            "caution",
            "infection raises every interferon score: the main false positive, and no score excludes it",
        ),
        Notice(
            "caution", "subsets of interferon-stimulated genes are reported separately; none is a diagnosis"
        ),
    ]
    if tissue in EPITHELIAL_TISSUES:
        notices.insert(0, Notice("caution", f"IFN-III {IFN_III_IN_EPITHELIUM}"))
    elif tissue == "unknown" and looks_epithelial(levels):
        text = (
            f"the samples look like epithelium (keratins above {BLOOD_GENE}): IFN-III {IFN_III_IN_EPITHELIUM}"
        )
        notices.insert(0, Notice("caution", text))
    elif tissue == "unknown":
        notices.insert(0, Notice("caution", f"tissue not given: IFN-III {IFN_III_UNKNOWN}"))
    return notices


def looks_epithelial(levels: pd.DataFrame | None) -> bool:
    """Return whether keratins and EPCAM stand above PTPRC (CD45) in most samples; False where not measured."""
    if levels is None or BLOOD_GENE not in levels.columns:
        return False
    present = [gene for gene in EPITHELIAL_GENES if gene in levels.columns]
    if not present:
        return False
    above = levels[present].mean(axis=1) > levels[BLOOD_GENE]
    return bool(above.mean() > 0.5)


def _check_tissue(tissue: str) -> None:
    if tissue not in TISSUES:
        raise UnknownNameError(
            "the tissue is not known", given=tissue, allowed=listed(TISSUES), fix="use one of these"
        )


def _describe_ifn_iii(tissue: str, epithelial: bool) -> str:
    if epithelial:
        return IFN_III_IN_EPITHELIUM
    return IFN_III_IN_BLOOD if tissue == "blood" else IFN_III_UNKNOWN


def _read(first: str, second: str, epithelial: bool, tissue: str) -> str:
    if UNCLASSIFIED in (first, second):
        return "not known"
    type_one = "IFN-I" if tissue == "blood" and not epithelial else "IFN-I or IFN-III"
    raised = [name for name, call in ((type_one, first), ("IFN-II", second)) if call == "high"]
    unsure = [name for name, call in ((type_one, first), ("IFN-II", second)) if call == "borderline"]
    text = " and ".join(raised) or "none raised"
    return f"{text}; {' and '.join(unsure)} borderline" if unsure else text
