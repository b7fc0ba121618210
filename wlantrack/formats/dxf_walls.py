"""Centre lines with materials out of the lines of a drawing; runs in the sandbox only.

Decides which lines may be faces of one wall: those of one material. A drawing made to do harm can
hold lines that all pair with one another, which is why this is no work for the program itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wlantrack.formats.dxf import DxfLayer, DxfOpening, DxfWalls
from wlantrack.formats.dxf_layers import Role, suggest_material
from wlantrack.geometry.plan_openings import PlanOpening, fit_openings
from wlantrack.geometry.plans import centre_lines

if TYPE_CHECKING:
    from collections.abc import Iterable


def build_walls(layers: Iterable[DxfLayer], openings: Iterable[DxfOpening]) -> DxfWalls:
    """Reduce double lines to centre lines and fit doors and windows into them.

    A wall whose layer names no material gets the one its thickness suggests.
    """
    groups: dict[tuple[str | None, bool], list[tuple[float, float, float, float]]] = {}
    for layer in layers:
        key = (layer.material, layer.role is Role.WINDOW)
        groups.setdefault(key, []).extend(layer.segments)
    walls = [
        replace(wall, material=material or suggest_material(wall.thickness_m))
        for (material, is_window), segments in groups.items()
        for wall in centre_lines(segments, widest_first=is_window)
    ]
    drawn = [PlanOpening(each.corners, each.width_m, each.material) for each in openings]
    fitted = fit_openings(walls, drawn)
    return DxfWalls(fitted.walls, fitted.pieces, len(fitted.unplaced))
