"""Working lists: filters, columns, order and page stand in the URL, and columns are remembered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tests.factories.access_points import add_access_point
from tests.factories.cabling import add_cable_run, add_outlet
from tests.factories.rollout import add_part, add_renovation, on
from tests.integration.web.visitor import enter
from tests.live_server import database_of
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.places import Floor
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor


pytestmark = pytest.mark.on_both


@pytest.fixture
def planner(app: Flask, site: Site) -> Visitor:
    with database_of(app).writing(SYSTEM.audit()) as session:
        floor = next(
            floor
            for code, floor in place_queries.list_floors_by_code(session).items()
            if str(floor.public_id) == site.floor
        )
        for number in range(60):
            add_access_point(session, floor, f"LIST-{number:02d}", serial=f"S{99 - number}")
        session.commit()
    return enter(app, "planner")


def read_heads(page: str) -> list[str]:
    head = re.search(r"<thead>(.*?)</thead>", page, re.DOTALL)
    assert head
    cells = re.findall(r"<th [^>]*>(.*?)</th>", head[1], re.DOTALL)
    heads = [re.sub(r"<[^>]+>|\s+", " ", cell).strip() for cell in cells]
    return [head for head in heads if head]  # that of the ticks is empty


def read_codes(page: str) -> list[str]:
    return re.findall(r">(LIST-\d\d)</a>", page)


def test_the_columns_in_the_url_are_shown_and_remembered(planner: Visitor) -> None:
    chosen = planner.get("/access-points?columns=code&columns=serial&columns=nonsense").text
    later = planner.get("/access-points").text
    standard = planner.get("/access-points?columns=standard").text
    after = planner.get("/access-points").text

    assert read_heads(chosen) == read_heads(later) == ["Code", "Serial number"]
    assert read_heads(standard) == read_heads(after)
    assert "State" in read_heads(standard)


def test_a_list_is_filtered_and_sorted_by_its_url(planner: Visitor) -> None:
    page = planner.get("/access-points?q=LIST-0&sort=serial").text

    assert read_codes(page) == [f"LIST-{number:02d}" for number in range(9, -1, -1)]
    assert 'value="LIST-0"' in page


def test_a_page_beyond_the_end_leads_to_the_last_one(planner: Visitor) -> None:
    answer = planner.get("/access-points?q=LIST&page=9")

    assert answer.status_code == 302
    assert sorted((answer.location or "").partition("?")[2].split("&")) == ["page=2", "q=LIST"]
    assert len(read_codes(planner.get(answer.location or "").text)) == 10


def test_filters_are_kept_when_columns_are_chosen_and_columns_when_filtering(
    planner: Visitor,
) -> None:
    page = planner.get("/access-points?q=LIST&sort=state&columns=code&columns=state&page=2").text
    filters, chooser = re.findall(r'<form method="get".*?</form>', page, re.DOTALL)[:2]

    assert re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', filters) == [
        ("sort", "state"),
        ("columns", "code"),
        ("columns", "state"),
    ]
    assert re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', chooser) == [
        ("q", "LIST"),
        ("sort", "state"),
        ("columns", "code"),
    ]


def test_long_tables_of_renovations_come_page_by_page(app: Flask, site: Site) -> None:
    with database_of(app).writing(SYSTEM.audit()) as session:
        query = select(Floor).where(Floor.public_id == UUID(site.floor))
        floor = session.scalars(query.options(joinedload(Floor.building))).one()
        renovation = add_renovation(session, floor.building, "SAN-60")
        add_part(session, renovation, closes=on("2020-01-31"))
        for number in range(60):
            outlet = add_outlet(session, floor, f"WALL-DO-{number:02d}")
            add_cable_run(session, None, f"WALL-{number:02d}", outlet=outlet)
        session.commit()
    visitor = enter(app, "manager")

    pages = [
        re.findall(r">(WALL-\d\d)</a>", visitor.get(f"/renovations/walls?page={page}").text)
        for page in (1, 2, 99)
    ]

    assert sorted(pages[0] + pages[1]) == [f"WALL-{number:02d}" for number in range(60)]
    assert len(pages[1]) >= 10
    assert pages[2] == pages[1]
