"""The chart of an uplink's loads, as numbers for an SVG; the table beside it says the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wlantrack.store.models.demand import Uplink

WIDTH = 640.0
HEIGHT = 200.0
_LEFT = 52.0
_TOP = 12.0
_BOTTOM = 28.0
_RIGHT = 96.0
_STEPS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True)
class Line:
    """One line: points as SVG wants them, where its name stands, and the rate it may reach."""

    points: str
    last_x: float
    last_y: float


@dataclass(frozen=True)
class Chart:
    """Both lines, the axis' marks as (rate, y), and the ends of time as x."""

    down: Line
    up: Line
    marks: tuple[tuple[float, float], ...]
    left: float = _LEFT
    right: float = WIDTH - _RIGHT
    bottom: float = HEIGHT - _BOTTOM
    width: float = WIDTH
    height: float = HEIGHT


def draw_loads(uplink: Uplink) -> Chart | None:
    """Lay out the loads over time; None where fewer than two moments were measured."""
    loads = uplink.loads
    if len(loads) < 2:
        return None
    first, last = loads[0].measured_at, loads[-1].measured_at
    span_s = (last - first).total_seconds() or 1.0
    greatest = max(max(load.down_mbit, load.up_mbit) for load in loads) or 1.0
    step = _choose_step(greatest)
    top = step * -(-greatest // step)

    def x(moment_s: float) -> float:
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * moment_s / span_s, 1)

    def y(rate_mbit: float) -> float:
        return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * rate_mbit / top, 1)

    def line(rates: list[float]) -> Line:
        moments = [(load.measured_at - first).total_seconds() for load in loads]
        places = [(x(s), y(rate)) for s, rate in zip(moments, rates, strict=True)]
        return Line(" ".join(f"{px},{py}" for px, py in places), *places[-1])

    down, up = line([load.down_mbit for load in loads]), line([load.up_mbit for load in loads])
    if abs(down.last_y - up.last_y) < 16:  # their names would cover one another
        higher, lower = (down, up) if down.last_y <= up.last_y else (up, down)
        apart = Line(lower.points, lower.last_x, higher.last_y + 16)
        down, up = (down, apart) if lower is up else (apart, up)
    count = round(top / step)
    marks = tuple((step * n, y(step * n)) for n in range(count + 1))
    return Chart(down, up, marks)


def _choose_step(greatest: float) -> float:
    """Give the roundest step that leaves at most five of them."""
    magnitude = 0.001
    while True:
        for step in _STEPS:
            if greatest / (step * magnitude) <= 5:
                return step * magnitude
        magnitude *= 10
