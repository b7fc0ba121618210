"""What a drawing changes, and that it asks the database a handful of times whatever it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely

from tests.factories.places import House, add_room
from tests.samples import ROOT
from tests.statements import keep_statements
from wlantrack.errors import InvalidInput
from wlantrack.services import wall_imports
from wlantrack.services.actor import SYSTEM
from wlantrack.services.plans import Upload
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OFFICE = ROOT / "floorplans" / "sample_office.dxf"
PATTERNS = {f"NO-SUCH-{number}": "brick-120" for number in range(20)}


def test_an_import_asks_for_rooms_and_materials_once_whatever_their_number(
    session: Session, house: House
) -> None:
    add_room(session, house.ground, "Halle", outline=shapely.box(-500, -500, 500, 500),
             wing_id=house.east.id)  # fmt: skip
    session.commit()
    upload = Upload("office.dxf", OFFICE.read_bytes())
    with keep_statements(session) as asked:
        done = wall_imports.import_dxf(session, SYSTEM, "RH/0", upload, PATTERNS)

    assert done.rooms == 10
    assert len([text for text in asked if "FROM room" in text]) == 1
    assert len([text for text in asked if "FROM material" in text]) == 2
    rooms = place_queries.list_rooms(session, house.ground.id)
    assert len(rooms) == 11
    assert {room.wing_id for room in rooms} == {house.east.id}


@pytest.mark.usefixtures("house")
def test_a_layer_with_a_material_that_does_not_exist_is_refused_by_name(session: Session) -> None:
    upload = Upload("office.dxf", OFFICE.read_bytes())

    with pytest.raises(InvalidInput) as refused:
        wall_imports.import_dxf(session, SYSTEM, "RH/0", upload, {"A*": "brick-120", "W*": "cake"})

    assert (refused.value.problems[0].field, refused.value.problems[0].value) == (
        "layer W*",
        "cake",
    )
