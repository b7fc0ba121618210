"""Turns a floor's records into a radio scene: walls, slabs and transmitters as numbers.

Decides which storeys count, how EIRP comes about and which propagation model fits; refuses to
compute levels.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.radio.antennas import Antenna, Cut, Mount, Pattern
from wlantrack.radio.bands import BAND_KEYS
from wlantrack.radio.coverage import Scene, Slab, Transmitter, Wall
from wlantrack.radio.propagation import DistancePowerLoss, PathLoss
from wlantrack.radio.scene import ClutterArea
from wlantrack.rollout.lifecycle import LIVE_STATES, PLANNED_STATES
from wlantrack.services import public_sight
from wlantrack.services.catalog import material_loss
from wlantrack.services.channels import find_limit, find_primary_channel
from wlantrack.services.extent import Extent, find_extent
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import clutter as clutter_queries
from wlantrack.store.queries import walls as wall_queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from wlantrack.radio.bands import BandValues, Channel
    from wlantrack.services.actor import Actor
    from wlantrack.store.models.access_points import (
        AccessPoint,
        AntennaPattern,
        ModelRadio,
        Radio,
    )
    from wlantrack.store.models.demand import ClutterZone
    from wlantrack.store.models.places import Floor
    from wlantrack.store.queries.walls import WallRow

MIN_OFFSET_M = 0.05
"""Nearer than this, planned and installed are the same place on every plan."""

NEIGHBOUR_STOREYS = 2
"""Access points of this many storeys above and below are heard."""

LEAST_STOREY_M = 0.1
"""Of storeys whose elevations do not rise."""

DEFAULT_SLAB = "concrete-200"

COUNTS = {"planned": PLANNED_STATES, "live": LIVE_STATES}
"""What a map may count, and the access-point states that belong to it."""

_ISOTROPIC = Pattern(Cut((0.0,), (0.0,)), Cut((0.0,), (0.0,)))
_MOUNTS = {"ceiling": Mount.CEILING, "wall": Mount.WALL, "floor": Mount.FLOOR}


@dataclass(frozen=True)
class FloorScene:
    """A floor ready for prediction, and what was assumed on the way."""

    scene: Scene
    floor_index: int
    extent: Extent
    has_walls: bool
    codes: frozenset[str]
    """Access points of this very floor; the scene's others are on neighbouring storeys."""
    channels: Mapping[str, Mapping[str, Channel]] = dataclasses.field(default_factory=dict)
    """Access point to band to the channel it is fixed to there; automatic ones are left out."""

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """Give the box a map shows: min x, min y, max x, max y."""
        return self.extent.bounds_m

    @property
    def own_walls(self) -> tuple[Wall, ...]:
        """Give the walls of this very floor."""
        return tuple(wall for wall in self.scene.walls if wall.floor == self.floor_index)


def require_counts(counts: str) -> frozenset[str]:
    """Give the states that a word such as ``planned`` counts.

    Raises
    ------
    InvalidInput
        The word is none of those a map may count.
    """
    if counts not in COUNTS:
        raise InvalidInput(
            Problem(
                msg("A map counts planned or live access points."),
                msg("Use one of: %(choices)s.", choices=", ".join(COUNTS)),
                field="counts",
                value=counts,
            )
        )
    return COUNTS[counts]


def load_scene(session: Session, actor: Actor, floor: Floor, counts: str) -> FloorScene:
    """Load the storeys around a floor as a scene.

    Parameters
    ----------
    floor
        With its building and that building's floors.
    counts
        ``planned`` or ``live``.
    """
    states = require_counts(counts)
    every = sorted(floor.building.floors, key=lambda storey: storey.level)
    storeys = [storey for storey in every if abs(storey.level - floor.level) <= NEIGHBOUR_STOREYS]
    index = {storey.id: place for place, storey in enumerate(storeys)}
    first = every.index(storeys[0])
    # An elevation beyond the storeys that are heard still tells how high those are.
    below_top_m = storey_heights(every)[first : first + len(storeys) - 1]
    heights_m = (*below_top_m, storeys[-1].height_m)
    walls = wall_queries.list_walls(session, index)
    points = [
        point
        for point in point_queries.load_access_points(session, index, states)
        if public_sight.counts_point(actor, point, floor.building_id)
    ]
    losses = _load_losses(session)
    own_walls = [wall for wall in walls if wall.floor_id == floor.id]
    positions_xy = [position_of(point) for point in points if point.floor_id == floor.id]
    extent = find_extent(session, floor, own_walls, positions_xy)
    scene = Scene(
        walls=tuple(
            _make_wall(wall, losses, index[wall.floor_id], heights_m[index[wall.floor_id]])
            for wall in walls
        ),
        slabs=_make_slabs(storeys, heights_m, losses, _reach(walls, points, extent.bounds_m)),
        transmitters=tuple(
            make_transmitter(point, index[point.floor_id])
            for point in sorted(points, key=lambda point: point.code)
        ),
        floor_heights_m=heights_m,
        path_loss=PathLoss() if own_walls else DistancePowerLoss(),
        areas=tuple(
            _make_clutter(zone, index[zone.floor_id])
            for zone in clutter_queries.list_clutter(session, index)
        ),
    )
    codes = frozenset(point.code for point in points if point.floor_id == floor.id)
    channels = {point.code: _fixed_channels(point) for point in points}
    return FloorScene(scene, index[floor.id], extent, bool(own_walls), codes, channels)


def _fixed_channels(point: AccessPoint) -> dict[str, Channel]:
    """Give the channel of each band in which an enabled radio has a fixed one."""
    channels = {}
    for radio in point.radios:
        if radio.is_enabled and radio.channel is not None:
            channel = find_primary_channel(radio.band, radio.channel, radio.width_mhz)
            if channel is not None:
                channels[radio.band] = channel
    return channels


def storey_heights(storeys: list[Floor]) -> tuple[float, ...]:
    """Give each storey's height up to the next one's base; a missing storey counts as one.

    Between storeys of known elevation the storeys' own heights are stretched to fit; elsewhere
    they hold as they are.
    """
    heights = [
        below.height_m * (above.level - below.level) for below, above in itertools.pairwise(storeys)
    ]
    known = [place for place, storey in enumerate(storeys) if storey.elevation_m is not None]
    for low, high in itertools.pairwise(known):
        rise_m = storeys[high].elevation_m - storeys[low].elevation_m  # type: ignore[operator]
        stretch = max(rise_m, LEAST_STOREY_M * (high - low)) / sum(heights[low:high])
        heights[low:high] = [height * stretch for height in heights[low:high]]
    return (*heights, storeys[-1].height_m)


def _load_losses(session: Session) -> dict[int | str, BandValues]:
    losses: dict[int | str, BandValues] = {}
    for material in wall_queries.list_materials(session):
        losses[material.id] = losses[material.code] = material_loss(material)
    return losses


def _make_wall(
    wall: WallRow, losses: dict[int | str, BandValues], floor_index: int, height_m: float
) -> Wall:
    return Wall(
        wall.x1_m,
        wall.y1_m,
        wall.x2_m,
        wall.y2_m,
        loss_db=losses[wall.material_id],
        bottom_m=wall.bottom_m,
        top_m=height_m if wall.top_m is None else wall.top_m,
        floor=floor_index,
    )


def _make_clutter(zone: ClutterZone, floor_index: int) -> ClutterArea:
    return ClutterArea(
        zone.outline,  # type: ignore[arg-type]
        (zone.db_per_m_24, zone.db_per_m_5, zone.db_per_m_6),
        zone.bottom_m,
        zone.top_m,
        floor_index,
    )


def _make_slabs(
    storeys: list[Floor],
    heights_m: tuple[float, ...],
    losses: dict[int | str, BandValues],
    reach: shapely.Polygon,
) -> tuple[Slab, ...]:
    """Give the slab under each storey but the lowest; without an outline it covers everything."""
    slabs, z_m = [], 0.0
    for storey, height_below_m in zip(storeys[1:], heights_m, strict=False):
        z_m += height_below_m
        outline = storey.slab_outline
        loss_db = losses.get(storey.slab_material_id or DEFAULT_SLAB, losses[DEFAULT_SLAB])
        slabs.append(Slab(reach if outline is None else outline, z_m, loss_db))  # type: ignore[arg-type]
    return tuple(slabs)


def _reach(
    walls: list[WallRow],
    points: list[AccessPoint],
    bounds_m: tuple[float, float, float, float],
) -> shapely.Polygon:
    """Give a box around everything of the scene."""
    xs = [bounds_m[0], bounds_m[2], *(point.x_m for point in points)]
    ys = [bounds_m[1], bounds_m[3], *(point.y_m for point in points)]
    for wall in walls:
        xs += (wall.x1_m, wall.x2_m)
        ys += (wall.y1_m, wall.y2_m)
    return shapely.box(min(xs) - 100, min(ys) - 100, max(xs) + 100, max(ys) + 100)


def position_of(point: AccessPoint) -> tuple[float, float]:
    """Give where an access point is: installed if that is known, else planned."""
    if point.installed_x_m is not None and point.installed_y_m is not None:
        return point.installed_x_m, point.installed_y_m
    return point.x_m, point.y_m


def hangs_elsewhere(point: AccessPoint) -> bool:
    """Tell whether an access point is known to hang elsewhere than it was planned."""
    x_m, y_m = position_of(point)
    return math.hypot(x_m - point.x_m, y_m - point.y_m) >= MIN_OFFSET_M


def make_transmitter(point: AccessPoint, floor_index: int) -> Transmitter:
    """Turn an access point with model and radios into a transmitter; its code is the id."""
    x_m, y_m = position_of(point)
    by_band = {radio.band: radio for radio in point.model.radios}
    return Transmitter(
        point.code,
        x_m,
        y_m,
        point.height_m,
        eirp_dbm=_find_eirp(point, by_band),
        antenna=_find_antenna(point, by_band),
        azimuth_deg=point.azimuth_deg,
        downtilt_deg=point.downtilt_deg,
        floor=floor_index,
    )


def _find_eirp(
    point: AccessPoint, by_band: dict[str, ModelRadio]
) -> tuple[float | None, float | None, float | None]:
    """Give the strongest enabled radio's EIRP in each band; None where there is none."""
    strongest: dict[str, float] = {}
    for radio in point.radios:
        if radio.is_enabled:
            eirp_dbm = radio_eirp(radio, by_band.get(radio.band), is_outdoor=point.is_outdoor)
            if eirp_dbm is None:
                continue
            strongest[radio.band] = max(strongest.get(radio.band, eirp_dbm), eirp_dbm)
    low, middle, high = (strongest.get(band) for band in BAND_KEYS)
    return low, middle, high


def radio_eirp(radio: Radio, model_radio: ModelRadio | None, *, is_outdoor: bool) -> float | None:
    """Give a radio's peak EIRP in dBm: power and gain, at most what regulation allows.

    None where it may not transmit at all: outdoors in a range that is for indoor use only.
    """
    limit_dbm = find_limit(radio.band, radio.channel, radio.width_mhz, is_outdoor=is_outdoor)
    if limit_dbm is None:
        return None
    antenna = _find_table(radio, model_radio)
    gain_dbi = antenna.gain_dbi if antenna else model_radio.gain_dbi if model_radio else 0.0
    if radio.power_dbm is not None:
        return min(radio.power_dbm + gain_dbi, limit_dbm)
    if model_radio is None:
        return limit_dbm
    return min(model_radio.max_power_dbm + gain_dbi, limit_dbm)


def _find_table(radio: Radio, model_radio: ModelRadio | None) -> AntennaPattern | None:
    """Give the external antenna of a radio, else its model's own table, if there is one."""
    return radio.antenna or (model_radio.antenna if model_radio else None)


def _find_antenna(point: AccessPoint, by_band: dict[str, ModelRadio]) -> Antenna | None:
    """Give the antennas of the radios that are on; a band without a table is isotropic."""
    tables = {
        radio.band: _find_table(radio, by_band.get(radio.band))
        for radio in point.radios
        if radio.is_enabled
    }
    if not any(tables.values()):
        return None
    ordered = [tables.get(band) for band in BAND_KEYS]
    mounts = tuple(
        _MOUNTS[point.mount if table is None else table.tabulated_mount] for table in ordered
    )
    return Antenna(tuple(map(_make_pattern, ordered)), _MOUNTS[point.mount], mounts)


def _make_pattern(table: AntennaPattern | None) -> Pattern:
    if table is None:
        return _ISOTROPIC
    cuts = [Cut(*zip(*table.cuts[name], strict=True)) for name in ("horizontal", "vertical")]
    return Pattern.from_gains(*cuts)


def move_transmitter(scene: Scene, code: str, x_m: float, y_m: float) -> Transmitter | None:
    """Give the transmitter of this code at another place; None if the scene has none."""
    for transmitter in scene.transmitters:
        if transmitter.id == code:
            return dataclasses.replace(transmitter, x_m=x_m, y_m=y_m)
    return None
