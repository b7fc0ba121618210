"""Hangs access points into a floor's surroundings: a radio scene, in numbers.

Decides how EIRP comes about and which propagation model fits; refuses to compute levels.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.radio.antennas import Antenna, Cut, Mount, Pattern
from wlantrack.radio.bands import BAND_KEYS
from wlantrack.radio.coverage import Scene, Transmitter
from wlantrack.radio.propagation import DistancePowerLoss, PathLoss
from wlantrack.rollout.lifecycle import LIVE_STATES, PLANNED_STATES
from wlantrack.services import public_sight
from wlantrack.services.channels import find_limit, find_primary_channel
from wlantrack.services.extent import load_drawing
from wlantrack.services.fingerprints import hash_of
from wlantrack.services.surroundings import load_surroundings
from wlantrack.store.queries import access_points as point_queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from wlantrack.radio.bands import Channel
    from wlantrack.radio.coverage import Wall
    from wlantrack.services.actor import Actor
    from wlantrack.services.extent import Extent
    from wlantrack.services.surroundings import Surroundings
    from wlantrack.store.models.access_points import (
        AccessPoint,
        AntennaPattern,
        ModelRadio,
        Radio,
    )
    from wlantrack.store.models.places import Floor

MIN_OFFSET_M = 0.05
"""Nearer than this, planned and installed are the same place on every plan."""

COUNTS = {"planned": PLANNED_STATES, "live": LIVE_STATES}
"""What a map may count, and the access-point states that belong to it."""

_ISOTROPIC = Pattern(Cut((0.0,), (0.0,)), Cut((0.0,), (0.0,)))
_MOUNTS = {"ceiling": Mount.CEILING, "wall": Mount.WALL, "floor": Mount.FLOOR}


@dataclass(frozen=True)
class FloorScene:
    """A floor ready for prediction, and what was assumed on the way."""

    scene: Scene
    surroundings: Surroundings
    extent: Extent
    codes: frozenset[str]
    """Access points of this very floor; the scene's others are on neighbouring storeys."""
    channels: Mapping[str, Mapping[str, Channel]] = dataclasses.field(default_factory=dict)
    """Access point to band to the channel it is fixed to there; automatic ones are left out."""

    @property
    def floor_index(self) -> int:
        """Give the floor's place among the scene's storeys."""
        return self.surroundings.floor_index

    @property
    def own_walls(self) -> tuple[Wall, ...]:
        """Give the walls of this very floor."""
        return self.surroundings.own_walls

    @property
    def has_walls(self) -> bool:
        """Tell whether anybody has drawn walls on this floor."""
        return bool(self.own_walls)

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """Give the box a map shows: min x, min y, max x, max y."""
        return self.extent.bounds_m

    @cached_property
    def transmitter_hashes(self) -> tuple[str, ...]:
        """Give a hash of each transmitter, in the scene's order."""
        return tuple(map(hash_of, self.scene.transmitters))


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
    around = load_surroundings(session, floor, load_drawing(session, floor.id))
    return hang_points(session, actor, floor, counts, around)


def hang_points(
    session: Session, actor: Actor, floor: Floor, counts: str, surroundings: Surroundings
) -> FloorScene:
    """Make a scene of a floor's surroundings and the access points that hang there now."""
    states, index = require_counts(counts), surroundings.index
    points = [
        point
        for point in point_queries.load_access_points(session, index, states)
        if public_sight.counts_point(actor, point, floor.building_id)
    ]
    own_points = [point for point in points if point.floor_id == floor.id]
    extent = surroundings.drawing.extent_with([position_of(point) for point in own_points])
    scene = Scene(
        walls=surroundings.walls,
        slabs=surroundings.lay_slabs(extent.bounds_m, [(point.x_m, point.y_m) for point in points]),
        transmitters=tuple(
            make_transmitter(point, index[point.floor_id])
            for point in sorted(points, key=lambda point: point.code)
        ),
        floor_heights_m=surroundings.heights_m,
        path_loss=PathLoss() if surroundings.own_walls else DistancePowerLoss(),
        areas=surroundings.areas,
    )
    codes = frozenset(point.code for point in own_points)
    channels = {point.code: _fixed_channels(point) for point in points}
    return FloorScene(scene, surroundings, extent, codes, channels)


def _fixed_channels(point: AccessPoint) -> dict[str, Channel]:
    """Give the channel of each band in which an enabled radio has a fixed one."""
    channels = {}
    for radio in point.radios:
        if radio.is_enabled and radio.channel is not None:
            channel = find_primary_channel(radio.band, radio.channel, radio.width_mhz)
            if channel is not None:
                channels[radio.band] = channel
    return channels


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
