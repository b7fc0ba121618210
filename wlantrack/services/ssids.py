"""SSIDs: find, add, change, delete, and move to a VLAN of another class on purpose.

Decides what is refused and what only warned of: a plan stores what the world has, and the
separation check judges it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.services import network_sight, networks, places
from wlantrack.services.actor import Action, Actor
from wlantrack.services.networks import NetworkFilter, Saved
from wlantrack.services.operation_watch import nothing_worse
from wlantrack.services.versions import require_version
from wlantrack.store.models.networks import (
    PMF_MODES,
    PROTECTION_NEEDS,
    SECURITIES,
    SSID_STATES,
    Ssid,
)
from wlantrack.store.queries import hotspots as hotspot_queries
from wlantrack.store.queries import networks as queries

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.services.network_plan import House
    from wlantrack.store.models.networks import Vlan
    from wlantrack.store.queries.networks import SsidRow
    from wlantrack.store.queries.paging import Page

NAME_BYTES = 32
KEY_LENGTHS = range(8, 64)
WITH_KEY = frozenset({"wpa1-psk", "wpa2-psk", "wpa2-wpa3-psk", "wpa3-sae"})
WITHOUT_PMF = frozenset({"open", "wep", "wpa1-psk"})
NEEDS_PMF = frozenset({"owe", "wpa3-sae", "wpa3-enterprise", "wpa3-enterprise-192"})
"""Also all that 6 GHz allows."""

BROKEN = frozenset({"wep", "wpa1-psk"})


@dataclass(frozen=True)
class SsidValues:
    """What people edit about an SSID; ``vlan`` by code or public id, of the SSID's class."""

    code: str
    name: str
    vlan: str
    security: str
    state: str = "planned"
    pmf: str = "optional"
    is_on_24: bool = True
    is_on_5: bool = True
    is_on_6: bool = False
    is_isolated: bool | None = None
    uses_wps: bool | None = None
    uses_tkip: bool | None = None
    has_portal: bool | None = None
    portal_url: str = ""
    privacy_notice_version: str = ""
    psk_length: int | None = None
    is_psk_unique: bool | None = None
    psk_attested_on: date | None = None
    migration_on: date | None = None
    owner: str = ""
    purpose: str = ""
    protection_need: str | None = None
    ends_on: date | None = None
    note: str = ""


PLAIN_FIELDS = tuple(
    field.name for field in fields(SsidValues) if field.name not in {"code", "vlan"}
)


def list_ssids(
    session: Session, actor: Actor, narrow: NetworkFilter, page: Page
) -> tuple[list[SsidRow], int]:
    """Give one page of the SSIDs that the actor may see, and how many match."""
    actor.require_somewhere(Action.SEE_NETWORKS)
    classes = network_sight.visible_classes(actor)
    if network_sight.segment_classes(actor):
        return queries.list_ssid_rows(session, classes, narrow, page)
    rows, total = queries.list_ssid_rows(session, classes, replace(narrow, vlan=""), page)
    return [replace(row, vlan="", vid=0) for row in rows], total


def list_choices(session: Session, actor: Actor) -> list[Ssid]:
    """Give the SSIDs to choose from, retired ones left out, by code."""
    found = queries.list_for_resolution(session, network_sight.visible_classes(actor))
    return [ssid for ssid in found if ssid.state != "retired"]


def find_ssid(session: Session, actor: Actor, ref: str) -> Ssid:
    """Give an SSID by code or public id, with its VLAN and scopes.

    Raises
    ------
    NotFound
        There is none, or its class is out of sight.
    """
    ssid = queries.get_ssid(session, places.parse_uuid(ref) or ref)
    if ssid is None or ssid.network_class not in network_sight.visible_classes(actor):
        raise networks.not_found()
    return ssid


def add_ssid(
    session: Session, actor: Actor, values: SsidValues, house: House | None = None
) -> Saved[Ssid]:
    """Add an SSID; its class is that of the VLAN it is put on.

    Raises
    ------
    InvalidInput
        A value cannot be, the code is taken, there is no such VLAN, or a critical failure of the
        separation check keeps it off the air.
    """
    actor.require(Action.EDIT_NETWORKS)
    vlan = find_vlan(session, actor, values.vlan)
    taken = queries.get_ssid(session, values.code.strip()) is not None
    code = networks.require_code(values.code, is_taken=taken)
    ssid = Ssid(public_id=uuid.uuid4(), code=code, network_class=vlan.network_class, scopes=[])
    ssid.vlan_id = vlan.id
    apply_values(ssid, values)
    with nothing_worse(session, actor, house):
        session.add(ssid)
    session.commit()
    return Saved(ssid, tuple(judge_ssid(ssid)))


def change_ssid(
    session: Session,
    actor: Actor,
    ref: str,
    values: SsidValues,
    version: int | None,
    house: House | None = None,
) -> Saved[Ssid]:
    """Change an SSID; its VLAN only for another of the same class.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    InvalidInput
        A value cannot be, the code is taken, the VLAN is of another class, or a critical failure
        of the separation check keeps it off the air; one on air must not get a new one.
    """
    ssid = find_ssid(session, actor, ref)
    actor.require(Action.EDIT_NETWORKS)
    require_version(session, ssid, version)
    with nothing_worse(session, actor, house), session.no_autoflush:
        vlan = find_vlan(session, actor, values.vlan)
        require_same_class(ssid.network_class, vlan)
        other = queries.get_ssid(session, values.code.strip())
        code = networks.require_code(values.code, is_taken=other not in {None, ssid})
        apply_values(ssid, values)
        ssid.code, ssid.vlan_id = code, vlan.id
    session.commit()
    return Saved(ssid, tuple(judge_ssid(ssid)))


def reclassify_ssid(
    session: Session,
    actor: Actor,
    ref: str,
    vlan_ref: str,
    version: int | None,
    house: House | None = None,
) -> Ssid:
    """Move an SSID to a VLAN of whatever class, which becomes the SSID's.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    InvalidInput
        There is no such VLAN, or the SSID is on air: it is to be taken off air first. On another
        VLAN of its class it must not get a new critical failure of the separation check.
    """
    ssid = find_ssid(session, actor, ref)
    actor.require(Action.EDIT_NETWORKS)
    require_version(session, ssid, version)
    vlan = find_vlan(session, actor, vlan_ref)
    if ssid.state == "on air" and vlan.network_class != ssid.network_class:
        raise InvalidInput(
            Problem(
                msg("An SSID that is on air cannot change its class."),
                msg("Set it to planned or retired first, or add another SSID."),
                field="vlan",
                value=vlan.code,
            )
        )
    with nothing_worse(session, actor, house):
        ssid.vlan_id, ssid.network_class = vlan.id, vlan.network_class
    session.commit()
    return ssid


def delete_ssid(session: Session, actor: Actor, ref: str, version: int | None) -> str:
    """Delete an SSID with its scopes, and give its code.

    Raises
    ------
    InvalidInput
        It is on air: its history stays if it is retired instead; or public hotspots offer it.
    Conflict
        Somebody else has changed it since.
    """
    ssid = find_ssid(session, actor, ref)
    actor.require(Action.EDIT_NETWORKS)
    require_version(session, ssid, version)
    if ssid.state == "on air":
        raise InvalidInput(
            Problem(
                msg("An SSID that is on air cannot be deleted."),
                msg("Set it to retired instead, so that its history stays."),
                field="state",
                value=ssid.state,
            )
        )
    if hotspot_queries.has_hotspots(session, ssid.id):
        raise InvalidInput(
            Problem(
                msg("Public hotspots offer this SSID."),
                msg("Let them offer another one, or delete them first."),
                field="code",
                value=ssid.code,
            )
        )
    session.delete(ssid)
    session.commit()
    return ssid.code


def find_vlan(session: Session, actor: Actor, ref: str) -> Vlan:
    """Give the VLAN that a form or a row names.

    Raises
    ------
    InvalidInput
        There is none that the actor may see.
    """
    vlan = queries.get_vlan(session, places.parse_uuid(ref) or ref)
    if vlan is None or vlan.network_class not in network_sight.segment_classes(actor):
        raise InvalidInput(
            Problem(
                msg("There is no such VLAN."),
                msg("Choose one from the list, or add the VLAN first."),
                field="vlan",
                value=ref,
            )
        )
    return vlan


def require_same_class(network_class: str, vlan: Vlan) -> None:
    """Refuse a VLAN of another class.

    Raises
    ------
    InvalidInput
        Names both classes, and what to do instead.
    """
    if vlan.network_class == network_class:
        return
    raise InvalidInput(
        Problem(
            msg(
                "VLAN %(vlan)s belongs to another class (%(theirs)s) than this SSID (%(mine)s).",
                vlan=vlan.code,
                theirs=networks.CLASS_WORDS[vlan.network_class],
                mine=networks.CLASS_WORDS[network_class],
            ),
            msg("Choose a VLAN of the SSID's class; to change the class, use »Change class«."),
            field="vlan",
            value=vlan.code,
        )
    )


def apply_values(ssid: Ssid, values: SsidValues) -> None:
    """Put values into an SSID, all but its code, class and VLAN.

    Raises
    ------
    InvalidInput
        One problem for each value that cannot be.
    """
    problems = list(_find_faults(values))
    if problems:
        raise InvalidInput(*problems)
    for field in PLAIN_FIELDS:
        setattr(ssid, field, getattr(values, field))


def _find_faults(values: SsidValues) -> list[Problem]:
    faults = []

    def refuse(field: str, message: Message, remedy: Message | None = None) -> None:
        faults.append(Problem(message, remedy, field=field, value=str(getattr(values, field))[:80]))

    size = len(values.name.encode("utf-8", "surrogatepass"))
    if not 1 <= size <= NAME_BYTES:
        refuse(
            "name",
            msg("A network name has 1 to 32 bytes; this one has %(size)d.", size=size),
            msg("Letters such as ä count twice, most emoji four times."),
        )
    choices = (
        ("security", SECURITIES),
        ("pmf", PMF_MODES),
        ("state", SSID_STATES),
        ("protection_need", (*PROTECTION_NEEDS, None)),
    )
    for field, known in choices:
        if getattr(values, field) not in known:
            refuse(
                field, msg("Choose one of: %(choices)s.", choices=", ".join(filter(None, known)))
            )
    if not (values.is_on_24 or values.is_on_5 or values.is_on_6):
        refuse("is_on_5", msg("Choose at least one band."))
    if values.psk_length is not None and values.psk_length not in KEY_LENGTHS:
        refuse("psk_length", msg("A key has 8 to 63 characters."))
    elif values.psk_length is not None and values.security not in WITH_KEY:
        refuse(
            "psk_length",
            msg("This kind of security has no shared key."),
            msg("Leave the field empty, or choose another security."),
        )
    if values.portal_url and not _is_web_address(values.portal_url):
        refuse(
            "portal_url",
            msg("This is no web address."),
            msg("Write it like https://portal.example.org/."),
        )
    return faults


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in text


def judge_ssid(ssid: Ssid) -> list[Problem]:
    """Warn of combinations that the standards or the separation check will not have."""
    warnings = []

    def warn(field: str, message: Message, remedy: Message) -> None:
        value = str(getattr(ssid, field))
        warnings.append(Problem(message, remedy, field=field, value=value))

    if ssid.security in BROKEN or ssid.uses_tkip or ssid.uses_wps:
        warn(
            "security",
            msg("WEP, WPA1, TKIP and WPS are broken."),
            msg("Plan WPA3, for guests OWE."),
        )
    if ssid.is_on_6 and ssid.security not in NEEDS_PMF:
        warn(
            "security",
            msg("6 GHz allows only WPA3 and OWE, without transition modes."),
            msg("Take this SSID off 6 GHz, or choose another security."),
        )
    if ssid.pmf != "required" and (ssid.is_on_6 or ssid.security in NEEDS_PMF):
        warn(
            "pmf",
            msg("WPA3, OWE and 6 GHz require protected management frames."),
            msg("Set them to required."),
        )
    if ssid.pmf != "off" and ssid.security in WITHOUT_PMF:
        warn(
            "pmf",
            msg("This kind of security has no protected management frames."),
            msg("Set them to off, or choose another security."),
        )
    if ssid.psk_length is not None and ssid.psk_length < 20:
        warn(
            "psk_length",
            msg("A shared key should have 20 characters or more."),
            msg("Plan a longer one, or WPA3-Enterprise."),
        )
    return warnings
