"""Hostile files, and files of hostile names, through every door that a form opens."""

from __future__ import annotations

import importlib
import io
import pkgutil
import time
from typing import TYPE_CHECKING, Any

import pytest
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, MultipleFileField
from sqlalchemy import select

import wlantrack.web
from tests.doors import DOORS, HOSTILE_FILES, HOSTILE_NAMES, OWN_HOSTILE_FILES, Door
from tests.integration.web.site import draw_plan
from tests.integration.web.visitor import Visitor, count_changes, enter, read_text
from tests.live_server import database_of, make_app
from wlantrack.formats.file_names import clean_file_name
from wlantrack.store.models.files import Attachment
from wlantrack.store.models.places import FloorPlan
from wlantrack.web.context import EXTENSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.databases import SqliteSource
    from tests.integration.web.site import Site

ONE_TABLE = "table of rooms"
ONE_ATTACHMENT = "attachment of a run"
FEW_DOORS = [
    door
    for door in DOORS
    if door.name.split()[0] not in {"table", "attachment", "phases"}
    or door.name in {ONE_TABLE, ONE_ATTACHMENT}
]
"""One reader has all tables, one all attachments, one schedules whatever they become; the endurance
test goes through every door."""

NAMED_DOORS = [door for door in FEW_DOORS if not door.lacks]
"""Those that take a file but lack something refuse it for that; the one of many runs stays open."""
SLOW_DOORS = {"outlines": ("bomb.esx", "traversal.zip", "deep.json", "zeros.gpkg", "bomb.png")}
"""A reader that takes a second to start gets no more than what it might open."""


def _records(site: Site) -> dict[str, str]:
    return {
        "building": site.building,
        "floor": site.floor,
        "room": site.room,
        "point": site.live_point,
        "run": site.cabling.run,
        "distributor": site.cabling.distributor,
        "outlet": site.cabling.outlet,
        "penetration": site.cabling.penetration,
    }


def _send(visitor: Visitor, site: Site, door: Door, data: bytes, name: str) -> TestResponse:
    records = _records(site)
    values: dict[str, Any] = {key: text.format(**records) for key, text in door.values.items()}
    address = (door.sent_to or door.address).format(**records)
    file = io.BytesIO(data), name
    if door.sent_to:
        return visitor.post(address, **values, **{door.input: file})
    return visitor.fill_in(address, **values, **{door.input: file})


def _forms_with_files() -> set[str]:
    for module in pkgutil.walk_packages(wlantrack.web.__path__, "wlantrack.web."):
        importlib.import_module(module.name)
    found, left = set(), [FlaskForm]
    while left:
        form = left.pop()
        left += form.__subclasses__()
        kinds = [getattr(value, "field_class", None) for value in vars(form).values()]
        if {FileField, MultipleFileField}.intersection(kinds):
            found.add(f"{form.__module__}.{form.__qualname__}".removeprefix("wlantrack.web."))
    return found


def test_no_form_with_a_file_is_left_out() -> None:
    assert {door.form for door in DOORS} == _forms_with_files()


@pytest.fixture
def app(sqlite_source: SqliteSource, tmp_path: Path) -> Iterator[Flask]:
    """Give the application on SQLite: what is refused by a reader meets no database."""
    with sqlite_source.fresh() as url, make_app(url, tmp_path / "data") as made:
        yield made


@pytest.mark.parametrize("door", FEW_DOORS, ids=lambda door: door.name.replace(" ", "-"))
def test_no_hostile_file_breaks_a_door(app: Flask, site: Site, door: Door) -> None:
    visitor, files = enter(app, "planner"), app.extensions[EXTENSION].files.folder
    own = OWN_HOSTILE_FILES.get(door.name, {})
    for name in (*SLOW_DOORS.get(door.name, HOSTILE_FILES), *own):
        data = own[name] if name in own else HOSTILE_FILES[name]
        before = count_changes(app), sorted(files.iterdir())
        begin = time.monotonic()
        answer = _send(visitor, site, door, data, name)
        assert time.monotonic() - begin < 20
        assert answer.status_code in {200, 302, 400}, (name, read_text(answer))
        if answer.status_code != 302:
            assert door.lacks or name in read_text(answer), (name, read_text(answer))
            assert (count_changes(app), sorted(files.iterdir())) == before, name


@pytest.mark.parametrize("door", NAMED_DOORS, ids=lambda door: door.name.replace(" ", "-"))
def test_no_hostile_name_breaks_a_door_or_is_kept(app: Flask, site: Site, door: Door) -> None:
    visitor = enter(app, "planner")
    names = HOSTILE_NAMES[::4] if door.name == "outlines" else HOSTILE_NAMES
    for name in names:
        answer = _send(visitor, site, door, draw_plan(), name)
        assert answer.status_code in {200, 302, 400}, ascii(name)  # 400: a line end breaks the form
        assert "<script>alert" not in answer.text
        assert not answer.headers.get("Set-Cookie", "").startswith("x=")
    with database_of(app).reading() as session:
        kept = [*session.scalars(select(FloorPlan.name)), *session.scalars(select(Attachment.name))]
    assert all(clean_file_name(name, "") == name for name in kept)
    has_taken = {"plan": FloorPlan, "attachment": Attachment}.get(door.name.split()[0])
    assert has_taken is None or len(kept) > len(names)
    for ref in _list_attachments(app):
        told = visitor.get(f"/attachments/{ref}/download").headers["Content-Disposition"]
        assert "\n" not in told


def _list_attachments(app: Flask) -> list[str]:
    with database_of(app).reading() as session:
        return [str(ref) for ref in session.scalars(select(Attachment.public_id))]
