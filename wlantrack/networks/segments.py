"""Rules W08, W09 and W12: no visitor gets from the visitor networks into another.

Decides that visitors share no VLAN, subnet or zone with any other class, and that no path leads
them to an internal, management or critical segment. A segment of the building technology may be
opened to them by a flow on purpose (a screen in a meeting room); paths through it count.
"""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

from wlantrack.errors import Message, msg
from wlantrack.networks.encryption import NETWORK_CLASS
from wlantrack.networks.findings import (
    PLAN,
    Judgement,
    Result,
    fails,
    lacks,
    passes,
    weigh,
)
from wlantrack.networks.paths import (
    FAMILIES,
    Path,
    find_paths,
    list_certain_steps,
    list_possible_steps,
)
from wlantrack.networks.plan import (
    MANAGEMENT,
    VISITOR,
    NetworkPlan,
    Outlet,
    Segment,
    Subject,
    SwitchPort,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PROTECTED = frozenset({"internal", MANAGEMENT, "critical"})
"""Classes that no path may lead a visitor to."""

OPEN_TO_VISITORS = frozenset({VISITOR, "building"})
"""Classes that a path may lead to; of any other class, or none, that is not known."""

FAMILY_WORDS = {"v4": "IPv4", "v6": "IPv6"}
SEGMENTS = msg("network segments")
LINK_LOCAL = ipaddress.IPv6Network("fe80::/10")


def read_subnet(text: str) -> ipaddress.IPv6Network | None:
    """Read a subnet of either family into one space, or give None where it says nothing.

    IPv4 becomes IPv4-mapped IPv6 (RFC 4291, 2.5.5.2), so that ``::ffff:10.1.0.0/112`` is seen to
    be ``10.1.0.0/16``. Host bits are dropped. What is on every link anyway (``fe80::/10``, and
    addresses with an interface after ``%``) tells no two segments apart.
    """
    if "%" in text:
        return None
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None
    if isinstance(network, ipaddress.IPv4Network):
        mapped = f"::ffff:{network.network_address}/{96 + network.prefixlen}"
        return ipaddress.IPv6Network(mapped)
    return None if network.subnet_of(LINK_LOCAL) else network


def judge_sharing(plan: NetworkPlan) -> Iterator[Judgement]:
    """W08: a visitor segment has VLAN, subnets and zone to itself (NET.2.1.A7, NET.1.1.A4)."""
    if not plan.segments:
        yield lacks(PLAN, SEGMENTS)
    others = [item for item in plan.segments if item.network_class != VISITOR]
    for segment in (item for item in plan.segments if item.network_class in {VISITOR, ""}):
        subject = Subject("segment", segment.code)
        if not segment.network_class:
            yield lacks(subject, NETWORK_CLASS)
            continue
        known = [item for item in others if item.network_class]
        shared = [(other, fault) for other in known for fault in _list_shared(segment, other)]
        judgement = weigh(
            subject,
            faults=[fault for _, fault in shared],
            gaps=_list_gaps(segment, known),
            advice=msg("Give the visitor network a VLAN, subnets and a zone of its own."),
            evidence=msg("It shares no VLAN, subnet or zone with another class."),
        )
        touched = sorted({Subject("segment", other.code) for other, _ in shared})
        yield replace(judgement, concerns=tuple(touched))


def judge_paths(plan: NetworkPlan) -> Iterator[Judgement]:
    """W09: nothing that is allowed leads a visitor to a protected segment (NET.2.1.A9).

    A segment that a path ends in without being described counts as not known. Where it is not
    attested that the firewall denies by default, each step needs a flow that denies it.
    """
    if not plan.segments:
        yield lacks(PLAN, SEGMENTS)
    classes = {item.code: item.network_class for item in plan.segments}
    codes = tuple(classes)
    default = plan.denies_by_default
    certain = {
        family: list_certain_steps(plan.flows, family, codes, denies_by_default=default)
        for family in FAMILIES
    }
    possible = {
        family: list_possible_steps(plan.flows, family, codes, denies_by_default=default)
        for family in FAMILIES
    }
    for segment in plan.segments:
        if segment.network_class not in {VISITOR, ""}:
            continue
        subject = Subject("segment", segment.code)
        if not segment.network_class:
            yield lacks(subject, NETWORK_CLASS)
            continue
        open_paths = {family: find_paths(certain[family], segment.code) for family in FAMILIES}
        found = list(_list_open(subject, open_paths, classes))
        yield from found
        if not found:
            doubtful = {family: find_paths(possible[family], segment.code) for family in FAMILIES}
            yield _judge_doubts(subject, doubtful, classes)


def judge_management(plan: NetworkPlan) -> Iterator[Judgement]:
    """W12: devices are managed in a segment of their own, out of reach from the air and the wall.

    On the uplink of an access point the management segment is untagged as a rule: that is no
    fault.
    """
    if not plan.segments:
        yield lacks(PLAN, SEGMENTS)
        return
    management = {item.code for item in plan.segments if item.network_class == MANAGEMENT}
    yield _judge_presence(plan, management)
    for code in sorted(management):
        users = tuple(
            ssid.name or ssid.code
            for ssid in plan.ssids
            if ssid.vlan == code and ssid.state != "retired"
        )
        yield weigh(
            Subject("segment", code),
            faults=[msg("SSIDs lead into it: %(ssids)s.", ssids=users)] if users else [],
            gaps=[],
            advice=msg("Put these SSIDs on another VLAN."),
            evidence=msg("No SSID leads into it."),
        )
    ports = {port.code: port for port in plan.switch_ports}
    for outlet in plan.outlets:
        if not outlet.access_point and outlet.is_public is not False:
            yield _judge_outlet(outlet, ports, management)


def _judge_presence(plan: NetworkPlan, management: set[str]) -> Judgement:
    is_classless = any(not item.network_class for item in plan.segments)
    return weigh(
        PLAN,
        faults=[] if management or is_classless else [msg("There is no management VLAN.")],
        gaps=[] if management else [NETWORK_CLASS],
        advice=msg("Plan a VLAN of the class management for access points and switches."),
        evidence=msg("Management VLANs: %(vlans)s.", vlans=tuple(sorted(management))),
    )


def _judge_outlet(
    outlet: Outlet, ports: Mapping[str, SwitchPort], management: set[str]
) -> Judgement:
    subject = Subject("outlet", outlet.code)
    if outlet.switch_port == "":
        return passes(subject, msg("It is patched to no switch."))
    port = ports.get(outlet.switch_port or "")
    untagged = None if port is None else port.untagged_vlan
    if untagged is None:
        return lacks(subject, msg("untagged VLAN of its switch port"))
    if untagged not in management:
        return passes(subject, msg("No management VLAN is untagged on it."))
    if outlet.is_public is None:
        return lacks(subject, msg("whether visitors reach it"))
    return fails(
        subject,
        msg("Visitors reach this outlet, and VLAN %(vlan)s is untagged on it.", vlan=untagged),
        msg("Take the management VLAN off this port, or unplug the outlet."),
    )


def _list_shared(segment: Segment, other: Segment) -> Iterator[Message]:
    if segment.vid is not None and segment.vid == other.vid:
        yield msg("It shares VLAN %(vid)s with %(other)s.", vid=segment.vid, other=other.code)
    for mine, theirs in product(_list_subnets(segment), _list_subnets(other)):
        networks = read_subnet(mine), read_subnet(theirs)
        if networks[0] and networks[1] and networks[0].overlaps(networks[1]):
            yield msg(
                "Its subnet %(mine)s overlaps %(theirs)s of %(other)s.",
                mine=mine,
                theirs=theirs,
                other=other.code,
            )
    zone = segment.zone.strip().casefold()
    if zone and zone == other.zone.strip().casefold():
        yield msg(
            "It shares the zone %(zone)s with %(other)s.", zone=segment.zone, other=other.code
        )


def _list_subnets(segment: Segment) -> tuple[str, ...]:
    return tuple(text for text in (segment.subnet_v4, segment.subnet_v6) if text.strip())


def _list_gaps(segment: Segment, others: Sequence[Segment]) -> list[Message]:
    """Name what is not known of a segment, or of one that it is compared with."""
    return [
        msg("%(field)s of %(segment)s", field=field, segment=item.code)
        for item in ((segment, *others) if others else ())
        for field in _list_empty(item)
    ]


def _list_empty(segment: Segment) -> Iterator[Message]:
    if segment.vid is None:
        yield msg("VLAN id")
    for family, text in (("v4", segment.subnet_v4), ("v6", segment.subnet_v6)):
        # A family that is known not to be routed needs no subnet; what is written has to be one.
        is_needed = segment.family in {family, "both", ""}
        if (text.strip() or is_needed) and read_subnet(text) is None:
            yield msg("%(family)s subnet", family=FAMILY_WORDS[family])
    if not segment.zone.strip():
        yield msg("zone")


def _list_open(
    subject: Subject, paths: Mapping[str, Mapping[str, Path]], classes: Mapping[str, str]
) -> Iterator[Judgement]:
    """Give one failure for each protected segment and each way into it."""
    found: dict[Path, list[str]] = {}
    for family in FAMILIES:
        for target, path in sorted(paths[family].items()):
            if classes.get(target) in PROTECTED:
                found.setdefault(path, []).append(FAMILY_WORDS[family])
    for path, families in found.items():
        way = " → ".join(path.segments)
        evidence = (
            msg(
                "%(path)s is open over %(families)s (%(flows)s).",
                path=way,
                families=tuple(families),
                flows=path.flows,
            )
            if path.flows
            else msg(
                "%(path)s is open over %(families)s: no flow denies it.",
                path=way,
                families=tuple(families),
            )
        )
        yield replace(
            fails(subject, evidence, msg("Deny one step of this path for all services.")),
            concerns=tuple(Subject("segment", code) for code in path.segments),
        )


def _judge_doubts(
    subject: Subject, paths: Mapping[str, Mapping[str, Path]], classes: Mapping[str, str]
) -> Judgement:
    """Give unknown while a path cannot be ruled out, and name the first."""
    for family in FAMILIES:
        for target, path in sorted(paths[family].items()):
            if classes.get(target) not in OPEN_TO_VISITORS:
                return Judgement(
                    subject,
                    Result.UNKNOWN,
                    msg(
                        "Whether %(path)s is open over %(family)s is not known.",
                        path=" → ".join(path.segments),
                        family=FAMILY_WORDS[family],
                    ),
                    msg(
                        "Enter a flow that denies it, or attest that the firewall denies what no "
                        "flow allows."
                    ),
                )
    return passes(subject, msg("No path leads from it to a protected segment."))
