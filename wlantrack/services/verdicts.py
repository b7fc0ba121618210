"""Verdicts: what is asked of a floor's rooms and zones by each network class, and whether it is met.

Decides which demand holds where: zones as people drew them; rooms for conferences ask for voice and
video without a zone; a floor on which nothing is asked is judged as a whole against the basic
requirement. Refuses to know how a level comes about and how a verdict is shown.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from wlantrack.errors import Message, msg
from wlantrack.geometry.cells import mask_outline, outline_cells
from wlantrack.maps.legend import Verdict as MapVerdict
from wlantrack.radio.requirements import (
    BASIC,
    SURVEY_RECEIVER,
    VOICE,
    ClientProfile,
    RequirementSet,
    judge,
)
from wlantrack.services import coverage, on_air, places, public_sight, zones
from wlantrack.services.requirements import device_of, requirement_set
from wlantrack.services.results import stamp
from wlantrack.services.rooms import is_for_conferences
from wlantrack.store.models.networks import NETWORK_CLASSES
from wlantrack.store.queries import networks as network_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.radio.requirements import Judgement, Verdict
    from wlantrack.services.actor import Actor
    from wlantrack.services.coverage import FloorCoverage
    from wlantrack.services.results import ResultCache
    from wlantrack.store.models.demand import Zone
    from wlantrack.store.models.places import Floor, Room, Wing

    ClassRaster = npt.NDArray[np.uint8]

VERDICT_WORDS = {
    "meets": msg("met"),
    "primary": msg("partly met"),
    "fails": msg("not met"),
    "unknown": msg("open, cannot be judged"),
}
CRITERION_WORDS = {
    "signal": msg("signal"),
    "secondary": msg("second access point"),
    "snr": msg("signal-to-noise ratio"),
    "data_rate": msg("data rate"),
    "access_points": msg("number of access points"),
    "overlap": msg("channel overlap"),
}
UNITS = {"signal": "dBm", "secondary": "dBm", "snr": "dB", "data_rate": "Mbit/s"}
"""Unit of each criterion's limit; the others count."""

DEFAULT_BAND = "5"


@dataclass(frozen=True)
class Asked:
    """A requirement in a band for one network class, under one device: what is judged once."""

    network_class: str
    band: str
    requirement: RequirementSet
    profile: ClientProfile = SURVEY_RECEIVER


@dataclass(frozen=True)
class Demand:
    """What is asked of one area: a zone, a room, or the whole floor.

    ``code`` and ``name`` name the area, ``ref`` is its public id; ``reason`` says why it is asked.
    """

    kind: str
    ref: str
    code: str
    name: str
    asked: Asked
    requirement_name: str
    profile_name: str
    reason: Message
    outline: BaseGeometry | None = field(compare=False)
    in_wings: Mapping[int | None, BaseGeometry | None] = field(default_factory=dict, compare=False)
    """What of a zone lies in which wing, by the wing's id; None is where there is no wing."""


@dataclass(frozen=True)
class DemandVerdict:
    """A demand and the verdict over its area; ``key`` is meets, primary, fails or unknown.

    ``in_wings`` holds such a key for each wing's part of a zone.
    """

    demand: Demand
    verdict: Verdict
    in_wings: Mapping[int | None, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Give the word's key: the same in table, map and export."""
        needed = self.demand.asked.requirement.pass_share
        return _choose_word(needed, self.verdict.pass_share, self.verdict.primary_share)


def _choose_word(needed: float, pass_share: float | None, primary_share: float | None) -> str:
    if pass_share is None or primary_share is None:
        return "unknown"
    if pass_share >= needed:
        return "meets"
    return "primary" if primary_share >= needed else "fails"


@dataclass(frozen=True)
class FloorVerdicts:
    """All verdicts of a floor that an actor may see, the worst first.

    ``layers`` holds for each network class the map's verdict of every cell (ny, nx), ``failing`` the
    outline of the cells that fail; ``key`` changes whenever anything of it does.
    """

    zones: tuple[DemandVerdict, ...]
    rooms: tuple[DemandVerdict, ...]
    layers: Mapping[str, ClassRaster]
    failing: Mapping[str, BaseGeometry]
    counts: str
    key: str

    @property
    def everything(self) -> tuple[DemandVerdict, ...]:
        """Give the verdicts of zones, then of rooms."""
        return (*self.zones, *self.rooms)

    @property
    def classes(self) -> tuple[str, ...]:
        """Give the network classes of which something is asked, in the usual order."""
        return tuple(key for key in NETWORK_CLASSES if key in self.layers)


def transmitters_of(
    session: Session, actor: Actor, floor: Floor, predicted: FloorCoverage, asked: Asked
) -> frozenset[str] | None:
    """Give the ids of the access points that serve a network class in a band; None means all.

    They are those that send any SSID of the class there. While nobody has entered an SSID at all,
    every access point serves every class: a plan begins before its networks are named.
    """
    if not network_queries.has_ssids(session):
        return None
    storeys = [storey.id for storey in floor.building.floors]
    senders = on_air.find_senders(session, actor, storeys, asked.network_class, predicted.counts)
    present = {transmitter.id for transmitter in predicted.coverage.scene.transmitters}
    return frozenset(
        code for code, bands in senders.items() if asked.band in bands and code in present
    )


def judge_floor(
    session: Session, actor: Actor, floor: Floor, predicted: FloorCoverage, cache: ResultCache
) -> FloorVerdicts:
    """Judge everything that is asked of a floor and that the actor may see."""
    return cache.remember(
        ("verdicts", stamp(session), predicted.key, floor.id, actor.grants),
        lambda: _judge(
            session, actor, floor, predicted, list_demands(session, actor, floor, predicted)
        ),
    )


def list_demands(
    session: Session, actor: Actor, floor: Floor, predicted: FloorCoverage
) -> list[Demand]:
    """Give what is asked of a floor: by zones, by rooms, or of the floor as a whole."""
    floor_rooms = places.list_rooms(session, actor, floor)
    floor_zones = zones.list_zones(session, actor, floor)
    demands = [
        _zone_demand(zone, floor.building.wings, floor_rooms, predicted.sight)
        for zone in floor_zones
    ]
    for room in floor_rooms:
        demands += _room_demands(actor, floor, room, floor_zones)
    if demands:
        return demands
    # Nothing is asked: the floor as a whole has to do for the usual work.
    network_class = next(
        (
            key
            for key in ("internal", "visitor")
            if zones.may_see_class(actor, key, floor.building_id)
        ),
        None,
    )
    if network_class is None:
        return []
    whole = coverage.find_area(floor, predicted.floor_scene, floor_rooms)
    area = public_sight.clip(whole, predicted.sight)
    if area is None:
        return []
    asked = Asked(network_class, DEFAULT_BAND, BASIC)
    reason = msg("nothing is asked yet: the whole floor")
    code, ref = places.floor_code(floor), str(floor.public_id)
    return [Demand("floor", ref, code, floor.name, asked, "Basic", "", reason, area)]


def _zone_demand(
    zone: Zone, wings: Sequence[Wing], floor_rooms: Iterable[Room], sight: BaseGeometry | None
) -> Demand:
    return Demand(
        "zone",
        str(zone.public_id),
        zone.code,
        zone.name,
        _asked_by(zone),
        zone.requirement.name,
        zone.client_profile.name if zone.client_profile else "",
        msg("zone %(code)s", code=zone.code),
        zones.find_outline(zone, floor_rooms, sight),
        zones.split_by_wing(zone, wings, floor_rooms, sight),
    )


def _asked_by(zone: Zone) -> Asked:
    return Asked(
        zone.network_class,
        zone.band,
        requirement_set(zone.requirement),
        device_of(zone.client_profile) if zone.client_profile else SURVEY_RECEIVER,
    )


def _room_demands(
    actor: Actor, floor: Floor, room: Room, floor_zones: Sequence[Zone]
) -> Iterator[Demand]:
    """Give what zones ask of a room, and what a room for conferences asks without any."""
    covering = [zone for zone in floor_zones if zones.covers_room(zone, room)]
    for zone in covering:
        yield _room_demand(room, _asked_by(zone), zone)
    have = {zone.network_class for zone in covering}
    for network_class in default_classes(room):
        if network_class not in have and zones.may_see_class(
            actor, network_class, floor.building_id, room.wing_id
        ):
            yield _room_demand(room, Asked(network_class, DEFAULT_BAND, VOICE))


def _room_demand(room: Room, asked: Asked, zone: Zone | None = None) -> Demand:
    profile = zone.client_profile if zone else None
    return Demand(
        "room",
        str(room.public_id),
        room.number,
        room.name,
        asked,
        zone.requirement.name if zone else "Voice and video",
        profile.name if profile else "",
        msg("zone %(code)s", code=zone.code) if zone else msg("room for conferences"),
        room.outline,
    )


def default_classes(room: Room) -> tuple[str, ...]:
    """Give the network classes that need voice and video in a room without anybody asking.

    Rooms for conferences serve the city's own staff; council rooms and public ones guests too.
    """
    if not is_for_conferences(room):
        return ()
    has_guests = room.use == "council" or room.is_public
    return ("internal", "visitor") if has_guests else ("internal",)


def _judge(
    session: Session,
    actor: Actor,
    floor: Floor,
    predicted: FloorCoverage,
    demands: Sequence[Demand],
) -> FloorVerdicts:
    serving = {
        asked: transmitters_of(session, actor, floor, predicted, asked)
        for asked in dict.fromkeys(demand.asked for demand in demands)
    }
    grid = predicted.coverage.grid
    judgements: dict[Asked, Judgement] = {}
    layers: dict[str, ClassRaster] = {}
    verdicts: list[DemandVerdict] = []
    for demand in demands:
        asked = demand.asked
        if asked not in judgements:
            judgements[asked] = _judge_asked(predicted, asked, serving[asked])
        mask = mask_outline(grid, demand.outline)
        verdict = judgements[asked].over(mask)
        in_wings = _judge_parts(judgements[asked], demand)
        verdicts.append(DemandVerdict(demand, verdict, in_wings))
        layer = layers.setdefault(asked.network_class, np.zeros(grid.shape, dtype=np.uint8))
        _draw(layer, mask, verdict.classes)
    failing = {
        network_class: outline_cells(grid, layer == MapVerdict.FAILS)
        for network_class, layer in layers.items()
    }
    worst_first = sorted(verdicts, key=_badness)
    return FloorVerdicts(
        tuple(item for item in worst_first if item.demand.kind != "room"),
        tuple(item for item in worst_first if item.demand.kind == "room"),
        layers,
        failing,
        predicted.counts,
        _make_key(predicted.key, demands, serving),
    )


def _judge_parts(judgement: Judgement, demand: Demand) -> dict[int | None, str]:
    """Give the word for each wing's part of a demand; a part without any cell says nothing."""
    needed = demand.asked.requirement.pass_share
    return {
        wing_id: _choose_word(needed, *judgement.shares(mask))
        for wing_id, part in demand.in_wings.items()
        if (mask := mask_outline(judgement.grid, part)).any() or part is None
    }


def _judge_asked(
    predicted: FloorCoverage, asked: Asked, serving: frozenset[str] | None
) -> Judgement:
    return judge(
        predicted.coverage,
        asked.band,
        asked.requirement,
        asked.profile,
        serving,
        predicted.floor_scene.channels,
    )


def _draw(layer: ClassRaster, mask: npt.NDArray[np.bool_], classes: ClassRaster) -> None:
    """Draw an area's classes into a layer of map verdicts; where areas overlap the worst shows."""
    # CellClass counts from 0 for "fails", the map's from 1, because 0 is "nothing is asked here".
    new = classes[mask] + np.uint8(MapVerdict.FAILS)
    old = layer[mask]
    layer[mask] = np.where(old == MapVerdict.UNKNOWN, new, np.minimum(old, new))


def _badness(item: DemandVerdict) -> tuple[int, float, str, str]:
    """Sort the worst first; what cannot be judged comes last."""
    rank = {"fails": 0, "primary": 1, "meets": 2, "unknown": 3}[item.key]
    share = 1.0 if item.verdict.pass_share is None else item.verdict.pass_share
    return rank, share, item.demand.code, item.demand.asked.network_class


def _make_key(
    predicted_key: str,
    demands: Sequence[Demand],
    serving: Mapping[Asked, frozenset[str] | None],
) -> str:
    outlines = [
        None if demand.outline is None else shapely.to_wkb(demand.outline).hex()
        for demand in demands
    ]
    ids = [(asked, None if ids is None else sorted(ids)) for asked, ids in serving.items()]
    parts = (predicted_key, [demand.asked for demand in demands], outlines, ids)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
