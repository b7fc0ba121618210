"""The demo: a schematic town hall with plans, walls, rooms and access points, and its accounts.

Decides that the demo never mixes with an installation that has accounts of its own, and that its
known passwords are served on this machine only. Refuses to know how the town hall was drawn.
"""

from __future__ import annotations

import ipaddress
import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import shapely

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.geometry.frame import Affine
from wlantrack.services import (
    demo_cabling,
    demo_city,
    demo_demand,
    demo_governance,
    demo_hotspots,
    demo_inquiries,
    demo_installed,
    demo_milestones,
    demo_networks,
    demo_permits,
    demo_renovations,
    demo_routes,
    demo_separation,
    demo_tasks,
    demo_work,
    people,
    places,
    plans,
    reasons,
)
from wlantrack.services.access_points import check_values
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.access_points import AccessPoint, Radio
from wlantrack.store.models.places import Room
from wlantrack.store.models.walls import Wall
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import people as people_queries
from wlantrack.store.queries import places as place_queries
from wlantrack.store.queries import walls as wall_queries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from wlantrack.services.installation import Stores
    from wlantrack.store.models.places import Building, Floor, Wing

PASSWORD: Final = "rathaus-am-marktplatz"  # noqa: S105 - meant to be known, see require_loopback
_SOURCE: Final = "town_hall.json"


@dataclass(frozen=True)
class Login:
    """A demo account: its name, its known password, its role and where that holds."""

    name: str
    password: str
    role: str
    scope: str = "all"


LOGINS: Final = (
    Login("planner", PASSWORD, "planner"),
    Login("manager", PASSWORD, "manager"),
    Login("facility", PASSWORD, "facility"),
    Login("security", PASSWORD, "security officer"),
    Login("council", PASSWORD, "viewer"),
    Login("firm", PASSWORD, "firm", demo_cabling.FIRMS[0]),
    Login("admin", PASSWORD, "admin"),
)
_NAMES: Final = tuple(login.name for login in LOGINS)


def require_loopback(host: str) -> None:
    """Refuse an address at which others could log in with the known passwords.

    Raises
    ------
    InvalidInput
        The host is not this machine's own.
    """
    try:
        is_loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise InvalidInput(
            Problem(
                msg(
                    "The demo's passwords are known to everybody, so only this machine may use it."
                ),
                msg(
                    "Serve on 127.0.0.1; for others use wlantrack serve with a data folder of its"
                    " own and accounts from wlantrack user create."
                ),
                field="host",
                value=host,
            )
        )


def load_demo(stores: Stores, folder: Path, now: datetime) -> tuple[Login, ...]:
    """Load what is missing of the demo, and give its accounts.

    Parameters
    ----------
    folder
        Where ``town_hall.json`` and the plans lie.

    Raises
    ------
    InvalidInput
        The database has accounts, and none of them is the demo's.
    """
    database = stores.database
    with database.reading() as session:
        usable = _list_usable(session)
        if people_queries.count_users(session) and not usable:
            raise _refuse_installation()
        is_loaded = place_queries.get_building_by_code(session, "RH") is not None
        missing = _list_floors_without_plan(session) if is_loaded else None
    if not is_loaded or missing:
        town_hall = json.loads((folder / _SOURCE).read_text(encoding="utf-8"))
        if not is_loaded:
            with database.writing(SYSTEM.audit(reasons.DEMO)) as session:
                _load_records(session, town_hall)
        for floor in town_hall["floors"]:
            if missing is None or floor["level"] in missing:
                with database.writing(SYSTEM.audit(reasons.DEMO)) as session:
                    _load_plan(session, stores, folder, floor)
    with database.writing(SYSTEM.audit(reasons.DEMO)) as session:
        demo_networks.load_networks(session)
        demo_demand.load_demand(session)
        demo_installed.load_installed(session)
    demo_routes.load_routes(database)
    demo_cabling.load_cabling(stores, now)
    demo_permits.load_permits(database, now)
    demo_renovations.load_renovations(stores, now)
    demo_tasks.load_tasks(stores, now)
    demo_city.load_city(database, folder, now)
    with database.writing(SYSTEM.audit(reasons.DEMO)) as session:
        demo_separation.load_separation(session, now)
        demo_hotspots.load_hotspots(session, now)
        demo_milestones.load_milestones(session, now)
        demo_governance.load_governance(session, now)
    demo_work.load_work(stores, now)
    demo_inquiries.load_inquiry(stores, now)
    if len(usable) < len(LOGINS):
        with database.writing(SYSTEM.audit(reasons.DEMO)) as session:
            _make_logins(session, now)
    return LOGINS


def has_open_logins(session: Session) -> bool:
    """Tell whether anybody could log in with a demo password."""
    return bool(_list_usable(session))


def _list_usable(session: Session) -> frozenset[str]:
    return people.list_open_accounts(session, _NAMES, PASSWORD)


def _refuse_installation() -> InvalidInput:
    return InvalidInput(
        Problem(
            msg("This database has accounts of its own; the demo would add known passwords."),
            msg("Choose another folder with --data-dir."),
        )
    )


def _make_logins(session: Session, now: datetime) -> None:
    for login in LOGINS:
        if people_queries.get_user_by_name(session, login.name) is None:
            people.create_user(
                session,
                SYSTEM,
                login.name,
                ((login.role, login.scope),),
                now,
                login.name.capitalize(),
            )
    people.set_demo_passwords(session, SYSTEM, _NAMES, PASSWORD)


def _list_floors_without_plan(session: Session) -> frozenset[int]:
    building = place_queries.get_building_by_code(session, "RH")
    if building is None:
        return frozenset()
    planned = set(place_queries.list_floors_with_plan(session, building.id))
    return frozenset(floor.level for floor in building.floors if floor.id not in planned)


def _load_records(session: Session, town_hall: dict[str, Any]) -> None:
    """Make the whole building in one transaction: it is there, or it is not."""
    building = _make_building(session, town_hall)
    wings = {wing.code: wing for wing in building.wings}
    floors = {floor.level: floor for floor in building.floors}
    materials = wall_queries.get_materials_by_code(session)
    for source in town_hall["floors"]:
        floor = floors[source["level"]]
        slab = source["slab"]
        floor.slab_material_id = materials[slab["material"]].id
        floor.slab_outline = shapely.from_wkt(slab["outline_wkt"])
        session.add_all(
            _make_walls(source["walls"], floor, {c: m.id for c, m in materials.items()})
        )
        session.add_all(_make_rooms(source["rooms"], floor, wings))
    session.flush()
    session.add_all(_make_access_points(session, town_hall["access_points"], floors, wings))
    session.commit()


def _make_building(session: Session, town_hall: dict[str, Any]) -> Building:
    source = town_hall["building"]
    values = places.BuildingValues(
        name=source["name"],
        address=source["address"],
        is_public=source["is_public"],
        is_listed=source["is_listed"],
        priority=1,
        origin_easting_m=source["origin_easting_m"],
        origin_northing_m=source["origin_northing_m"],
        rotation_deg=source["rotation_deg"],
    )
    building, _ = places.ensure_building(session, SYSTEM, source["code"], values)
    for wing in town_hall["wings"]:
        outline = shapely.from_wkt(wing["outline_wkt"])
        places.ensure_wing(session, SYSTEM, building, wing["code"], wing["name"], outline)
    for floor in town_hall["floors"]:
        floor_values = places.FloorValues(floor["name"], floor["height_m"], floor["elevation_m"])
        places.ensure_floor(session, SYSTEM, building, floor["level"], floor_values)
    return building


def _make_walls(
    sources: list[dict[str, Any]], floor: Floor, material_ids: dict[str, int]
) -> Iterator[Wall]:
    for source in sources:
        values = {name: value for name, value in source.items() if name != "material"}
        material_id = material_ids[source["material"]]
        yield Wall(
            public_id=uuid.uuid4(),
            floor_id=floor.id,
            material_id=material_id,
            source=_SOURCE,
            **values,
        )


def _make_rooms(
    sources: list[dict[str, Any]], floor: Floor, wings: dict[str, Wing]
) -> Iterator[Room]:
    for source in sources:
        yield Room(
            public_id=uuid.uuid4(),
            floor_id=floor.id,
            wing_id=wings[source["wing"]].id,
            number=source["number"],
            name=source["name"],
            use=source["use"],
            seats=source["seats"],
            is_public=source["public"],
            is_secure=source["secure"],
            conference_equipment=source["conference_equipment"],
            outline=shapely.from_wkt(source["polygon_wkt"]),
        )


def _make_access_points(
    session: Session,
    sources: list[dict[str, Any]],
    floors: dict[int, Floor],
    wings: dict[str, Wing],
) -> Iterator[AccessPoint]:
    models = {model.code: model for model in point_queries.list_models(session)}
    rooms = {
        (room.floor_id, room.number): room.id
        for room in place_queries.list_all_rooms(session, None)
    }
    copied = ("code", "x_m", "y_m", "height_m", "mount", "azimuth_deg", "downtilt_deg", "state",
              "serial", "mac")  # fmt: skip
    for source in sources:
        floor = floors[source["level"]]
        point = AccessPoint(
            public_id=uuid.uuid4(),
            floor_id=floor.id,
            wing_id=wings[source["wing"]].id,
            room_id=rooms[floor.id, source["room"]],
            model_id=models[source["model"]].id,
            is_public=source["public"],
            is_outdoor=False,
            **{name: source[name] for name in copied},
        )
        check_values(point)
        point.radios = [
            Radio(slot=slot, **radio) for slot, radio in enumerate(source["radios"], start=1)
        ]
        yield point


def _load_plan(session: Session, stores: Stores, folder: Path, floor: dict[str, Any]) -> None:
    source = floor["plan"]
    upload = plans.Upload(source["file"], (folder / source["file"]).read_bytes())
    transform = Affine(*source["pixel_to_building"])
    width_px, height_px = source["width_px"], source["height_px"]
    corners_px = ((0.0, 0.0), (width_px, 0.0), (width_px, height_px), (0.0, height_px))
    corners_m = tuple((float(x), float(y)) for x, y in transform.apply(corners_px))
    scale = plans.ControlPoints(corners_px, corners_m)
    plans.upload_plan(session, SYSTEM, stores.files, f"RH/{floor['level']}", upload, scale)
