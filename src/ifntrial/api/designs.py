"""Trial designs in Python: by name, from a file, or one of them changed."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, PrivateAttr

from ifntrial.api.calls import Given
from ifntrial.catalog import Catalog, shipped
from ifntrial.design.design import Known, TrialDesign, design_from_mapping


class Design(TrialDesign):
    """A trial design that can be changed; every field of a design file is an attribute."""

    _known: Known = PrivateAttr()

    def changed(self, **fields: object) -> "Design":
        """Return this design with other fields, checked anew as a file that extends it.

        Mappings are laid over those of the design; lists and ``size`` are replaced; ``add_eligibility`` adds criteria.
        What is another trial takes over no registration, and says of its rules for which trial they were assumed. To be
        compared with this one it needs a ``name`` of its own.

        Parameters
        ----------
        fields
            As in a design file, nested ones as mappings; ``size`` may be the planned number of patients.

        Raises
        ------
        InputError
            If the result is not a design; lists every problem.

        Examples
        --------
        >>> daisy = load_design("daisy")
        >>> daisy.changed(size=400, name="daisy_400").size.analyzed
        400
        """
        base = plain_design(self)
        known = replace(self._known, designs={**self._known.designs, base.name: base})
        own = {name: _plain(value) for name, value in fields.items()}
        if isinstance(own.get("size"), int):
            own["size"] = {"planned": own["size"]}
        name = f"{own.get('name', base.name)}, changed"
        return as_design(design_from_mapping({"extends": base.name, **own}, known, name), self._known)


def as_design(design: TrialDesign, known: Known) -> Design:
    """Return a checked design as one that can be changed."""
    made = Design.model_construct(design.model_fields_set, **dict(design))
    made._known = known
    return made


def plain_design(design: TrialDesign) -> TrialDesign:
    """Return a design without what it can be changed with, as studies keep it."""
    if type(design) is TrialDesign:
        return design
    return TrialDesign.model_construct(design.model_fields_set, **dict(design))


def load_design(name_or_path: str | Path, *, catalog: Catalog | None = None) -> Design:
    """Return a design by its name, such as ``daisy``, or the one in a YAML file.

    Parameters
    ----------
    catalog
        What a design may name and extend; None: what comes with the package.

    Raises
    ------
    FileError
        If there is no such design or file, or the file is empty, too large or not YAML.
    InputError
        If the content is not a design; lists every problem with its line and place.

    Examples
    --------
    >>> load_design("daisy").primary.visit_week
    52.0
    """
    known = shipped() if catalog is None else catalog
    return as_design(known.design(name_or_path), known.known)


AnyDesign = TrialDesign | str | Path
"""A design, its name, or the path of its file."""


def settled(design: AnyDesign, catalog: Catalog) -> TrialDesign:
    """Return a design that a verb was given; errors as in ``load_design``."""
    return plain_design(design) if isinstance(design, TrialDesign) else catalog.design(design)


def given_design(parameter: str, design: AnyDesign, catalog: Catalog) -> Given:
    """Return a design as the argument of a command; one that was made in Python is none."""
    if isinstance(design, TrialDesign):
        is_known = catalog.designs.get(design.name) == plain_design(design)
        return Given(parameter, "", design.name, is_sayable=is_known)
    text = str(design)
    return Given(parameter, "", text, files=() if text in catalog.designs else (Path(text),))


def _plain(value: object) -> object:
    """Return a value as a design file holds it."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
