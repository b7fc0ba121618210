"""Every route, for every role in every scope, for an object of its own, of others, and of nobody."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from tests.integration.web.matrix_table import SENDERS, TABLE, Level, find_entry
from tests.integration.web.matrix_world import NOWHERE, SCOPES, World, build_world
from tests.integration.web.visitor import enter, open_client
from tests.live_server import make_app
from wlantrack.store.models.people import ROLES
from wlantrack.web.policies import LOGGED_IN, PUBLIC, policy_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from werkzeug.routing import Rule

    from tests.databases import SqliteSource
    from tests.integration.web.visitor import Visitor

DONE = {200, 201, 302}
TAKEN = DONE | {400, 409, 412, 422}
"""Answers of a route that lets somebody in: done, or refused for what was sent."""

EXAMPLES = {
    "<report>/file.<suffix>": "progress/file.xlsx",
    "<report>": "progress",
    "file.<suffix>": "file.html",
    "<code>": "generic-sector-5",
    "<band>": "5",
    "<network>": "visitor",
    "<kind>.<suffix>": "access_points.csv",
    "proposals.<suffix>": "proposals.csv",
    "<kind>": "cable_runs",
    "<entity>": "cable_run",
    "<catalogue>": "risks",
    "<int(max=2147483647):number>": "1",
    "<folder>": "en",
    "<session_id>": "0" * 64,
}
SCRIPTS = ("editor.", "route_editor.", "site.take_entry")
"""Endpoints that scripts send to, each request under a key of its own."""
OWN_ADDRESS = {"requirements": "basic", "client-profiles": "phone"}
"""Entries of the catalogue are named by their codes."""

WITHOUT = {
    "projects.picture",
    "projects.apply",
    "projects.undo",
    "footprints.apply",
    "imports.apply",
    "imports.assign",
    "feeds.revoke",
    "windows.act_on_finding",
    "editor.restore_access_point",
    "editor.restore_wall",
    "route_editor.restore_route",
    "networks.check.approve",
    "networks.check.withdraw",
    "networks.check.withdraw_area",
    "users.end_session",
    "hotspots.show_hotspot",
    "hotspots.edit_hotspot",
    "hotspots.delete_hotspot",
    "hotspots.set_published",
    "feedback.delete",
    "feedback.set_done",
    "labels.follow",
}
"""They need an upload, a deletion, a proposal, a hotspot, a message or a session before; without it
there is nothing. What a label is on decides who sees it: see the tests of short links."""


@pytest.fixture(scope="module")
def world_app(
    sqlite_source: SqliteSource, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, World]]:
    with (
        sqlite_source.fresh() as url,
        make_app(url, tmp_path_factory.mktemp("matrix")) as app,
    ):
        yield app, build_world(app)


@dataclasses.dataclass(frozen=True)
class Call:
    """One request: which rule, how, and about which object."""

    rule: Rule
    method: str
    where: str
    address: str

    def send(self, visitor: Visitor) -> int:
        """Send it with nothing in it but a version that nobody has."""
        if self.method == "GET":
            return visitor.get(self.address).status_code
        if self.method == "POST" and not self.rule.endpoint.startswith(SCRIPTS):
            return visitor.post(self.address, version="0", page="1").status_code
        return visitor.send(self.method, self.address, {"version": 0}).status_code


def list_calls(app: Flask, world: World, wheres: tuple[str, ...]) -> Iterator[Call]:
    """Give the requests of every route about an object in each of some wings, or nowhere."""
    for rule in app.url_map.iter_rules():
        entry = find_entry(rule.endpoint)
        if entry is None or entry.level in {Level.ANYBODY, Level.ACCOUNT}:
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            has_object = "<ref>" in rule.rule
            for where in wheres if has_object else wheres[:1]:
                yield Call(rule, method, where, fill_in(rule.rule, world, where))


def fill_in(address: str, world: World, where: str) -> str:
    """Put ids into an address."""
    refs = world.refs.get(where, {}) | world.shared
    prefix = next((prefix for prefix in refs if address.startswith(prefix)), "")
    code = next((code for part, code in OWN_ADDRESS.items() if f"/{part}/" in address), None)
    ref = code or refs.get(prefix, NOWHERE)
    if where == "nowhere":
        ref = NOWHERE
    address = address.replace("<ref>", ref).replace("<token>", "0" * 32)
    for placeholder, example in EXAMPLES.items():
        address = address.replace(placeholder, example)
    assert "<" not in address, f"the matrix has no example for {address}"
    return address


def expect(call: Call, role: str, scope: str) -> set[int]:
    """Give the answers that the table allows."""
    entry = find_entry(call.rule.endpoint)
    assert entry is not None
    roles = entry.roles if call.method == "GET" else SENDERS.get(call.rule.endpoint, entry.roles)
    if role not in roles or (entry.level is Level.CITY and scope != "all"):
        return {403}
    inside = DONE if call.method == "GET" else TAKEN
    if call.rule.endpoint in WITHOUT:
        return {*inside, 403, 404}
    if "<ref>" in call.rule.rule and not _is_seen(call, entry.level, role, scope):
        return {404}
    is_kept = entry.level is Level.HOUSE_KEPT and scope == "wing"
    return {403} if is_kept else inside


def _is_seen(call: Call, level: Level, role: str, scope: str) -> bool:
    """Tell whether the object exists for somebody."""
    if level in {Level.SHARED, Level.CITY, Level.LIST}:
        return call.where != "nowhere"
    if role == "firm" and call.where == "east":
        return False  # another firm's
    if level is Level.HOUSE and scope == "wing":
        return False
    house = {"west", "east"}
    reached = {"all": house | {"far"}, "house": house, "wing": house}[scope]
    if level is Level.WING and scope == "wing":
        reached = {"west"}
    return call.where in reached


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("role", ROLES)
def test_every_route_answers_every_role_as_the_table_says(
    role: str, scope: str, world_app: tuple[Flask, World]
) -> None:
    app, world = world_app
    visitor = enter(app, f"{role} {scope}")
    wheres = {
        "all": ("west",),
        "house": ("west", "far", "nowhere"),
        "wing": ("west", "east", "far"),
    }[scope]
    wrong = []
    for call in list_calls(app, world, wheres):
        expected = expect(call, role, scope)
        if expected == {403} and call.where != wheres[0]:
            continue  # a role that does not reach is told so before anything is looked up
        status = call.send(visitor)
        if status not in expected:
            wrong.append(f"{status} for {call.method} {call.rule.rule} {call.where}: {expected}")

    assert not wrong, "\n".join(wrong)


def test_nobody_without_an_account_gets_anywhere(world_app: tuple[Flask, World]) -> None:
    app, world = world_app
    client = open_client(app)
    wrong = []
    for call in list_calls(app, world, ("west",)):
        answer = client.open(call.address, method=call.method)
        is_sent_away = answer.status_code == 302 and "/login" in answer.location
        if not is_sent_away and answer.status_code not in {400, 401}:
            wrong.append(f"{answer.status_code}: {call.method} {call.address}")

    assert wrong == []


# The table and the routes agree, or the build fails.


def list_undeclared(app: Flask, table: tuple[object, ...] = TABLE) -> set[str]:
    """Give the endpoints that the table does not say exactly one thing about."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if find_entry(rule.endpoint, table) is None  # type: ignore[arg-type] # entries
    }


def list_contradicted(app: Flask) -> set[str]:
    """Give the endpoints whose own declaration lets in others than the table."""
    wrong = set()
    for endpoint, view in app.view_functions.items():
        entry, rules = find_entry(endpoint), policy_of(view)
        if (
            entry is None
            or not rules
            or (PUBLIC in rules) != (entry.level is Level.ANYBODY)
            or (LOGGED_IN in rules) != (entry.level is Level.ACCOUNT)
        ):
            wrong.add(endpoint)
    return wrong


def test_every_route_stands_in_the_table_once(world_app: tuple[Flask, World]) -> None:
    app, _ = world_app

    assert list_undeclared(app) == set()
    assert list_contradicted(app) == set()
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert {name for entry in TABLE for name in entry.endpoints} <= known


@pytest.mark.parametrize("endpoint", ["rooms.show_room", "editor.load", "users.export"])
def test_a_route_without_its_entry_or_its_policy_fails_the_build(
    endpoint: str, world_app: tuple[Flask, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, world = world_app
    stripped = tuple(
        dataclasses.replace(entry, endpoints=entry.endpoints - {endpoint}) for entry in TABLE
    )
    assert list_undeclared(app, stripped) == {endpoint}

    monkeypatch.delattr(app.view_functions[endpoint], "policy")
    assert list_contradicted(app) == {endpoint}
    call = next(
        call for call in list_calls(app, world, ("west",)) if call.rule.endpoint == endpoint
    )
    assert call.send(enter(app, "admin all")) == 404  # and is closed to everybody meanwhile
