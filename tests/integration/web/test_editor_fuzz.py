"""Whatever JSON is sent to the editor's addresses: an answer, never a failure, nothing half-written."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.live_server import database_of
from wlantrack.services.results import stamp

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor

FIELDS = (
    "version",
    "x_m",
    "y_m",
    "x1_m",
    "y1_m",
    "x2_m",
    "y2_m",
    "material",
    "model",
    "mount",
    "height_m",
    "azimuth_deg",
    "code",
    "state",
    "building_id",
    "__class__",
)
ODD = st.sampled_from(
    [10**400, -(10**30), float("nan"), float("inf"), -0.0, "", "\0", "\ud800", "x" * 5000, [[]], {}]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | ODD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
BODIES = st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=8) | VALUES


def test_no_body_breaks_an_address_of_the_editor(app: Flask, planner: Visitor, site: Site) -> None:
    addresses = (
        ("POST", f"/floors/{site.floor}/walls"),
        ("PATCH", f"/walls/{site.wall}"),
        ("DELETE", f"/walls/{site.wall}"),
        ("POST", f"/walls/{site.wall}/restore"),
        ("POST", f"/floors/{site.floor}/access-points"),
        ("PATCH", f"/access-points/{site.planned_point}"),
        ("DELETE", f"/access-points/{site.planned_point}"),
        ("POST", f"/access-points/{site.planned_point}/restore"),
    )

    def latest() -> int:
        with database_of(app).reading() as session:
            return stamp(session)

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(st.sampled_from(addresses), BODIES)
    def send(address: tuple[str, str], body: object) -> None:
        method, url = address
        before = latest()
        answer = planner.client.open(
            url,
            method=method,
            data=json.dumps(body).encode("utf-8", "surrogatepass"),
            headers={
                "Content-Type": "application/json",
                "X-CSRFToken": planner.token,
                "Idempotency-Key": uuid.uuid4().hex,
            },
        )

        assert answer.status_code < 500, (method, url, body)
        assert answer.is_json
        if answer.status_code >= 400:
            assert latest() == before, (method, url, body)

    send()
