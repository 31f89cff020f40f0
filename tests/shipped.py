"""What comes with the package, and verbs that work with it, for tests that bring nothing of their own."""

from ifntrial import catalog, signature
from ifntrial.clinic import design_words, estimand, responses_by_rule
from ifntrial.clinic import enroll as clinic
from ifntrial.design import design as designs
from ifntrial.design.schema import build_design_schema
from ifntrial.errors import resolve_name
from ifntrial.model import build
from ifntrial.patients import thinning
from ifntrial.studies.compare import plan as comparisons
from ifntrial.studies.compare import screen
from ifntrial.studies.doses import study as doses
from ifntrial.studies.forecast import run as forecasts
from ifntrial.studies.forecast.cohort import twins
from ifntrial.studies.sensitivity import study as sensitivity
from ifntrial.studies.trial import one_trial, primary_analysis, trials

CATALOG = catalog.shipped()
DRUGS = CATALOG.drugs

load_signature = CATALOG.signatures.__getitem__
load_method = CATALOG.methods.__getitem__
load_design = CATALOG.design


def endpoint_named(name):
    return resolve_name(name, CATALOG.endpoints, "endpoint")


def build_model(drug=DRUGS["anifrolumab"], without=()):
    return build.build_model(drug, CATALOG.mechanisms, without)


def parameters_of(evidence, prefix):
    """Return the parameters called ``prefix.…``, by the rest of their name."""
    start = f"{prefix}."
    return {row.name.removeprefix(start): row for row in evidence.parameters if row.name.startswith(start)}


def pool_of(model, evidence):
    return thinning.PatientPool(model, evidence, CATALOG.patients)


def admit(model, evidence, candidates, seed, **given):
    return thinning.admit(pool_of(model, evidence), candidates, seed, **given)


def draw_patients(model, evidence, subjects, seed):
    return thinning.draw_patients(pool_of(model, evidence), subjects, seed)


def enroll(design, model, evidence, subjects, seed):
    return clinic.enroll(design, pool_of(model, evidence), subjects, seed)


def enroll_twins(patients, design, model, evidence, subjects, seed):
    return twins.enroll_twins(patients, design, pool_of(model, evidence), subjects, seed)


def screen_common(chosen, model, evidence, subjects, seed):
    return screen.screen_common(chosen, pool_of(model, evidence), subjects, seed)


def design_from_mapping(content, name="design", **given):
    return designs.design_from_mapping(content, CATALOG.known, name, **given)


def design_schema():
    return build_design_schema(CATALOG.known)


def shipped_designs():
    return tuple(CATALOG.designs)


def with_regimens(base, regimens):
    return doses.with_regimens(base, regimens, CATALOG.drugs)


def require_comparable(chosen):
    comparisons.require_comparable(chosen)


def prepare_comparison(plan):
    return comparisons.prepare(plan, CATALOG)


def prepare_forecast(plan):
    return forecasts.prepare(plan, CATALOG)


def prepare_sensitivity(plan):
    return sensitivity.prepare(plan, CATALOG)


def run_sensitivity(plan, *given, **named):
    return sensitivity.run_sensitivity(plan, CATALOG, *given, **named)


def simulate_one_trial(design, **given):
    return one_trial.simulate_one_trial(CATALOG, design, **given)


def primary_endpoint(design):
    return endpoint_named(design.primary.endpoint)


def primary_by_arm(trial):
    return primary_analysis.primary_by_arm(trial, primary_endpoint(trial.design))


def primary_tests(trial):
    analysis = CATALOG.analysis_of(trial.design)
    return primary_analysis.primary_tests(trial, primary_endpoint(trial.design), analysis)


def response_probabilities(design, courses, covariates, error, **given):
    return responses_by_rule.responses_by_rule(
        design, responder_of(design), courses, covariates, error, **given, variants=()
    )[""]


def responder_of(design):
    return responses_by_rule.responder_of(design, CATALOG.endpoints)


def rule_rows(design):
    tests = {name: each.label for name, each in CATALOG.analyses.items()}
    return design_words.rule_rows(design, CATALOG.endpoints, CATALOG.drugs, tests)


def true_effect(design, arms, weight, endpoint=None, **given):
    chosen = endpoint_named(endpoint or design.primary.endpoint)
    return estimand.true_effect(design, arms, weight, chosen, **given)


def draw_trial(design, arms, weight, *, endpoint, **given):
    return trials.draw_trial(design, arms, weight, endpoint=endpoint_named(endpoint), **given)


def run_trials(design, arms, weight, analysis, *, endpoint=None, **given):
    chosen = endpoint_named(endpoint or design.primary.endpoint)
    return trials.run_trials(design, arms, weight, chosen, analysis, **given)


def read_expression(data, options=None):
    return signature.read_expression(data, CATALOG.genes, options)


def load_signature_file(path):
    return signature.load_signature_file(path, CATALOG.genes)


def make_signature(name, genes, **given):
    return signature.make_signature(name, genes, CATALOG.genes, **given)


def score_samples(data, **given):
    return signature.score_samples(data, CATALOG.library, **given)


def compute_scores(data, **given):
    return signature.compute_scores(data, CATALOG.library, **given)


def score_anndata(data, **given):
    return signature.score_anndata(data, CATALOG.library, **given)
