"""Words that come from the database or from tables and are translated when they are shown.

Decides nothing: it marks them, so that they are collected for translation. Tests compare it with
the standard materials, models, roles and choices that it repeats.
"""

from __future__ import annotations

from wlantrack.errors import msg

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
MODELS = (
    msg("Wi-Fi 6E, omnidirectional"),
    msg("Wi-Fi 6, omnidirectional"),
    msg("Wi-Fi 6E, for the wall"),
)
ANTENNAS = (
    msg("Sector of 120°, 2.4 GHz"),
    msg("Sector of 120°, 5 GHz"),
    msg("Sector of 120°, 6 GHz"),
    msg(
        "Parabolic cuts of 3GPP TR 36.814, table A.2.1.1-2: 120 degrees wide, 15 dB less backwards"
    ),
)
SCALE_METHODS = (
    msg("metres per pixel"),
    msg("two points"),
    msg("known width"),
    msg("drawing scale"),
    msg("control points"),
)
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
REQUIREMENTS = (msg("Basic"), msg("Voice and video"), msg("Location"))
CLIENT_PROFILES = (msg("Notebook"), msg("Least capable phone"))
