"""What a planner's project says, whatever program wrote it: places, walls, access points.

Decides the vocabulary between the readers of foreign projects and the import. Lengths are metres
on each floor's plan, from its lower left corner, x right and y up. Refuses to know records.
"""

from __future__ import annotations

from dataclasses import dataclass

from wlantrack.errors import Problem  # noqa: TC001 - the sandbox reads by annotation
from wlantrack.formats.antenna_tables import AntennaTable  # noqa: TC001 - as above

Points = tuple[tuple[float, float], ...]
Bands = tuple[float, float, float]
"""One value each for 2.4, 5 and 6 GHz."""


@dataclass(frozen=True)
class ProjectSlab:
    """What a floor rests on: its kind, and what one passage costs."""

    name: str
    loss_db: Bands


@dataclass(frozen=True)
class ProjectFloor:
    """A storey with its plan.

    ``level`` None: the file does not say; ``width_m`` and ``length_m`` None: the plan has no
    scale, so that nothing on it has a place.
    """

    key: str
    name: str
    building: str | None
    level: int | None
    height_m: float | None
    slab: ProjectSlab | None
    width_m: float | None
    length_m: float | None
    picture: bytes | None


@dataclass(frozen=True)
class ProjectWallType:
    """A kind of wall; ``top_m`` None: up to the storey's height."""

    key: str
    name: str
    loss_db: Bands
    thickness_m: float | None
    bottom_m: float
    top_m: float | None


@dataclass(frozen=True)
class ProjectWall:
    """A straight wall of a type."""

    key: str
    floor: str
    wall_type: str
    x1_m: float
    y1_m: float
    x2_m: float
    y2_m: float


@dataclass(frozen=True)
class ProjectClutter:
    """An area in which every metre of a link costs some dB."""

    key: str
    floor: str
    name: str
    points: Points
    db_per_m: Bands
    bottom_m: float
    top_m: float | None


@dataclass(frozen=True)
class ProjectRequirement:
    """A named set of limits; None asks for nothing in that respect."""

    key: str
    name: str
    signal_dbm: float | None
    secondary_dbm: float | None
    snr_db: float | None
    data_rate_mbit: float | None
    access_point_count: int | None
    access_point_dbm: float | None
    overlap_max: int | None


@dataclass(frozen=True)
class ProjectArea:
    """An area to be covered, with what is asked of it."""

    key: str
    floor: str
    name: str
    points: Points
    requirement: str | None


@dataclass(frozen=True)
class ProjectAntenna:
    """An antenna that radios refer to."""

    key: str
    table: AntennaTable


@dataclass(frozen=True)
class ProjectRadio:
    """A Wi-Fi radio; channel or power None: automatic.

    ``gain_dbi`` is what the file states where it names no antenna by table.
    """

    key: str
    band: str
    channel: int | None
    width_mhz: int
    power_dbm: float | None
    is_enabled: bool
    streams: int
    antenna: str | None
    gain_dbi: float | None


@dataclass(frozen=True)
class ProjectAccessPoint:
    """An access point; ``floor`` None: not placed.

    ``other_radios`` counts those that are no Wi-Fi, such as Bluetooth.
    """

    key: str
    name: str
    floor: str | None
    x_m: float
    y_m: float
    height_m: float | None
    mount: str | None
    azimuth_deg: float
    downtilt_deg: float
    vendor: str
    model: str
    serial: str
    mac: str
    radios: tuple[ProjectRadio, ...]
    other_radios: int


@dataclass(frozen=True)
class Project:
    """All that was understood of one project, and what a person should look at.

    ``key`` stays the same when the project is changed and saved again.
    """

    format: str
    version: str
    key: str
    name: str
    floors: tuple[ProjectFloor, ...]
    wall_types: tuple[ProjectWallType, ...]
    walls: tuple[ProjectWall, ...]
    clutter: tuple[ProjectClutter, ...]
    requirements: tuple[ProjectRequirement, ...]
    areas: tuple[ProjectArea, ...]
    antennas: tuple[ProjectAntenna, ...]
    access_points: tuple[ProjectAccessPoint, ...]
    warnings: tuple[Problem, ...]
