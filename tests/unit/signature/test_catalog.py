"""Signatures are data with sources; methods, formats and names are complete."""

from csv import DictReader
from importlib.resources import files

import numpy as np
import pytest

from ifntrial.signature import METHODS, SIGNATURES, load_citations, load_signatures
from ifntrial.signature.call import make_roles
from ifntrial.signature.genes import load_genes
from ifntrial.signature.records import Healthy, Levels
from shipped import load_method, load_signature, load_signature_file

FOLDER = files("ifntrial.signature") / "sets"


def rows(name: str) -> list[dict[str, str]]:
    return list(DictReader((FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("name", SIGNATURES)
def test_every_signature_is_complete(name):
    signature = load_signature(name)
    assert signature.genes
    assert set(signature.genes) <= load_genes().symbols
    assert len(signature.genes) == len(signature.directions) == len(signature.parts)
    per_part = set(zip(signature.genes, signature.parts, strict=True))
    assert len(per_part) == len(signature.genes)
    assert set(signature.sources) <= set(load_citations())
    assert signature.material in load_method(signature.default_method).material
    assert signature.status in ("confirmed", "secondary")


def test_sizes_are_those_of_the_publications():
    sizes = {name: len(load_signature(name).genes) for name in SIGNATURES}
    assert sizes == {
        "az_4_gene": 4, "ags_6": 6, "aybey_ifn_i": 20, "aybey_ifn_ii": 6, "chiche_m1_2": 24, "chiche_m3_4": 51,
        "chiche_m5_12": 56, "chiche_modules": 131, "ifngs_21_gene": 21, "ssc_chemokine_6": 6, "genisos_chemokine_2": 2,
        "sweeney_bacterial": 4, "sweeney_viral": 3,
    }  # fmt: skip


def test_lists_from_a_secondary_source_say_so_wherever_they_are_named():
    secondary = [s for s in load_signatures() if s.status != "confirmed"]
    assert [s.name for s in secondary] == ["ifngs_21_gene", "sweeney_bacterial", "sweeney_viral"]
    assert all("SECONDARY SOURCE" in s.note and "secondary" in s.label for s in secondary)
    assert not load_signature("ifngs_21_gene").is_usual
    assert not load_signature("sweeney_viral").is_usual


def test_the_bacterial_genes_are_in_no_interferon_set():
    others = {gene for s in load_signatures() if s.name != "sweeney_bacterial" for gene in s.genes}
    assert not others & set(load_signature("sweeney_bacterial").genes)


def test_every_table_in_the_folder_is_a_signature_or_named_here():
    found = {path.name.removesuffix(".csv") for path in FOLDER.iterdir() if path.name.endswith(".csv")}
    assert found == (set(SIGNATURES) - {"chiche_modules"}) | {"genes", "signatures", "sources"}


def test_every_source_has_a_citation_and_is_used():
    used = {source for s in load_signatures() for source in s.sources} | {method.source for method in METHODS}
    used |= {"eular_2022", "hgnc", "yao_2010"}
    assert set(load_citations()) == used
    assert all(each.text and each.role for each in load_citations().values())


def test_which_signatures_are_reported_unless_the_user_chooses():
    usual = {}
    for signature in load_signatures():
        if signature.is_usual:
            usual.setdefault(signature.material, []).append(signature.name)
    assert usual == {
        "rna": ["az_4_gene", "ags_6", "aybey_ifn_i", "aybey_ifn_ii", "chiche_modules", "sweeney_bacterial"],
        "protein": ["ssc_chemokine_6", "genisos_chemokine_2"],
    }


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_every_method_states_its_formula_and_scores_each_sample_alone(method):
    assert method.formula
    assert method.source in load_citations()
    assert method.single_sample
    signature = load_signature("chiche_modules" if method.name == "active_modules" else "az_4_gene")
    count = len(signature.genes)
    values = np.random.default_rng(3).normal(8.0, 2.0, (5, count))
    levels = Levels(values, np.full(5, 1000.0))
    healthy = (
        Healthy(np.full(count, 7.0), np.full(count, 7.0), np.full(count, 0.5))
        if method.needs_reference
        else None
    )
    together = method.score(levels, healthy, make_roles(signature))
    for i in range(5):
        alone = method.score(levels.take_samples(np.array([i])), healthy, make_roles(signature))
        np.testing.assert_array_equal(alone, together[[i]])


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_every_method_skips_genes_that_were_not_measured(method):
    signature = load_signature("chiche_modules" if method.name == "active_modules" else "az_4_gene")
    count = len(signature.genes)
    values = np.full((2, count), 9.0)
    values[0, 1] = np.nan
    healthy = (
        Healthy(np.full(count, 7.0), np.full(count, 7.0), np.full(count, 0.5))
        if method.needs_reference
        else None
    )
    scores = method.score(Levels(values, np.full(2, 1000.0)), healthy, make_roles(signature))
    assert np.isfinite(scores).all()
    nothing = method.score(
        Levels(np.full((1, count), np.nan), np.full(1, 1000.0)), healthy, make_roles(signature)
    )
    assert np.isnan(nothing).all()


def test_methods_that_need_healthy_samples_refuse_to_go_without():
    for method in METHODS:
        if method.needs_reference:
            with pytest.raises(TypeError, match=method.name):
                method.score(
                    Levels(np.ones((1, 4)), np.ones(1)), None, make_roles(load_signature("az_4_gene"))
                )


def test_a_user_list_is_marked_as_such(tmp_path):
    (tmp_path / "mine.csv").write_text("gene,direction\nDDX58,up\nMX1,down\n")
    signature = load_signature_file(tmp_path / "mine.csv")
    assert signature.genes == ("RIGI", "MX1")
    assert signature.directions == (1, -1)
    assert signature.status == "user"
