"""The words that cells of the evidence tables may hold."""

LEVELS = (
    "rct",
    "early_trial",
    "open_extension",
    "cohort",
    "cross_sectional",
    "registry",
    "pop_pk",
    "pharmacokinetic_study",
    "label",
    "in_vitro",
    "animal",
    "mathematical_model",
    "measurement_study",
    "consensus",
    "review",
    "congress",
    "secondary",
    "derived",
    "unverified",
)
"""What kind of evidence a source is; the last two are no publication and carry only assumed parameters."""

UNPUBLISHED_LEVELS = ("derived", "unverified")

STATUSES = ("measured", "fitted", "assumed")
USES = ("fit", "test", "prior")

SPREAD_KINDS = ("none", "omega2_lognormal", "omega2_additive", "cv_lognormal", "sd", "sd_logit")
"""How ``spread`` says that subjects differ; ``distributions.between_subject`` is the definition."""

PRIOR_KINDS = ("none", "normal", "lognormal", "beta", "gamma", "uniform", "loguniform")
"""How ``prior_a``, ``prior_b`` say how well a value is known (``distributions.prior_distribution``)."""

STATISTICS = (
    "mean",
    "adjusted_mean",
    "median",
    "proportion",
    "count",
    "rate",
    "geometric_mean",
    "mean_difference",
    "adjusted_mean_difference",
    "median_difference",
    "proportion_difference",
    "rate_difference",
    "ratio",
    "odds_ratio",
    "rate_ratio",
    "hazard_ratio",
    "percentile_5",
    "percentile_95",
    "correlation",
    "within_patient_sd",
    "intraclass_correlation",
)
"""Differences and ratios are always the first arm named in ``arm`` against the second."""

INTERVAL_KINDS = ("none", "ci95", "central90", "iqr", "range", "one_se", "bounds")
"""What ``low`` and ``high`` are; ``one_se`` is value ± standard error, ``bounds`` a span without a value."""

ENTITY_KINDS = ("gene", "disease", "drug", "species", "phenotype", "process", "tissue", "cell", "trial")
DIRECTIONS = ("for", "against", "mixed", "open")
