"""A request that is sent twice is done once: the second answer is the first one."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from flask import g, redirect
from sqlalchemy import func, select

from tests.integration.web.visitor import enter
from tests.live_server import database_of
from wlantrack.services import idempotency
from wlantrack.services.actor import SYSTEM, Actor
from wlantrack.services.people import Profile
from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.idempotency import IdempotencyKey
from wlantrack.store.models.people import Grant, User

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug import Response as BaseResponse
    from werkzeug.test import TestResponse

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor

pytestmark = pytest.mark.on_both

KEY = {"Idempotency-Key": "0b6c7a5e"}


def place(
    visitor: Visitor, site: Site, headers: dict[str, str] = KEY, **values: float | str
) -> TestResponse:
    body = {"model": site.model, "x_m": 5.0, "y_m": 6.0} | values
    return visitor.send("POST", f"/floors/{site.floor}/access-points", body, **headers)


def count(app: Flask, kind: type[Any]) -> int:
    with database_of(app).reading() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def test_the_same_request_again_gets_the_same_answer_and_changes_nothing(
    app: Flask, planner: Visitor, site: Site
) -> None:
    before = count(app, AccessPoint)
    first, again = place(planner, site), place(planner, site)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.data == first.data
    assert again.content_type == first.content_type
    assert [answer.headers.get("Idempotency-Replayed") for answer in (first, again)] == [
        None,
        "true",
    ]
    assert count(app, AccessPoint) == before + 1


def test_quotation_marks_around_a_key_are_no_part_of_it(
    app: Flask, planner: Visitor, site: Site
) -> None:
    before = count(app, AccessPoint)
    place(planner, site)
    assert place(planner, site, {"Idempotency-Key": '"0b6c7a5e"'}).status_code == 201
    assert count(app, AccessPoint) == before + 1


def test_a_key_stands_for_one_request(app: Flask, planner: Visitor, site: Site) -> None:
    place(planner, site)
    before = count(app, AccessPoint)
    answer = place(planner, site, x_m=9.0)

    assert answer.status_code == 400
    assert answer.json is not None
    assert "stands for another request" in answer.json["error"]["message"]
    assert count(app, AccessPoint) == before


def test_everybody_has_keys_of_their_own(app: Flask, planner: Visitor, site: Site) -> None:
    before = count(app, AccessPoint)
    place(planner, site)
    place(enter(app, "admin"), site)
    assert count(app, AccessPoint) == before + 2


@pytest.mark.parametrize("key", ["", " ", '""', "a" * 256, "schlüssel", "a\tb"])
def test_a_request_without_a_key_is_refused(
    key: str, app: Flask, planner: Visitor, site: Site
) -> None:
    before = count(app, AccessPoint)
    answer = place(planner, site, {"Idempotency-Key": key})

    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["error"]["problems"][0]["field"] == "Idempotency-Key"
    assert count(app, AccessPoint) == before


def test_what_was_refused_may_come_again_corrected(
    app: Flask, planner: Visitor, site: Site
) -> None:
    assert place(planner, site, model=str(uuid.uuid4())).status_code == 400
    assert count(app, IdempotencyKey) == 0
    assert place(planner, site).status_code == 201


def test_only_what_was_tried_is_marked_as_refused(app: Flask, planner: Visitor, site: Site) -> None:
    tried = place(planner, site, model=str(uuid.uuid4()))
    stranger = planner.client.post(f"/floors/{site.floor}/access-points", json={}, headers=KEY)
    place(planner, site)
    reused = place(planner, site, x_m=9.0)
    outside = place(enter(app, "viewer"), site)

    marks = [
        answer.headers.get("Idempotency-Refused") for answer in (tried, stranger, reused, outside)
    ]
    assert marks == ["true", None, None, None]


def test_a_conflict_leaves_no_key_behind(app: Flask, planner: Visitor, site: Site) -> None:
    answer = planner.send("PATCH", f"/walls/{site.wall}", {"version": -5, "x1_m": 1.0}, **KEY)
    assert answer.status_code == 409
    assert count(app, IdempotencyKey) == 0


def test_who_lost_a_right_is_not_told_the_old_answer(
    app: Flask, planner: Visitor, site: Site
) -> None:
    place(planner, site)
    with database_of(app).writing(SYSTEM.audit()) as session:
        grant = session.scalars(
            select(Grant).join(User, User.id == Grant.user_id).where(User.name == "planner")
        ).one()
        grant.building_id = None
        session.add(Grant(user_id=grant.user_id, role="viewer"))
        session.commit()

    answer = place(planner, site)

    assert answer.status_code == 409
    assert b"AP-" not in answer.data


def test_eight_at_the_same_time_do_it_once(app: Flask, site: Site) -> None:
    before = count(app, AccessPoint)
    visitors = [enter(app, "planner") for _ in range(8)]
    start, answers = threading.Barrier(len(visitors)), []

    def send(visitor: Visitor) -> None:
        start.wait()
        answers.append(place(visitor, site))

    threads = [threading.Thread(target=send, args=(visitor,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.data for answer in answers}) == 1
    assert count(app, AccessPoint) == before + 1


def test_answers_that_nobody_asks_for_any_more_go(app: Flask, planner: Visitor, site: Site) -> None:
    place(planner, site)
    soon, later = datetime.now(UTC), datetime.now(UTC) + timedelta(days=8)

    assert idempotency.delete_old(database_of(app), soon) == 0
    assert idempotency.delete_old(database_of(app), later) == 1
    assert count(app, IdempotencyKey) == 0


@pytest.mark.usefixtures("site")
def test_an_answer_that_leads_on_leads_there_again(app: Flask) -> None:
    from wlantrack.web.idempotency import once  # noqa: PLC0415 - needs a request

    @once
    def lead_on() -> BaseResponse:
        return redirect("/floors/1?from=here")

    with database_of(app).reading() as session:
        user_id = session.scalars(select(User.id).where(User.name == "planner")).one()
    answers = []
    for _ in range(2):
        with app.test_request_context("/", method="POST", headers=KEY):
            g.profile = Profile("", "", None, "system", Actor("planner", user_id=user_id))
            answers.append(lead_on())

    assert [(answer.status_code, answer.location) for answer in answers] == [
        (302, "/floors/1?from=here")
    ] * 2
    assert answers[1].headers["Idempotency-Replayed"] == "true"


def test_a_form_is_the_same_however_its_parts_are_parted(app: Flask) -> None:
    from wlantrack.web.idempotency import hash_request  # noqa: PLC0415 - needs a request

    def hash_of(boundary: str, token: str, photo: str) -> str:
        lines = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n'
            f"Content-Type: image/jpeg\r\n\r\n{photo}\r\n--{boundary}--\r\n"
        )
        kind = f"multipart/form-data; boundary={boundary}"
        with app.test_request_context(
            "/site", method="POST", data=lines.encode(), content_type=kind
        ):
            return hash_request()

    assert hash_of("one", "t1", "picture") == hash_of("two", "t2", "picture")
    assert hash_of("one", "t1", "picture") != hash_of("one", "t1", "another")
