"""What permits, orders and work packages are about: the run or access point behind a subject."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from wlantrack.services import belongings

if TYPE_CHECKING:
    from wlantrack.services.named_things import Thing
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.cabling import CableRun


class CoveredSubject(Protocol):
    """The row that ties a record to one run or access point; its table has a check for that."""

    @property
    def cable_run(self) -> CableRun | None:
        """Give the run, if it is one."""

    @property
    def access_point(self) -> AccessPoint | None:
        """Give the access point, if it is one."""


def thing_of(subject: CoveredSubject) -> Thing:
    """Give the run or access point of a subject."""
    thing = subject.cable_run or subject.access_point
    assert thing is not None  # noqa: S101 - the table has a check
    return thing


def name_of(subject: CoveredSubject) -> str:
    """Name the run or access point of a subject."""
    return belongings.name_of(thing_of(subject))
