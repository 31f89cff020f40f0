"""A COMBINE archive: model, estimation problem and a description in one zip file with a manifest."""

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from ifntrial import __version__
from ifntrial.dosing.regimen import Regimen
from ifntrial.evidence.load import evidence_hash
from ifntrial.evidence.records import Evidence
from ifntrial.formats.petab import petab_files
from ifntrial.formats.sbml.annotations import MODEL, addresses
from ifntrial.formats.sbml.write import sbml_text
from ifntrial.model import MODEL_VERSION, Model

_SPECIFICATIONS = "http://identifiers.org/combine.specifications"
_MEDIA = "http://purl.org/NET/mediatypes"
_FORMATS = {
    ".xml": f"{_SPECIFICATIONS}/sbml.level-3.version-2",
    ".rdf": f"{_SPECIFICATIONS}/omex-metadata",
    ".yaml": f"{_MEDIA}/text/x-yaml",
    ".tsv": f"{_MEDIA}/text/tab-separated-values",
}
# The same content gives the same file, byte for byte.
_TIME = (1980, 1, 1, 0, 0, 0)
MODEL_FILE = "model.xml"


def omex_files(
    model: Model, evidence: Evidence, regimen: Regimen | None = None, weeks: float = 52.0
) -> dict[str, str]:
    """Return the files of the archive, place to text: manifest, metadata, model with doses, estimation problem."""
    files = {
        MODEL_FILE: sbml_text(model, evidence, regimen, weeks),
        "metadata.rdf": _metadata(model, evidence),
        **{f"petab/{name}": text for name, text in petab_files(model, evidence).items()},
    }
    return {"manifest.xml": _manifest(files), **files}


def write_omex(files: dict[str, str], path: Path) -> None:
    """Write an archive; it opens with any program for zip files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode("utf-8"))


def _manifest(files: dict[str, str]) -> str:
    entries = [(".", f"{_SPECIFICATIONS}/omex"), ("./manifest.xml", f"{_SPECIFICATIONS}/omex-manifest")]
    entries += [(f"./{name}", _FORMATS[Path(name).suffix]) for name in files]
    lines = [
        f"  <content location={quoteattr(place)} format={quoteattr(kind)}"
        f"{' master=' + quoteattr('true') if place == f'./{MODEL_FILE}' else ''}/>"
        for place, kind in entries
    ]
    body = "\n".join(lines)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<omexManifest xmlns="{_SPECIFICATIONS}/omex-manifest">\n{body}\n</omexManifest>\n'
    )


def _metadata(model: Model, evidence: Evidence) -> str:
    subjects = "\n".join(
        f"    <dcterms:subject rdf:resource={quoteattr(address)}/>"
        for _, address in addresses(MODEL, model.drug.name, evidence)
    )
    description = (
        f"{model.drug.label} in systemic sclerosis: model version {MODEL_VERSION} of the typical patient, and its "
        "estimation problem. A research tool: not for diagnosis or treatment."
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcterms="http://purl.org/dc/terms/">
  <rdf:Description rdf:about=".">
    <dcterms:title>{escape(model.drug.label)} in systemic sclerosis</dcterms:title>
    <dcterms:description>{escape(description)}</dcterms:description>
    <dcterms:creator>ifntrial {escape(__version__)}</dcterms:creator>
    <dcterms:license rdf:resource="https://spdx.org/licenses/Apache-2.0"/>
    <dcterms:identifier>evidence {escape(evidence_hash(evidence))}</dcterms:identifier>
{subjects}
  </rdf:Description>
</rdf:RDF>
"""
