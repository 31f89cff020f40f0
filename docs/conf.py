"""How the pages of this folder become a site: `make docs`."""

import sys
from pathlib import Path

from numpydoc.docscrape import NumpyDocString
from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx
from sphinx.highlighting import lexers

import ifntrial

sys.path.insert(0, str(Path(__file__).parent / "extensions"))

project = "ifntrial"
author = "The ifntrial developers"
version = release = ifntrial.__version__

extensions = [
    "mathml",
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx_gallery.gen_gallery",
]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["_build", "examples", "extensions", "static", "templates", "tutorials"]

myst_enable_extensions = ["colon_fence"]
myst_fence_as_directive = {"math"}
myst_heading_anchors = 3
highlight_language = "none"

autodoc_member_order = "bysource"
autodoc_class_signature = "separated"
autodoc_typehints = "signature"
autosummary_generate = False
numpydoc_class_members_toctree = False
numpydoc_show_class_members = False
python_maximum_signature_line_length = 88

# each tutorial is run once, from one file: the page, the script and the notebook are made of it
sphinx_gallery_conf = {
    "examples_dirs": "tutorials",
    "gallery_dirs": "_tutorials",
    "filename_pattern": r"\.py$",
    "abort_on_example_error": True,
    "capture_repr": ("_repr_html_", "__repr__"),
    "download_all_examples": False,
    "min_reported_time": 3600,
    "remove_config_comments": True,
    "show_memory": False,
    "show_signature": False,
    "within_subsection_order": "FileNameSortKey",
    "write_computation_times": False,
}

html_css_files = ["site.css"]
html_static_path = ["static"]
html_theme = "pydata_sphinx_theme"
html_title = f"ifntrial {version}"
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
html_theme_options = {
    "footer_start": ["disclaimer"],
    "footer_end": [],
    "navbar_align": "left",
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": False,
}
templates_path = ["templates"]

lexers["csv"] = TextLexer()

# a section of our docstrings, with ids of the evidence tables: shown as what numpydoc calls references
NumpyDocString.sections["Source"] = ""


def _name_references(
    app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    for place, line in enumerate(lines[:-1]):
        if line == "Source" and lines[place + 1] == "------":
            lines[place : place + 2] = ["References", "----------"]


def setup(app: Sphinx) -> None:
    """Change docstrings before numpydoc reads them."""
    app.connect("autodoc-process-docstring", _name_references, priority=400)
