"""What is in operation stays without a critical failure, whatever is changed and however."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.access_points import add_access_point
from tests.factories.networks import add_scope, add_ssid, add_vlan
from wlantrack.errors import InvalidInput
from wlantrack.services import access_points, ssids, tables, undo
from wlantrack.services.access_points import AccessPointValues, RadioValues
from wlantrack.services.actor import SYSTEM, Actor, Scope
from wlantrack.services.ssids import SsidValues
from wlantrack.store import audit
from wlantrack.store.models.access_points import Radio

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from tests.factories.places import House as Building
    from wlantrack.store.models.access_points import AccessPoint

    Change = Callable[[Session, AccessPoint], object]

OPEN = {"security": "open", "pmf": "off", "state": "planned"}
CLOSED = SsidValues("closed", "Closed", "V-210", "wpa3-enterprise", pmf="required")
MOVER = Actor("mover", grants=(("admin", Scope()),), request_id="move")


@pytest.fixture
def point(session: Session, house: Building) -> AccessPoint:
    """Give an access point in operation in the west, where all is well.

    In the east an internal SSID is open, and everywhere one is at 6 GHz, where nothing sends yet.
    """
    made = add_access_point(
        session,
        house.ground,
        wing_id=house.west.id,
        wing=house.west,
        state="in operation",
        serial="S1",
        radios=[Radio(slot=1, band="5", width_mhz=20, is_enabled=True)],
    )
    staff = add_vlan(session, "V-210", network_class="internal", vid=210)
    add_scope(session, add_ssid(session, staff, "loans", **OPEN), wing_id=house.east.id)
    bands = {"is_on_24": False, "is_on_5": False, "is_on_6": True}
    six = add_ssid(session, staff, "six", **OPEN | bands)
    add_scope(session, six, building_id=house.building.id)
    good = {"security": "wpa3-enterprise", "pmf": "required", "state": "planned", "uses_wps": False}
    add_scope(session, add_ssid(session, staff, "closed", **good), wing_id=house.west.id)
    session.commit()
    return made


def change(
    session: Session, point: AccessPoint, actor: Actor = SYSTEM, **values: float | str
) -> None:
    kept: dict[str, Any] = access_points.values_of(point)
    access_points.change_access_point(
        session, actor, point.code, AccessPointValues(**kept | values), point.version
    )


def move(session: Session, point: AccessPoint) -> None:
    change(session, point, x_m=30.0)


def send_on_6(session: Session, point: AccessPoint) -> None:
    kept: dict[str, Any] = access_points.values_of(point)
    radios = [RadioValues("5", 100, 20), RadioValues("6", 37, 20)]
    access_points.change_access_point(
        session, SYSTEM, point.code, AccessPointValues(**kept), point.version, radios
    )


def open_ssid(session: Session, point: AccessPoint) -> None:
    del point
    ssids.change_ssid(session, SYSTEM, "closed", replace(CLOSED, security="open", pmf="off"), None)


def import_rows(session: Session, kind: str, rows: str) -> None:
    result = tables.import_table(session, SYSTEM, kind, tables.TableUpload("t.csv", rows.encode()))
    if result.errors:
        assert [problem.row for problem in result.errors] == [1]
        raise InvalidInput(*result.errors)


def move_by_table(session: Session, point: AccessPoint) -> None:
    import_rows(session, "access_points", f"code;wing\n{point.code};EA\n")


def open_by_table(session: Session, point: AccessPoint) -> None:
    del point
    import_rows(session, "ssids", "code;security;pmf\nclosed;open;off\n")


def undo_move(session: Session, point: AccessPoint) -> None:
    """Bring it back from the east, let an open SSID come to where it was, and go back."""
    ref = point.code
    ssids.change_ssid(session, SYSTEM, "loans", replace(CLOSED, code="loans", name="loans"), None)
    move(session, point)
    audit.set_context(session, MOVER.audit())
    change(session, access_points.find_access_point(session, SYSTEM, ref), MOVER, x_m=10.0)
    audit.set_context(session, SYSTEM.audit())
    opened = replace(CLOSED, code="loans", name="loans", security="open", pmf="off")
    ssids.change_ssid(session, SYSTEM, "loans", opened, None)
    undo.undo_request(session, SYSTEM, MOVER.request_id)


@pytest.mark.on_both
@pytest.mark.parametrize(
    "worsen", [move, send_on_6, open_ssid, move_by_table, open_by_table, undo_move]
)
def test_nothing_that_makes_it_fail_is_stored_and_the_rule_is_told(
    worsen: Change, session: Session, point: AccessPoint
) -> None:
    code, x_m, wing_id = point.code, point.x_m, point.wing_id

    with pytest.raises(InvalidInput, match=r"The separation check stops this: W0[27]"):
        worsen(session, point)

    session.expire_all()
    kept = access_points.find_access_point(session, SYSTEM, code)
    assert (kept.x_m, kept.wing_id, len(kept.radios)) == (x_m, wing_id, 1)
    assert ssids.find_ssid(session, SYSTEM, "closed").security == "wpa3-enterprise"


def test_what_fails_already_may_be_moved_renamed_and_mended_bit_by_bit(
    session: Session, house: Building, point: AccessPoint
) -> None:
    loans = ssids.find_ssid(session, SYSTEM, "loans")
    add_scope(session, loans, wing_id=house.west.id)
    session.commit()

    move(session, point)
    renamed = SsidValues("lending", "Lending", "V-210", "open", pmf="off")
    ssids.change_ssid(session, SYSTEM, "loans", renamed, None)
    import_rows(session, "vlans", "code;name\nV-210;Staff\n")
    change(session, access_points.find_access_point(session, SYSTEM, point.code), note="seen")

    assert point.wing_id == house.east.id
    assert ssids.find_ssid(session, SYSTEM, "lending").security == "open"


def test_what_is_not_in_operation_goes_anywhere(session: Session, point: AccessPoint) -> None:
    point.state = "online"
    session.commit()

    move(session, point)
    move_by_table(session, point)

    assert point.x_m == 30.0
