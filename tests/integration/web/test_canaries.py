"""Marks planted where somebody must not look: no page, export, map or search gives them away."""

from __future__ import annotations

import contextlib
import io
import zipfile
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from tests.integration.web.matrix_world import (
    INTERNAL,
    MARKS,
    OTHER_FIRM,
    SECRET,
    SEGMENT,
    SEGMENT_NUMBERS,
    World,
    build_world,
)
from tests.integration.web.test_matrix import list_calls
from tests.integration.web.visitor import enter
from tests.live_server import make_app
from wlantrack.services.tables import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.databases import SqliteSource
    from tests.integration.web.visitor import Visitor

LISTS = (
    "/access-points",
    "/rooms",
    "/buildings",
    "/cabling",
    "/cabling/distributors",
    "/cabling/switches",
    "/cabling/outlets",
    "/orders",
    "/permits",
    "/penetrations",
    "/cable-routes",
    "/networks",
    "/networks/access-points",
    "/networks/vlans",
    "/networks/flows",
)
OF_NETWORKS = (SEGMENT, f"({SEGMENT_NUMBERS[0]})", SEGMENT_NUMBERS[1], INTERNAL)
"""How networks are laid out is for insiders."""

SAME_FOR_ALL = "/site/worker.js"
PICKED = "columns=code&columns=label&columns=note&columns=serial&columns=name&columns=port"


@pytest.fixture(scope="module")
def world_app(
    sqlite_source: SqliteSource, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, World]]:
    with (
        sqlite_source.fresh() as url,
        make_app(url, tmp_path_factory.mktemp("canaries")) as app,
    ):
        yield app, build_world(app)


def list_addresses(app: Flask, world: World, marks: tuple[str, ...]) -> list[str]:
    """Give every GET route about the western wing, every export, and lists searched for marks."""
    calls = [call.address for call in list_calls(app, world, ("west",)) if call.method == "GET"]
    exports = [f"/export/{kind}.{suffix}" for kind in KINDS for suffix in ("csv", "xlsx")]
    # A page repeats what was asked for: half a mark is asked for, and the whole one looked for.
    halves = [mark[1:] for mark in marks if mark.startswith("Q")]
    searched = [f"/search?q={half}" for half in halves]
    searched += [f"{address}?q={half}" for address in LISTS for half in halves]
    searched += [f"{address}?{PICKED}" for address in LISTS]
    return [*calls, *exports, *searched]


def read(answer: TestResponse) -> str:
    """Give all text of an answer: headers, body, and what is packed in a workbook or a PDF."""
    body = answer.data
    if body[:5] == b"%PDF-":
        with contextlib.closing(pypdfium2.PdfDocument(body)) as document:
            pages = [page.get_textpage().get_text_range() for page in document]
        return f"{answer.headers}\n{' '.join(pages)}"
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"".join(packed.read(name) for name in packed.namelist())
    return f"{answer.headers}\n{body.decode('utf-8', 'replace')}"


def is_guarded(answer: TestResponse) -> bool:
    """Tell whether an answer runs no foreign script, and is kept for nobody else."""
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    is_kept = headers["Cache-Control"].startswith("private,") and "Cookie" in headers["Vary"]
    return (
        policy.startswith("default-src 'none'")
        and "unsafe" not in policy
        and headers["X-Content-Type-Options"] == "nosniff"
        and (is_kept or headers["Cache-Control"] == "no-store")
    )


def find_leaks(
    world_app: tuple[Flask, World], visitor: Visitor, marks: tuple[str, ...]
) -> list[tuple[str, str]]:
    """Give the addresses whose answer holds a mark; every answer is guarded by its headers."""
    leaks = []
    for address in list_addresses(*world_app, marks):
        answer = visitor.get(address, follow_redirects=True)
        assert answer.status_code < 500, address
        assert address == SAME_FOR_ALL or is_guarded(answer), (address, answer.headers)
        text = read(answer)
        leaks += [(mark, address) for mark in marks if mark in text]
    return leaks


@pytest.mark.parametrize("role", ["viewer", "facility", "manager", "planner"])
def test_somebody_of_one_wing_meets_nothing_of_another(
    role: str, world_app: tuple[Flask, World]
) -> None:
    visitor = enter(world_app[0], f"{role} wing")

    leaks = find_leaks(world_app, visitor, (MARKS["east"], MARKS["far"]))
    assert not leaks, leaks
    assert MARKS["west"] in read(visitor.get("/access-points"))


@pytest.mark.parametrize("role", ["viewer", "planner"])
def test_somebody_of_one_house_meets_nothing_of_another(
    role: str, world_app: tuple[Flask, World]
) -> None:
    leaks = find_leaks(world_app, enter(world_app[0], f"{role} house"), (MARKS["far"],))
    assert not leaks, leaks


def test_how_networks_are_laid_out_is_for_insiders(world_app: tuple[Flask, World]) -> None:
    app, _ = world_app

    assert find_leaks(world_app, enter(app, "facility all"), OF_NETWORKS) == []
    assert SEGMENT in read(enter(app, "manager all").get("/networks/vlans"))


def test_the_council_meets_only_what_is_public(world_app: tuple[Flask, World]) -> None:
    app, _ = world_app
    council = enter(app, "viewer all")

    assert find_leaks(world_app, council, (SECRET, *OF_NETWORKS)) == []
    for page in ("/access-points", "/rooms"):
        assert SECRET in read(enter(app, "facility all").get(page))
        assert MARKS["west"] in read(council.get(page))


def test_a_firm_meets_only_its_own_runs(world_app: tuple[Flask, World]) -> None:
    app, world = world_app
    firm = enter(app, "firm all")
    hidden = (OTHER_FIRM, MARKS["east"], SECRET, f"{MARKS['west']}-EV0.1-SW1", "facility")

    assert find_leaks(world_app, firm, (*hidden, *OF_NETWORKS)) == []
    assert f"{MARKS['west']}-EV0.1-P1-01" in read(firm.get("/cabling"))
    address = f"/orders/{world.refs['west']['/orders/']}/pack/file"
    packs = [read(enter(app, name).get(address)) for name in ("firm all", "manager all")]
    for pack in packs:  # whoever prints it: it is handed to the firm
        assert f"{MARKS['west']}-EV0.1-P1-01" in pack
        assert not [
            mark for mark in (*hidden, SEGMENT, SEGMENT_NUMBERS[1], INTERNAL) if mark in pack
        ]
    # The second run of the cabling was not ordered from anybody.
    assert f"{MARKS['west']}-EV0.1-P1-02" not in read(firm.get("/cabling"))


@pytest.mark.parametrize(
    ("name", "page", "total"),
    [
        ("planner wing", "/access-points", 4),
        ("viewer wing", "/access-points", 1),
        ("viewer house", "/access-points", 2),
        ("viewer wing", "/rooms", 1),
        ("planner wing", "/rooms", 3),
        ("planner wing", "/cabling", 2),
        ("firm all", "/cabling", 2),
        ("firm wing", "/cabling", 1),
    ],
)
def test_counts_and_pages_count_what_is_seen(
    name: str, page: str, total: int, world_app: tuple[Flask, World]
) -> None:
    app, _ = world_app

    text = read(enter(app, name).get(page))

    assert f'data-total="{total}"' in text or f"{total} entr" in text or f"of {total}" in text
