"""Virtual trials of type I interferon blockade in systemic sclerosis."""

from importlib import import_module

__version__ = "0.1.0"

# A name is loaded when it is first asked for, so that the import is instant. Their types are in __init__.pyi.
_HOME = {
    "SHIPPED": "ifntrial.api.known",
    "Catalog": "ifntrial.catalog",
    "Drug": "ifntrial.model.drugs",
    "Evidence": "ifntrial.evidence.records",
    "Extension": "ifntrial.catalog",
    "IfntrialError": "ifntrial.errors",
    "InputError": "ifntrial.errors",
    "OdeSystem": "ifntrial.solver",
    "Regimen": "ifntrial.dosing.regimen",
    "compare": "ifntrial.api.compare",
    "doses": "ifntrial.api.doses",
    "enrich": "ifntrial.api.enrich",
    "forecast": "ifntrial.api.forecast",
    "load_design": "ifntrial.api.designs",
    "load_evidence": "ifntrial.evidence.load",
    "nonmem": "ifntrial.api.courses.nonmem",
    "parse_regimen": "ifntrial.dosing.regimen",
    "pathway": "ifntrial.api.courses.pathway",
    "sbml": "ifntrial.api.courses.sbml",
    "score": "ifntrial.api.scores.score",
    "sensitivity": "ifntrial.api.sensitivity",
    "simulate": "ifntrial.api.courses.simulate",
    "simulate_trial": "ifntrial.api.trial",
    "solve": "ifntrial.api.courses.solve",
    "stats": "ifntrial.api.analyses.stats",
    "symbol": "ifntrial.solver",
    "validate": "ifntrial.api.validate",
}
_MODULES = {"nonmem", "sbml", "stats"}

__all__ = [*sorted(_HOME), "__version__"]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'ifntrial' has no attribute '{name}'")
    module = import_module(_HOME[name])
    found = module if name in _MODULES else getattr(module, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__]
