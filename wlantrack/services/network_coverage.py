"""The coverage of one class of networks: what its SSIDs alone reach.

Decides that a transmitter counts, band by band, where any SSID of the class is on air. Levels are
those of the whole prediction, so that maps of two classes lie on one raster and compare.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wlantrack.radio.bands import BAND_KEYS
from wlantrack.services import coverage, network_sight, networks, on_air
from wlantrack.services.fingerprints import hash_of
from wlantrack.services.results import stamp
from wlantrack.store.models.networks import NETWORK_CLASSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from wlantrack.radio.coverage import Transmitter
    from wlantrack.services.actor import Actor
    from wlantrack.services.coverage import FloorCoverage, Raster
    from wlantrack.services.results import ResultCache
    from wlantrack.store.models.places import Floor

CLASSES = NETWORK_CLASSES
"""What a map may be narrowed to."""


@dataclass(frozen=True)
class Shown:
    """What a map shows: which states count, and the class of networks, empty for all of them."""

    counts: str
    network: str = ""


def choices_on(actor: Actor, floor: Floor) -> tuple[str, ...]:
    """Give the classes whose coverage the actor may see on a floor."""
    return tuple(name for name in CLASSES if networks.touches(actor, name, floor.building_id, None))


def require_choice(actor: Actor, floor: Floor, network_class: str) -> str:
    """Refuse a class that is none, or out of sight on this floor.

    Raises
    ------
    InvalidInput
        It is no class.
    NotFound
        The actor does not see this class here.
    """
    networks.require_class(network_class)
    if network_class not in choices_on(actor, floor):
        raise networks.not_found()
    return network_class


def predict_shown(
    session: Session,
    actor: Actor,
    floor: Floor,
    shown: Shown,
    cache: ResultCache,
    cell_m: float = coverage.DEFAULT_CELL_M,
) -> FloorCoverage:
    """Predict a floor as :func:`coverage.predict_floor` does, narrowed to a class if one is named.

    Raises
    ------
    InvalidInput
        ``counts`` or the class is unknown, or the floor holds numbers that cannot be used.
    NotFound
        The class is out of sight here.
    """
    predicted = coverage.predict_floor(session, actor, floor, shown.counts, cache, cell_m)
    if not shown.network:
        return predicted
    senders = find_senders(session, actor, floor, shown, cache)
    return narrow(predicted, senders, shown.network)


def find_senders(
    session: Session, actor: Actor, floor: Floor, shown: Shown, cache: ResultCache
) -> dict[str, frozenset[str]]:
    """Give codes and bands of the building's access points that send a class, looked up once.

    Raises
    ------
    InvalidInput
        It is no class.
    NotFound
        The class is out of sight here.
    """
    require_choice(actor, floor, shown.network)
    storeys = [storey.id for storey in floor.building.floors]
    scopes = actor.scopes(network_sight.action_for(shown.network))
    return cache.remember(
        ("senders", stamp(session), floor.building_id, shown, scopes),
        lambda: on_air.find_senders(session, actor, storeys, shown.network, shown.counts),
    )


def narrow(
    predicted: FloorCoverage, senders: Mapping[str, frozenset[str]], network_class: str
) -> FloorCoverage:
    """Keep the transmitters that send a class, each on the bands on which it does."""
    scene = predicted.coverage.scene
    kept = [
        (_mask_transmitter(transmitter, bands), _mask_layer(layer, bands))
        for transmitter, layer in zip(scene.transmitters, predicted.coverage.layers, strict=True)
        if (bands := senders.get(transmitter.id))
    ]
    narrowed = scene.with_transmitters(tuple(transmitter for transmitter, _ in kept))
    floor_scene = dataclasses.replace(
        predicted.floor_scene,
        scene=narrowed,
        codes=predicted.floor_scene.codes & senders.keys(),
    )
    sent = sorted((code, sorted(bands)) for code, bands in senders.items())
    return dataclasses.replace(
        predicted,
        coverage=dataclasses.replace(
            predicted.coverage, scene=narrowed, layers=tuple(layer for _, layer in kept)
        ),
        floor_scene=floor_scene,
        network=network_class,
        key=hash_of(predicted.key, network_class, sent),
    )


def _mask_transmitter(transmitter: Transmitter, bands: frozenset[str]) -> Transmitter:
    low, middle, high = (
        level if band in bands else None
        for band, level in zip(BAND_KEYS, transmitter.eirp_dbm, strict=True)
    )
    return dataclasses.replace(transmitter, eirp_dbm=(low, middle, high))


def _mask_layer(layer: Raster, bands: frozenset[str]) -> Raster:
    silent = [place for place, band in enumerate(BAND_KEYS) if band not in bands]
    if not silent:
        return layer
    masked = layer.copy()  # the layer itself is kept for other maps
    masked[silent] = np.nan
    return masked
