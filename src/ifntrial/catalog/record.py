"""Everything the program knows, in one frozen value; what is not in it does not exist for whom it is given to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from ifntrial.catalog.extension import Adder, Extension, Owners, owned_by, with_rows
from ifntrial.catalog.readings import AnyAnalysis, usual_analysis
from ifntrial.clinic.endpoints.record import Endpoint
from ifntrial.design.design import Known, TrialDesign, load_design, load_designs
from ifntrial.design.inheritance import IDENTITY, LATER_PARTS
from ifntrial.design.names import Names
from ifntrial.design.parts import USUAL_DRUG
from ifntrial.errors import resolve_name
from ifntrial.evidence.load import evidence_hash
from ifntrial.evidence.records import Evidence
from ifntrial.model import Model, build_model, used_parameters
from ifntrial.model.build import MODEL_VERSION, equations_of
from ifntrial.model.drugs import Drug
from ifntrial.model.parts import Mechanism
from ifntrial.patients.sample import sample_population
from ifntrial.patients.thinning import PatientPool
from ifntrial.patients.weights import PatientCalibration
from ifntrial.patients.weights_file import load_patients
from ifntrial.signature import Citation, GeneTable, Library, Method, Signature
from ifntrial.worlds import calibration as frozen
from ifntrial.worlds.calibration import Calibration, load_calibration


def names_of(
    drugs: Mapping[str, Drug], endpoints: Mapping[str, Endpoint], analyses: Mapping[str, AnyAnalysis]
) -> Names:
    """Return what the fields of a design may name."""
    kinds = {name: str(each.kind) for name, each in endpoints.items()}
    fitting = {name: each.kinds for name, each in analyses.items()}
    return Names(drugs, tuple(endpoints), tuple(analyses), kinds, fitting=fitting)


@dataclass(frozen=True, eq=False)
class Catalog:
    """What the program knows, by name.

    Parameters
    ----------
    evidence
        All tables.
    drugs
        Those that an arm may give.
    mechanisms
        What happens in the body whatever the drug, in the order of the model.
    endpoints, analyses
        What a design may plan: endpoints, and tests of its primary one.
    signatures, methods
        What a sample may be scored with.
    citations
        Where these come from, by id.
    genes
        Names of the genes of signatures.
    designs
        Those that can be named, and extended.
    addresses
        Statements that beliefs can be made of: each a trial whose estimand is what is stated.
    calibration_file, patients_file
        Where the frozen worlds and the frozen weights of patients are; read when they are asked for.
    extensions
        Packages beside this one that bring a part of it, each with its version.
    """

    evidence: Evidence
    drugs: Mapping[str, Drug]
    mechanisms: tuple[Mechanism, ...]
    endpoints: Mapping[str, Endpoint]
    analyses: Mapping[str, AnyAnalysis]
    signatures: Mapping[str, Signature]
    methods: Mapping[str, Method]
    citations: Mapping[str, Citation]
    genes: GeneTable
    designs: Mapping[str, TrialDesign]
    addresses: Mapping[str, TrialDesign]
    calibration_file: Path
    patients_file: Path
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, value in self._parts():
            if isinstance(value, Mapping):
                object.__setattr__(self, name, MappingProxyType(dict(value)))

    def __reduce__(self) -> tuple[type["Catalog"], tuple[object, ...]]:
        """Send plain mappings to another process: a view that cannot be changed cannot be sent."""
        return Catalog, tuple(
            dict(value) if isinstance(value, Mapping) else value for _, value in self._parts()
        )

    @property
    def library(self) -> Library:
        """What scoring may name."""
        return Library(self.signatures, self.methods, self.citations, self.genes)

    @property
    def mechanism_names(self) -> tuple[str, ...]:
        """What can be left out: the mechanisms of the body, and those of drugs."""
        return tuple(
            each.name for each in (*self.mechanisms, *(drug.structure for drug in self.drugs.values()))
        )

    @property
    def known(self) -> Known:
        """What a design may name and extend."""
        return Known(names_of(self.drugs, self.endpoints, self.analyses), self.designs)

    @property
    def known_of_patients(self) -> Known:
        """What a design may name and extend, and what each patient is known by, which its conditions may ask for."""
        anyone = sample_population(self.model(), self.evidence, 1, 1)
        known = self.known
        return replace(known, names=replace(known.names, covariates=anyone.covariates))

    @property
    def calibration(self) -> Calibration:
        """The frozen worlds; errors as in ``load_calibration``."""
        return load_calibration(self.calibration_file)

    @property
    def patients(self) -> PatientCalibration:
        """The frozen weights of patients; errors as in ``load_patients``."""
        return load_patients(self.patients_file)

    @property
    def used_parameters(self) -> dict[str, tuple[str, ...]]:
        """Name of every row that a model uses to who uses it."""
        return used_parameters(self.drugs.values(), self.mechanisms)

    @property
    def is_stale(self) -> bool:
        """Whether a number, the patients or the model have changed since the calibration was made."""
        return frozen.is_stale(
            self.calibration, self.evidence, self.patients, self.used_parameters, self.address_contents
        )

    @property
    def address_contents(self) -> tuple[str, ...]:
        """Content of every address, as text, without the words that only say which trial it is.

        A part that an address does not have is left out where designs have learnt it since: worlds stay what they are.
        """
        return tuple(
            each.model_dump_json(
                exclude={*IDENTITY, *(part for part in LATER_PARTS if getattr(each, part) is None)}
            )
            for each in self.addresses.values()
        )

    # without slots, so that it is worked out once: every law is written in symbols for it
    @cached_property
    def fingerprint(self) -> str:
        """Hash of the content but the frozen files, which have their own: with another one numbers may be others."""
        parts = [
            f"model {MODEL_VERSION}",
            evidence_hash(self.evidence),
            *map(repr, equations_of((*(drug.structure for drug in self.drugs.values()), *self.mechanisms))),
            *(f"{drug.name} {drug.structure.name} {drug.routes}" for drug in self.drugs.values()),
            *(f"{each.name} {each.kind} {each.definition}" for each in self.endpoints.values()),
            *(f"{each.name} {each.label}" for each in self.analyses.values()),
            *map(repr, self.signatures.values()),
            *(f"{each.name} {each.formula}" for each in self.methods.values()),
            *(f"{id} {each!r}" for id, each in self.citations.items()),
            *(f"{name} {symbol}" for names in self.genes.names() for name, symbol in sorted(names.items())),
            *(design.model_dump_json() for design in self.designs.values()),
            *self.address_contents,
            *(f"extension {each}" for each in self.extensions),
        ]
        return sha256("\n".join(parts).encode()).hexdigest()

    def design(self, name_or_path: str | Path) -> TrialDesign:
        """Return a design by its name, or the one in a YAML file; errors as in ``load_design``."""
        return load_design(name_or_path, self.known)

    def analysis_of(self, design: TrialDesign) -> AnyAnalysis:
        """Return the test of a design's primary endpoint: the one that it names, or the usual one of such endpoints."""
        kind = self.endpoints[design.primary.endpoint].kind
        named = self.analyses[design.assumed.analysis.method]
        return named if kind in named.kinds else usual_analysis(kind, self.analyses)

    def model(self, drug: str = USUAL_DRUG, without: Iterable[str] = ()) -> Model:
        """Return the model of a drug; an unknown one, or an unknown mechanism, raises ``UnknownNameError``."""
        return build_model(resolve_name(drug, self.drugs, "drug"), self.mechanisms, without)

    def pool(self, model: Model) -> PatientPool:
        """Return where the patients of a model come from."""
        return PatientPool(model, self.evidence, self.patients)

    def extended(self, extension: Extension, by: str, owners: Owners) -> "Catalog":
        """Return the catalogue with more in it.

        Parameters
        ----------
        by, owners
            Who adds it, and who brought what is there, as in ``Adder``.

        Raises
        ------
        InputError
            If a name is there already; names both. Or evidence contradicts the rest.
        """
        add, added = Adder(by, owners), extension
        rows = self.evidence if added.evidence is None else with_rows(self.evidence, added.evidence)
        own = {each.name: each for each in self.mechanisms}
        more = replace(
            self,
            evidence=rows,
            drugs=add.to("drug", self.drugs, added.drugs),
            mechanisms=tuple(add.to("mechanism", own, added.mechanisms).values()),
            endpoints=add.to("endpoint", self.endpoints, added.endpoints),
            analyses=add.to("analysis", self.analyses, added.analyses),
            signatures=add.to("signature", self.signatures, added.signatures),
            methods=add.to("method", self.methods, added.methods),
            citations=add.join("citation", self.citations, added.citations),
            designs=add.to("design", self.designs, added.designs),
        )
        add.require_no_clash()
        if added.design_folder is not None:
            found = load_designs(more.known, added.design_folder)
            more = replace(more, designs=add.to("design", more.designs, found.values()))
        add.require_no_clash()
        return more

    def with_(
        self,
        *,
        drugs: Iterable[Drug] = (),
        mechanisms: Iterable[Mechanism] = (),
        endpoints: Iterable[Endpoint] = (),
        analyses: Iterable[AnyAnalysis] = (),
        signatures: Iterable[Signature] = (),
        methods: Iterable[Method] = (),
        citations: Mapping[str, Citation] = MappingProxyType({}),
        designs: Iterable[TrialDesign] = (),
        evidence: str | Path | None = None,
    ) -> "Catalog":
        """Return a catalogue with more in it, to be given to a verb as ``catalog``.

        Parameters
        ----------
        drugs, mechanisms, endpoints, analyses, signatures, methods, citations, designs
            As in ``Extension``.
        evidence
            A folder of tables as the package's own, of which any may be absent; a row whose name is not new takes the
            place of the package's.

        Raises
        ------
        InputError
            If a name is there already; names both. Or evidence contradicts the rest.
        """
        extension = Extension(
            drugs=tuple(drugs),
            mechanisms=tuple(mechanisms),
            endpoints=tuple(endpoints),
            analyses=tuple(analyses),
            signatures=tuple(signatures),
            methods=tuple(methods),
            citations=citations,
            designs=tuple(designs),
            evidence=None if evidence is None else Path(evidence),
        )
        return self.extended(extension, "this call of with_", owned_by("the catalogue"))

    def _parts(self) -> list[tuple[str, object]]:
        return [(each.name, getattr(self, each.name)) for each in fields(self)]
