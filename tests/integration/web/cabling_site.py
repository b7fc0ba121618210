"""The cabling of the site: one of everything in the house, and one of everything elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tests.factories.cabling import add_cable_run, add_distributor, add_outlet, add_switch
from tests.factories.files import make_photo
from tests.factories.rollout import (
    add_cable_test,
    add_order,
    add_penetration,
    add_permit,
    add_route,
)
from wlantrack.services.actor import SYSTEM
from wlantrack.services.attachments import CheckedFile, make_attachment
from wlantrack.services.cable_states import record_step
from wlantrack.store.models.permits import PermitSubject

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.places import Floor
    from wlantrack.store.plan_files import PlanFiles


FIRM = "Kabel GmbH"


@dataclass(frozen=True)
class CablingSite:
    """Public ids: a distributor with a switch, an outlet, and a measured run to an access point.

    The run has a photo, and a test record whose original was kept. The permit covers that run and
    its access point; it leads through the penetration, and the order to the firm is for it.
    The route lies on its floor.
    """

    distributor: str
    switch: str
    port: str
    outlet: str
    run: str
    photo: str
    permit: str
    penetration: str
    order: str
    test: str
    route: str


def build_cabling(
    session: Session,
    files: PlanFiles,
    floor: Floor,
    point: AccessPoint,
    prefix: str,
    firm: str = FIRM,
) -> CablingSite:
    """Add the cabling around an access point, in its wing."""
    distributor = add_distributor(session, floor, f"{prefix}-EV0.1", wing_id=point.wing_id)
    switch = add_switch(session, distributor, f"{prefix}-EV0.1-SW1")
    outlet = add_outlet(session, floor, f"{prefix}-0-DO-01", wing_id=point.wing_id)
    run = add_cable_run(
        session,
        distributor,
        f"{prefix}-EV0.1-P1-01",
        access_point=point,
        panel_port="P1:01",
        state="containment installed",
        length_planned_m=95.0,
        steps=[],
    )
    add_cable_run(session, distributor, f"{prefix}-EV0.1-P1-02", outlet=outlet, panel_port="P1:02")
    checked = CheckedFile("photo", "wall.jpg", "image/jpeg", make_photo((64, 48)), "the wall")
    photo = make_attachment(
        SYSTEM, run, (floor.building_id, point.wing_id), checked, files.write(checked.data)
    )
    session.add(photo)
    session.flush()
    run.firm = firm
    evidence = {"firm": firm, "photo": str(photo.public_id)}
    record_step(run, "pulled", date(2026, 11, 20), "facility", firm, evidence)
    session.flush()
    permit = add_permit(
        session, floor.building, f"{prefix}-DS-1", run, wing_id=point.wing_id, authority=prefix
    )
    hole = add_penetration(
        session, floor, f"{prefix}-0-D01", run, wing_id=point.wing_id, place=prefix
    )
    order = add_order(
        session,
        f"{prefix}-A-1",
        run,
        name=prefix,
        firm=firm,
        state="ordered",
        ordered_on=date(2026, 10, 1),
        building_id=floor.building_id,
        wing_id=point.wing_id,
    )
    permit.subjects.append(PermitSubject(access_point_id=point.id))
    session.flush()
    original = files.write(b"label;result;tested_on\n")
    test = add_cable_test(session, run, stored_file=original.name, file_sha256=original.sha256)
    route = add_route(session, floor, f"{prefix}-0-T01", wing_id=point.wing_id, note=prefix)
    records = (
        distributor,
        switch,
        switch.ports[0],
        outlet,
        run,
        photo,
        permit,
        hole,
        order,
        test,
        route,
    )
    return CablingSite(*(str(record.public_id) for record in records))
