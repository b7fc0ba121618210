"""MS Project XML: what is written reads back the same, and what is hostile or unclear is refused."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree as ET

import pytest

from wlantrack.errors import InvalidInput
from wlantrack.formats.mspdi import (
    NAMESPACE,
    DaysOff,
    MspdiField,
    MspdiFile,
    MspdiLink,
    MspdiResource,
    MspdiTask,
    read_mspdi_file,
)
from wlantrack.formats.mspdi_reader import read_mspdi
from wlantrack.formats.mspdi_writer import write_mspdi

TODAY = date(2026, 3, 2)
WHOLE = MspdiFile(
    "WLAN",
    "WLAN",
    (
        MspdiTask(
            1,
            7,
            "Kabel <ziehen> & prüfen",
            start="2026-03-02",
            finish="2026-03-06",
            duration_days=5,
            percent_complete=50,
            actual_start="2026-03-02",
            constraint="fixed",
            constraint_on="2026-03-02",
            deadline="2026-03-13",
            priority=700,
            contact="Amt 17",
            note="Zwei\nZeilen",
            baseline=("2026-02-23", "2026-02-27"),
            fields=(MspdiField("code", "RH-ZUG-1"), MspdiField("place", "RH/MP")),
        ),
        MspdiTask(
            2,
            8,
            "Lieferung",
            is_active=False,
            start="2026-03-07",
            finish="2026-03-20",
            duration_days=14,
            is_elapsed=True,
            constraint="not before",
            constraint_on="2026-03-07",
            links=(
                MspdiLink(7, "SS", 3),
                MspdiLink(9, "FF", -2),
                MspdiLink(10, "SF"),
                MspdiLink(11, "FS", 1000),
            ),
        ),
        MspdiTask(3, 9, "Fertig", is_milestone=True, start="2026-04-30", finish="2026-04-30"),
        MspdiTask(
            4, 10, "Offen", duration_days=3, fields=(MspdiField("undated", "wartet auf Rat"),)
        ),
        MspdiTask(5, 11, "Flügel", is_summary=True, duration_days=1),
    ),
    (
        MspdiResource(
            3,
            "Kabeltrupp 1",
            "KB-1",
            "Firma",
            2,
            "Notiz",
            (DaysOff("2026-08-03", "2026-08-14", "Ferien"),),
            (7, 8),
        ),
    ),
    (DaysOff("2026-04-03", "2026-04-03", "Karfreitag"),),
)


def test_what_is_written_reads_back_the_same_out_of_the_sandbox() -> None:
    assert read_mspdi_file(write_mspdi(WHOLE, TODAY)) == WHOLE


# The sequence that the published schema (mspdi_pj14) asks of a task, as far as it is written.
TASK_ORDER = [
    "UID",
    "ID",
    "Name",
    "Active",
    "Manual",
    "Type",
    "IsNull",
    "Contact",
    "OutlineLevel",
    "Priority",
    "Start",
    "Finish",
    "Duration",
    "DurationFormat",
    "EffortDriven",
    "Estimated",
    "Milestone",
    "Summary",
    "PercentComplete",
    "ActualStart",
    "ActualFinish",
    "ConstraintType",
    "ConstraintDate",
    "Deadline",
    "Notes",
    "PredecessorLink",
    "ExtendedAttribute",
    "Baseline",
]


def test_elements_stand_in_the_order_of_the_schema_and_times_are_whole() -> None:
    root = ET.fromstring(write_mspdi(WHOLE, TODAY))  # noqa: S314 - our own
    for task in root.iter(f"{{{NAMESPACE}}}Task"):
        names = [child.tag.rpartition("}")[2] for child in task]
        places = [TASK_ORDER.index(name) for name in names]
        assert places == sorted(places)
    parts = [child.tag.rpartition("}")[2] for child in root][-5:]
    assert parts == ["ExtendedAttributes", "Calendars", "Tasks", "Resources", "Assignments"]
    text = ET.tostring(root, encoding="unicode")
    assert "PT40H0M0S" in text
    assert "PT336H0M0S" in text  # fourteen days of the calendar
    assert ":LinkLag>14400<" in text  # three days of 480 minutes, in tenths


def task(*inner: str, project: str = "") -> bytes:
    return (
        f'<Project xmlns="{NAMESPACE}"><Name>p.xml</Name>{project}<Tasks><Task><UID>0</UID></Task>'
        f"<Task><UID>1</UID><ID>4</ID><Name>Pull</Name>{''.join(inner)}</Task></Tasks></Project>"
    ).encode()


def link(*inner: str) -> str:
    return f"<PredecessorLink><PredecessorUID>2</PredecessorUID>{''.join(inner)}</PredecessorLink>"


@pytest.mark.parametrize(
    ("inner", "field", "word"),
    [
        ("<Start>soon</Start>", "Start", "no date"),
        ("<Finish>late</Finish>", "Finish", "no date"),
        ("<Duration>P1Y</Duration>", "Duration", "no duration"),
        ("<Priority>high</Priority>", "Priority", "no number"),
        (link("<Type>9</Type>"), "Type", "no such kind"),
        (link("<LinkLag>14400</LinkLag><LagFormat>8</LagFormat>"), "LinkLag", "calendar"),
        (link("<CrossProject>1</CrossProject>"), "CrossProject", "another file"),
    ],
)
def test_an_error_names_task_field_and_remedy(inner: str, field: str, word: str) -> None:
    (problem,) = read_mspdi(task(inner)).problems
    assert (problem.row, problem.field) == (4, field)
    assert word in str(problem.message)
    assert "Pull" in str(problem.value)
    assert problem.remedy


def test_durations_and_lags_count_the_files_own_days() -> None:
    inner = (
        "<Duration>PT14H0M0S</Duration>",
        link("<LinkLag>8400</LinkLag><LagFormat>5</LagFormat>"),
    )
    (read,) = read_mspdi(task(*inner, project="<MinutesPerDay>420</MinutesPerDay>")).tasks
    assert read.duration_days == 2
    assert read.links == (MspdiLink(2, "FS", 2),)


def test_a_finish_typed_into_a_milestone_is_its_date_and_says_nothing_of_work() -> None:
    typed = "<ConstraintType>6</ConstraintType><ConstraintDate>2026-03-06T17:00:00</ConstraintDate>"
    (read,) = read_mspdi(task(typed, "<Milestone>1</Milestone>")).tasks
    assert (read.constraint, read.constraint_on) == ("not before", "2026-03-06")
    (read,) = read_mspdi(task(typed)).tasks
    assert read.constraint == ""


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"nonsense", "damaged"),
        (b"<Project/>", "no MS Project XML"),
        (f'<Project xmlns="{NAMESPACE}"/>'.encode(), "no task"),
        (b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><Project>&b;</Project>', "entities"),
    ],
)
def test_hostile_and_foreign_files_are_refused_with_a_reason(data: bytes, word: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_mspdi_file(data)
    assert word in str(caught.value.problems[0].message)
