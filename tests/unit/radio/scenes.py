"""Random buildings, drawn from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from wlantrack.geometry.grid import Grid
from wlantrack.radio.coverage import Scene, Slab, Transmitter, Wall
from wlantrack.radio.propagation import PathLoss

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Case:
    scene: Scene
    grid: Grid
    floor: int


def draw_case(seed: int) -> Case:
    """Up to three floors; every third seed on whole numbers, every third on halves and tenths."""
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    snap = {0: 1.0, 1: 0.1, 2: 0.0}[seed % 3]

    def number(low: float, high: float) -> float:
        value = rng.uniform(low, high)
        return round(round(value / snap) * snap, 6) if snap else value

    floors = rng.randint(1, 3)
    grid = Grid(number(-3, 3), number(-3, 3), rng.choice((1.0, 0.5, 0.2)), 8, 6)
    scene = Scene(
        walls=tuple(_draw_wall(rng, number, floors) for _ in range(rng.randint(0, 14))),
        slabs=tuple(_draw_slab(rng, number, level * 3.0) for level in range(floors)),
        transmitters=tuple(_draw_transmitter(rng, number, i, floors) for i in range(3)),
        floor_heights_m=(3.0,) * floors,
        path_loss=PathLoss(exponent=rng.choice((2.0, 2.7))),
        receiver_height_m=rng.choice((1.0, 1.5, 0.8)),
    )
    return Case(scene, grid, rng.randrange(floors))


def _draw_wall(rng: random.Random, number: Callable[[float, float], float], floors: int) -> Wall:
    bottom, top = rng.choice(((0.0, 3.0), (0.0, 1.2), (2.0, 3.0), (1.0, 2.5), (0.0, 1.0)))
    x, y = number(-5, 8), number(-5, 8)
    along = rng.choice(("x", "y", "any", "any", "point"))
    x2 = x if along in {"y", "point"} else number(-5, 8)
    y2 = y if along in {"x", "point"} else number(-5, 8)
    loss = (rng.uniform(1, 9), rng.uniform(1, 9), rng.uniform(1, 9))
    return Wall(x, y, x2, y2, loss, bottom, top, rng.randrange(floors))


def _draw_slab(rng: random.Random, number: Callable[[float, float], float], z_m: float) -> Slab:
    x, y = number(-5, 1), number(-5, 1)
    outline = shapely.box(x, y, x + 9, y + 8)
    hole_x, hole_y = number(-2, 3), number(-2, 3)
    corners = [(hole_x, hole_y), (hole_x + 3, hole_y), (hole_x + 2, hole_y + 2)]
    hole = rng.choice((corners, [*corners, (hole_x, hole_y + 4)]))
    polygon = outline.difference(shapely.Polygon(hole))
    assert isinstance(polygon, shapely.Polygon | shapely.MultiPolygon)
    return Slab(polygon, z_m, (rng.uniform(5, 25), 20.0, 22.5))


def _draw_transmitter(
    rng: random.Random, number: Callable[[float, float], float], index: int, floors: int
) -> Transmitter:
    height = rng.choice((2.5, 3.0, 1.0, 0.0, number(0, 3)))
    power = rng.choice(((20.0, 23.0, 23.0), (17.5, None, 14.0)))
    shift = rng.choice((0.0, 0.5, 0.1))
    floor = rng.randrange(floors)
    return Transmitter(
        f"t{index}", number(-4, 7) + shift, number(-4, 7), height, power, floor=floor
    )
