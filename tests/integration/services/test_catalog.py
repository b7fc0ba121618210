from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from tests.factories.people import make_actor
from wlantrack.errors import InvalidInput, NotAllowed
from wlantrack.radio.materials import STANDARD_MATERIALS
from wlantrack.services import catalog
from wlantrack.services.actor import SYSTEM

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def test_the_standard_catalogue_is_installed_once(session: Session) -> None:
    assert catalog.install_standard(session, SYSTEM) == 0

    listed = catalog.list_materials(session, SYSTEM)
    assert {material.code for material, _ in listed} == {m.code for m in STANDARD_MATERIALS}


def test_a_measured_loss_wins_over_layers(session: Session) -> None:
    material = catalog.find_material(session, "brick-240")
    computed = catalog.material_loss(material)
    material.measured_db_24, material.measured_db_5, material.measured_db_6 = 1.0, 2.0, 3.0

    assert computed != (1.0, 2.0, 3.0)
    assert catalog.material_loss(material) == (1.0, 2.0, 3.0)


def test_a_material_can_be_added_by_its_measured_loss(session: Session) -> None:
    catalog.add_measured_material(session, SYSTEM, "curtain", "Curtain", (0.5, 1.0, 1.5))

    assert catalog.material_loss(catalog.find_material(session, "curtain")) == (0.5, 1.0, 1.5)


@pytest.mark.parametrize(
    ("code", "loss_db", "field"),
    [
        ("brick-240", (1.0, 1.0, 1.0), "code"),
        ("new", (-0.1, 1.0, 1.0), "loss_24_db"),
        ("new", (1.0, 151.0, 1.0), "loss_5_db"),
        ("new", (1.0, 1.0, math.nan), "loss_6_db"),
    ],
)
def test_a_material_with_a_bad_value_is_refused_by_field(
    session: Session, code: str, loss_db: tuple[float, float, float], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        catalog.add_measured_material(session, SYSTEM, code, "New", loss_db)

    assert refused.value.problems[0].field == field


def test_an_unknown_material_is_refused_with_those_there_are(session: Session) -> None:
    with pytest.raises(InvalidInput, match="brick-240"):
        catalog.find_material(session, "cardboard")


def test_only_planners_edit_the_catalogue(session: Session) -> None:
    manager = make_actor("manager")

    with pytest.raises(NotAllowed):
        catalog.install_standard(session, manager)
    with pytest.raises(NotAllowed):
        catalog.add_measured_material(session, manager, "curtain", "Curtain", (1.0, 1.0, 1.0))
