"""What is internal reaches nobody without an account: not by any route, error, header or file."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.exceptions import Forbidden

from tests.canaries import (
    UNCHANGING,
    UNWRITABLE,
    change_internal,
    list_internal,
    list_tables,
    list_text_columns,
    write_canaries,
)
from tests.factories.hotspots import add_hotspot
from tests.factories.rollout import add_one_of_each
from tests.factories.separation import add_area_approval, add_exemption
from tests.integration.web.addresses import list_addresses
from tests.integration.web.visitor import open_client
from tests.live_server import database_of, log_in
from wlantrack.app import create_app
from wlantrack.services import people, public_bundle, publication, published
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.access_points import AccessPoint, AccessPointBssid
from wlantrack.store.models.base import Base
from wlantrack.store.models.cabling import CableRun, PortVlan, SwitchPort
from wlantrack.store.models.networks import Ssid, Vlan
from wlantrack.store.models.people import Grant, User
from wlantrack.store.models.places import Building, Floor, Room
from wlantrack.web.context import EXTENSION
from wlantrack.web.policies import PUBLIC, policy
from wlantrack.web.shell import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.canaries import Canary
    from tests.integration.web.site import Site
    from wlantrack.settings import Settings
    from wlantrack.store.session import Database

pytestmark = pytest.mark.on_both

TABLES = Base.metadata.tables
UNCHANGEABLE = {
    "floor_plan": {"is_current"},
    "milestone": {"undated_reason"},
    "task": {"subject_kind"},
    "user_account": {"subject", "issuer"},
    "vlan": {"network_class"},
    "work_package": {"is_pinned", "is_waiting"},
    "zone": {"room_use"},
}
"""Columns that constraints let change only together with others, or never."""

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


def settings_of(app: Flask) -> Settings:
    settings: Settings = app.extensions[EXTENSION].settings
    return settings


@pytest.fixture
def database(app: Flask, site: Site) -> Database:  # noqa: ARG001 - the site fills it
    """Give the site's database with a row in every table, and a hotspot that is only a draft."""
    opened = database_of(app)
    with opened.writing(SYSTEM.audit()) as session:
        building = session.scalars(select(Building).where(Building.code == "RH")).one()
        guest = session.scalars(select(Ssid).where(Ssid.code == "guest")).one()
        add_hotspot(session, building, guest, "RH-WLAN-2", is_published=False)
        _fill_rest(session)
        session.commit()
    return opened


def _fill_rest(session: Session) -> None:
    """Add a row to each table that the site leaves empty."""
    point = session.scalars(select(AccessPoint).where(AccessPoint.code == "AP-2")).one()
    point.installed_x_m, point.installed_y_m = 30.5, 10.5
    for building in session.scalars(select(Building)):
        building.origin_easting_m, building.origin_northing_m = 513_000.0, 5_402_000.0
    session.add(AccessPointBssid(access_point_id=point.id, bssid="02:00:5e:00:53:01"))
    add_exemption(session, "W04", "ssid", "guest")
    add_area_approval(session, session.scalars(select(Room)).first())  # type: ignore[arg-type]
    port = session.scalars(select(SwitchPort)).first()
    assert port
    session.add(PortVlan(switch_port_id=port.id, vlan_id=session.scalars(select(Vlan.id)).first()))
    user = session.scalars(select(User).where(User.name == "planner")).one()
    people.open_session(session, user, people.utc_now())
    people.make_link(session, user, people.utc_now())
    floors = joinedload(CableRun.floor).joinedload(Floor.building)
    run = session.scalars(select(CableRun).options(floors)).first()
    assert run
    add_one_of_each(session, run.floor, run, user)


@pytest.fixture
def canaries(database: Database) -> list[Canary]:
    """Write a word that stands nowhere else into every internal text column."""
    hotspot, ssid = TABLES["public_hotspot"], TABLES["ssid"]
    published = {
        "public_hotspot": hotspot.c.is_published,
        "ssid": ssid.c.id.in_(select(hotspot.c.ssid_id).where(hotspot.c.is_published)),
    }
    return write_canaries(database, published)


def publish(app: Flask) -> dict[str, bytes]:
    """Publish as the nightly job does, and give the files that were written."""
    settings = settings_of(app)
    with database_of(app).reading() as session:
        done = publication.publish(session, SYSTEM, settings)
    return {name: (settings.public_dir / name).read_bytes() for name, _ in done.files}


def list_leaks(canaries: list[Canary], *texts: bytes) -> set[str]:
    return {
        f"{item.table}.{item.column}"
        for item in canaries
        if any(item.word.encode() in text for text in texts)
    }


def read_whole(answer: TestResponse) -> bytes:
    """Give everything of an answer: status, headers and body."""
    with answer:
        return f"{answer.status}\n{answer.headers}".encode() + answer.get_data()


def test_every_text_column_of_every_table_has_a_canary(canaries: list[Canary]) -> None:
    expected = {
        (table.name, column.name) for table in list_tables() for column in list_text_columns(table)
    }

    assert {(item.table, item.column) for item in canaries} == expected
    assert len({item.word for item in canaries}) == len(expected) > 100


def test_no_canary_is_in_the_bundle_though_the_hotspot_is(
    app: Flask, canaries: list[Canary]
) -> None:
    files = publish(app)

    assert b"Town hall" in files["index.html"]
    assert b"Guest WLAN" in files["hotspots.csv"]
    assert {
        name: found for name, data in files.items() if (found := list_leaks(canaries, data))
    } == {}


def list_requests(app: Flask, site: Site) -> Iterator[tuple[str, str]]:
    """Give method and address of everything there is, by whatever method it takes."""
    pages = dict(list_addresses(app, site))
    for rule in app.url_map.iter_rules():
        address = pages.get(rule.endpoint) or re.sub("<[^>]+>", site.building, rule.rule)
        for method in METHODS:
            yield method, address
    yield "GET", "/public/feedback.html?hotspot=1"
    yield "GET", "/assets/x/css/tokens.css"
    yield "GET", f"/access-points/{site.live_point}?q=~canary"
    yield "GET", f"/floors/{site.floor}/heat-map.png?band=5"


@pytest.mark.usefixtures("canaries")
def test_no_canary_is_in_any_answer_to_somebody_without_an_account(
    app: Flask, site: Site, canaries: list[Canary]
) -> None:
    files = publish(app)
    client, seen, leaks = open_client(app), set(), {}
    requests = [*list_requests(app, site), *(("GET", f"/public/{name}") for name in files)]

    for method, address in requests:
        answer = client.open(address, method=method)
        seen.add(answer.status_code)
        found = list_leaks(canaries, read_whole(answer))
        if found:
            leaks[method, address] = found

    assert leaks == {}
    assert {200, 302, 400, 401, 404, 405} <= seen


def test_canaries_are_seen_by_those_who_may(app: Flask, canaries: list[Canary]) -> None:
    with database_of(app).writing(SYSTEM.audit()) as session:
        query = select(User).join(Grant).where(Grant.role == "admin")
        token = people.open_session(session, session.scalars(query).one(), people.utc_now())
        session.commit()
    client = open_client(app)
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token

    page = client.get("/networks/vlans")

    assert {"vlan.name", "vlan.zone"} <= list_leaks(canaries, page.get_data())


def test_no_canary_is_in_any_error_page(
    app: Flask, site: Site, canaries: list[Canary], tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings = replace(
        settings_of(app), data_dir=tmp_path_factory.mktemp("other"), login_rate="1 per hour"
    )
    other = create_app(settings)
    other.testing = True
    word = canaries[0].word

    @policy(PUBLIC)
    def crash() -> str:
        message = f"the record says {word}"
        raise RuntimeError(message)

    @policy(PUBLIC)
    def forbid() -> str:
        raise Forbidden

    other.add_url_rule("/crash", "crash", crash)
    other.add_url_rule("/forbid", "forbid", forbid)
    other.config["MAX_CONTENT_LENGTH"] = 2000
    client = open_client(other)
    answers = [
        client.post("/login", data={"name": "planner"}),
        client.get("/forbid"),
        client.get(f"/buildings/{site.elsewhere_building}x/nothing"),
        client.delete("/public/"),
        client.post("/public/feedback.html", data={"words": "x" * 5000}),
        client.post("/public/feedback.html", data={"file": (io.BytesIO(b"x" * 9000), "x")}),
        log_in(client, "nobody"),
        log_in(client, "nobody"),
        client.get("/crash"),
        client.get("/crash", headers={"Accept": "application/json"}),
    ]
    database_of(other).dispose()

    assert {answer.status_code for answer in answers} >= {400, 403, 404, 405, 413, 429, 500}
    assert list_leaks(canaries, *(read_whole(answer) for answer in answers)) == set()


def test_changing_internal_data_leaves_the_public_bytes_unchanged(
    app: Flask, database: Database
) -> None:
    settings = settings_of(app)
    before = publish(app)
    different, untouched = {}, {}
    for table in list_tables():
        with database.engine.execution_options(writes=True).connect() as connection:
            transaction = connection.begin()
            changed = change_internal(connection, table)
            missed = {column.name for column in list_internal(table)} - set(changed)
            if missed and table.name not in UNWRITABLE | UNCHANGING:
                untouched[table.name] = missed
            with Session(connection) as session:
                after = public_bundle.make_bundle(published.load_hotspots(session), settings)
            transaction.rollback()
        if after != before:
            different[table.name] = changed

    assert different == {}
    assert untouched == UNCHANGEABLE


def test_the_bundle_does_follow_what_is_public(app: Flask, database: Database) -> None:
    before = publish(app)
    with database.engine.execution_options(writes=True).begin() as connection:
        connection.execute(TABLES["public_hotspot"].update().values(opening_hours="Mo-Fr 9-17"))

    after = publish(app)

    changed = {name for name, data in after.items() if data != before[name]}
    assert changed == {
        "index.html",
        "en/index.html",
        "hotspots.csv",
        "hotspots.geojson",
        "manifest.json",
    }
