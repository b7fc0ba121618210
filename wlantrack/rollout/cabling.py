"""What is wrong with a cable run as it is planned or built: length, ends, category, power.

Decides by tables of the standards; refuses to know records: callers pass plain facts. What is not
known is said to be unknown, never taken for good.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Message, msg

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True)
class PoeClass:
    """A power class: what the switch must give, and what reaches the device.

    Attributes
    ----------
    source_w
        Power that the port reserves, before the loss in the cable.
    device_w
        Power that the device may draw.
    """

    number: int
    standard: str
    source_w: float
    device_w: float


POE_CLASSES: Final[Mapping[int, PoeClass]] = {
    item.number: item
    for item in (
        PoeClass(0, "802.3af", 15.4, 12.95),
        PoeClass(1, "802.3af", 4.0, 3.84),
        PoeClass(2, "802.3af", 7.0, 6.49),
        PoeClass(3, "802.3af", 15.4, 12.95),
        PoeClass(4, "802.3at", 30.0, 25.5),
        PoeClass(5, "802.3bt", 45.0, 40.0),
        PoeClass(6, "802.3bt", 60.0, 51.0),
        PoeClass(7, "802.3bt", 75.0, 62.0),
        PoeClass(8, "802.3bt", 90.0, 71.3),
    )
}
"""IEEE 802.3-2022: clause 33 (classes 0 to 4) and clause 145 (classes 5 to 8)."""

LENGTH_LIMITS_M: Final[Mapping[str, float]] = {
    "permanent link": 90.0,
    "channel": 100.0,
    "MPTL": 90.0,
}
"""ISO/IEC 11801-1 and ANSI/TIA-568.2: longest copper run by the limit it is tested against."""

COPPER_SPEEDS_MBIT: Final[Mapping[str, int]] = {
    "5": 100,
    "5e": 2_500,
    "6": 5_000,
    "6A": 10_000,
    "7": 10_000,
    "7A": 10_000,
    "8.1": 10_000,
    "8.2": 10_000,
}
"""Fastest Ethernet of a copper category over its full length (IEEE 802.3, clauses 25, 126, 55).

Category 5 has 100 Mbit/s: the parameters that gigabit needs were only added with 5e. Category 8 is
faster than 10 Gbit/s up to 30 m only.
"""

NEEDS_DISTRIBUTOR: Final = frozenset({"terminated", "test failed", "tested", "patched", "accepted"})
"""States in which both ends of a run are on something."""

IN_USE: Final = frozenset({"patched", "accepted"})


class WarningKind(StrEnum):
    """What a warning is about; lists filter by it."""

    TOO_LONG = "too long"
    OPEN_END = "open end"
    NO_PANEL_PORT = "no panel port"
    NO_SWITCH_PORT = "no switch port"
    CATEGORY = "category"
    POE_CLASS = "PoE class"
    POE_UNKNOWN = "PoE unknown"
    POE_BUDGET = "PoE budget"
    NO_FREE_PORT = "no free port"


@dataclass(frozen=True)
class CableWarning:
    """One thing that somebody should look at: what, where, and what to do about it."""

    kind: WarningKind
    place: str
    message: Message
    remedy: Message


@dataclass(frozen=True)
class RunFacts:
    """What is known of a cable run.

    Attributes
    ----------
    distributor, panel_port, far_end, port
        What people call them; None while there is none. ``port`` is the switch's.
    poe_class
        Class that the access point at the far end needs; None if its model does not say.
    is_powered
        Whether the far end is an access point, fed through the cable.
    """

    label: str
    state: str
    category: str
    test_limit: str = "permanent link"
    length_planned_m: float | None = None
    length_actual_m: float | None = None
    distributor: str | None = None
    panel_port: str | None = None
    far_end: str | None = None
    is_powered: bool = False
    poe_class: int | None = None
    port: str | None = None
    port_poe_class: int | None = None
    port_speed_mbit: int | None = None

    @property
    def is_copper(self) -> bool:
        """Tell copper from fibre."""
        return self.category in COPPER_SPEEDS_MBIT

    @property
    def length_m(self) -> float | None:
        """Give the length as it was built, else as it is planned."""
        return self.length_planned_m if self.length_actual_m is None else self.length_actual_m


@dataclass(frozen=True)
class PortFacts:
    """A switch port: whether a run is on it, and the class of the access point there."""

    name: str
    is_taken: bool = False
    is_powered: bool = False
    poe_class: int | None = None


@dataclass(frozen=True)
class SwitchLoad:
    """How full a switch is: its ports, and its power budget.

    Attributes
    ----------
    budget_w
        None if nobody has said; 0 means that it feeds nothing.
    needed_w
        Sum over all ports of what their access points' classes reserve.
    unknown_ports
        Ports with an access point whose class is not known: the sum is at least this.
    """

    code: str
    port_count: int
    taken_count: int
    budget_w: float | None
    needed_w: float
    unknown_ports: tuple[str, ...] = ()

    @property
    def free_count(self) -> int:
        """Give the number of ports without a run."""
        return self.port_count - self.taken_count

    @property
    def is_short(self) -> bool:
        """Tell whether more power is needed than there is."""
        return self.budget_w is not None and self.needed_w > self.budget_w


def power_of(poe_class: int) -> float:
    """Give the power in watts that a port reserves for a class.

    Raises
    ------
    ValueError
        There is no such class.
    """
    if poe_class not in POE_CLASSES:
        message = f"there is no PoE class {poe_class}"
        raise ValueError(message)
    return POE_CLASSES[poe_class].source_w


def sum_up_switch(code: str, budget_w: float | None, ports: Iterable[PortFacts]) -> SwitchLoad:
    """Add up what the ports of a switch carry."""
    found = tuple(ports)
    powered = [port for port in found if port.is_powered]
    return SwitchLoad(
        code,
        len(found),
        sum(port.is_taken for port in found),
        budget_w,
        sum(power_of(port.poe_class) for port in powered if port.poe_class is not None),
        tuple(port.name for port in powered if port.poe_class is None),
    )


@dataclass(frozen=True)
class DistributorLoad:
    """How full a distributor is: its switches taken together, and the runs that still come.

    Attributes
    ----------
    total
        Ports and power of all its switches; the budget is unknown if that of one is.
    coming_count
        Runs that begin here and are on no switch port yet.
    """

    total: SwitchLoad
    coming_count: int

    @property
    def missing_count(self) -> int:
        """Give how many ports are missing once all its runs are patched."""
        return max(self.coming_count - self.total.free_count, 0)


def sum_up_distributor(
    code: str, switches: Iterable[SwitchLoad], coming_count: int
) -> DistributorLoad:
    """Add up the switches of a distributor."""
    loads = tuple(switches)
    budgets = [load.budget_w for load in loads]
    total = SwitchLoad(
        code,
        sum(load.port_count for load in loads),
        sum(load.taken_count for load in loads),
        None if None in budgets else sum(budget for budget in budgets if budget is not None),
        sum(load.needed_w for load in loads),
        tuple(f"{load.code}/{port}" for load in loads for port in load.unknown_ports),
    )
    return DistributorLoad(total, coming_count)


def check_run(run: RunFacts, load: SwitchLoad | None = None) -> tuple[CableWarning, ...]:
    """Give what is wrong with a run; ``load`` is that of the switch it is patched to.

    A decommissioned run has nothing that needs mending.
    """
    if run.state == "decommissioned":
        return ()
    found = (*_check_length(run), *_check_ends(run), *_check_category(run), *_check_power(run))
    if load is not None and load.is_short and run.is_powered:
        return (*found, _budget_warning(load))
    return found


def check_switch(load: SwitchLoad) -> tuple[CableWarning, ...]:
    """Give what is wrong with a switch: too little power, unknown needs, no free port."""
    found = [_budget_warning(load)] if load.is_short else []
    if load.unknown_ports:
        found.append(
            CableWarning(
                WarningKind.POE_UNKNOWN,
                load.code,
                msg(
                    "The PoE class of the access points on these ports is not known: %(ports)s.",
                    ports=load.unknown_ports,
                ),
                msg("Enter the PoE class of their models; until then the sum is too low."),
            )
        )
    if load.needed_w and load.budget_w is None:
        found.append(
            CableWarning(
                WarningKind.POE_UNKNOWN,
                load.code,
                msg(
                    "The PoE budget is not known; %(needed).1f W are needed.", needed=load.needed_w
                ),
                msg("Enter the budget from the switch's data sheet."),
            )
        )
    if load.port_count and not load.free_count:
        found.append(
            CableWarning(
                WarningKind.NO_FREE_PORT,
                load.code,
                msg("All %(count)d ports are taken.", count=load.port_count),
                msg("Free a port, or plan another switch, before the next run is patched."),
            )
        )
    return tuple(found)


def _check_length(run: RunFacts) -> tuple[CableWarning, ...]:
    limit_m = LENGTH_LIMITS_M[run.test_limit]
    if not run.is_copper or run.length_m is None or run.length_m <= limit_m:
        return ()
    is_built = run.length_actual_m is not None
    return (
        CableWarning(
            WarningKind.TOO_LONG,
            run.label,
            msg(
                "%(length).1f m were pulled; a copper run (%(test)s) may have %(limit)g m.",
                length=run.length_m,
                test=TEST_LIMIT_WORDS[run.test_limit],
                limit=limit_m,
            )
            if is_built
            else msg(
                "%(length).1f m are planned; a copper run (%(test)s) may have %(limit)g m.",
                length=run.length_m,
                test=TEST_LIMIT_WORDS[run.test_limit],
                limit=limit_m,
            ),
            msg("Choose a nearer distributor, or fibre with a converter."),
        ),
    )


def _check_ends(run: RunFacts) -> tuple[CableWarning, ...]:
    found = []
    if run.far_end is None:
        found.append(
            CableWarning(
                WarningKind.OPEN_END,
                run.label,
                msg("The far end is open: neither access point nor outlet is named."),
                msg("Enter where the cable ends."),
            )
        )
    if run.distributor is None:
        found.append(
            CableWarning(
                WarningKind.OPEN_END,
                run.label,
                msg("The near end is open: no distributor is named."),
                msg("Enter the distributor at which the cable begins."),
            )
        )
    elif run.panel_port is None and run.state in NEEDS_DISTRIBUTOR:
        found.append(
            CableWarning(
                WarningKind.NO_PANEL_PORT,
                run.label,
                msg("The run is terminated, but its panel port is not named."),
                msg("Enter the port of the patch panel."),
            )
        )
    if run.port is None and run.state in IN_USE:
        found.append(
            CableWarning(
                WarningKind.NO_SWITCH_PORT,
                run.label,
                msg("The run is patched, but nobody knows to which switch port."),
                msg("Enter the switch port, or set the run back to tested."),
            )
        )
    return tuple(found)


def _check_category(run: RunFacts) -> tuple[CableWarning, ...]:
    if not run.is_copper:
        if not run.is_powered:
            return ()
        return (
            CableWarning(
                WarningKind.CATEGORY,
                run.label,
                msg("Fibre (%(category)s) carries no power.", category=run.category),
                msg("Plan a power supply or an injector at the access point, or use copper."),
            ),
        )
    fastest = COPPER_SPEEDS_MBIT[run.category]
    if run.port_speed_mbit is None or run.port_speed_mbit <= fastest:
        return ()
    return (
        CableWarning(
            WarningKind.CATEGORY,
            run.label,
            msg(
                "Category %(category)s carries %(fastest)d Mbit/s; the port %(port)s has"
                " %(speed)d Mbit/s.",
                category=run.category,
                fastest=fastest,
                port=run.port or "?",
                speed=run.port_speed_mbit,
            ),
            msg("Use a higher category, or count on the lower speed."),
        ),
    )


def _check_power(run: RunFacts) -> tuple[CableWarning, ...]:
    if not run.is_powered or not run.is_copper or run.port is None:
        return ()
    if run.poe_class is None or run.port_poe_class is None:
        return (
            CableWarning(
                WarningKind.POE_UNKNOWN,
                run.label,
                msg("The PoE class of the access point's model is not known.")
                if run.poe_class is None
                else msg("The PoE class of the port %(port)s is not known.", port=run.port),
                msg("Enter it from the data sheet: without it nobody can say if the power lasts."),
            ),
        )
    if power_of(run.port_poe_class) >= power_of(run.poe_class):
        return ()
    return (
        CableWarning(
            WarningKind.POE_CLASS,
            run.label,
            msg(
                "The access point needs PoE class %(need)d (%(need_w)g W); the port %(port)s gives"
                " class %(given)d (%(given_w)g W).",
                need=run.poe_class,
                need_w=power_of(run.poe_class),
                port=run.port,
                given=run.port_poe_class,
                given_w=power_of(run.port_poe_class),
            ),
            msg("Patch it to a port of a higher class, or plan an injector."),
        ),
    )


def _budget_warning(load: SwitchLoad) -> CableWarning:
    return CableWarning(
        WarningKind.POE_BUDGET,
        load.code,
        msg(
            "The access points on switch %(switch)s need %(needed).1f W; its budget is"
            " %(budget).1f W.",
            switch=load.code,
            needed=load.needed_w,
            budget=load.budget_w,
        ),
        msg("Move access points to another switch, or add a power supply."),
    )


TEST_LIMIT_WORDS: Final[Mapping[str, Message]] = {
    "permanent link": msg("permanent link"),
    "channel": msg("channel"),
    "MPTL": msg("MPTL (plug at the device)"),
}
WARNING_WORDS: Final[Mapping[WarningKind, Message]] = {
    WarningKind.TOO_LONG: msg("too long"),
    WarningKind.OPEN_END: msg("end open"),
    WarningKind.NO_PANEL_PORT: msg("panel port missing"),
    WarningKind.NO_SWITCH_PORT: msg("switch port missing"),
    WarningKind.CATEGORY: msg("category does not fit"),
    WarningKind.POE_CLASS: msg("PoE class too low"),
    WarningKind.POE_UNKNOWN: msg("PoE not known"),
    WarningKind.POE_BUDGET: msg("PoE budget exceeded"),
    WarningKind.NO_FREE_PORT: msg("no free port"),
}
