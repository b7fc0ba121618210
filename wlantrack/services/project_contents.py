"""What stands on a project's floors: walls, shelves, areas to be covered, access points.

Decides how each meets the record it made before, and what becomes of what the file no longer has:
walls and shelves go, access points stay, for they may hang there by now.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import shapely

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.services import access_points, point_places
from wlantrack.services.access_points import POWER_LIMITS_DBM, RadioValues, normalise_mac
from wlantrack.services.channels import find_limit
from wlantrack.services.extent import load_drawing
from wlantrack.services.project_ledger import make_slug, number_code
from wlantrack.services.radio_checks import check_radio
from wlantrack.store.models.access_points import AccessPoint, Radio
from wlantrack.store.models.demand import ClutterZone, Zone
from wlantrack.store.models.walls import Wall
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import clutter as clutter_queries
from wlantrack.store.queries import places as place_queries
from wlantrack.store.queries import project_imports as queries
from wlantrack.store.queries import walls as wall_queries

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry

    from wlantrack.formats.projects import (
        Points,
        ProjectAccessPoint,
        ProjectClutter,
        ProjectRadio,
    )
    from wlantrack.services.project_catalogue import Antennas, Materials, Models, Requirements
    from wlantrack.services.project_ledger import Job
    from wlantrack.services.project_places import Landing
    from wlantrack.store.models.access_points import AccessPointModel
    from wlantrack.store.models.places import Room

SHOWN_NAMES: Final = 10
ZONE_BAND: Final = "5"
ROUNDING_DB: Final = 0.05
"""Planners store milliwatts: what is over a limit by less is on it."""

_MAC: Final = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")


def land_walls(job: Job, landings: Mapping[str, Landing], materials: Materials) -> None:
    """Bring the walls of every floor up to date."""
    kinds = {kind.key: kind for kind in job.project.wall_types}
    for key, landing in landings.items():
        known = {w.public_id: w for w in wall_queries.load_walls(job.session, landing.floor.id)}
        source = job.source_of(key)
        seen = set()
        for wall in (wall for wall in job.project.walls if wall.floor == key):
            kind = kinds[wall.wall_type]
            public_id = job.make_id(landing.floor, "wall", wall.key)
            values: dict[str, Any] = {
                "floor_id": landing.floor.id,
                "material_id": materials.find_or_add(kind.name, kind.loss_db).id,
                "x1_m": wall.x1_m,
                "y1_m": wall.y1_m,
                "x2_m": wall.x2_m,
                "y2_m": wall.y2_m,
                "bottom_m": kind.bottom_m,
                "top_m": kind.top_m,
                "thickness_m": kind.thickness_m,
                "source": source,
            }
            record = known.get(public_id)
            job.put(record or Wall(public_id=public_id), values, is_new=record is None)
            seen.add(public_id)
        _remove_gone(job, known, seen, source)


def _remove_gone(job: Job, known: Mapping[Any, Any], seen: set[Any], source: str) -> None:
    for public_id, record in known.items():
        if public_id not in seen and record.source == source:
            job.remove(record)


def land_clutter(job: Job, landings: Mapping[str, Landing]) -> None:
    """Bring the areas full of shelves of every floor up to date."""
    for key, landing in landings.items():
        known = {
            zone.public_id: zone
            for zone in clutter_queries.list_clutter(job.session, [landing.floor.id])
        }
        source = job.source_of(key)
        seen = set()
        for area in (area for area in job.project.clutter if area.floor == key):
            values = _clutter_values(job, landing, area, source)
            if values is not None:
                public_id = job.make_id(landing.floor, "clutter", area.key)
                record = known.get(public_id)
                job.put(record or ClutterZone(public_id=public_id), values, is_new=record is None)
                seen.add(public_id)
        _remove_gone(job, known, seen, source)


def _clutter_values(
    job: Job, landing: Landing, area: ProjectClutter, source: str
) -> dict[str, Any] | None:
    outline = _make_outline(job, area.points, area.name)
    top_m = landing.floor.height_m if area.top_m is None else area.top_m
    if outline is None or top_m <= area.bottom_m:
        return None
    return {
        "floor_id": landing.floor.id,
        "name": area.name[:120],
        "outline": outline,
        "db_per_m_24": area.db_per_m[0],
        "db_per_m_5": area.db_per_m[1],
        "db_per_m_6": area.db_per_m[2],
        "bottom_m": area.bottom_m,
        "top_m": top_m,
        "source": source,
    }


def _make_outline(job: Job, points: Points, name: str) -> BaseGeometry | None:
    """Make a polygon; one whose edges cross is mended, one without an area left out."""
    drawn = shapely.Polygon(points)
    mended = drawn if drawn.is_valid else shapely.make_valid(drawn)
    parts = [
        part
        for part in getattr(mended, "geoms", [mended])
        if isinstance(part, shapely.Polygon) and part.area > 0
    ]
    if not parts:
        job.warnings.append(
            Problem(msg("Left out: this outline encloses nothing."), field="area", value=name)
        )
        return None
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def land_zones(job: Job, landings: Mapping[str, Landing], requirements: Requirements) -> None:
    """Bring the areas to be covered up to date; those that ask for nothing are told."""
    zones = {
        zone.public_id: zone
        for zone in queries.list_zones(job.session, [x.floor.id for x in landings.values()])
    }
    idle = 0
    for area in job.project.areas:
        landing = landings.get(area.floor)
        requirement = requirements.find_or_add(area.requirement)
        if landing is None or requirement is None:
            idle += 1
            continue
        outline = _make_outline(job, area.points, area.name)
        if outline is None:
            continue
        public_id = job.make_id(landing.floor, "zone", area.key)
        record = zones.get(public_id)
        values = {
            "name": area.name[:120],
            "outline": outline,
            "room_use": None,
            "network_class": job.network_class,
            "requirement_id": requirement.id,
        }
        if record is None:
            taken = {z.code for z in zones.values() if z.floor_id == landing.floor.id}
            code = number_code(make_slug(area.name or "area", 36), taken, 40)
            values |= {"floor_id": landing.floor.id, "code": code, "band": ZONE_BAND}
        zone = job.put(record or Zone(public_id=public_id), values, is_new=record is None)
        zones[public_id] = zone
    if idle:
        job.warnings.append(
            Problem(
                msg("%(count)s areas ask for no signal and were not imported.", count=idle),
                field="areas",
            )
        )


class AccessPointLanding:
    """Brings the access points of a project up to date."""

    def __init__(
        self, job: Job, landings: Mapping[str, Landing], models: Models, antennas: Antennas
    ) -> None:
        self._job, self._landings = job, landings
        self._models, self._antennas = models, antennas
        floor_ids = [landing.floor.id for landing in landings.values()]
        loaded = point_queries.load_access_points(job.session, floor_ids)
        self._by_code = {point.code: point for point in loaded}
        # Ids made out of other ids: only imports give them.
        self._earlier = [point for point in loaded if point.public_id.version == 5]
        # By id they are found wherever they hang by now, also on a floor the file does not have.
        self._by_id = point_queries.get_by_public_ids(
            job.session,
            {
                self._id_of(point, landings[point.floor])
                for point in job.project.access_points
                if point.floor is not None and point.floor in landings
            },
        )
        self._codes = {
            code
            for building in {landing.building.code for landing in landings.values()}
            for code in point_queries.list_codes(job.session, building)
        }
        self._taken: set[Any] = set()
        self._rooms: dict[int, list[Room]] = {}
        self._loud: list[tuple[float, float, str]] = []
        self._placed: list[AccessPoint] = []

    def land(self) -> None:
        """Place every access point that has a place, and tell what was left out or changed."""
        unplaced = []
        for source in self._job.project.access_points:
            landing = self._landings.get(source.floor or "")
            if landing is None:
                unplaced.append(source.name)
                continue
            try:
                self._land_one(source, landing)
            except InvalidInput as refusal:
                self._job.warnings += [
                    Problem(problem.message, problem.remedy, field=problem.field, value=source.name)
                    for problem in refusal.problems
                ]
        if unplaced:
            self._warn(msg("%(count)s access points have no place and were not imported: %(names)s.",
                           count=len(unplaced), names=_shorten(unplaced)))  # fmt: skip
        gone = [p.code for p in self._earlier if p.public_id not in self._taken]
        if gone:
            self._warn(msg("%(count)s access points of earlier imports are not in this file; they stay:"
                           " %(names)s.", count=len(gone), names=_shorten(gone)))  # fmt: skip
        outside = self._list_outside()
        if outside:
            self._warn(msg("%(count)s access points lie outside the walls of their floor: %(names)s.",
                           count=len(outside), names=_shorten(outside)))  # fmt: skip
        if self._loud:
            eirp_dbm, limit_dbm, _ = max(self._loud, key=lambda loud: loud[0] - loud[1])
            names = list(dict.fromkeys(name for _, _, name in self._loud))
            self._warn(
                msg(
                    "%(count)s radios send more than is allowed (%(eirp).1f dBm EIRP where %(limit).1f"
                    " are); the prediction uses the limit: %(names)s.",
                    count=len(self._loud),
                    eirp=eirp_dbm,
                    limit=limit_dbm,
                    names=_shorten(names),
                )
            )

    def _list_outside(self) -> list[str]:
        floor_ids = {point.floor_id for point in self._placed}
        walled = {key: load_drawing(self._job.session, key).walled_area for key in floor_ids}
        return [
            point.code
            for point in self._placed
            if point_places.warn_of_place(point, walled[point.floor_id])
        ]

    def _warn(self, message: Any) -> None:  # noqa: ANN401 - a message
        self._job.warnings.append(Problem(message))

    def _land_one(self, source: ProjectAccessPoint, landing: Landing) -> None:
        job = self._job
        public_id = self._id_of(source, landing)
        point = self._by_id.get(public_id) or self._by_code.get(self._code_of(source, landing))
        if point is not None and point.public_id in self._taken:
            point = None
        is_new = point is None
        if point is None:
            point = AccessPoint(public_id=public_id, state="planned", radios=[])
        model = self._models.find_or_add(source)
        with job.session.no_autoflush:
            values = self._values_of(source, landing, model, point, is_new=is_new)
            trial = AccessPoint(**({"height_m": 2.7, "mount": "ceiling", "mac": ""} | values))
            access_points.check_values(trial)
            radios_differ = self._set_radios(point, source, model)
            if is_new or (point.x_m, point.y_m) != (source.x_m, source.y_m):
                values |= self._find_place(source, landing)
                self._placed.append(point)
            self._put(point, values, is_new=is_new, radios_differ=radios_differ)
        self._taken.add(point.public_id)
        self._codes.add(point.code)

    def _put(
        self, point: AccessPoint, values: dict[str, Any], *, is_new: bool, radios_differ: bool
    ) -> None:
        ledger = self._job.ledger
        before = ledger.unchanged["access_point"]
        self._job.put(point, values, is_new=is_new)
        if radios_differ and ledger.unchanged["access_point"] > before:
            ledger.unchanged["access_point"] -= 1
            ledger.updated["access_point"] += 1

    def _id_of(self, source: ProjectAccessPoint, landing: Landing) -> uuid.UUID:
        return self._job.make_id(landing.building, "access point", source.key)

    def _code_of(self, source: ProjectAccessPoint, landing: Landing) -> str:
        name = re.sub(r"[\s/\\]+", "-", source.name.strip())[:40] or "AP"
        building = landing.building.code
        if name.startswith(f"{building}-"):
            return name
        return f"{building}-{landing.floor.level}-{name}"[:60]

    def _values_of(
        self,
        source: ProjectAccessPoint,
        landing: Landing,
        model: AccessPointModel,
        point: AccessPoint,
        *,
        is_new: bool,
    ) -> dict[str, Any]:
        values: dict[str, Any] = {
            "floor_id": landing.floor.id,
            "model_id": model.id,
            "x_m": source.x_m,
            "y_m": source.y_m,
            "azimuth_deg": source.azimuth_deg,
            "downtilt_deg": source.downtilt_deg,
            "legacy_id": source.name[:60],
        }
        if is_new:
            values["code"] = number_code(self._code_of(source, landing), self._codes, 60)
        if source.height_m is not None:
            values["height_m"] = source.height_m
        if source.mount is not None or is_new:
            values["mount"] = source.mount or "ceiling"
        # What is known of the device on the wall counts more than what a plan says of it.
        mac = normalise_mac(source.mac)
        if source.serial and (is_new or not point.serial):
            values["serial"] = source.serial[:60]
        if _MAC.fullmatch(mac) and mac.strip("0:") and (is_new or not point.mac):
            values["mac"] = mac
        return values

    def _find_place(self, source: ProjectAccessPoint, landing: Landing) -> dict[str, Any]:
        floor = landing.floor
        if floor.id not in self._rooms:
            self._rooms[floor.id] = place_queries.list_rooms(self._job.session, floor.id)
        where = point_places.locate(floor, self._rooms[floor.id], source.x_m, source.y_m)
        return {
            "room_id": where.room.id if where.room else None,
            "wing_id": where.wing.id if where.wing else None,
        }

    def _set_radios(
        self, point: AccessPoint, source: ProjectAccessPoint, model: AccessPointModel
    ) -> bool:
        """Bring the radios to the file's, slot by slot; tells whether anything changed."""
        has_changed = len(source.radios) != len(point.radios)
        del point.radios[len(source.radios) :]
        tables = {radio.band: radio for radio in model.radios}
        for slot, radio in enumerate(source.radios, start=1):
            if slot > len(point.radios):
                point.radios.append(Radio(slot=slot))
            record = point.radios[slot - 1]
            own = self._antennas.find_or_add(radio.antenna)
            usual = tables.get(radio.band)
            is_usual = own is None or (usual is not None and usual.antenna_id == own.id)
            gain_dbi = own.gain_dbi if own else usual.gain_dbi if usual else 0.0
            values = self._check_radio(source.name, radio, model, gain_dbi)
            values["antenna_id"] = None if is_usual or own is None else own.id
            for name, value in values.items():
                if getattr(record, name) != value:
                    setattr(record, name, value)
                    has_changed = True
        return has_changed

    def _check_radio(
        self, name: str, radio: ProjectRadio, model: AccessPointModel, gain_dbi: float
    ) -> dict[str, Any]:
        """Give a radio's columns; a channel or power that cannot be becomes automatic."""
        channel, width_mhz, power_dbm = radio.channel, radio.width_mhz, radio.power_dbm
        try:
            check_radio(
                RadioValues(radio.band, channel, width_mhz), model, "channel", "width", None
            )
        except InvalidInput as refusal:
            problem = refusal.problems[0]
            self._job.warnings.append(
                Problem(problem.message, msg("The channel was set to automatic."), field=name,
                        value=str(channel))
            )  # fmt: skip
            channel = None
        if power_dbm is not None and not POWER_LIMITS_DBM[0] <= power_dbm <= POWER_LIMITS_DBM[1]:
            self._job.warnings.append(
                Problem(msg("No radio has such a power; it was set to automatic."), field=name,
                        value=f"{power_dbm:g} dBm")
            )  # fmt: skip
            power_dbm = None
        limit_dbm = find_limit(radio.band, channel, width_mhz)
        if radio.is_enabled and power_dbm is not None and limit_dbm is not None:
            eirp_dbm = power_dbm + gain_dbi
            if eirp_dbm > limit_dbm + ROUNDING_DB:
                self._loud.append((eirp_dbm, limit_dbm, name))
        return {
            "band": radio.band,
            "channel": channel,
            "width_mhz": width_mhz,
            "power_dbm": power_dbm,
            "is_enabled": radio.is_enabled,
        }


def _shorten(names: list[str]) -> str:
    more = len(names) - SHOWN_NAMES
    return ", ".join(names[:SHOWN_NAMES]) + (f" (+{more})" if more > 0 else "")
