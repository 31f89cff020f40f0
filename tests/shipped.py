"""What comes with the package, and its things by name, for tests that bring nothing of their own."""

from ifntrial import catalog, signature

CATALOG = catalog.shipped()

load_signature = CATALOG.signatures.__getitem__
load_method = CATALOG.methods.__getitem__


def score_samples(data, **given):
    return signature.score_samples(data, CATALOG.library, **given)


def compute_scores(data, **given):
    return signature.compute_scores(data, CATALOG.library, **given)


def score_anndata(data, **given):
    return signature.score_anndata(data, CATALOG.library, **given)
