"""Rows for distributors, switches, outlets and cable runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wlantrack.store.models.cabling import CableRun, Distributor, Outlet, Switch, SwitchPort

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.places import Floor


def add_distributor(
    session: Session, floor: Floor, code: str = "RH-EV0.1", **values: Any
) -> Distributor:
    distributor = Distributor(code=code, floor_id=floor.id, floor=floor, **values)
    session.add(distributor)
    session.flush()
    return distributor


def add_switch(
    session: Session,
    distributor: Distributor,
    code: str = "RH-EV0.1-SW1",
    port_count: int = 4,
    poe_class: int | None = 4,
    **values: Any,
) -> Switch:
    """Add a switch whose ports are numbered from 1 and give the same power."""
    defaults: dict[str, Any] = {"poe_budget_w": 370.0}
    switch = Switch(
        code=code,
        distributor_id=distributor.id,
        distributor=distributor,
        ports=[
            SwitchPort(name=str(number), poe_class=poe_class, speed_mbit=1_000)
            for number in range(1, port_count + 1)
        ],
        **defaults | values,
    )
    session.add(switch)
    session.flush()
    return switch


def add_outlet(session: Session, floor: Floor, code: str = "RH-0-DO-01", **values: Any) -> Outlet:
    outlet = Outlet(code=code, floor_id=floor.id, floor=floor, **values)
    session.add(outlet)
    session.flush()
    return outlet


def add_cable_run(
    session: Session, distributor: Distributor | None, label: str = "CABLE-1", **values: Any
) -> CableRun:
    """Add a run from a distributor; it counts where its far end is, as services say."""
    end = values.get("access_point") or values.get("outlet") or distributor
    assert end is not None
    run = CableRun(
        label=label,
        distributor=distributor,
        distributor_id=distributor.id if distributor else None,
        floor=end.floor,
        floor_id=end.floor_id,
        wing_id=values.pop("wing_id", end.wing_id),
        **values,
    )
    session.add(run)
    session.flush()
    return run
