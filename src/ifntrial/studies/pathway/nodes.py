"""The boxes of the map: each stands for quantities of the model, and shows one of them.

Every quantity that changes with time belongs to one box; what depends on nothing but parameters needs none, as it
stands in the equations that read it. A mechanism that is added puts its quantities here (a test fails if forgotten).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ifntrial.items import ITEMS
from ifntrial.model.mechanisms.organ_events import ORGAN_EVENTS, relative_hazard
from ifntrial.model.mechanisms.tissues import DISTRIBUTED_TISSUES, TISSUES

DRUG_STEP = "Drug"

STEPS = (DRUG_STEP, "Interferons", "Receptor", "JAK–STAT", "Genes", "Drive", "Disease", "Clinic")
"""Parts of the chain, from the dose to what a trial reads."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box of the map.

    Parameters
    ----------
    name
        The quantity whose change it shows.
    label, title
        What stands in the box, and in full.
    step
        One of ``STEPS``.
    place
        Where in the body: ``blood``, ``vessels``, ``skin``, ``lung``, ``heart``.
    others
        Further quantities that it stands for.
    """

    name: str
    label: str
    title: str
    step: str
    place: str
    others: tuple[str, ...] = ()

    @property
    def quantities(self) -> tuple[str, ...]:
        """All that it stands for, the shown one first."""
        return (self.name, *self.others)


def _drug() -> Iterator[Box]:
    others = (
        "drug_depot drug_central drug_peripheral drug_concentration drug_receptor_complex receptor_serum "
        "antibody_in_serum clearance_subject clearance_change jak_inhibition on_treatment activity "
        "ifn_alpha_added"
    )
    yield Box("concentration", "Drug", "Drug in serum", "Drug", "blood", tuple(others.split()))
    for x in DISTRIBUTED_TISSUES:
        yield Box(f"drug_{x}", "Drug", f"Antibody in {x}", "Drug", x)


def _interferons() -> Iterator[Box]:
    for isoform, letter in (("alpha", "α"), ("beta", "β"), ("omega", "ω"), ("kappa", "κ")):
        place = "skin" if isoform == "kappa" else "blood"
        yield Box(f"ifn_{isoform}", f"IFN-{letter}", f"Interferon {isoform}", "Interferons", place)


def _signal(x: str) -> Iterator[Box]:
    yield Box(
        f"ifn_activity_{x}",
        "IFN activity",
        f"Interferon that acts on the receptor, {x}",
        "Receptor",
        x,
        (f"ifn_alpha_free_{x}", f"ifn_alpha_bound_{x}"),
    )
    yield Box(
        f"receptor_free_{x}",
        "Free IFNAR1",
        f"Receptor free of drug, {x}",
        "Receptor",
        x,
        (f"receptor_bound_{x}", f"receptor_internalized_{x}", f"occupancy_{x}", f"ifnar1_binding_{x}"),
    )
    yield Box(
        f"pstat_{x}",
        "JAK–STAT",
        f"Kinases and phosphorylated STAT, {x}",
        "JAK–STAT",
        x,
        (f"jak_activity_{x}", f"kinase_inhibition_{x}"),
    )
    yield Box(f"isgf3_{x}", "ISGF3", f"ISGF3 at promoters, {x}", "JAK–STAT", x, (f"ifn_heard_{x}",))
    yield Box(
        f"isg_mrna_{x}",
        "ISGs",
        f"Interferon-stimulated genes, their signature, {x}",
        "Genes",
        x,
        (
            f"ifn_relative_response_{x}",
            f"ifn_driven_suppression_{x}",
            f"signature_{x}",
            f"signature_suppression_{x}",
        ),
    )
    yield Box(
        f"usp18_{x}", "Feedback", f"Feedback proteins USP18 and SOCS1, {x}", "Genes", x, (f"socs1_{x}",)
    )


def _drives() -> Iterator[Box]:
    for domain, label, place in (
        ("patient_reported", "Drive (PRO)", "blood"),
        ("inflammation", "Drive", "blood"),
        ("vessel", "Drive", "vessels"),
        ("skin", "Drive", "skin"),
        ("lung", "Drive", "lung"),
        ("heart", "Drive", "heart"),
    ):
        words = domain.replace("_", "-") + (" domain" if domain == "patient_reported" else "")
        yield Box(f"drive_{domain}", label, f"Drive of the {words} by interferon", "Drive", place)


def _disease() -> Iterator[Box]:
    for name, label, title, place in (
        ("plasmacytoid_dendritic_cell", "pDC", "Plasmacytoid dendritic cells", "blood"),
        ("autoantibody", "Antibodies", "Autoantibody", "blood"),
        ("cxcl4", "CXCL4", "CXCL4", "blood"),
        ("inflammation", "Immunity", "Systemic immune activity", "blood"),
        ("endothelial_injury", "Endothelium", "Endothelial injury", "vessels"),
    ):
        yield Box(name, label, title, "Disease", place)
    for x in DISTRIBUTED_TISSUES:
        growth = {name: (f"{name}_saturation_{x}",) for name in ("csf1", "pdgf")}
        yield Box(f"macrophage_{x}", "Macrophages", f"Macrophages, {x}", "Disease", x)
        yield Box(f"myofibroblast_{x}", "Fibroblasts", f"Myofibroblasts, {x}", "Disease", x)
        yield Box(f"csf1_{x}", "CSF1", f"Growth factor CSF1, {x}", "Disease", x, growth["csf1"])
        yield Box(f"pdgf_{x}", "PDGF", f"Growth factor PDGF, {x}", "Disease", x, growth["pdgf"])
        yield Box(f"tgf_beta_{x}", "TGF-β", f"Active TGF-beta, {x}", "Disease", x)
        released = () if x == "heart" else (f"released_collagen_{x}",)
        yield Box(f"collagen_synthesis_{x}", "Collagen", f"Collagen synthesis, {x}", "Disease", x, released)


def _clinic() -> Iterator[Box]:
    yield Box("chemokine", "Chemokines", "Chemokine score of serum", "Clinic", "blood", ("chemokine_score",))
    yield Box("collagen_degradation", "Degradation", "Marker of collagen degradation", "Clinic", "skin")
    for name, label, place in (
        ("haq_di", ITEMS["haq_di"].label, "blood"),
        ("patient_global", "PtGA", "blood"),
        ("physician_global", "PhGA", "blood"),
        ("capillary_density", "Capillaries", "vessels"),
        ("mrss", ITEMS["mrss"].label, "skin"),
        ("fvc_percent", ITEMS["fvc_ml"].label, "lung"),
        ("dlco_percent", "DLCO", "lung"),
        ("nt_probnp", ITEMS["nt_probnp"].label, "heart"),
        ("troponin", "Troponin", "heart"),
    ):
        others = _WITH.get(name, ())
        yield Box(name, label, ITEMS[name].title, "Clinic", place, others)
    yield Box("ulcer_hazard", "Ulcers", "New digital ulcers expected", "Clinic", "vessels")
    yield Box("zoster_hazard", "Zoster", "Herpes zoster expected", "Clinic", "blood")
    yield Box("infection_hazard", "Infections", "Serious infections expected", "Clinic", "blood")
    for event in ORGAN_EVENTS:
        label, title, place = _EVENTS[event]
        yield Box(relative_hazard(event), label, f"Rate of {title}", "Clinic", place)


_WITH = {"fvc_percent": ("fvc_ml", "fvc_gain"), "mrss": ("mrss_goal_shift",)}

_EVENTS = {
    "renal_crisis": ("Renal crisis", "renal crisis", "vessels"),
    "left_ventricular_failure": ("Heart failure", "left ventricular failure", "heart"),
    "pulmonary_arterial_hypertension": ("PAH", "pulmonary arterial hypertension", "vessels"),
    "gut_failure": ("Gut failure", "gut failure", "skin"),
    "digital_ischemia": ("Ischaemia", "digital ischaemia", "vessels"),
    "death": ("Death", "death", "heart"),
}

BOXES = (
    *_drug(),
    *_interferons(),
    *(box for x in TISSUES for box in _signal(x)),
    *_drives(),
    *_disease(),
    *_clinic(),
)
"""All boxes, in the order of the chain."""
