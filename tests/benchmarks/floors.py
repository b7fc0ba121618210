"""Made-up floors to measure on, the same every time."""

from __future__ import annotations

import random

from wlantrack.geometry.grid import Grid
from wlantrack.radio.coverage import Scene, Transmitter, Wall

LOSSES = ((3.0, 4.0, 5.0), (6.5, 7.2, 7.3), (11.5, 20.0, 22.0), (0.6, 1.4, 1.9))


def draw_floor(
    width_m: float, height_m: float, walls: int, access_points: int, cell_m: float = 0.25
) -> tuple[Scene, Grid]:
    """Mostly square walls of 2 to 8 m, a tenth oblique, a tenth only 1.4 m high."""
    rng = random.Random(7)  # noqa: S311 - not for secrets
    drawn = []
    for _ in range(walls):
        x, y = rng.uniform(0, width_m), rng.uniform(0, height_m)
        along, length = rng.random(), rng.uniform(2, 8)
        dx = length if along < 0.55 else 0.0
        dy = length if along > 0.45 else 0.0
        x2, y2 = min(x + dx, width_m), min(y + dy, height_m)
        top_m = 1.4 if rng.random() < 0.1 else 3.0
        drawn.append(Wall(x, y, x2, y2, rng.choice(LOSSES), top_m=top_m))
    transmitters = tuple(
        Transmitter(
            f"AP-{number}",
            rng.uniform(0, width_m),
            rng.uniform(0, height_m),
            2.7,
            (20.0, 23.0, 23.0),
        )
        for number in range(access_points)
    )
    columns, rows = round(width_m / cell_m), round(height_m / cell_m)
    return Scene(tuple(drawn), (), transmitters, (3.0,)), Grid(0, 0, cell_m, columns, rows)
