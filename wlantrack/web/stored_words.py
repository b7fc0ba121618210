"""Words that records hold as keys, marked here so that they are translated where pages show them."""

from __future__ import annotations

from wlantrack.errors import msg

ROOM_USES = (
    msg("office"),
    msg("meeting"),
    msg("council"),
    msg("public"),
    msg("corridor"),
    msg("stairs"),
    msg("sanitary"),
    msg("technical"),
    msg("storage"),
    msg("other"),
)
SCALE_METHODS = (
    msg("metres per pixel"),
    msg("two points"),
    msg("known width"),
    msg("drawing scale"),
    msg("control points"),
)
MATERIALS = (
    msg("Concrete 100 mm"),
    msg("Concrete 150 mm"),
    msg("Concrete 200 mm"),
    msg("Brick 120 mm"),
    msg("Brick 240 mm"),
    msg("Brick 365 mm"),
    msg("Plasterboard partition 100 mm"),
    msg("Wooden door 40 mm"),
    msg("Glass 6 mm"),
    msg("Low-E double glazing"),
    msg("Steel door"),
    msg("Natural stone 600 mm"),
    msg("Chipboard 19 mm"),
    msg("Marble 30 mm"),
)
