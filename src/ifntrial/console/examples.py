"""Examples of every command, which end its help."""

from collections.abc import Mapping

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "forecast": (
        "ifntrial forecast daisy",
        "ifntrial forecast my_trial.yaml --worlds 60 --without vascular --out runs/mine",
        "ifntrial forecast daisy --given phase_2.yaml --out runs/after_phase_2",
        "ifntrial forecast daisy --worlds 20000 --part 3/16 --out runs/large",
        "ifntrial list designs; ifntrial list mechanisms",
    ),
    "value": (
        "ifntrial value daisy",
        "ifntrial value my_trial.yaml --studies mine.yaml --out runs/next",
    ),
    "prediction lock": (
        "ifntrial prediction lock runs/daisy",
        'ifntrial prediction lock runs/asset --known "missed its primary endpoint (2020)"',
    ),
    "prediction verify": ("ifntrial prediction verify predictions/*.json",),
    "prediction score": ("ifntrial prediction score predictions/daisy-2026-12-01.json --outcome daisy.yaml",),
    "prediction deposit": ("ifntrial prediction deposit predictions/daisy-2026-12-01.json --out deposits",),
    "design list": ("ifntrial design list",),
    "design new": (
        "ifntrial design new my_trial.yaml",
        "ifntrial design new my_trial.yaml --endpoint mrss_change --week 24 --patients 90",
    ),
    "design show": (
        "ifntrial design show daisy --out schema.svg",
        "ifntrial design show daisy --yaml > my_trial.yaml",
    ),
    "design check": ("ifntrial design check my_trial.yaml",),
    "design schema": ("ifntrial design schema > design.schema.json",),
    "design compare": ("ifntrial design compare daisy daisy_ifn_high", "ifntrial list designs"),
    "design simulate": ("ifntrial design simulate daisy --tables csv --out runs/one_trial",),
    "enrich": (
        "ifntrial enrich daisy",
        "ifntrial enrich daisy --marker ifn_high --assay 0.9/0.8 --size 200",
        "ifntrial list markers",
    ),
    "doses": ('ifntrial doses daisy --regimen "60 mg SC weekly" --regimen "300 mg IV every 4 weeks"',),
    "simulate": (
        'ifntrial simulate "300 mg IV every 4 weeks" "120 mg SC weekly" --weeks 24',
        'ifntrial simulate "600 mg IV loading dose, then 300 mg IV every 4 weeks" --at "2, 4 weeks"',
        "ifntrial simulate --events doses.csv --observed doses.csv",
        "ifntrial list drugs",
    ),
    "map": (
        "ifntrial map --drug anifrolumab --week 52 --out runs/map",
        'ifntrial map --drug tofacitinib --regimen "5 mg orally twice a day" --svg tofacitinib.svg',
        "ifntrial list drugs; ifntrial list mechanisms",
    ),
    "score": (
        "ifntrial score expression.csv --healthy healthy.txt --tissue blood --out scores",
        "ifntrial list signatures; ifntrial list methods",
    ),
    "calibrate": ("ifntrial calibrate --show", "ifntrial calibrate --worlds 500 --out runs/calibration"),
    "validate": ("ifntrial validate --subjects 100 --out runs/validation",),
    "sensitivity": (
        "ifntrial sensitivity daisy",
        "ifntrial sensitivity daisy --method sobol --groups mechanism",
    ),
    "export sbml": ('ifntrial export sbml --regimen "300 mg IV every 4 weeks" --out model.xml',),
    "export petab": ("ifntrial export petab --out problem",),
    "export omex": ("ifntrial export omex --drug tofacitinib --out model.omex",),
    "list drugs": ("ifntrial list drugs", "ifntrial list drugs --json drugs.json"),
    "list mechanisms": ("ifntrial list mechanisms",),
    "list endpoints": ("ifntrial list endpoints",),
    "list markers": ("ifntrial list markers",),
    "list covariates": ("ifntrial list covariates",),
    "list designs": ("ifntrial list designs",),
    "list signatures": ("ifntrial list signatures",),
    "list methods": ("ifntrial list methods",),
    "list analyses": ("ifntrial list analyses",),
    "list addresses": ("ifntrial list addresses",),
    "list beliefs": ("ifntrial list beliefs",),
    "evidence check": ("ifntrial evidence check",),
    "evidence show": ("ifntrial evidence show anifrolumab.clearance",),
    "evidence without": ("ifntrial evidence without tummala2018",),
    "evidence effects": ("ifntrial evidence effects", "ifntrial evidence effects --json effects.json"),
    "schema": ("ifntrial schema", "ifntrial schema forecast > forecast.schema.json"),
    "completion": ("ifntrial completion bash >> ~/.bashrc",),
    "status": ("ifntrial status runs/mine", "ifntrial status runs/mine --json status.json"),
    "gather": ("ifntrial gather runs/mine",),
    "reproduce": ("ifntrial reproduce runs/mine",),
}
"""Command to lines for a shell; where something can be named, one tells what lists it."""
