"""What a floor's access points reach: levels, heat maps, and the verdict against a threshold.

Decides the raster, what is kept between requests and what a verdict is taken over; refuses to know
pages. Everything kept is found by a hash of all that it depends on, so any change that matters
leads to new numbers and none can show old ones.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.geometry.cells import mask_outline
from wlantrack.geometry.grid import Grid
from wlantrack.radio.bands import band_index
from wlantrack.radio.coverage import Coverage, predict_transmitter
from wlantrack.services import places, public_sight
from wlantrack.services import scene as scenes
from wlantrack.services.actor import Action, Actor
from wlantrack.services.extent import load_drawing
from wlantrack.services.fingerprints import hash_of
from wlantrack.services.results import stamp
from wlantrack.services.surroundings import load_surroundings
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import history

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.radio.coverage import Scene, Transmitter
    from wlantrack.services.extent import Drawing
    from wlantrack.services.results import ResultCache
    from wlantrack.services.scene import FloorScene
    from wlantrack.services.surroundings import Surroundings
    from wlantrack.store.models.places import Floor, Room

    Raster = npt.NDArray[np.float32]
    Mask = npt.NDArray[np.bool_]

DEFAULT_CELL_M = 0.5
MAP_CELLS = 250_000
"""A map of more cells than this is drawn coarser."""

DEFAULT_THRESHOLD_DBM = -67.0
"""A level at which video conferences run; pages let people choose another."""


@dataclass(frozen=True)
class FloorCoverage:
    """The prediction of one floor; ``key`` changes whenever anything it depends on does.

    ``network`` names the class of networks it is narrowed to, empty for all access points; ``sight``
    is the part of the floor that may be shown, None for all of it.
    """

    coverage: Coverage
    floor_scene: FloorScene
    counts: str
    key: str
    network: str = ""
    sight: BaseGeometry | None = field(default=None, compare=False)


@dataclass(frozen=True)
class AreaVerdict:
    """How well an area is covered in one band.

    ``pass_share`` is None where there is no area to judge. ``median_dbm`` and ``worst_dbm`` are None where nothing is received; ``worst_dbm`` is the level
    that 95 % of the area have.
    """

    pass_share: float | None
    median_dbm: float | None
    worst_dbm: float | None
    failing_m2: float
    area_m2: float


@dataclass(frozen=True)
class Target:
    """What is asked of a floor: a level in a band."""

    band: str
    threshold_dbm: float = DEFAULT_THRESHOLD_DBM


@dataclass(frozen=True)
class RoomVerdict:
    """The verdict of one room."""

    number: str
    name: str
    verdict: AreaVerdict


@dataclass(frozen=True)
class CoverageReport:
    """The whole floor and its rooms against a threshold, in one band."""

    band: str
    threshold_dbm: float
    counts: str
    whole: AreaVerdict
    rooms: tuple[RoomVerdict, ...]
    key: str
    network: str = ""


def choose_grid(bounds_m: tuple[float, float, float, float], cell_m: float) -> Grid:
    """Lay the raster for a map: the wanted cell, or a coarser one on very large floors."""
    x0, y0, x1, y1 = bounds_m
    while (x1 - x0) * (y1 - y0) / cell_m**2 > MAP_CELLS:
        cell_m *= 2
    return Grid.cover(bounds_m, cell_m)


def find_drawing(session: Session, floor_id: int, cache: ResultCache) -> Drawing:
    """Give what is drawn of a floor, loaded only if some such record has changed since."""
    moment = stamp(session, history.DRAWN)
    return cache.remember(("drawing", moment, floor_id), lambda: load_drawing(session, floor_id))


def find_surroundings(session: Session, floor: Floor, cache: ResultCache) -> Surroundings:
    """Give what stands around a floor, loaded only if some such record has changed since."""
    moment = stamp(session, history.DRAWN + history.STANDING)
    return cache.remember(
        ("surroundings", moment, floor.id),
        lambda: load_surroundings(session, floor, find_drawing(session, floor.id, cache)),
    )


def find_scene(
    session: Session, actor: Actor, floor: Floor, counts: str, cache: ResultCache
) -> FloorScene:
    """Give a floor's scene, loaded only if a record it may hold has changed since it was last."""
    surroundings = find_surroundings(session, floor, cache)
    moment = stamp(session, history.DRAWN + history.STANDING + history.RADIATING)
    versions = tuple(point_queries.list_versions(session, surroundings.index))
    scopes = actor.scopes(Action.SEE_ACCESS_POINTS), actor.scopes(Action.SEE_WHOLE_FLOORS)
    return cache.remember(
        ("scene", moment, floor.id, counts, scopes, versions),
        lambda: scenes.hang_points(session, actor, floor, counts, surroundings),
    )


def predict_floor(
    session: Session,
    actor: Actor,
    floor: Floor,
    counts: str,
    cache: ResultCache,
    cell_m: float = DEFAULT_CELL_M,
) -> FloorCoverage:
    """Predict a floor on the raster of its maps, reusing what is kept.

    Whoever sees public rooms only is shown levels there, of what is live.

    Raises
    ------
    InvalidInput
        ``counts`` is unknown, or the floor holds numbers that cannot be used.
    """
    actor.require(Action.SEE_PLANS, floor.building_id, _any_wing(actor, floor))
    floor_scene = find_scene(session, actor, floor, counts, cache)
    grid = choose_grid(floor_scene.bounds_m, cell_m)
    predicted = compute(floor_scene, grid, counts, cache)
    sight = cache.remember(
        ("sight", stamp(session), floor.id, actor.grants),
        lambda: public_sight.area_of(session, actor, floor),
    )
    if sight is None:
        return predicted
    key = hash_of(predicted.key, shapely.to_wkb(sight).hex())
    return replace(predicted, sight=sight, key=key)


def _any_wing(actor: Actor, floor: Floor) -> int | None:
    """Give a wing in which the actor may see plans, if the right does not reach further."""
    if actor.can(Action.SEE_PLANS, floor.building_id):
        return None
    for scope in actor.scopes(Action.SEE_PLANS) or ():
        if scope.building_id == floor.building_id:
            return scope.wing_id
    return None


def compute(floor_scene: FloorScene, grid: Grid, counts: str, cache: ResultCache) -> FloorCoverage:
    """Compute the layers that are not kept yet, and keep them."""
    scene, index = floor_scene.scene, floor_scene.floor_index
    base = hash_of(
        floor_scene.surroundings.key,
        [(shapely.to_wkb(slab.polygon).hex(), slab.z_m, slab.loss_db) for slab in scene.slabs],
        scene.path_loss,
        scene.receiver_height_m,
        (grid.x0_m, grid.y0_m, grid.cell_m, grid.nx, grid.ny),
    )
    keys = [hash_of(base, transmitter) for transmitter in floor_scene.transmitter_hashes]
    layers = [cache.find(key) for key in keys]
    missing = [place for place, layer in enumerate(layers) if layer is None]
    for place, layer in zip(
        missing,
        _predict_many(scene, grid, index, [scene.transmitters[p] for p in missing]),
        strict=True,
    ):
        layers[place] = layer
        cache.keep(keys[place], layer)
    coverage = Coverage(scene, grid, index, tuple(layer for layer in layers if layer is not None))
    return FloorCoverage(coverage, floor_scene, counts, hash_of(base, keys, counts))


def _predict_many(
    scene: Scene, grid: Grid, floor_index: int, transmitters: Sequence[Transmitter]
) -> list[Raster]:
    _ = scene.obstacles  # laid out once, before the threads need it

    def predict_one(transmitter: Transmitter) -> Raster:
        return predict_transmitter(scene, grid, transmitter, floor_index)

    if len(transmitters) < 2:
        return [predict_one(transmitter) for transmitter in transmitters]
    # numpy gives up the interpreter lock in the long loops, so threads share the cores.
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(predict_one, transmitters))


def move_and_compute(floor_coverage: FloorCoverage, code: str, x_m: float, y_m: float) -> Coverage:
    """Give the coverage with one access point moved, computing only that one; nothing is kept.

    Raises
    ------
    InvalidInput
        The map has no such access point.
    """
    coverage = floor_coverage.coverage
    moved = scenes.move_transmitter(coverage.scene, code, x_m, y_m)
    if moved is None:
        raise InvalidInput(
            Problem(
                msg("This map does not count that access point."),
                msg("Show the planned access points to move it."),
                field="move",
                value=code,
            )
        )
    return coverage.replace(moved)


def best_in_band(coverage: Coverage, band: str, sight: BaseGeometry | None = None) -> Raster:
    """Give the strongest level in one band, shape (ny, nx).

    NaN where nothing transmits, and outside the part of the floor that may be shown.
    """
    layer: Raster = coverage.best()[band_index(band)]
    if sight is None:
        return layer
    return np.where(mask_outline(coverage.grid, sight), layer, np.float32(np.nan))


def report_floor(
    session: Session,
    actor: Actor,
    floor: Floor,
    predicted: FloorCoverage,
    target: Target,
    cache: ResultCache,
) -> CoverageReport:
    """Judge a floor and its rooms in scope against a target.

    Raises
    ------
    InvalidInput
        The threshold is no level that a receiver could have.
    """
    if not -120.0 <= target.threshold_dbm <= 0.0:
        raise InvalidInput(
            Problem(
                msg("A threshold lies between -120 and 0 dBm."),
                msg("Video conferences need about -67 dBm."),
                field="threshold",
                value=f"{target.threshold_dbm:g}",
            )
        )
    moment = stamp(session)
    return cache.remember(
        ("report", moment, predicted.key, floor.id, target, actor.grants),
        lambda: _judge_floor(places.list_rooms(session, actor, floor), floor, predicted, target),
    )


def _judge_floor(
    all_rooms: Sequence[Room], floor: Floor, predicted: FloorCoverage, target: Target
) -> CoverageReport:
    grid = predicted.coverage.grid
    best = best_in_band(predicted.coverage, target.band)
    rooms = [room for room in all_rooms if room.outline is not None]
    verdicts = tuple(
        RoomVerdict(
            room.number,
            room.name,
            _judge_outline(best, grid, room.outline, target.threshold_dbm),
        )
        for room in rooms
    )
    area = public_sight.clip(find_area(floor, predicted.floor_scene, rooms), predicted.sight)
    whole = _judge_outline(best, grid, area, target.threshold_dbm)
    return CoverageReport(
        target.band,
        target.threshold_dbm,
        predicted.counts,
        whole,
        verdicts,
        predicted.key,
        predicted.network,
    )


def find_area(floor: Floor, floor_scene: FloorScene, rooms: Sequence[Room]) -> BaseGeometry:
    """Give the area a floor's verdict is taken over: rooms, else slab, else its extent."""
    outlines = [room.outline for room in rooms if room.outline is not None]
    if outlines:
        return shapely.union_all(outlines)
    return floor_scene.extent.area if floor.slab_outline is None else floor.slab_outline


def _judge_outline(
    best: Raster, grid: Grid, outline: BaseGeometry | None, threshold_dbm: float
) -> AreaVerdict:
    levels = best[mask_outline(grid, outline)]
    area_m2 = levels.size * grid.cell_area_m2
    heard = levels[~np.isnan(levels)]
    passed = int(np.count_nonzero(heard >= threshold_dbm))
    has_all = heard.size == levels.size > 0
    return AreaVerdict(
        pass_share=passed / levels.size if levels.size else None,
        median_dbm=float(np.median(heard)) if heard.size else None,
        worst_dbm=float(np.percentile(heard, 5)) if has_all else None,
        failing_m2=(levels.size - passed) * grid.cell_area_m2,
        area_m2=area_m2,
    )
