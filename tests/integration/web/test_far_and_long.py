"""Days of other ages, words and numbers without end: they are refused, and pages stay open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.doors import write_link, write_schedule, write_task
from tests.factories.places import add_building
from tests.factories.rollout import add_package
from tests.integration.services.test_schedules import CLOCK
from tests.integration.web.visitor import count_changes, enter
from tests.live_server import database_of
from wlantrack.services.actor import SYSTEM
from wlantrack.services.schedule_imports import ScheduleUpload, import_schedule
from wlantrack.services.schedule_tasks import NewTasks
from wlantrack.store.column_checks import FIRST_DAY, LAST_DAY

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor

NOBODY = "00000000-0000-0000-0000-000000000000"


def test_a_package_of_another_age_closes_no_page(app: Flask, planner: Visitor) -> None:
    with database_of(app).writing(SYSTEM.audit()) as session:
        house = add_building(session, "FAR")
        first, last = FIRST_DAY, LAST_DAY  # what a table of the database may hold
        add_package(session, house, "FAR-1", planned_start=last, planned_finish=last)
        add_package(session, house, "FAR-2", planned_start=first, planned_finish=first)
        session.commit()

    for page in ("/packages", "/schedule", "/milestones", "/programme", "/schedule/msproject.xml"):
        assert planner.get(page).status_code == 200, page


@pytest.mark.parametrize(
    ("page", "values"),
    [
        ("/packages/new", {"where": "RH", "kind": "other", "not_before": "9999-12-31"}),
        ("/blackouts/new", {"name": "x", "begins_on": "2026-01-01", "ends_on": "9999-12-31"}),
        ("/tasks/new", {"title": "x", "due_on": "0001-01-01"}),
    ],
)
def test_no_plan_has_days_of_another_age(
    page: str, values: dict[str, str], planner: Visitor
) -> None:
    assert "No plan has this year." in planner.fill_in(page, **values).text


def test_a_schedule_with_endless_lags_is_refused_by_its_task(app: Flask, site: Site) -> None:
    del site
    data = write_schedule(write_task(1) + write_task(2, write_link(1, lag=10**12)))
    with database_of(app).writing(SYSTEM.audit()) as session:
        upload = ScheduleUpload("far.xml", data, NewTasks("RH", "other", ""))
        found = import_schedule(session, SYSTEM, upload, CLOCK)

    assert [(problem.field, problem.row) for problem in found.errors] == [("lag_days", 2)]


@pytest.mark.parametrize("words", ["x" * 60_000, " ".join(f"b{n}" for n in range(9_000))])
@pytest.mark.parametrize("page", ["/access-points", "/rooms", "/cabling", "/tasks"])
def test_no_list_trips_over_words_without_end(page: str, words: str, planner: Visitor) -> None:
    assert planner.client.get(page, query_string={"q": words}).status_code == 200


def test_no_list_trips_over_a_number_without_end(planner: Visitor) -> None:
    assert planner.get(f"/buildings?priority={'9' * 5_000}").status_code == 200
    assert planner.get(f"/buildings?priority={'9' * 30}").status_code == 200


@pytest.mark.parametrize("version", ["", ":", ":" + "9" * 5_000, ":0"])
def test_many_are_changed_only_as_they_were_seen(version: str, app: Flask, site: Site) -> None:
    planner, before = enter(app, "planner"), count_changes(app)

    planner.post("/tasks/state", state="done", ids=f"{site.task}{version}")
    answer = planner.post("/packages/change", step="begin", ids=f"{site.package}{version}")

    assert answer.status_code < 500
    assert count_changes(app) == before
    assert planner.post("/tasks/state", state="done", ids=NOBODY + version).status_code < 500
