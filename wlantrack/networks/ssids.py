"""Rules W10, W11 and W13 to W16: what visitors meet, names, owners, and what is still on air."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wlantrack.errors import Message, msg
from wlantrack.networks.encryption import NETWORK_CLASS, SECURITY, list_active, name_security
from wlantrack.networks.findings import PLAN, Judgement, lacks, weigh
from wlantrack.networks.plan import VISITOR, NetworkPlan, Ssid, Subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_PER_RADIO = 4
"""Each further SSID sends beacons at the lowest rate and takes air time from all."""

FACTORY_NAMES = re.compile(
    r"(fritz!?box|linksys|netgear|d-?link|tp-link|asus|belkin|huawei|speedport|easybox|vodafone"
    r"|o2-wlan|telekom|unitymedia|zyxel|mikrotik|ubnt|unifi|cisco|aruba|setmeup|wlan|wifi|wi-fi"
    r"|wireless|default|admin|setup|guest|ssid|test)([ _-]?(?=[0-9a-f]*\d)[0-9a-f]+|[ _-]?\d[\w. -]*)?",
    re.IGNORECASE,
)
"""Whole names as devices come with them: a maker's or a general word, with or without a number."""

TECHNOLOGY_WORDS = (
    "802.1x",
    "aruba",
    "bsi",
    "cisco",
    "eap",
    "fortinet",
    "iot",
    "legacy",
    "meraki",
    "mgmt",
    "mikrotik",
    "owe",
    "psk",
    "radius",
    "ruckus",
    "scada",
    "sps",
    "unifi",
    "vlan",
    "vpn",
    "wep",
    "wpa",
)
NAME = msg("name of the SSID")
ON_AIR = msg("where SSIDs are on air")


def judge_isolation(plan: NetworkPlan) -> Iterator[Judgement]:
    """W10: one visitor's device does not see another's."""
    for ssid, subject in _list_visitor(plan):
        if not ssid.network_class:
            if ssid.is_isolated is not True:
                yield lacks(subject, NETWORK_CLASS)
            continue
        yield weigh(
            subject,
            faults=[msg("Clients see each other.")] if ssid.is_isolated is False else [],
            gaps=[msg("client isolation")] if ssid.is_isolated is None else [],
            advice=msg("Switch client isolation on."),
            evidence=msg("Clients do not see each other."),
        )


def judge_visitor_access(plan: NetworkPlan) -> Iterator[Judgement]:
    """W11: visitors surf encrypted, and are told what happens to their data.

    A missing version of the privacy notice is a failure, not a gap. An exemption covers the
    missing encryption alone.
    """
    for ssid, subject in _list_visitor(plan):
        if not ssid.network_class:
            yield lacks(subject, NETWORK_CLASS)
            continue
        faults = list(_list_portal_faults(ssid))
        is_exemptable = not faults
        if ssid.security == "open":
            faults.insert(0, name_security(ssid))
        gaps = [] if ssid.security else [SECURITY]
        if ssid.has_portal is None and not ssid.portal_url:
            gaps.append(msg("whether there is a portal"))
        elif ssid.has_portal and not ssid.portal_url:
            gaps.append(msg("address of the portal"))
        judgement = weigh(
            subject,
            faults=faults,
            gaps=gaps,
            advice=msg(
                "Offer OWE, serve the portal over https, and enter the version of the privacy notice."
            ),
            evidence=name_security(ssid),
        )
        yield replace(judgement, is_exemptable=is_exemptable)


def judge_description(plan: NetworkPlan) -> Iterator[Judgement]:
    """W13: somebody answers for each SSID, and its name is no factory setting (NET.2.1.A5).

    An empty field is what this rule is about, so it fails; only a missing name is not known.
    """
    segments = {item.code for item in plan.segments}
    for ssid, subject in list_active(plan):
        empty = tuple(
            word
            for word, is_there in (
                (msg("owner"), ssid.owner.strip()),
                (msg("purpose"), ssid.purpose.strip()),
                (msg("protection need"), ssid.protection_need),
                (msg("VLAN"), ssid.vlan in segments),
            )
            if not is_there
        )
        faults = [msg("Empty: %(fields)s.", fields=empty)] if empty else []
        if FACTORY_NAMES.fullmatch(ssid.name.strip()):
            faults.append(msg("%(name)s is a factory name.", name=ssid.name))
        yield weigh(
            subject,
            faults=faults,
            gaps=[] if ssid.name.strip() else [NAME],
            advice=msg("Fill in the empty fields, and give it a name of its own."),
            evidence=msg("Owner, purpose, protection need and VLAN are there."),
        )


def judge_names(plan: NetworkPlan) -> Iterator[Judgement]:
    """W14: a name tells strangers nothing about whose, where and how."""
    for ssid, subject in list_active(plan):
        words = (*(plan.organisation_words or ()), *(plan.place_words or ()), *TECHNOLOGY_WORDS)
        told = tuple(sorted({word for word in words if _holds(ssid.name, word)}))
        gaps = [] if ssid.name.strip() else [NAME]
        if plan.organisation_words is None:
            gaps.append(msg("names of the organisation"))
        if plan.place_words is None:
            gaps.append(msg("names of places"))
        yield weigh(
            subject,
            faults=[msg("Its name tells: %(words)s.", words=told)] if told else [],
            gaps=gaps,
            advice=msg("Choose a neutral name, if visitors need not recognise it."),
            evidence=msg("Its name tells neither organisation nor place nor technology."),
        )


def judge_radio_load(plan: NetworkPlan) -> Iterator[Judgement]:
    """W15: few SSIDs on each radio."""
    if plan.on_air is None:
        yield lacks(PLAN, ON_AIR)
        return
    radios: dict[tuple[str, int], set[str]] = {}
    for item in plan.on_air:
        radios.setdefault((item.access_point, item.slot), set()).add(item.ssid)
    loads = {len(ssids) for ssids in radios.values()}
    evidence = {load: msg("SSIDs on this radio: %(count)s.", count=load) for load in loads}
    advice = msg("Keep to %(count)s SSIDs on a radio.", count=MOST_PER_RADIO)
    for (point, slot), ssids in sorted(radios.items()):
        load = len(ssids)
        yield weigh(
            Subject("radio", f"{point}/{slot}"),
            faults=[evidence[load]] if load > MOST_PER_RADIO else [],
            gaps=[],
            advice=advice,
            evidence=evidence[load],
        )


def judge_ends(plan: NetworkPlan) -> Iterator[Judgement]:
    """W16: what is retired or past its last day is on air nowhere; without an end it may stay."""
    if plan.on_air is None:
        if plan.ssids:
            yield lacks(PLAN, ON_AIR)
        return
    for ssid in plan.ssids:
        points = tuple(
            sorted({item.access_point for item in plan.on_air if item.ssid == ssid.code})
        )
        faults: list[Message] = []
        if points and ssid.state == "retired":
            faults.append(msg("It is retired, but on air at: %(points)s.", points=points))
        elif points and ssid.ends_on is not None and ssid.ends_on < plan.as_of:
            faults.append(
                msg(
                    "It ended on %(date)s, but is on air at: %(points)s.",
                    date=ssid.ends_on,
                    points=points,
                )
            )
        yield weigh(
            Subject("ssid", ssid.code),
            faults=faults,
            gaps=[msg("state")] if points and not ssid.state else [],
            advice=msg("Take it off the air, or set a new last day."),
            evidence=msg("It is on air nowhere, or within its time."),
        )


def _list_visitor(plan: NetworkPlan) -> Iterable[tuple[Ssid, Subject]]:
    """Give the SSIDs that are for visitors, or may be."""
    return (pair for pair in list_active(plan) if pair[0].network_class in {VISITOR, ""})


def _list_portal_faults(ssid: Ssid) -> Iterator[Message]:
    if ssid.portal_url and urlsplit(ssid.portal_url.strip()).scheme.lower() != "https":
        yield msg("The portal %(url)s is not served over https.", url=ssid.portal_url)
    if not ssid.privacy_notice_version.strip():
        yield msg("No version of the privacy notice is entered.")


def _holds(name: str, word: str) -> bool:
    """Say whether a name holds a word: short ones stand alone, long ones stand anywhere."""
    name, word = name.casefold(), word.strip().casefold()
    if len(word) > 4:
        return word in name
    return bool(word) and re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W\d_])", name) is not None
