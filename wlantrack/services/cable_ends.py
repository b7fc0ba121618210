"""What people enter about a cable run: its values are checked, its ends and ports found.

Decides what a run may hold and how it gets its label; refuses to know how it is stored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.services import run_sight
from wlantrack.services.actor import Action, Actor
from wlantrack.services.belongings import place_run
from wlantrack.services.cabling_places import next_number
from wlantrack.services.scopes import scope_pairs
from wlantrack.store.models.cabling import CABLE_CATEGORIES, TEST_LIMITS
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import cable_runs as queries
from wlantrack.store.queries import cabling as part_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.cabling import CableRun, Distributor, Outlet, SwitchPort
    from wlantrack.store.models.permits import Order
    from wlantrack.store.models.places import Floor

LONGEST_RUN_M = 10_000.0
CATEGORIES = CABLE_CATEGORIES


@dataclass(frozen=True)
class CableRunValues:
    """What people edit about a run; ends by code, the switch port as ``RH-EV3.1-SW1/12``."""

    label: str = ""
    distributor: str = ""
    panel_port: str = ""
    access_point: str = ""
    outlet: str = ""
    category: str = "6A"
    test_limit: str = "permanent link"
    length_planned_m: float | None = None
    length_actual_m: float | None = None
    crosses_fire_wall: bool = False
    switch_port: str = ""
    firm: str = ""
    legacy_id: str = ""
    note: str = ""


PLAIN_FIELDS = (
    "category",
    "test_limit",
    "length_planned_m",
    "length_actual_m",
    "crosses_fire_wall",
    "firm",
    "legacy_id",
    "note",
)


@dataclass(frozen=True)
class Ends:
    """The records at both ends of a run, as far as there are any."""

    distributor: Distributor | None = None
    access_point: AccessPoint | None = None
    outlet: Outlet | None = None

    def place(self) -> tuple[Floor, int | None]:
        """Give floor and wing where the run counts.

        Raises
        ------
        InvalidInput
            The run has no end at all.
        """
        end = self.access_point or self.outlet or self.distributor
        if end is None:
            raise InvalidInput(
                Problem(
                    msg("A cable run has at least one end."),
                    msg("Choose a distributor, an access point or an outlet."),
                    field="distributor",
                )
            )
        return end.floor, end.wing_id


def check_values(values: CableRunValues) -> None:
    """Refuse values that no run can have.

    Raises
    ------
    InvalidInput
        One problem for each field.
    """
    problems = []
    for field in ("length_planned_m", "length_actual_m"):
        length_m = getattr(values, field)
        if length_m is not None and not 0 < length_m <= LONGEST_RUN_M:
            message = msg(
                "This must lie between %(low)g and %(high)g.", low=0.1, high=LONGEST_RUN_M
            )
            problems.append(Problem(message, field=field, value=f"{length_m:g}"))
    for field, choices in (("category", CABLE_CATEGORIES), ("test_limit", TEST_LIMITS)):
        value = getattr(values, field)
        if value not in choices:
            message = msg("Choose one of: %(choices)s.", choices=", ".join(choices))
            problems.append(Problem(message, field=field, value=value))
    if values.access_point and values.outlet:
        problems.append(
            Problem(
                msg("A cable run ends at an access point or at an outlet, not at both."),
                msg("Leave one of the two empty."),
                field="outlet",
                value=values.outlet,
            )
        )
    if values.panel_port and not values.distributor:
        problems.append(
            Problem(
                msg("A panel port needs its distributor."),
                msg("Choose the distributor, or leave the port empty."),
                field="panel_port",
                value=values.panel_port,
            )
        )
    if problems:
        raise InvalidInput(*problems)


def find_ends(session: Session, actor: Actor, values: CableRunValues, run: CableRun | None) -> Ends:
    """Give the records at both ends; one that is out of scope may only stay where it is.

    Raises
    ------
    InvalidInput
        A code is unknown or out of scope.
    """
    kept = Ends() if run is None else Ends(run.distributor, run.access_point, run.outlet)
    distributor, point, outlet = kept.distributor, kept.access_point, kept.outlet
    if values.distributor != (distributor.code if distributor else ""):
        distributor = _choose_distributor(session, actor, values.distributor)
    if values.access_point != (point.code if point else ""):
        point = _choose_point(session, actor, values.access_point)
    if values.outlet != (outlet.code if outlet else ""):
        outlet = _choose_outlet(session, actor, values.outlet)
    return Ends(distributor, point, outlet)


def _unknown_end(field: str, value: str, message: Message) -> InvalidInput:
    return InvalidInput(
        Problem(
            message, msg("Choose one from the list, or add it first."), field=field, value=value
        )
    )


def _choose_distributor(session: Session, actor: Actor, code: str) -> Distributor | None:
    if not code:
        return None
    for item in part_queries.load_distributors(session, scope_pairs(actor, Action.SEE_CABLING)):
        if item.code == code:
            return item
    raise _unknown_end("distributor", code, msg("There is no such distributor."))


def _choose_outlet(session: Session, actor: Actor, code: str) -> Outlet | None:
    if not code:
        return None
    for item in part_queries.load_outlets(session, scope_pairs(actor, Action.SEE_CABLING)):
        if item.code == code:
            return item
    raise _unknown_end("outlet", code, msg("There is no such outlet."))


def _choose_point(session: Session, actor: Actor, code: str) -> AccessPoint | None:
    if not code:
        return None
    point = point_queries.get_by_codes(session, [code]).get(code)
    if point is None or not actor.can(
        Action.SEE_ACCESS_POINTS, point.floor.building_id, point.wing_id
    ):
        raise _unknown_end("access_point", code, msg("There is no such access point."))
    return point


def make_label(session: Session, ends: Ends, panel_port: str) -> str:
    """Give a run's label: distributor and panel port, else the next number at one of its ends."""
    if ends.distributor is not None and panel_port:
        tidy = re.sub(r"[^\w.]+", "-", panel_port).strip("-")
        return f"{ends.distributor.code}-{tidy}"
    end = ends.distributor or ends.access_point or ends.outlet
    prefix = f"{end.code if end else ''}-K"
    return f"{prefix}{next_number(queries.list_labels(session, prefix), prefix):02d}"


def require_free_label(session: Session, label: str) -> None:
    """Refuse a label that another run has.

    Raises
    ------
    InvalidInput
        It is taken.
    """
    if queries.get_by_labels(session, [label]):
        raise InvalidInput(
            Problem(
                msg("This label is taken."),
                msg("Choose another label, or leave it empty to get one."),
                field="label",
                value=label,
            )
        )


def require_free_panel_port(
    session: Session,
    actor: Actor,
    distributor: Distributor | None,
    panel_port: str,
    run: CableRun | None,
) -> None:
    """Refuse a panel port on which another run is.

    Raises
    ------
    InvalidInput
        Names the run that is there, if the actor may know of it.
    """
    if distributor is None or not panel_port:
        return
    other = queries.get_on_panel(session, distributor.id, panel_port)
    if other is not None and (run is None or other.id != run.id):
        raise taken_panel_port(actor, other, "panel_port", panel_port)


def taken_panel_port(actor: Actor, other: CableRun, field: str, value: str) -> InvalidInput:
    """Give the refusal of a panel port on which another run is; its floor must be loaded."""
    if run_sight.sees_inside(actor, other):
        message = msg("Run %(label)s is on this panel port.", label=other.label)
    else:
        message = msg("A cable run outside your area is on this port.")
    return InvalidInput(Problem(message, msg("Choose a free port."), field=field, value=value))


def find_free_port(
    session: Session, actor: Actor, name: str, run: CableRun | None
) -> SwitchPort | None:
    """Give the switch port of a name such as ``RH-EV3.1-SW1/12``; None for an empty name.

    Raises
    ------
    InvalidInput
        There is no such port, or another run is on it.
    """
    if not name:
        return None
    if run is not None and run.switch_port is not None:
        kept = run.switch_port
        if name == f"{kept.switch.code}/{kept.name}":
            return kept
    switch, _, port_name = name.strip().partition("/")
    port = part_queries.find_port(session, switch.strip(), port_name.strip())
    place = port.switch.distributor if port else None
    if (
        port is None
        or place is None
        or not actor.can(Action.SEE_CABLING, place.floor.building_id, place.wing_id)
    ):
        raise InvalidInput(
            Problem(
                msg("There is no such switch port."),
                msg("Write switch/port such as RH-EV3.1-SW1/12."),
                field="switch_port",
                value=name,
            )
        )
    other = port.cable_run
    if other is not None and (run is None or other.id != run.id):
        message = msg("Run %(label)s is on this switch port.", label=other.label)
        if not run_sight.sees_inside(actor, other):
            message = msg("A cable run outside your area is on this port.")
        raise InvalidInput(
            Problem(
                message,
                msg("Choose a free port."),
                field="switch_port",
                value=name,
            )
        )
    return port


def assign_port(session: Session, run: CableRun, port: SwitchPort | None) -> None:
    """Put a run on a switch port, or on none; the old port is free before the new one is taken."""
    if run.switch_port is port:
        return
    if run.switch_port is not None:
        run.switch_port = None
        session.flush()
    if port is not None:
        run.switch_port = port


def set_ends(run: CableRun, ends: Ends, panel_port: str) -> None:
    """Set both ends and the place that follows from them."""
    run.distributor, run.panel_port = ends.distributor, panel_port or None
    run.access_point, run.outlet = ends.access_point, ends.outlet
    run.distributor_id = ends.distributor.id if ends.distributor else None
    run.access_point_id = ends.access_point.id if ends.access_point else None
    run.outlet_id = ends.outlet.id if ends.outlet else None
    place_run(run, *ends.place())


def require_firm_of_order(order: Order | None, firm: str) -> None:
    """Refuse a firm other than that of the order to which a run belongs.

    Raises
    ------
    InvalidInput
        Names the order.
    """
    if order is None or firm.strip() == order.firm:
        return
    raise InvalidInput(
        Problem(
            msg("This run is in order %(code)s of %(firm)s.", code=order.code, firm=order.firm),
            msg("Take it out of the order first, or change the order's firm."),
            field="firm",
            value=firm,
        )
    )
