"""The analyses of a trial on arrays: all that ``stats`` does by the name of an endpoint, and planning beside it."""

from ifntrial.statistics.ancova import ancova
from ifntrial.statistics.cmh import CmhResult, StratifiedCounts, cmh_test
from ifntrial.statistics.cmh_power import StratumRates, cmh_power
from ifntrial.statistics.hierarchical_testing import Decision, decide_in_order, decide_together
from ifntrial.statistics.imputation import Imputed, analyze_imputed, impute, pool
from ifntrial.statistics.logistic import logistic
from ifntrial.statistics.looks.sequential import (
    SequentialDesign,
    SequentialPower,
    design_sequential,
    sequential_power,
    spend_beta,
)
from ifntrial.statistics.meta_analysis import MetaAnalysis, analyze_trials
from ifntrial.statistics.miettinen_nurminen import RiskDifference, miettinen_nurminen
from ifntrial.statistics.mmrm import (
    Contrast,
    MmrmFit,
    adjusted_covariance,
    estimate_contrast,
    fit_mmrm,
    trial_design,
)
from ifntrial.statistics.negative_binomial import negative_binomial
from ifntrial.statistics.record import Comparison
from ifntrial.statistics.survival import cox, log_rank
from ifntrial.statistics.tables import indicators
from ifntrial.statistics.trial_effects import HierarchyPrior, TrialEffects

__all__ = [
    "CmhResult",
    "Comparison",
    "Contrast",
    "Decision",
    "HierarchyPrior",
    "Imputed",
    "MetaAnalysis",
    "MmrmFit",
    "RiskDifference",
    "SequentialDesign",
    "SequentialPower",
    "StratifiedCounts",
    "StratumRates",
    "TrialEffects",
    "adjusted_covariance",
    "analyze_imputed",
    "analyze_trials",
    "ancova",
    "cmh_power",
    "cmh_test",
    "cox",
    "decide_in_order",
    "decide_together",
    "design_sequential",
    "estimate_contrast",
    "fit_mmrm",
    "impute",
    "indicators",
    "log_rank",
    "logistic",
    "miettinen_nurminen",
    "negative_binomial",
    "pool",
    "sequential_power",
    "spend_beta",
    "trial_design",
]
