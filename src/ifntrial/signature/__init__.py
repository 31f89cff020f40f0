"""Interferon signatures from expression data: score, call, compare and carry them on.

Main verbs: :func:`score_samples`, :func:`compute_scores`, :func:`score_anndata`, :func:`measure_suppression`,
:func:`compare_interferons`, :func:`associate`, :func:`save_scores`, :func:`load_scores`, :func:`select_scores`.
A research tool: not for diagnosis or treatment.
"""

from ifntrial.signature.agreement import AgreementOfTwo, compare_scores
from ifntrial.signature.association import Association, associate
from ifntrial.signature.catalog import (
    SIGNATURES,
    Citation,
    Library,
    load_citations,
    load_signature_file,
    load_signatures,
    make_signature,
)
from ifntrial.signature.genes import GeneTable, load_genes
from ifntrial.signature.justify import Point, justify
from ifntrial.signature.methods import METHODS
from ifntrial.signature.read import ReadOptions, read_expression
from ifntrial.signature.records import Expression, Ledger, Method, Notice, Signature
from ifntrial.signature.reference import Reference, load_reference, save_reference
from ifntrial.signature.result import ScoreResult, ScoreSettings, compute_gene_z
from ifntrial.signature.score import compute_scores, score_anndata, score_samples
from ifntrial.signature.score_table import ScoreTable, check_scores, load_scores, save_scores, select_scores
from ifntrial.signature.specificity import compare_interferons, describe_specificity
from ifntrial.signature.suppression import measure_suppression

__all__ = [
    "METHODS",
    "SIGNATURES",
    "AgreementOfTwo",
    "Association",
    "Citation",
    "Expression",
    "GeneTable",
    "Ledger",
    "Library",
    "Method",
    "Notice",
    "Point",
    "ReadOptions",
    "Reference",
    "ScoreResult",
    "ScoreSettings",
    "ScoreTable",
    "Signature",
    "associate",
    "check_scores",
    "compare_interferons",
    "compare_scores",
    "compute_gene_z",
    "compute_scores",
    "describe_specificity",
    "justify",
    "load_citations",
    "load_genes",
    "load_reference",
    "load_scores",
    "load_signature_file",
    "load_signatures",
    "make_signature",
    "measure_suppression",
    "read_expression",
    "save_reference",
    "save_scores",
    "score_anndata",
    "score_samples",
    "select_scores",
]
