"""Rules W01 to W07: how what is sent on air is protected.

Every class but visitor counts as internal here: an open network of the building technology is no
better than an open office network. A retired SSID is not judged.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wlantrack.errors import Message, msg
from wlantrack.networks.findings import Judgement, lacks, weigh
from wlantrack.networks.plan import VISITOR, NetworkPlan, Ssid, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

SECURITY_WORDS: dict[str, Message | str] = {
    "open": msg("no encryption"),
    "owe": "OWE",
    "owe-transition": msg("OWE transition mode"),
    "wep": "WEP",
    "wpa1-psk": "WPA1-PSK",
    "wpa2-psk": "WPA2-PSK",
    "wpa2-wpa3-psk": msg("WPA2/WPA3-PSK transition mode"),
    "wpa3-sae": "WPA3-SAE",
    "wpa2-enterprise": "WPA2-Enterprise",
    "wpa2-wpa3-enterprise": msg("WPA2/WPA3-Enterprise transition mode"),
    "wpa3-enterprise": "WPA3-Enterprise",
    "wpa3-enterprise-192": "WPA3-Enterprise 192 bit",
}
WITHOUT_LOGIN = frozenset({"open", "owe", "owe-transition"})
ENTERPRISE = frozenset(key for key in SECURITY_WORDS if "enterprise" in key)
WITH_KEY = frozenset({"wpa1-psk", "wpa2-psk", "wpa2-wpa3-psk", "wpa3-sae"})
WITH_WPA2 = frozenset(key for key in SECURITY_WORDS if key.startswith("wpa2"))
WITH_PRESS_BUTTON = frozenset({"wpa1-psk", "wpa2-psk", "wpa2-wpa3-psk"})
"""What WPS can be switched on with."""
TRANSITIONS = frozenset({"owe-transition", "wpa2-wpa3-psk", "wpa2-wpa3-enterprise"})
MODERN = frozenset({"owe", "wpa3-sae", "wpa3-enterprise", "wpa3-enterprise-192"})

PMF_WORDS = {
    "off": msg("PMF is off."),
    "optional": msg("PMF is optional."),
    "required": msg("PMF is required."),
}

SHORTEST_KEY = 20
"""Characters of a pre-shared key (NET.2.1.A3)."""

SECURITY = msg("security")
PMF = msg("protected management frames (PMF)")
NETWORK_CLASS = msg("network class")


def list_active(plan: NetworkPlan) -> Iterator[tuple[Ssid, Subject]]:
    """Give the SSIDs that are not retired; one without a state counts.

    A security or PMF mode that nobody knows here is not known.
    """
    for ssid in plan.ssids:
        if ssid.state != "retired":
            security = ssid.security if ssid.security in SECURITY_WORDS else ""
            pmf = ssid.pmf if ssid.pmf in PMF_WORDS else ""
            yield replace(ssid, security=security, pmf=pmf), Subject("ssid", ssid.code)


def name_security(ssid: Ssid) -> Message:
    """Say in one sentence how an SSID is protected."""
    return msg("It uses %(security)s.", security=SECURITY_WORDS.get(ssid.security, "?"))


def judge_broken_methods(plan: NetworkPlan) -> Iterator[Judgement]:
    """W01: nothing that was broken long ago (NET.2.1.A3)."""
    for ssid, subject in list_active(plan):
        faults = []
        if ssid.security in {"wep", "wpa1-psk"}:
            faults.append(name_security(ssid))
        if ssid.uses_tkip:
            faults.append(msg("It allows TKIP."))
        if ssid.uses_wps:
            faults.append(msg("It allows WPS."))
        gaps = [] if ssid.security else [SECURITY]
        if ssid.uses_tkip is None and ssid.security in WITH_WPA2:
            gaps.append(msg("whether TKIP is on"))
        if ssid.uses_wps is None and ssid.security in WITH_PRESS_BUTTON:
            gaps.append(msg("whether WPS is on"))
        yield weigh(
            subject,
            faults=faults,
            gaps=gaps,
            advice=msg("Switch it to WPA3 or OWE, and switch TKIP and WPS off."),
            evidence=name_security(ssid),
        )


def judge_open_internal(plan: NetworkPlan) -> Iterator[Judgement]:
    """W02: nobody gets into an internal network without proving who they are."""
    for ssid, subject in _list_internal(plan):
        faults = [name_security(ssid)] if ssid.security in WITHOUT_LOGIN else []
        if faults and (ssid.has_portal or ssid.portal_url):
            faults.append(msg("A portal page protects nothing on air."))
        yield _weigh_internal(
            ssid, subject, faults, msg("Use WPA3-Enterprise, or make it a visitor network.")
        )


def judge_internal_login(plan: NetworkPlan) -> Iterator[Judgement]:
    """W03: each person or device logs in to an internal network with its own identity (802.1X)."""
    for ssid, subject in _list_internal(plan):
        faults = [name_security(ssid)] if ssid.security and ssid.security not in ENTERPRISE else []
        yield _weigh_internal(
            ssid, subject, faults, msg("Use WPA3-Enterprise with 802.1X, or ask for an exemption.")
        )


def judge_transitions(plan: NetworkPlan) -> Iterator[Judgement]:
    """W04: WPA2 and transition modes have an exemption and a date on which they end.

    WEP and WPA1 are left to W01. An exemption covers only what has a date still to come.
    """
    for ssid, subject in list_active(plan):
        if ssid.security in {"wep", "wpa1-psk"}:
            continue
        faults = []
        is_dated = ssid.migration_on is not None and ssid.migration_on >= plan.as_of
        if ssid.security in WITH_WPA2 | TRANSITIONS:
            faults = [name_security(ssid)]
            if ssid.migration_on is None:
                faults.append(msg("No date is set for the move to WPA3 or OWE."))
            elif not is_dated:
                faults.append(
                    msg("The move was to be done by %(date)s.", date=ssid.migration_on),
                )
        judgement = weigh(
            subject,
            faults=faults,
            gaps=[] if ssid.security else [SECURITY],
            advice=msg(
                "Move to WPA3 or OWE, or set a date for the move and ask for an exemption until then."
            ),
            evidence=name_security(ssid),
        )
        yield replace(judgement, is_exemptable=is_dated)


def judge_keys(plan: NetworkPlan) -> Iterator[Judgement]:
    """W05: keys are long, used once, and somebody attests it; no key is ever stored (NET.2.1.A3).

    An attestation of a day to come counts as none.
    """
    for ssid, subject in list_active(plan):
        if ssid.security and ssid.security not in WITH_KEY:
            continue
        faults = []
        if ssid.psk_length is not None and ssid.psk_length < SHORTEST_KEY:
            faults.append(msg("The key has %(length)s characters.", length=ssid.psk_length))
        if ssid.is_psk_unique is False:
            faults.append(msg("The key is used elsewhere too."))
        is_attested = ssid.psk_attested_on is not None and ssid.psk_attested_on <= plan.as_of
        gaps = [
            name
            for name, is_missing in (
                (SECURITY, not ssid.security),
                (msg("length of the key"), ssid.psk_length is None),
                (msg("whether the key is used once only"), ssid.is_psk_unique is None),
                (msg("attestation of the key"), not is_attested),
            )
            if is_missing
        ]
        yield weigh(
            subject,
            faults=faults if ssid.security else [],
            gaps=gaps if ssid.security else [SECURITY],
            advice=msg(
                "Set a key of its own of at least %(length)s characters.", length=SHORTEST_KEY
            ),
            evidence=msg(
                "Key of %(length)s characters, used once only, attested on %(date)s.",
                length=ssid.psk_length,
                date=ssid.psk_attested_on,
            ),
        )


def judge_management_frames(plan: NetworkPlan) -> Iterator[Judgement]:
    """W06: management frames are protected: always with WPA3 and OWE, and never off internally.

    A transition mode has to leave them optional for old devices, but may not switch them off.
    """
    for ssid, subject in list_active(plan):
        is_internal = ssid.network_class not in {VISITOR, ""}
        if ssid.security in MODERN:
            faults = [_name_pmf(ssid)] if ssid.pmf in {"off", "optional"} else []
        elif is_internal or ssid.security in TRANSITIONS:
            faults = [_name_pmf(ssid)] if ssid.pmf == "off" else []
        elif ssid.security and ssid.network_class:
            continue
        else:
            faults = []
        # Nothing can be said of a WPA2 network whose class is not known, unless PMF is required.
        gaps = [] if ssid.pmf else [PMF]
        if ssid.pmf != "required":
            gaps += [] if ssid.security else [SECURITY]
            gaps += [] if ssid.network_class or ssid.security in MODERN else [NETWORK_CLASS]
        yield weigh(
            subject,
            faults=faults,
            gaps=gaps,
            advice=msg("Set PMF to required; in a transition mode, to optional."),
            evidence=_name_pmf(ssid),
        )


def judge_6_ghz(plan: NetworkPlan) -> Iterator[Judgement]:
    """W07: 6 GHz takes WPA3 or OWE alone, with PMF required (Wi-Fi Alliance rules for 6 GHz)."""
    on_6 = {item.ssid for item in plan.on_air or () if item.band == "6"}
    for ssid, subject in list_active(plan):
        is_on_6 = True if ssid.code in on_6 else ssid.is_on_6
        if is_on_6 is False:
            continue
        faults = [name_security(ssid)] if ssid.security and ssid.security not in MODERN else []
        if ssid.pmf in {"off", "optional"}:
            faults.append(_name_pmf(ssid))
        gaps = [] if ssid.security else [SECURITY]
        gaps += [] if ssid.pmf else [PMF]
        if is_on_6 is None and (faults or gaps):
            faults, gaps = [], [msg("whether it is on air in 6 GHz"), *gaps]
        yield weigh(
            subject,
            faults=faults,
            gaps=gaps,
            advice=msg("Switch 6 GHz off for it, or use WPA3 or OWE alone with PMF required."),
            evidence=name_security(ssid),
        )


def _list_internal(plan: NetworkPlan) -> Iterator[tuple[Ssid, Subject]]:
    return (pair for pair in list_active(plan) if pair[0].network_class != VISITOR)


def _weigh_internal(
    ssid: Ssid, subject: Subject, faults: list[Message], advice: Message
) -> Judgement:
    """Judge an SSID that is internal, or may be: without a class a fault is none for sure."""
    gaps = [] if ssid.security else [SECURITY]
    if not ssid.network_class and (faults or gaps):
        return lacks(subject, NETWORK_CLASS, *gaps)
    return weigh(subject, faults=faults, gaps=gaps, advice=advice, evidence=name_security(ssid))


def _name_pmf(ssid: Ssid) -> Message:
    return PMF_WORDS.get(ssid.pmf, PMF)
