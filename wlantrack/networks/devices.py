"""Rules W17, W18, W21, W22, W24 and W25: whether a device is known, safe, supported and connected.

What has to be there before an access point serves people is judged in operation; there a thing
that is not recorded as done fails, for that is what those rules ask. A state that is not known
leaves the device unknown.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from wlantrack.errors import Message, msg
from wlantrack.networks.findings import Judgement, lacks, weigh
from wlantrack.networks.plan import (
    GONE_STATES,
    HARDENING_ITEMS,
    LIVE_STATES,
    MANAGEMENT,
    AccessPoint,
    NetworkPlan,
    Subject,
    SwitchPort,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RED_APPLIES_AFTER = date(2025, 8, 1)
"""Directive 2014/53/EU, article 3(3) d, e and f, by Delegated Regulation (EU) 2022/30."""

NOT_YET_BOUGHT = frozenset({"planned", "released", "ordered"})

LEAST_SOLIDS, LEAST_WATER = 5, 4
"""Digits of the IP class (IEC 60529) of a device outdoors: IP54, dust and splashing water."""

STATE = msg("state")
SERIAL = msg("serial number")

HARDENING_WORDS = {
    "credentials changed": msg("credentials changed"),
    "default names removed": msg("default names removed"),
    "firmware current": msg("firmware current"),
    "management encrypted": msg("management encrypted"),
    "unused services off": msg("unused services off"),
    "console closed": msg("console closed"),
}


def subject_of(point: AccessPoint) -> Subject:
    """Give an access point as a finding names it."""
    return Subject("access point", point.code)


def list_live(plan: NetworkPlan) -> Iterator[AccessPoint]:
    """Give the access points that serve people, or may do so because no state is known."""
    return (point for point in plan.access_points if point.state in LIVE_STATES | {""})


def judge_inventory(plan: NetworkPlan) -> Iterator[Judgement]:
    """W17: a device in operation is fully described, and none is entered twice (NET.2.1.A12).

    Two devices that are both there may not have one serial number or radio address; one that was
    removed may have lent them to its successor.
    """
    owners = _list_owners(plan)
    for point in plan.access_points:
        if point.state in GONE_STATES:
            continue
        faults = list(_list_twins(point, owners))
        empty = _list_empty(point)
        if empty and point.state in LIVE_STATES:
            faults.append(msg("Empty: %(fields)s.", fields=empty))
        yield weigh(
            subject_of(point),
            faults=faults,
            gaps=[] if point.state else [STATE],
            advice=msg("Complete the inventory, and correct what is entered twice."),
            evidence=msg("Nothing is missing and nothing is entered twice."),
        )


def judge_protection(plan: NetworkPlan) -> Iterator[Judgement]:
    """W18: what strangers or the weather can reach is protected from them (NET.2.1.A4)."""
    for point in plan.access_points:
        if point.state in GONE_STATES or (point.is_public is False and point.is_outdoor is False):
            continue
        # While it is not known where it hangs, its protection is none too little for sure.
        is_exposed = bool(point.is_public or point.is_outdoor)
        faults, gaps = [], []
        if point.is_outdoor is None:
            gaps.append(msg("whether it hangs outdoors"))
        if point.is_public is None:
            gaps.append(msg("whether the public reaches it"))
        if is_exposed and point.has_theft_protection is False:
            faults.append(msg("It has no theft protection."))
        if is_exposed and point.has_theft_protection is None:
            gaps.append(msg("theft protection"))
        if point.is_outdoor:
            _weigh_weather(point, faults, gaps)
        yield weigh(
            subject_of(point),
            faults=faults,
            gaps=gaps,
            advice=msg(
                "Add theft protection; outdoors also a housing of IP54 and surge protection."
            ),
            evidence=msg("It is protected as its place asks."),
        )


def judge_hardening(plan: NetworkPlan) -> Iterator[Judgement]:
    """W21: the hardening checklist is done before a device serves people (NET.2.1.A5)."""
    for point in list_live(plan):
        undone = tuple(
            HARDENING_WORDS[item] for item in HARDENING_ITEMS if point.hardening.get(item) is False
        )
        gaps = [HARDENING_WORDS[item] for item in HARDENING_ITEMS if item not in point.hardening]
        yield _weigh_live(
            point,
            faults=[msg("Not done: %(items)s.", items=undone)] if undone else [],
            gaps=gaps,
            advice=msg("Take it out of operation, or complete the checklist."),
            evidence=msg("The hardening checklist is complete."),
        )


def judge_support(plan: NetworkPlan) -> Iterator[Judgement]:
    """W22: a device is supported as long as it is used, and was declared safe when bought (RED 3(3)).

    What is not yet bought has no date of purchase, and none is missing.
    """
    for point in plan.access_points:
        if point.state in GONE_STATES:
            continue
        faults, gaps = [], [] if point.state else [STATE]
        end = point.support_ends_on
        if end is None:
            gaps.append(msg("end of support"))
        elif end < plan.as_of and point.state not in NOT_YET_BOUGHT | {""}:
            faults.append(msg("Support ended on %(date)s.", date=end))
        elif point.used_until is None:
            gaps.append(msg("planned end of use"))
        elif end < point.used_until:
            faults.append(
                msg("Support ends on %(date)s, use on %(until)s.", date=end, until=point.used_until)
            )
        if point.state not in NOT_YET_BOUGHT:
            _weigh_purchase(point, faults, gaps)
        yield weigh(
            subject_of(point),
            faults=faults,
            gaps=gaps,
            advice=msg(
                "Plan its replacement, or get the manufacturer's declaration of conformity."
            ),
            evidence=msg("It is supported as long as it is used."),
        )


def judge_revocation(plan: NetworkPlan) -> Iterator[Judgement]:
    """W24: a lost or stolen device is locked out: its keys and certificates revoked (NET.2.1.A8).

    A revocation that is not recorded, or is to come, fails.
    """
    for point in plan.access_points:
        if point.state not in {"lost", ""}:
            continue
        is_revoked = point.revoked_on is not None and point.revoked_on <= plan.as_of
        faults = [] if is_revoked else [msg("It is lost, and no revocation is recorded.")]
        yield weigh(
            subject_of(point),
            faults=faults if point.state else [],
            gaps=[] if point.state else [STATE],
            advice=msg("Revoke its keys and certificates at the controller, and enter the date."),
            evidence=msg("Its access was revoked on %(date)s.", date=point.revoked_on),
        )


def judge_connection(plan: NetworkPlan) -> Iterator[Judgement]:
    """W25: in operation, link and power were tested and the uplink reaches the management."""
    ports = {port.code: port for port in plan.switch_ports}
    management = {item.code for item in plan.segments if item.network_class == MANAGEMENT}
    for point in list_live(plan):
        faults: list[Message] = []
        gaps: list[Message] = []
        if point.link_tested_on is None or point.link_tested_on > plan.as_of:
            faults.append(msg("No link test is recorded."))
        port = ports.get(point.switch_port)
        if port is None:
            gaps.append(msg("switch port"))
        else:
            _weigh_power(point, port, faults, gaps)
            _weigh_uplink(port, management, faults, gaps)
        yield _weigh_live(
            point,
            faults=faults,
            gaps=gaps,
            advice=msg("Test the link, and give the port the PoE class and VLANs that it needs."),
            evidence=msg("Link tested, PoE sufficient, management on the uplink."),
        )


def _weigh_live(
    point: AccessPoint,
    *,
    faults: list[Message],
    gaps: list[Message],
    advice: Message,
    evidence: Message,
) -> Judgement:
    """Judge what is asked in operation only: without a state nothing is wrong for sure."""
    if not point.state:
        return lacks(subject_of(point), STATE)
    return weigh(subject_of(point), faults=faults, gaps=gaps, advice=advice, evidence=evidence)


def _list_empty(point: AccessPoint) -> tuple[Message, ...]:
    fields = (
        (msg("model"), point.model.strip()),
        (SERIAL, point.serial.strip()),
        (msg("MAC address"), point.mac.strip()),
        (msg("floor"), point.floor.strip()),
        (msg("position"), point.position_xy_m),
    )
    return tuple(word for word, value in fields if not value)


def _list_addresses(point: AccessPoint) -> set[tuple[str, str]]:
    """Give serial number and radio addresses in one spelling, each with its kind."""
    macs = {re.sub(r"[^0-9a-f]", "", text.casefold()) for text in (point.mac, *point.bssids)}
    serial = point.serial.strip().casefold()
    return {("mac", mac) for mac in macs if mac} | ({("serial", serial)} if serial else set())


def _list_owners(plan: NetworkPlan) -> Mapping[tuple[str, str], list[str]]:
    owners: dict[tuple[str, str], list[str]] = {}
    for point in plan.access_points:
        if point.state not in GONE_STATES:
            for address in sorted(_list_addresses(point)):
                owners.setdefault(address, []).append(point.code)
    return owners


def _list_twins(
    point: AccessPoint, owners: Mapping[tuple[str, str], list[str]]
) -> Iterator[Message]:
    for kind, word in (("serial", SERIAL), ("mac", msg("MAC address or BSSID"))):
        twins = {
            code
            for address in _list_addresses(point)
            if address[0] == kind
            for code in owners[address]
        } - {point.code}
        if twins:
            yield msg("Same %(field)s as: %(points)s.", field=word, points=tuple(sorted(twins)))


def _weigh_weather(point: AccessPoint, faults: list[Message], gaps: list[Message]) -> None:
    digits = re.fullmatch(r"IP\s*([0-6X])([0-9X])[A-Z]*", point.ip_class.strip().upper())
    if digits is None:
        gaps.append(msg("IP class"))
    else:
        # X says that this digit was not tested.
        solids, water = (int(digit.replace("X", "0")) for digit in digits.groups())
        if solids < LEAST_SOLIDS or water < LEAST_WATER:
            faults.append(
                msg("Its housing has %(ip_class)s, not IP54.", ip_class=point.ip_class.strip())
            )
    if point.has_surge_protection is None:
        gaps.append(msg("surge protection"))
    elif not point.has_surge_protection:
        faults.append(msg("It has no surge protection."))


def _weigh_purchase(point: AccessPoint, faults: list[Message], gaps: list[Message]) -> None:
    if point.has_red_declaration:
        return
    if point.purchased_on is None:
        gaps.append(msg("date of purchase"))
    elif point.purchased_on > RED_APPLIES_AFTER:
        if point.has_red_declaration is None:
            gaps.append(msg("declaration after RED 3(3)"))
        elif point.state:
            faults.append(
                msg(
                    "Bought on %(date)s without a declaration after RED 3(3) d to f.",
                    date=point.purchased_on,
                )
            )


def _weigh_power(
    point: AccessPoint, port: SwitchPort, faults: list[Message], gaps: list[Message]
) -> None:
    if point.poe_class is None:
        gaps.append(msg("PoE class of the model"))
    elif port.poe_class is None:
        gaps.append(msg("PoE class of the switch port"))
    elif port.poe_class < point.poe_class:
        faults.append(
            msg(
                "The port gives PoE class %(given)s, the device draws %(needed)s.",
                given=port.poe_class,
                needed=point.poe_class,
            )
        )


def _weigh_uplink(
    port: SwitchPort, management: set[str], faults: list[Message], gaps: list[Message]
) -> None:
    if {port.untagged_vlan, *(port.tagged or ())} & management:
        return
    if port.untagged_vlan is None or port.tagged is None:
        gaps.append(msg("VLANs of the switch port"))
    else:
        faults.append(msg("Its uplink does not carry a management VLAN."))
