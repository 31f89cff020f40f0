"""Event tables: what cannot be given is refused by name, with its row."""

import pytest

from ifntrial.dosing.event_tables.read import read_event_table
from ifntrial.dosing.event_tables.run_in import lay_out
from ifntrial.errors import FileError, InputError, TableError

HEAD = "ID,TIME,EVID,AMT,CMT,RATE,II,ADDL\n"
SS = "ID,TIME,EVID,AMT,CMT,RATE,II,ADDL,SS\n"


def read(tmp_path, text, **given):
    path = tmp_path / "events.csv"
    path.write_bytes(text.encode())
    return read_event_table(path, **given)


REFUSED = {
    "time that begins with a point": (HEAD + "1,.,1,100,2,0,0,0", "TIME is missing or not a number: row 1"),
    "a blank name": (HEAD + ",0,1,100,2,0,0,0\n2,0,1,50,2,0,0,0", "ID is blank: row 1"),
    "a name that is a point": (HEAD + ".,0,1,100,2,0,0,0", "ID is blank: row 1"),
    "records of one subject apart": (HEAD + "1,0,1,9,2,0,0,0\n2,0,1,9,2,0,0,0\n1,7,1,9,2,0,0,0", "stand apart: row 3"),
    "time that goes back": (HEAD + "1,7,1,9,2,0,0,0\n1,0,1,9,2,0,0,0", "TIME goes back within a subject: row 2"),
    "a dose without an amount": (HEAD + "1,0,1,.,2,0,0,0", "AMT is missing from a dose: row 1"),
    "an event of another kind": (HEAD + "1,0,5,100,2,0,0,0", "EVID is not 0, 1, 2, 3 or 4: row 1"),
    "no kind of event": (HEAD + "1,0,.,100,2,0,0,0", "a value is not a number: row 1"),
    "half a kind of event": (HEAD + "1,0,1.5,100,2,0,0,0", "EVID is not 0, 1, 2, 3 or 4: row 1"),
    "an amount that is a word": (HEAD + "1,0,1,NA,2,0,0,0", "a value is not a number: row 1"),
    "an amount without end": (HEAD + "1,0,1,inf,2,0,0,0", "a value is not a number: row 1"),
    "an observation with an amount": (HEAD + "1,0,0,100,2,0,0,0", "no dose has an amount: row 1"),
    "an observation with a rate": (HEAD + "1,0,0,0,2,50,0,0", "no dose has RATE, DUR, ADDL or SS: row 1"),
    "a third compartment": (HEAD + "1,0,1,100,3,0,0,0", "CMT is neither 1 nor 2"),
    "a compartment that is switched off": (HEAD + "1,0,2,0,-2,0,0,0", "CMT is neither 1 nor 2"),
    "a compartment of another name": (HEAD + "1,0,1,100,liver,0,0,0", "CMT is neither 1 nor 2"),
    "a rate below -2": (HEAD + "1,0,1,100,2,-3,0,0", "RATE is negative and neither -1 nor -2: row 1"),
    "a modelled rate without a value": (HEAD + "1,0,1,100,2,-1,0,0", "RATE is -1 without a rate above 0 in R1 or R2"),
    "a modelled length without a value": (HEAD + "1,0,1,100,2,-2,0,0", "RATE is -2 without a length above 0"),
    "a rate of the other compartment": (
        "ID,TIME,EVID,AMT,CMT,RATE,R1\n1,0,1,100,2,-1,50", "RATE is -1 without a rate above 0"
    ),
    "repeats without an interval": (HEAD + "1,0,1,100,2,0,0,3", "ADDL without a positive II: row 1"),
    "a billion repeats": (HEAD + "1,0,1,100,2,0,7,1000000000", "ADDL is larger than 5000: row 1"),
    "steady state without an interval": (SS + "1,0,1,100,2,0,0,0,1", "SS without a positive II: row 1"),
    "steady state by initial values": (SS + "1,0,1,100,2,0,7,0,3", "SS is not 0, 1 or 2: row 1"),
    "steady state of an observation": (SS + "1,0,0,0,2,0,0,0,1", "no dose has RATE, DUR, ADDL or SS: row 1"),
    "a share above one": ("ID,TIME,EVID,AMT,CMT,F1\n1,0,1,100,1,75", "F is not between 0 and 1: row 1"),
    "a share that is a word": ("ID,TIME,EVID,AMT,CMT,F1\n1,0,1,100,1,high", "F1 is not a number: row 1"),
    "a delay of the other compartment": (
        "ID,TIME,EVID,AMT,CMT,ALAG1\n1,0,1,100,2,2", "that the dose does not go to: row 1"
    ),
    "a share said twice": ("ID,TIME,EVID,AMT,CMT,F,F1\n1,0,1,100,1,0.5,0.6", "F and F1 or F2 differ: row 1"),
    "a negative delay": ("ID,TIME,EVID,AMT,CMT,ALAG\n1,0,1,100,1,-1", "ALAG is negative: row 1"),
    "doses to come at a reset": (HEAD + "1,0,1,100,2,0,7,3\n1,10,3,0,0,0,0,0", "doses of row 1 are still to come"),
    "a delayed dose to come at a reset": (
        "ID,TIME,EVID,AMT,ALAG\n1,0,1,100,3\n1,2,4,50,0", "doses of row 1 are still to come"
    ),
    "a date of unclear order": ("ID,DATE,EVID,AMT\n1,03/04/2026,1,100", "DATE is neither a whole number of days nor"),
    "a date that does not exist": ("ID,DATE,EVID,AMT\n1,2026-02-30,1,100", "DATE is neither a whole number of days nor"),
    "hours beside a date": ("ID,DATE,TIME,EVID,AMT\n1,2026-02-03,8.5,1,100", "is not a clock time, such as 08:30: row 1"),
    "an hour that does not exist": ("ID,TIME,EVID,AMT\n1,25:00,1,100", "is not a clock time, such as 08:30: row 1"),
    "a clock that goes back": ("ID,TIME,EVID,AMT\n1,20:00,1,100\n1,8:00,1,100", "TIME goes back within a subject: row 2"),
    "an interval of an unsaid unit": (
        "ID,TIME,EVID,AMT,II,ADDL\n1,8:00,1,100,24,3", "the unit of II beside dates or clock times is not said"
    ),
    "dates by day and month": ("ID,DAT1,EVID,AMT\n1,03/04/2026,1,100", "column 'TIME' is absent"),
    "dates by day and month beside times": (
        "ID,DAT1,TIME,EVID,AMT\n1,03/04/2026,0,1,100", "column DAT1 .dates by day, month and year. is not read"
    ),
    "output compartments": ("ID,TIME,EVID,AMT,PCMT\n1,0,1,100,2", "column PCMT .output compartments. is not read"),
    "continued records": ("ID,TIME,EVID,AMT,CONT\n1,0,1,100,1", "column CONT .continued records. is not read"),
    "a scale": ("ID,TIME,EVID,AMT,S2\n1,0,1,100,1000", "column S2 .a parameter of a compartment. is not read"),
    "a delay of a third compartment": ("ID,TIME,EVID,AMT,ALAG3\n1,0,1,100,2", "column ALAG3"),
    "a name nearly that of another": ("ID,TIME,EVID,AMT,ADDLS,II\n1,0,1,100,3,7", "column ADDLS: ADDL is meant"),
    "columns equal but for case": ("ID,Time,TIME,EVID,AMT\n1,0,0,1,100", "column TIME is there 2 times"),
    "a column without a name": ("ID,TIME,EVID,AMT,\n1,0,1,100,", "column 5 has no name"),
    "one value more than names": ("ID,TIME,EVID,AMT\n5,1,0,1,100", "more values than the header has names: row 1"),
    "one value fewer than names": ("ID,TIME,EVID,AMT\n1,0,1", "fewer values than the header has names: row 1"),
    "nothing but a header": ("ID,TIME,EVID,AMT\n", "0 rows"),
    "nothing but comments": ("ID,TIME,EVID,AMT\n#1,0,1,100", "0 rows"),
    "another mark in column C": ("C,ID,TIME,EVID,AMT\nX,1,0,1,100", "column C is neither 'C' for a comment nor blank"),
    "no amounts": ("ID,TIME,EVID\n1,0,1", "column 'AMT' is absent"),
    "no times": ("ID,EVID,AMT\n1,1,100", "column 'TIME' is absent"),
    "a weight that changes": ("ID,TIME,EVID,AMT,WT\n1,0,1,100,70\n1,7,1,100,72", "WT changes within a subject"),
    "a weight of nobody": ("ID,TIME,EVID,AMT,WT\n1,0,1,100,0", "WT is not possible: row 1"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_given_is_refused_with_its_row(tmp_path, name):
    text, message = REFUSED[name]
    with pytest.raises(TableError, match=message):
        read(tmp_path, text)


def test_steady_state_without_a_run_in_is_refused(tmp_path):
    with pytest.raises(TableError, match="need a run-in"):
        read(tmp_path, SS + "1,0,1,100,2,0,7,0,1").to_doses("site", "blood")


def test_a_run_in_of_too_many_doses_is_refused(tmp_path):
    with pytest.raises(TableError, match="a run-in of 350 days holds 350000 doses"):
        lay_out(read(tmp_path, SS + "1,0,1,100,2,0,0.001,0,1"), 350.0)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "it is empty"), (b"PK\x03\x04\0\0", "is not text"), (b"ID,\xff\xfe", "cannot be read")],
)
def test_what_is_no_table_is_refused(tmp_path, content, message):
    (tmp_path / "events.csv").write_bytes(content)
    with pytest.raises(FileError, match=message):
        read_event_table(tmp_path / "events.csv")


def test_the_unit_of_time_is_known_and_that_of_the_table(tmp_path):
    with pytest.raises(InputError, match="unit of time 'week' is not known"):
        read(tmp_path, HEAD + "1,0,1,100,2,0,0,0", time_unit="week")
    text = "USUBJID,AFRLT,AFRLTU,EVID,AMT\n1,24,HOURS,1,100"
    with pytest.raises(InputError, match="the table says another unit of time"):
        read(tmp_path, text)
    assert read(tmp_path, text, time_unit="hour").time_days.tolist() == [1.0]
