"""Schedules as MS Project XML (MSPDI): what both sides know of one, and the way in from a file.

Decides how a schedule is spoken of between files and records: whole days, links with lags in
working days, resources as crews, own fields by their names. The reading happens in the sandbox
(:mod:`wlantrack.formats.mspdi_reader`), the writing in :mod:`wlantrack.formats.mspdi_writer`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wlantrack.errors import Problem  # noqa: TC001 - the sandbox's wire reads the fields
from wlantrack.formats import limits
from wlantrack.formats.sandbox import run_in_sandbox

NAMESPACE: Final = "http://schemas.microsoft.com/project"
LINK_TYPES: Final = ("FF", "FS", "SF", "SS")
"""Kinds of links in the order in which the format numbers them."""
MINUTES_A_DAY: Final = 480
WORKING, ELAPSED = 7, 8
"""Formats of durations and lags: working days and days of the calendar."""
FIELD_PREFIX: Final = "wlantrack "
"""How the names of own fields begin, by which they are found whatever number they have."""
_READER: Final = "wlantrack.formats.mspdi_reader:read_mspdi"


@dataclass(frozen=True)
class DaysOff:
    """Days without work, the first and the last included, as ISO days."""

    begins_on: str
    ends_on: str
    name: str = ""


@dataclass(frozen=True)
class MspdiLink:
    """What a task waits for, by UID; ``lag_days`` are working days."""

    before_uid: int
    kind: str = "FS"
    lag_days: int = 0


@dataclass(frozen=True)
class MspdiField:
    """A field of our own: its name without the prefix, and what it says."""

    name: str
    value: str


@dataclass(frozen=True)
class MspdiTask:
    """A task as a file tells it; days are ISO days, and None where it tells none.

    ``row`` is the number that people see beside it. With ``is_elapsed`` the duration counts days of
    the calendar. ``constraint`` is "", "not before" or "fixed". ``baseline`` are first and last day
    of baseline 0.
    """

    row: int
    uid: int
    name: str
    is_milestone: bool = False
    is_summary: bool = False
    is_active: bool = True
    level: int = 1
    start: str | None = None
    finish: str | None = None
    duration_days: int = 0
    is_elapsed: bool = False
    percent_complete: int = 0
    actual_start: str | None = None
    actual_finish: str | None = None
    constraint: str = ""
    constraint_on: str | None = None
    deadline: str | None = None
    priority: int = 500
    contact: str = ""
    note: str = ""
    links: tuple[MspdiLink, ...] = ()
    baseline: tuple[str, str] | None = None
    fields: tuple[MspdiField, ...] = ()

    def field(self, name: str) -> str:
        """Give what a field of our own says; empty if it is not there."""
        return next((field.value for field in self.fields if field.name == name), "")


@dataclass(frozen=True)
class MspdiResource:
    """People who work: how many tasks they carry at once, when they are away, what they do."""

    uid: int
    name: str
    code: str = ""
    group: str = ""
    capacity: int = 1
    note: str = ""
    days_off: tuple[DaysOff, ...] = ()
    task_uids: tuple[int, ...] = ()


@dataclass(frozen=True)
class MspdiFile:
    """A schedule. ``key`` is by which the file calls itself the same schedule when saved again."""

    title: str
    key: str
    tasks: tuple[MspdiTask, ...]
    resources: tuple[MspdiResource, ...] = ()
    days_off: tuple[DaysOff, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_mspdi_file(data: bytes, *, file: str | None = None) -> MspdiFile:
    """Read a schedule in the sandbox.

    Raises
    ------
    InvalidInput
        The file is no MS Project XML, damaged, too large, or holds no task.
    """
    limits.require_size(data, limits.SCHEDULE_BYTES, file=file)
    read: MspdiFile = run_in_sandbox(MspdiFile, _READER, data, {}, file=file)
    return read
