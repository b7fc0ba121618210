"""Every door through which a file comes in from a browser, and hostile files of our own for them.

Decides what is sent along with a file, so that it is the file alone that can be wrong.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wlantrack.services.tables import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

ATTACHED_TO = ("building", "room", "point", "run", "distributor", "outlet")
_ENTITIES = {"point": "access_point", "run": "cable_run"}
"""How an address names a record, where that is not the name it has here."""


@dataclass(frozen=True)
class Door:
    """A form with a file: its class, its address with names of records, and the input of the file."""

    name: str
    form: str
    address: str
    input: str = "file"
    values: Mapping[str, str] = field(default_factory=dict)
    sent_to: str = ""
    """Where the form is sent without opening it, if not to its own address."""
    lacks: str = ""
    """What is left out, so that a good file is refused too and the form can be sent again."""


def _list_doors() -> tuple[Door, ...]:
    state = {"target": "blocked", "done_on": "2026-01-05", "reason": "No key to the room"}
    return (
        Door("plan", "floors.forms.UploadForm", "/floors/{floor}/plans/new"),
        Door("drawing", "floors.forms.DxfForm", "/floors/{floor}/drawing"),
        Door("project", "projects.routes.ChooseForm", "/import/projects", "files"),
        Door(
            "outlines",
            "imports.footprint_routes.FootprintForm",
            "/import/footprints",
            values={"crs": "EPSG:25832"},
        ),
        Door(
            "calendar",
            "calendars.forms.CalendarForm",
            "/working-calendar/import",
            values={"noise_class": "loud"},
        ),
        Door(
            "schedule",
            "schedule.forms.ScheduleForm",
            "/schedule/import",
            values={"kind": "other"},
        ),
        Door(
            "phases",
            "schedule.forms.ScheduleForm",
            "/schedule/import?renovation={renovation}",
        ),
        Door("antenna", "catalogue.antenna_routes.UploadForm", "/catalogue/antennas/new"),
        Door(
            "photo of a run",
            "cabling.forms.ChangeForm",
            "/cabling/runs/{run}/state?target=blocked",
            "photo",
            state | {"reason": ""},
            lacks="reason",
        ),
        Door(
            "photo of many runs",
            "cabling.forms.ChangeForm",
            "/cabling/runs/{run}/state?target=blocked",
            "photo",
            {**state, "ids": "{run}"},
            sent_to="/cabling/state/apply",
        ),
        Door(
            "photo of a seal",
            "penetrations.forms.SealForm",
            "/penetrations/{penetration}/state?target=sealed",
            "photo",
            {"target": "sealed", "done_on": "2999-01-01"},
            lacks="a day that has come",
        ),
        *(
            Door(
                f"attachment of a {kind}",
                "attachments.routes.AttachForm",
                f"/attachments/of/{_ENTITIES.get(kind, kind)}/{{{kind}}}",
                "photo",
            )
            for kind in ATTACHED_TO
        ),
        *(
            Door(f"table of {kind}", "imports.routes.ChooseForm", "/import", values={"kind": kind})
            for kind in KINDS
        ),
    )


DOORS = _list_doors()


def zip_files(files: Mapping[str, bytes]) -> bytes:
    """Pack files, also under names that leave the folder."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def draw_png(width_px: int, height_px: int, rows: int) -> bytes:
    """Draw black rows of a picture whose header promises this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width_px, height_px, 1, 0, 0, 0, 0)
    lines = zlib.compress(bytes((width_px + 7) // 8 + 1) * rows, 9)
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", header) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


_WORKBOOK = {
    "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    b'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
    "xl/workbook.xml": b"<workbook/>",
}
_ENTITIES_XML = (
    b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">'
    b'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    b'<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&c;&f;</text></svg>'
)

HOSTILE_FILES: Mapping[str, bytes] = {
    "bomb.xlsx": zip_files({**_WORKBOOK, "xl/worksheets/sheet1.xml": bytes(210 * 2**20)}),
    "bomb.esx": zip_files({"project.json": b"[" * (61 * 2**20)}),
    "traversal.zip": zip_files({"../../etc/passwd": b"x", "/etc/cron.d/x": b"x", "a/../b": b"x"}),
    "bomb.png": draw_png(60_000, 60_000, rows=60_000 // 50),
    "cut.pdf": b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids",
    "formulas.csv": b"code;name\n=HYPERLINK(\"http://x\");@SUM(1)\n+1;-1+1|cmd' /C calc'!A0\n",
    "entities.svg": _ENTITIES_XML,
    "entities.xlsx": zip_files({**_WORKBOOK, "xl/workbook.xml": _ENTITIES_XML}),
    "deep.json": b"[" * 100_000,
    "deep.yaml": b"a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b]\n",
    "cut.dxf": b"  0\nSECTION\n  2\nENTITIES\n  0\nLINE\n 10\nnan\n",
    "nothing.msi": b"",
    "zeros.gpkg": b"SQLite format 3\0" + bytes(4096),
}
"""Small in bytes, and broken, swollen, or out for something else."""


def write_calendar(*lines: str) -> bytes:
    """Write a calendar with one entry that has these properties."""
    entry = ("BEGIN:VEVENT", "UID:1", "SUMMARY:x", *lines, "END:VEVENT")
    begin = ("BEGIN:VCALENDAR", "VERSION:2.0", "X-WR-CALNAME:Hostile")
    return "\r\n".join((*begin, *entry, "END:VCALENDAR")).encode()


def write_schedule(tasks: str, more: str = "") -> bytes:
    """Write a schedule of MS Project with these tasks."""
    name = "http://schemas.microsoft.com/project"
    return f'<Project xmlns="{name}">{more}<Tasks>{tasks}</Tasks></Project>'.encode()


def write_task(uid: int, links: str = "", day: str = "2027-01-04") -> str:
    """Write a task of one day."""
    days = f"<Start>{day}T08:00:00</Start><Finish>{day}T17:00:00</Finish>"
    return f"<Task><UID>{uid}</UID><Name>t{uid}</Name>{days}{links}</Task>"


def write_link(uid: int, lag: int = 0) -> str:
    """Write what a task waits for, with a lag in tenths of a minute."""
    return (
        f"<PredecessorLink><PredecessorUID>{uid}</PredecessorUID><Type>1</Type>"
        f"<LinkLag>{lag}</LinkLag></PredecessorLink>"
    )


OWN_HOSTILE_FILES: Mapping[str, Mapping[str, bytes]] = {
    "calendar": {
        "endless.ics": write_calendar("DTSTART:00010101T000000", "RRULE:FREQ=DAILY"),
        "seconds.ics": write_calendar("DTSTART:20260101T000000", "RRULE:FREQ=SECONDLY"),
        "nested.ics": b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 20_000,
        "long.ics": write_calendar("DTSTART;VALUE=DATE:20260101", "DURATION:P99999999999D"),
        "old.ics": write_calendar("DTSTART;VALUE=DATE:00010101", "DTEND;VALUE=DATE:00010102"),
    },
    "schedule": {
        "entities.xml": b'<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        + write_schedule("<Task><UID>1</UID><Name>&b;</Name></Task>"),
        "deep.xml": write_schedule("<a>" * 100_000 + "</a>" * 100_000),
        "links.xml": write_schedule(write_task(1) + write_task(2, write_link(1) * 10_001)),
        "tasks.xml": write_schedule("".join(write_task(uid) for uid in range(1, 3_003))),
    },
}
"""What is hostile to one door only, by its name; every other one refuses it as no file of its own."""

HOSTILE_NAMES = (
    "../../../../etc/passwd",
    "..\\..\\windows\\system32\\x.png",
    "a\0b.png",
    "invoice\u202egnp.exe",
    "n" * 5_000 + ".png",
    "\"><script>alert(1)</script>'.png",
    "first\r\nSet-Cookie: x=1.png",
    "\u2028\x1b[31m\x07.png",
    "CON",
    ".",
)
"""Names that no file should be kept under."""
