from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories.access_points import add_access_point
from tests.factories.people import make_actor
from wlantrack.errors import Conflict, InvalidInput, NotAllowed
from wlantrack.services import access_points, point_states, undo
from wlantrack.services.actor import SYSTEM
from wlantrack.services.bulk_changes import Selected
from wlantrack.services.scene import position_of
from wlantrack.store import audit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House


def test_a_bulk_change_of_access_points_tells_every_row_and_is_undone_as_one(
    session: Session, house: House
) -> None:
    ready = [
        add_access_point(session, house.ground, f"AP-{n}", state="delivered", serial=f"S{n}")
        for n in range(2)
    ]
    bare = add_access_point(session, house.ground, "AP-BARE", state="delivered")
    early = add_access_point(session, house.ground, "AP-EARLY")
    session.commit()
    facility = make_actor("facility")
    audit.set_context(session, facility.audit())
    selected = [Selected(str(point.public_id), point.version) for point in (*ready, bare, early)]

    preview = point_states.preview_bulk(session, facility, selected, "staged")
    result = point_states.change_states(session, facility, selected, "staged")

    for told in (preview, result):
        assert [row.label for row in told.changed] == ["AP-0", "AP-1"]
        assert [(row.label, row.problems[0].field) for row in told.refused] == [
            ("AP-BARE", "serial"),
            ("AP-EARLY", "state"),
        ]
    assert {point.state for point in ready} == {"staged"}
    again = make_actor("facility")
    audit.set_context(session, again.audit())
    undo.undo_request(session, again, facility.request_id)
    assert access_points.find_access_point(session, SYSTEM, "AP-0").state == "delivered"


def test_bulk_changes_ask_for_reason_version_and_scope(session: Session, house: House) -> None:
    west = add_access_point(
        session, house.ground, "AP-W", state="mounted", wing_id=house.west.id, serial="S"
    )
    east = add_access_point(
        session, house.ground, "AP-E", state="mounted", wing_id=house.east.id, serial="S"
    )
    session.commit()
    westerner = make_actor("facility", house.building.id, house.west.id)
    selected = [Selected(str(west.public_id), 9), Selected(str(east.public_id), 1), Selected("x")]

    stale = point_states.change_states(session, westerner, selected, "faulty", "broken")
    fresh = point_states.with_versions(session, westerner, [Selected(str(west.public_id))])
    unsaid = point_states.change_states(session, westerner, fresh, "faulty", " ")
    done = point_states.change_states(session, westerner, fresh, "faulty", "broken")

    assert [str(row.problems[0].message)[:26] for row in stale.refused] == [
        "system has changed this in",
        "There is no such access po",
        "There is no such access po",
    ]
    assert [row.problems[0].field for row in unsaid.refused] == ["reason"]
    assert [row.label for row in done.changed] == ["AP-W"]
    with pytest.raises(InvalidInput, match="no such state"):
        point_states.preview_bulk(session, westerner, fresh, "nonsense")


def test_planned_and_installed_position_stay_apart(session: Session, house: House) -> None:
    point = add_access_point(session, house.ground, "AP-1", state="mounted")
    session.commit()
    facility = make_actor("facility")

    assert point_states.find_offset_m(point) is None
    point_states.set_installed_position(session, facility, "AP-1", (13.0, 14.0), 1)
    assert (point.x_m, point.y_m, point_states.find_offset_m(point)) == (10.0, 10.0, 5.0)
    assert position_of(point) == (13.0, 14.0)
    with pytest.raises(Conflict):
        point_states.set_installed_position(session, facility, "AP-1", None, 1)
    point_states.set_installed_position(session, facility, "AP-1", None, 2)
    assert position_of(point) == (10.0, 10.0)


@pytest.mark.parametrize("position", [(500.0, 10.0), (float("nan"), 10.0)])
def test_an_installed_position_far_from_the_plan_is_refused(
    session: Session, house: House, position: tuple[float, float]
) -> None:
    add_access_point(session, house.ground, "AP-1")
    session.commit()

    with pytest.raises(InvalidInput) as refused:
        point_states.set_installed_position(session, SYSTEM, "AP-1", position, None)

    assert refused.value.problems[0].field == "installed_x_m"


def test_a_security_officer_says_nothing_about_positions(session: Session, house: House) -> None:
    add_access_point(session, house.ground, "AP-1")
    session.commit()

    with pytest.raises(NotAllowed):
        point_states.set_installed_position(
            session, make_actor("security officer"), "AP-1", None, None
        )
