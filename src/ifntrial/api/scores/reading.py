"""How data are read, as the options of ``ifntrial score`` that say so."""

from ifntrial.api.calls import Given, given_file
from ifntrial.signature import ReadOptions

_FLAGS = (
    ("file_format", "--format", "format"),
    ("orientation", "--orientation", "orientation"),
    ("scale", "--scale", "scale"),
    ("library_size", "--library-size", "library_size"),
    ("reference_genes", "--reference-genes", "reference_genes"),
    ("probes", "--probes", "probes"),
    ("gene_column", "--gene-column", "gene_column"),
    ("ids", "--ids", "ids"),
    ("set_aside", "--set-aside", "set_aside"),
    ("keep", "--keep", "keep"),
    ("layer", "--layer", "layer"),
    ("sheet", "--sheet", "sheet"),
    ("pseudobulk", "--pseudobulk", "pseudobulk"),
    ("lod", "--lod", "lod"),
    ("below_lod", "--below-lod", "below_lod"),
)
"""Name of the command's parameter, its option, and the field."""


def given_reading(reading: ReadOptions) -> tuple[Given, ...]:
    """Return what is said of the data as options of the command; a series of library sizes it cannot be given."""
    is_sayable = not (reading.samples or reading.likely_scale or reading.chosen_rows)
    return tuple(_given(reading, *each, is_sayable=is_sayable) for each in _FLAGS)


def _given(reading: ReadOptions, parameter: str, flag: str, name: str, *, is_sayable: bool) -> Given:
    value = getattr(reading, name)
    if isinstance(value, tuple):
        return Given(parameter, flag, ",".join(value) or None, is_sayable=is_sayable)
    if name in {"probes", "lod"} and value is not None:
        return given_file(parameter, flag, value)
    is_text = value is None or isinstance(value, str)
    return Given(parameter, flag, value if is_text else "a series", is_sayable=is_sayable and is_text)
