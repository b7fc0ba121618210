"""Milestones of the demo: the town hall's of 2021 as the council was told, and today's roll-out.

Decides nothing about rules. The dates of 2021 are those of the city's answer; what lies around the
real today is made up, and so is everything about other wings but that no date can be given.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from wlantrack.rollout.spoken_dates import parse_spoken
from wlantrack.store.models.milestones import (
    Baseline,
    BaselineEntry,
    ForecastSnapshot,
    Milestone,
    PlanLink,
)
from wlantrack.store.queries import demand as group_queries
from wlantrack.store.queries import milestones as queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.store.models.demand import RoomGroup
    from wlantrack.store.models.places import Building

GROUP: Final = "Fraktionsräume"
MARKET: Final = "MP"
_REASON: Final = "Sanierung der Besprechungsräume ist noch nicht terminiert"
MONTHS: Final = 5
_SLIPPED: Final = {
    f"RH-{MARKET}-MON2": (-1, -1, 0, 1, 2),
    f"RH-{MARKET}-INT": (1, 1, 1, 2, 3),
    f"RH-{MARKET}-ABN": (2, 2, 2, 3, 4),
}
"""Months from today for which something was forecast at each of the last month's ends."""
_OPERATIONS: Final = "hängt von den beantragten Stellen im Stellenplan ab"


def load_milestones(session: Session, now: datetime) -> None:
    """Add the milestones and their links, once."""
    building = place_queries.get_building_by_code(session, "RH")
    if building is None or queries.get_by_code(session, f"RH-{MARKET}-KAB") is not None:
        return
    today = now.date()
    past = _add_past(session, building)
    ahead = _add_ahead(building, today)
    session.add_all([*past, *ahead])
    session.flush()
    by_code = {milestone.code: milestone for milestone in (*past, *ahead)}
    session.add_all(_make_links(by_code))
    session.add(_make_baseline(by_code, today, now))
    session.add_all(_make_snapshots(by_code, today))
    session.commit()


def _add_past(session: Session, building: Building) -> list[Milestone]:
    """Make what the answer of September 2021 says of the town hall."""
    market = next(wing for wing in building.wings if wing.code == MARKET)
    group = _find_group(session, building)
    spring, autumn = parse_spoken("März 2021"), parse_spoken("Mitte September 2021")
    of_group = {"building_id": building.id, "room_group_id": group.id}
    of_wing = {"building_id": building.id, "wing_id": market.id}
    return [
        Milestone(
            code="WLAN-START",
            name="Besucher-WLAN: Beginn der schrittweisen Einrichtung",
            kind="access points mounted",
            forecast=parse_spoken("Q1/2021"),
            actual=parse_spoken("Q1/2021"),
            **of_group,
        ),
        Milestone(
            code=f"RH-{group.code}-BES",
            name="Fraktionsräume ausgestattet",
            kind="visitor WLAN live",
            forecast=spring,
            actual=spring,
            **of_group,
        ),
        Milestone(
            code=f"RH-{MARKET}-KAB",
            kind="cabling complete",
            forecast=parse_spoken("Sommer 2021"),
            actual=parse_spoken("August 2021"),
            **of_wing,
        ),
        Milestone(
            code=f"RH-{MARKET}-BES",
            kind="visitor WLAN live",
            forecast=autumn,
            actual=autumn,
            forecast_reason="nach der Sommerpause, im Zuge der Sanierung der Besprechungsräume",
            **of_wing,
        ),
    ]


def _find_group(session: Session, building: Building) -> RoomGroup:
    """Give the group of the council groups' rooms, which the demo has for its demand."""
    groups = group_queries.list_groups(session, [building.id])
    return next(group for group in groups if group.name == GROUP)


def _add_ahead(building: Building, today: date) -> list[Milestone]:
    """Make today's roll-out: the Marktplatz wing goes on, the other wings wait for cabling."""
    found = []
    for wing in building.wings:
        of_wing = {"building_id": building.id, "wing_id": wing.id}
        if wing.code == MARKET:
            found += _of_market(today, of_wing)
            continue
        found += [
            Milestone(
                code=f"RH-{wing.code}-KAB",
                kind="cabling complete",
                undated_reason=_REASON,
                **of_wing,
            ),
            Milestone(code=f"RH-{wing.code}-MON", kind="access points mounted", **of_wing),
            Milestone(code=f"RH-{wing.code}-BES", kind="visitor WLAN live", **of_wing),
        ]
    return [
        *found,
        Milestone(
            code="RH-BES",
            name="Besucher-WLAN im ganzen Rathaus",
            kind="visitor WLAN live",
            building_id=building.id,
        ),
        Milestone(code="RH-BET", kind="operations ready", building_id=building.id),
        Milestone(code="WLAN-BET", kind="operations ready", undated_reason=_OPERATIONS),
    ]


def _of_market(today: date, of_wing: dict[str, int]) -> list[Milestone]:
    return [
        Milestone(
            code=f"RH-{MARKET}-MON2",
            name="Access Points der Nachrüstung montiert",
            kind="access points mounted",
            forecast=_month(today, 2),
            forecast_reason="Lieferung der Access Points verzögert sich",
            **of_wing,
        ),
        Milestone(
            code=f"RH-{MARKET}-INT",
            kind="internal WLAN live",
            forecast=_month(today, 3),
            **of_wing,
        ),
        Milestone(code=f"RH-{MARKET}-ABN", kind="accepted", **of_wing),
    ]


def _make_baseline(by_code: dict[str, Milestone], today: date, now: datetime) -> Baseline:
    """Make the plan that was agreed half a year ago: what has slipped since was earlier then."""
    planned = dict.fromkeys(by_code)
    for code, milestone in by_code.items():
        planned[code] = milestone.actual or milestone.forecast
    for code, months in _SLIPPED.items():
        planned[code] = _month(today, months[0])
    return Baseline(
        name="Projektplan zur Nachrüstung",
        taken_at=now - timedelta(days=180),
        taken_by="manager",
        reason="mit Hochbau und Personalrat abgestimmt",
        entries=[
            BaselineEntry(
                milestone_uuid=milestone.public_id,
                code=code,
                planned=planned[code],
                undated_reason="" if planned[code] else milestone.undated_reason or _REASON,
            )
            for code, milestone in by_code.items()
        ],
    )


def _make_snapshots(by_code: dict[str, Milestone], today: date) -> list[ForecastSnapshot]:
    """Make what was forecast at the last month's ends: two slipped, the others had no date."""
    found = []
    ends = [today.replace(day=1) - timedelta(days=1)]
    while len(ends) < MONTHS:
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    for step, report_on in enumerate(reversed(ends)):
        for code, milestone in by_code.items():
            snapshot = ForecastSnapshot(milestone_uuid=milestone.public_id, report_on=report_on)
            snapshot.is_reached = milestone.actual is not None
            slipped = _SLIPPED.get(code)
            known = milestone.actual or milestone.forecast
            snapshot.forecast = _month(today, slipped[step]) if slipped else known
            if snapshot.forecast is None:
                snapshot.undated_reason = milestone.undated_reason or _REASON
            found.append(snapshot)
    return found


def _month(today: date, ahead: int) -> SpokenDate:
    month = today.month - 1 + ahead
    return parse_spoken(f"{month % 12 + 1:02}/{today.year + month // 12}")


def _make_links(by_code: dict[str, Milestone]) -> list[PlanLink]:
    """Let the wings' milestones follow one another, and the whole building wait for all wings."""
    wanted = [
        (f"RH-{MARKET}-KAB", f"RH-{MARKET}-BES", "FS", 10),
        (f"RH-{MARKET}-MON2", f"RH-{MARKET}-INT", "FS", 5),
        (f"RH-{MARKET}-INT", f"RH-{MARKET}-ABN", "FS", 20),
        ("RH-BES", "RH-BET", "FS", 10),
    ]
    for code in by_code:
        wing = code.removeprefix("RH-").removesuffix("-KAB")
        if code == f"RH-{wing}-KAB" and wing != MARKET:
            wanted += [
                (code, f"RH-{wing}-MON", "FS", 15),
                (f"RH-{wing}-MON", f"RH-{wing}-BES", "FS", 10),
                (f"RH-{wing}-BES", "RH-BES", "FS", 0),
            ]
    return [
        PlanLink(
            before_milestone_id=by_code[before].id,
            after_milestone_id=by_code[after].id,
            kind=kind,
            lag_days=lag_days,
        )
        for before, after, kind, lag_days in wanted
    ]
