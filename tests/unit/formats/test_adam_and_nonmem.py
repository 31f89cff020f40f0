"""Event tables and ADaM-shaped tables: round trips, one row per subject, and refusals with row numbers."""

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.observe import observe_arms
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.errors import ExtraError, FileError, InputError, TableError, UnknownNameError
from ifntrial.formats.adam.tables import (
    DICTIONARY,
    FORMATS,
    build_adae,
    build_adeff,
    build_adpc,
    build_adsl,
    save_tables,
)
from ifntrial.formats.nonmem import build_event_table, read_event_table
from ifntrial.solver.doses import DoseKind
from shipped import DRUGS, endpoint_named, load_design
from toy_trial import ERROR, toy_course, toy_covariates

WEIGHTS = np.array([50.0, 80.0])


# compartments: 1 is the site of injection, 2 the blood
@pytest.mark.parametrize(
    ("words", "compartment", "doses", "totals"),
    [
        ("120 mg SC every week", 1, 4, [480.0, 480.0]),
        ("5 mg/kg IV weekly x 3 over 60 min", 2, 3, [750.0, 1200.0]),
        ("1 mg/kg IV once", 2, 1, [50.0, 80.0]),
        ("placebo SC every week", 1, 4, [0.0, 0.0]),
    ],
)
def test_a_regimen_survives_its_event_table(
    words: str, compartment: int, doses: int, totals: list[float]
) -> None:
    regimen = parse_regimen(words)
    events = read_event_table(build_event_table(regimen, WEIGHTS, 28.0))
    assert events.total_dose_mg().tolist() == pytest.approx(totals)
    assert set(events.compartment) == {compartment}
    assert (events.additional + 1).tolist() == [doses, doses]
    if not regimen.is_placebo:
        assert events.duration_days == pytest.approx(regimen.infusion_hours / 24.0)


def test_a_file_gives_the_doubles_nearest_to_its_numbers(tmp_path: Path) -> None:
    amounts = np.random.default_rng(3).uniform(1.0, 500.0, 400)
    table = build_event_table(parse_regimen("1 mg IV once"), np.full(400, 70.0), 7.0)
    table.assign(AMT=[repr(float(amount)) for amount in amounts]).to_csv(tmp_path / "events.csv", index=False)
    assert read_event_table(tmp_path / "events.csv").total_dose_mg().tolist() == amounts.tolist()


def test_observations_come_before_doses_at_the_same_time() -> None:
    table = build_event_table(
        parse_regimen("120 mg SC weekly"), WEIGHTS, 28.0, observe_days=np.array([0.0, 7.0])
    )
    assert table[table["ID"] == 1]["EVID"].tolist() == [0, 1, 0]
    assert read_event_table(table).total_dose_mg().tolist() == [480.0, 480.0]


def test_events_become_doses_of_the_solver() -> None:
    table = pd.DataFrame(
        {"id": ["b", "b", "a"], "time": [0, 28, 1], "evid": [1, 4, 1], "amt": [100, 50, 20], "cmt": [1, 2, 2],
         "rate": [0, 100, 0], "ii": [7, 0, 0], "addl": [3, 0, 0]}
    )  # fmt: skip
    events = read_event_table(table)
    assert events.ids == ("b", "a")
    doses = events.to_doses("depot", "central", amount_per_mg=np.array([2.0, 3.0]), bioavailability=0.8)
    assert doses.subjects == 2
    assert doses.kind.tolist() == [DoseKind.BOLUS, DoseKind.RESET, DoseKind.INFUSION, DoseKind.BOLUS]
    assert doses.amount.tolist() == [200.0, 0.0, 100.0, 60.0]
    # 100 mg a day, twice the unit: a rate that is kept
    assert doses.rate.tolist() == [0.0, 0.0, 200.0, 0.0]
    assert doses.duration.tolist() == [0.0, 0.0, 0.0, 0.0]
    assert doses.bioavailability.tolist() == [0.8, 1.0, 1.0, 1.0]
    assert doses.additional.tolist() == [3, 0, 0, 0]


GOOD = {"ID": [1, 1], "TIME": [0.0, 7.0], "EVID": [1, 1], "AMT": [120.0, 120.0]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"AMT": [120.0, -1.0]}, "AMT is negative: row 2"),
        ({"TIME": [7.0, 0.0]}, "TIME goes back within a subject: row 2"),
        ({"TIME": [-1.0, 0.0]}, "TIME is negative: row 1"),
        ({"EVID": [1, 7]}, "EVID is not 0, 1, 2, 3 or 4: row 2"),
        ({"AMT": ["x", 1.0]}, "a value is not a number: row 1"),
        ({"CMT": [3, 1]}, "CMT is neither 1 nor 2 .nor a name of them.: row 1"),
        ({"RATE": [-2, 0]}, "RATE is -2 without a length above 0"),
        ({"RATE": [1, 0], "DUR": [1, 0]}, "RATE and DUR are both given: row 1"),
        ({"ADDL": [3, 0]}, "ADDL without a positive II: row 1"),
        ({"ADDL": [1.5, 0], "II": [7, 7]}, "not whole: row 1"),
        ({"EVID": [0, 1]}, "no dose has an amount: row 1"),
        ({"SS": [1, 0]}, "SS without a positive II: row 1"),
    ],
)
def test_events_that_are_not_supported_are_refused(change: dict, message: str) -> None:
    with pytest.raises(TableError, match=message):
        read_event_table(pd.DataFrame({**GOOD, **change}))


def test_absent_columns_and_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="column 'AMT' is absent"):
        read_event_table(pd.DataFrame({"ID": [1], "TIME": [0], "EVID": [1]}))
    with pytest.raises(FileError, match="does not exist"):
        read_event_table(tmp_path / "none.csv")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(FileError, match="cannot be read"):
        read_event_table(tmp_path / "empty.csv")
    with pytest.raises(TableError, match="0 rows"):
        read_event_table(pd.DataFrame({name: [] for name in GOOD}))


@pytest.fixture(scope="module")
def arm() -> ObservedArm:
    design = load_design("daisy")
    courses = {each.name: toy_course(each.name, 0.5, 60, design.visit_weeks) for each in design.arms}
    courses["placebo"].status[7] = "too many steps"
    for values in courses["placebo"].values.values():
        values[7, 3:] = np.nan
    error = ERROR
    return observe_arms(design, courses, toy_covariates(60), error, seed=2)["placebo"]


def test_every_subject_has_one_row_and_a_status(arm: ObservedArm) -> None:
    adsl = build_adsl(load_design("daisy"), arm, np.ones(60))
    assert len(adsl) == adsl["USUBJID"].nunique() == 60
    assert adsl["SIMSTAT"].tolist().count("too many steps") == 1
    left = adsl["EOSSTT"] == "DISCONTINUED"
    assert adsl.loc[left, "EOSWK"].notna().all()
    assert (adsl.loc[left, "DCSREAS"] != "").all()
    assert adsl.loc[~left, "EOSWK"].isna().all()
    stopped = adsl["EOTSTT"] == "DISCONTINUED"
    assert (stopped | ~left).all(), "who left had stopped"
    assert (stopped & ~left).any(), "some stop and stay"
    assert (adsl.loc[stopped, "DCTREAS"] != "").all()


def test_changes_are_readings_minus_baseline(arm: ObservedArm) -> None:
    design = load_design("daisy")
    adeff = build_adeff(design, arm)
    mrss = adeff[(adeff["PARAMCD"] == "MRSS") & (adeff["AVISITN"] == 52)]
    expected = endpoint_named("mrss_change").compute(arm, 52.0, design.assumed)[0]
    assert np.array_equal(mrss["CHG"].to_numpy(), expected, equal_nan=True)
    assert (adeff["OBSERVED"] == adeff["AVAL"].notna()).all()
    assert len(adeff) == 60 * len(design.visit_weeks) * adeff["PARAMCD"].nunique()


def test_visits_of_any_day_have_its_study_day_and_period(arm: ObservedArm) -> None:
    weeks = np.array([0.0, 29 / 7, 61 / 7, 16.0])
    shape = (1, 60, 4)
    short = replace(
        arm,
        visit_week=weeks,
        values={name: np.ones(shape) for name in arm.values},
        attended=np.ones(shape, dtype=bool),
        offset_days=np.zeros(shape),
    )
    # nine weeks less two days, as written with four decimals
    design = load_design("daisy").model_copy(update={"treatment_weeks": 8.7142})
    rows = build_adeff(design, short).iloc[:4]
    assert rows["ADY"].tolist() == [1.0, 30.0, 62.0, 113.0], "the first dose is on day 1"
    assert rows["APERIODC"].tolist() == ["TREATMENT"] * 3 + ["FOLLOW-UP"]


def test_events_agree_with_the_endpoint(arm: ObservedArm) -> None:
    design = load_design("daisy")
    adae = build_adae(design, arm)
    infected = endpoint_named("serious_infection").compute(arm, 52.0, design.assumed)[0]
    assert (adae["AEDECOD"] == "Serious infection").sum() == np.nansum(infected)
    assert adae["ASTWK"].between(0, 52).all()


def test_concentrations_have_one_row_per_subject_and_time(arm: ObservedArm) -> None:
    times = np.array([0.0, 7.0])
    adpc = build_adpc(
        load_design("daisy"), arm, times, np.arange(120.0).reshape(60, 2), drug=DRUGS["anifrolumab"]
    )
    assert adpc[adpc["USUBJID"] == "daisy-000002"]["AVAL"].tolist() == [2.0, 3.0]
    assert set(adpc.columns) <= set(DICTIONARY)
    with pytest.raises(InputError, match="do not fit subjects and times"):
        build_adpc(load_design("daisy"), arm, times, np.ones((3, 2)), drug=DRUGS["anifrolumab"])


@pytest.fixture(scope="module")
def tables(arm: ObservedArm) -> dict[str, pd.DataFrame]:
    design = load_design("daisy")
    return {
        "adsl": build_adsl(design, arm, np.ones(60)),
        "adeff": build_adeff(design, arm),
        "adae": build_adae(design, arm),
        "adpc": build_adpc(
            design, arm, np.array([0.0, 7.0]), np.arange(120.0).reshape(60, 2), drug=DRUGS["anifrolumab"]
        ),
    }


@pytest.mark.parametrize("file_format", FORMATS)
def test_tables_come_with_a_dictionary(
    tables: dict[str, pd.DataFrame], tmp_path: Path, file_format: str
) -> None:
    *paths, define = save_tables(tables, tmp_path, file_format)
    read_sas = partial(pd.read_sas, encoding="ascii")
    reader = {"parquet": pd.read_parquet, "csv": pd.read_csv, "xpt": read_sas}[file_format]
    assert [len(reader(path)) for path in paths] == [len(table) for table in tables.values()]
    described = pd.read_csv(define)
    for name, table in tables.items():
        own = described[described["DATASET"] == name]
        assert own["VARIABLE"].tolist() == list(table.columns)
        assert own["LABEL"].str.len().between(2, 40).all()
        assert set(own["TYPE"]) <= {"text", "integer", "float", "boolean"}
        assert set(own["ORIGIN"]) <= {"protocol", "simulated", "derived"}
        numbers = own[own["TYPE"].isin(["float", "integer"])].set_index("VARIABLE")
        without_unit = set(numbers.index[numbers["UNIT"].isna()])
        assert without_unit <= {"WORLD", "PREVWT"}, "every other number has a unit"


def test_transport_files_hold_the_same_numbers_and_texts(
    tables: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    *paths, define = save_tables(tables, tmp_path, "xpt")
    for path, table in zip(paths, tables.values(), strict=True):
        read = pd.read_sas(path, format="xport", encoding="ascii")
        assert list(read.columns) == list(table.columns)
        for column, values in table.items():
            if values.dtype.kind in "biuf":
                assert read[column].to_numpy() == pytest.approx(
                    values.to_numpy(dtype=float), rel=1e-14, nan_ok=True
                ), column
            else:
                assert read[column].fillna("").tolist() == values.tolist(), column
    _, meta = pyreadstat.read_xport(paths[1])
    described = pd.read_csv(define)
    assert meta.column_labels == described[described["DATASET"] == "adeff"]["LABEL"].tolist()
    assert meta.table_name == "ADEFF"


@pytest.mark.parametrize(
    ("name", "column", "values", "message"),
    [
        ("adsl", "DISEASE_DURATION", [1.0], "name of a column of adsl: DISEASE_DURATION"),
        ("adsl", "2ND", [1.0], "name of a column of adsl: 2ND"),
        ("effectiveness", "AVAL", [1.0], "name of table effectiveness"),
        ("adsl", "AVAL", [np.inf], "adsl.AVAL holds an infinite number"),
        ("adsl", "PARAM", ["x" * 201], "adsl.PARAM holds a text that is too long"),
        ("adsl", "PARAM", ["µg/mL"], "too long or not ASCII"),
    ],
)
def test_what_does_not_fit_a_transport_file_is_refused_before_anything_is_written(
    tmp_path: Path, name: str, column: str, values: list, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        save_tables({name: pd.DataFrame({column: values})}, tmp_path / "out", "xpt")
    assert not (tmp_path / "out").exists()


def test_without_its_extra_a_transport_file_says_what_to_install(
    tables: dict[str, pd.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    with pytest.raises(ExtraError, match=r"pip install '\.\[xpt\]'"):
        save_tables(tables, tmp_path, "xpt")
    assert len(save_tables(tables, tmp_path)) == 5


def test_a_folder_that_is_a_file_is_refused(tables: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(FileError, match="cannot be written"):
        save_tables(tables, tmp_path / "taken")


def test_labels_and_names_of_the_dictionary_fit_transport_files() -> None:
    for name, variable in DICTIONARY.items():
        assert len(name) <= 8, name
        assert len(variable.label) <= 40, name


def test_the_dictionary_covers_every_table(tables: dict[str, pd.DataFrame]) -> None:
    assert set(DICTIONARY) >= {column for table in tables.values() for column in table.columns}


def test_an_unknown_format_or_column_is_refused(arm: ObservedArm, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="file format 'xlsx'"):
        save_tables({}, tmp_path, "xlsx")
    with pytest.raises(InputError, match="no entry in the dictionary"):
        save_tables({"adae": pd.DataFrame({"ODD": [1]})}, tmp_path)
