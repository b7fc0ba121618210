"""Selects of public hotspots and of feedback.

``list_public`` is the one select behind everything that people without an account are shown: it
names columns, and loads no record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from wlantrack.rollout.lifecycle import LIVE_STATES
from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.hotspots import Feedback, PublicHotspot
from wlantrack.store.models.networks import Ssid
from wlantrack.store.models.places import Building, Floor, Wing
from wlantrack.store.queries.on_air import sends
from wlantrack.store.queries.paging import fetch_page

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import RowMapping
    from sqlalchemy.orm import Session

    from wlantrack.networks.on_air import Network
    from wlantrack.store.queries.paging import Page, SortColumns

    Scopes = Collection[tuple[int, int | None]] | None


@dataclass(frozen=True)
class HotspotFilter:
    """What the list is narrowed to; empty fields narrow nothing."""

    words: str = ""
    building: str = ""
    state: str = ""


@dataclass(frozen=True)
class HotspotRow:
    """One line of the list of hotspots; ``is_on_air`` whether its SSID is on air there now."""

    public_id: uuid.UUID
    code: str
    name: str
    address: str
    place: str
    opening_hours: str
    note: str
    is_published: bool
    building: str
    wing: str | None
    level: int | None
    ssid: str
    network: str
    is_on_air: bool

    @property
    def where(self) -> str:
        """Give the building, wing or floor, such as RH/MP/0."""
        parts = (self.building, self.wing, self.level)
        return "/".join(str(part) for part in parts if part is not None)


SORTS: SortColumns = {
    "code": (PublicHotspot.code,),
    **{
        name: (getattr(PublicHotspot, name), PublicHotspot.code)
        for name in ("name", "address", "place", "opening_hours")
    },
    "where": (Building.code, Wing.code, Floor.level, PublicHotspot.code),
    "network": (Ssid.name, PublicHotspot.code),
    "state": (PublicHotspot.is_published, PublicHotspot.code),
}


def in_scopes(scopes: Scopes) -> ColumnElement[bool]:
    """Restrict hotspots to (building id, wing id or None) pairs; None means everywhere."""
    if scopes is None:
        return true()
    parts = (
        PublicHotspot.building_id == building_id
        if wing_id is None
        else and_(PublicHotspot.building_id == building_id, PublicHotspot.wing_id == wing_id)
        for building_id, wing_id in scopes
    )
    return or_(false(), *parts)


def on_air(networks: Sequence[Network]) -> ColumnElement[bool]:
    """Say whether a hotspot's SSID, being one of these, is sent in its place by a live device."""
    return or_(
        false(),
        *(
            and_(PublicHotspot.ssid_id == network.id, _is_sent(network).exists())
            for network in networks
        ),
    )


def _is_sent(network: Network) -> Select[int]:
    return (
        select(AccessPoint.id)
        .join(Floor, Floor.id == AccessPoint.floor_id)
        .where(
            AccessPoint.state.in_(LIVE_STATES),
            Floor.building_id == PublicHotspot.building_id,
            or_(PublicHotspot.wing_id.is_(None), AccessPoint.wing_id == PublicHotspot.wing_id),
            or_(PublicHotspot.floor_id.is_(None), AccessPoint.floor_id == PublicHotspot.floor_id),
            sends(network),
        )
        .correlate(PublicHotspot)
    )


def list_public(session: Session, networks: Sequence[Network]) -> Sequence[RowMapping]:
    """Give what the public may know of the hotspots that are published and on air now.

    Parameters
    ----------
    networks
        The visitor networks that are on air.
    """
    query = (
        select(
            PublicHotspot.open_id.label("id"),
            PublicHotspot.name,
            Ssid.name.label("network"),
            PublicHotspot.address,
            PublicHotspot.place,
            PublicHotspot.opening_hours,
            PublicHotspot.latitude_deg.label("latitude"),
            PublicHotspot.longitude_deg.label("longitude"),
        )
        .join(Ssid, Ssid.id == PublicHotspot.ssid_id)
        .where(
            PublicHotspot.is_published,
            Ssid.network_class == "visitor",
            Ssid.state == "on air",
            on_air(networks),
        )
    )
    return session.execute(query).mappings().all()


def list_published_ids(session: Session) -> list[uuid.UUID]:
    """Give the ids by which the public may know hotspots."""
    query = select(PublicHotspot.open_id).where(PublicHotspot.is_published)
    return list(session.scalars(query.order_by(PublicHotspot.id)))


def list_rows(
    session: Session,
    scopes: Scopes,
    networks: Sequence[Network],
    narrow: HotspotFilter,
    page: Page,
) -> tuple[list[HotspotRow], int]:
    """Give one page of the hotspots in scope, and how many match."""
    air = on_air(networks)
    query = (
        select(
            PublicHotspot.public_id,
            PublicHotspot.code,
            PublicHotspot.name,
            PublicHotspot.address,
            PublicHotspot.place,
            PublicHotspot.opening_hours,
            PublicHotspot.note,
            PublicHotspot.is_published,
            Building.code.label("building"),
            Wing.code.label("wing"),
            Floor.level,
            Ssid.code.label("ssid"),
            Ssid.name.label("network"),
            air.label("is_on_air"),
        )
        .join(Building, Building.id == PublicHotspot.building_id)
        .join(Ssid, Ssid.id == PublicHotspot.ssid_id)
        .outerjoin(Wing, Wing.id == PublicHotspot.wing_id)
        .outerjoin(Floor, Floor.id == PublicHotspot.floor_id)
        .where(in_scopes(scopes), *_matches(narrow, air))
    )
    rows, total = fetch_page(session, query, SORTS, page)
    return [HotspotRow(**{**row, "is_on_air": bool(row["is_on_air"])}) for row in rows], total


def _matches(narrow: HotspotFilter, air: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    states = {
        "draft": PublicHotspot.is_published.is_(False),
        "shown": and_(PublicHotspot.is_published, air),
        "silent": and_(PublicHotspot.is_published, ~air),
    }
    words = ("code", "name", "address", "place", "note")
    conditions = [
        (narrow.building, Building.code == narrow.building),
        (
            narrow.words,
            or_(
                *(
                    getattr(PublicHotspot, name).icontains(narrow.words, autoescape=True)
                    for name in words
                )
            ),
        ),
    ]
    found = [condition for is_set, condition in conditions if is_set]
    return found + ([states[narrow.state]] if narrow.state in states else [])


def _whole() -> Select[PublicHotspot]:
    return select(PublicHotspot).options(
        joinedload(PublicHotspot.building),
        joinedload(PublicHotspot.wing),
        joinedload(PublicHotspot.floor),
        joinedload(PublicHotspot.ssid),
    )


def list_hotspots(session: Session) -> list[PublicHotspot]:
    """Give all hotspots with place and SSID, by code."""
    return list(session.scalars(_whole().order_by(PublicHotspot.code)))


def get_hotspot(session: Session, ref: uuid.UUID | str) -> PublicHotspot | None:
    """Load a hotspot by public id or code, with place and SSID."""
    is_code = isinstance(ref, str)
    wanted = PublicHotspot.code == ref if is_code else PublicHotspot.public_id == ref
    return session.scalar(_whole().where(wanted))


def name_published(session: Session, open_id: uuid.UUID) -> str | None:
    """Give the name of the published hotspot that the public knows by this id."""
    query = select(PublicHotspot.name).where(
        PublicHotspot.open_id == open_id, PublicHotspot.is_published
    )
    return session.scalar(query)


def is_on_air(session: Session, hotspot_id: int, networks: Sequence[Network]) -> bool:
    """Tell whether a hotspot's SSID is on air in its place."""
    query = select(PublicHotspot.id).where(PublicHotspot.id == hotspot_id, on_air(networks))
    return session.scalar(query) is not None


def list_codes(session: Session, prefix: str) -> set[str]:
    """Give the codes that begin with some letters."""
    query = select(PublicHotspot.code).where(PublicHotspot.code.startswith(prefix, autoescape=True))
    return set(session.scalars(query))


def has_hotspots(session: Session, ssid_id: int) -> bool:
    """Tell whether any hotspot names an SSID."""
    query = select(PublicHotspot.id).where(PublicHotspot.ssid_id == ssid_id).limit(1)
    return session.scalar(query) is not None


@dataclass(frozen=True)
class FeedbackRow:
    """One feedback with the hotspot it is about, where there is one."""

    public_id: uuid.UUID
    version: int
    received_at: datetime
    topic: str
    words: str
    reply_to: str
    language: str
    is_done: bool
    hotspot: str | None
    hotspot_code: str | None


def _feedback_in(scopes: Scopes) -> ColumnElement[bool]:
    """Restrict to hotspots in scope; what is about none belongs to those responsible everywhere."""
    if scopes is None:
        return true()
    return Feedback.about.in_(select(PublicHotspot.open_id).where(in_scopes(scopes)))


def list_feedback(session: Session, scopes: Scopes) -> list[FeedbackRow]:
    """Give the feedback about hotspots in scope, what waits first, then the latest."""
    plain = [name for name in FeedbackRow.__dataclass_fields__ if not name.startswith("hotspot")]
    query = (
        select(
            *(getattr(Feedback, name) for name in plain),
            PublicHotspot.name.label("hotspot"),
            PublicHotspot.code.label("hotspot_code"),
        )
        .outerjoin(PublicHotspot, PublicHotspot.open_id == Feedback.about)
        .where(_feedback_in(scopes))
        .order_by(Feedback.is_done, Feedback.received_at.desc(), Feedback.id)
    )
    return [FeedbackRow(**row) for row in session.execute(query).mappings()]


def get_feedback(session: Session, public_id: uuid.UUID, scopes: Scopes) -> Feedback | None:
    """Load one feedback about a hotspot in scope."""
    return session.scalar(
        select(Feedback).where(Feedback.public_id == public_id, _feedback_in(scopes))
    )


def count_waiting(session: Session, scopes: Scopes = None) -> int:
    """Count the feedback that nobody has dealt with yet."""
    query = select(func.count(Feedback.id))
    return session.scalar(query.where(Feedback.is_done.is_(False), _feedback_in(scopes))) or 0
