"""What a layer of a drawing is for, by its name in German or English, or as the user says.

Decides roles and suggests materials. Refuses to know whether a material exists in the catalogue.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

IGNORE: Final = "ignore"
"""Written instead of a material, it leaves a layer out."""


class Role(Enum):
    """What the lines of a layer become."""

    WALL = "wall"
    WINDOW = "window"
    DOOR = "door"
    SANITARY = "sanitary"
    COLUMN = "column"
    ROOM = "room"
    NONE = "none"


# The first that matches decides: a layer of door texts is no door, a glazed door is a door.
_ROLES: Final = (
    (Role.NONE, r"te?xt|anno|iden|dim|bema|ma(ss|ß)|hatch|schraff|patt|furn|m(oe|ö)b|axis|achs"),
    (Role.NONE, r"elek|light|leucht|heiz|hvac|sanit.?obj|hydrant|grid|raster|xref|defpoints|view"),
    (Role.DOOR, r"door|t(ue|ü)r|\btore?\b"),
    (Role.WINDOW, r"window|fenster|glaz|glas|\bwin\b"),
    (Role.SANITARY, r"lvtry|lavator|toilet|\bwc\b|sanit"),
    (Role.COLUMN, r"column|st(ue|ü)tze|s(ae|ä)ule|pfeiler|pillar|\bcols?\b"),
    (Role.WALL, r"wall|w(ae|a|ä)nde?\b|\wwand|wand|mauer|mur\b|partition"),
    (Role.ROOM, r"area|raum|room|space|fl(ae|ä)che|nutz"),
)
_PATTERNS: Final = tuple((role, re.compile(pattern)) for role, pattern in _ROLES)
_MATERIALS: Final = tuple(
    (re.compile(pattern), material)
    for pattern, material in (
        (r"beton|concrete|\bstb\b", "concrete-200"),
        (r"mauerwerk|ziegel|brick|\bmw\b|mason", "brick-240"),
        (r"\bgk\b|gips|trocken|dry|stud|leicht", "plasterboard-partition"),
        (r"glas|glaz", "glass-6"),
    )
)
_BY_ROLE: Final = {
    Role.WINDOW: "glass-low-e",
    Role.DOOR: "wood-door",
    Role.SANITARY: "chipboard-19",
    Role.COLUMN: "concrete-200",
}
_BY_THICKNESS: Final = (
    (0.14, "plasterboard-partition"),
    (0.20, "brick-120"),
    (0.32, "brick-240"),
    (0.48, "brick-365"),
)


@dataclass(frozen=True)
class LayerUse:
    """Role of a layer and its material; ``None``: by the thickness of each wall."""

    role: Role
    material: str | None
    is_chosen: bool = False


def recognise_role(name: str) -> Role:
    """Tell what a layer (or block) of this name is for."""
    plain = re.sub(r"[_\W]+", " ", name.casefold())
    return next((role for role, pattern in _PATTERNS if pattern.search(plain)), Role.NONE)


def use_layer(name: str, mapping: Mapping[str, str]) -> LayerUse:
    """Decide the use of a layer.

    Parameters
    ----------
    name
        Name of the layer.
    mapping
        Pattern (``*`` and ``?``, case does not matter) to material code or ``"ignore"``; the
        first that matches wins over recognition.
    """
    role = recognise_role(name)
    for pattern, material in mapping.items():
        if fnmatchcase(name.casefold(), pattern.casefold()):
            if material == IGNORE:
                return LayerUse(Role.NONE, None, is_chosen=True)
            kept = role if role not in {Role.NONE, Role.ROOM} else Role.WALL
            return LayerUse(kept, material, is_chosen=True)
    plain = re.sub(r"[_\W]+", " ", name.casefold())
    named = next((material for pattern, material in _MATERIALS if pattern.search(plain)), None)
    return LayerUse(role, _BY_ROLE.get(role, named if role is Role.WALL else None))


def suggest_material(thickness_m: float | None) -> str:
    """Suggest a material for a wall of which only the thickness is known."""
    if thickness_m is None:
        return _BY_THICKNESS[0][1]
    return next((m for limit, m in _BY_THICKNESS if thickness_m < limit), "natural-stone-600")


class LayerBook:
    """The uses of the layers of one drawing."""

    def __init__(self, mapping: Mapping[str, str]) -> None:
        self.mapping = mapping
        self.uses: dict[str, LayerUse] = {}

    def use(self, layer: str) -> LayerUse:
        """Give the use of a layer."""
        if layer not in self.uses:
            self.uses[layer] = use_layer(layer, self.mapping)
        return self.uses[layer]

    def is_used(self, layer: str) -> bool:
        """Tell whether lines on it are used; a block's layer 0 is asked for as the block's."""
        return self.use(layer).role is not Role.NONE

    def is_left_out(self, layer: str) -> bool:
        """Tell whether the user left it out on purpose."""
        use = self.use(layer)
        return use.is_chosen and use.role is Role.NONE
