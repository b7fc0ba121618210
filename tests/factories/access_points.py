"""Rows for access points and their models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from wlantrack.store.models.access_points import AccessPoint, AccessPointModel, ModelRadio, Radio

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.places import Floor


def find_model(session: Session, code: str = "generic-wifi6e-omni") -> AccessPointModel:
    """Give a model of the standard catalogue with its radios."""
    query = select(AccessPointModel).options(selectinload(AccessPointModel.radios))
    return session.scalars(query.where(AccessPointModel.code == code)).one()


def add_model(session: Session, code: str = "test-model", **values: Any) -> AccessPointModel:
    """Add a model with one radio at 5 GHz: 17 dBm and 3 dBi."""
    model = AccessPointModel(code=code, **{"name": code} | values)
    model.radios = [ModelRadio(slot=1, band="5", max_power_dbm=17.0, gain_dbi=3.0)]
    session.add(model)
    session.flush()
    return model


def add_access_point(
    session: Session, floor: Floor, code: str = "AP-1", **values: Any
) -> AccessPoint:
    """Add an access point at (10, 10) with a radio for each of its model's."""
    model = values.pop("model", None) or find_model(session)
    radios = values.pop("radios", None) or [
        Radio(slot=radio.slot, band=radio.band, width_mhz=20, is_enabled=True)
        for radio in model.radios
    ]
    point = AccessPoint(
        code=code,
        floor_id=floor.id,
        floor=floor,
        model_id=model.id,
        model=model,
        radios=radios,
        **{"x_m": 10.0, "y_m": 10.0} | values,
    )
    session.add(point)
    session.flush()
    return point
