"""How much an upload may hold, as one table; refuses to know any format.

Every reader asks here, so that a limit and the sentence that names it stand in one place.
"""

from __future__ import annotations

from typing import Final

from wlantrack.errors import InvalidInput, Message, Problem, msg

MIB: Final = 1024 * 1024

# What one reading may use. The deadline leaves room for the caller inside the promised 20 s.
SANDBOX_SECONDS: Final = 18.0
SANDBOX_MEMORY_BYTES: Final = 1024 * MIB
SANDBOX_OUTPUT_BYTES: Final = 192 * MIB
SANDBOX_SLOTS: Final = 4  # uploads read at the same time in one server process

# What a file may hold.
PLAN_BYTES: Final = 100 * MIB  # PNG, JPEG, TIFF, PDF
PLAN_INPUT_PIXELS: Final = 100_000_000  # an A0 sheet at 240 dpi has 88 million
PLAN_STORED_SIDE_PX: Final = 8_000  # long side of what is kept
PLAN_LEAST_SIDE_PX: Final = 8
PDF_PAGES: Final = 1_000
TIFF_PAGES: Final = 200
SVG_BYTES: Final = 30 * MIB
SVG_ELEMENTS: Final = 300_000
SVG_DEPTH: Final = 100
PHOTO_BYTES: Final = 25 * MIB
PHOTO_STORED_SIDE_PX: Final = 2_560  # long side of what is kept: a label on a panel stays legible
PHOTO_THUMBNAIL_SIDE_PX: Final = 320
DOCUMENT_BYTES: Final = 25 * MIB
DXF_BYTES: Final = 100 * MIB
DXF_ENTITIES: Final = 200_000  # after blocks are exploded
DXF_BLOCK_DEPTH: Final = 8
PROJECT_BYTES: Final = 200 * MIB  # a planner's project, plan pictures included
PROJECT_UNPACKED_BYTES: Final = 300 * MIB
PROJECT_JSON_BYTES: Final = 60 * MIB  # all its tables together
PROJECT_PICTURE_BYTES: Final = 40 * MIB  # one plan
PROJECT_PICTURES_BYTES: Final = 120 * MIB
PROJECT_ZIP_MEMBERS: Final = 5_000
PROJECT_OBJECTS: Final = 300_000
PROJECT_FLOORS: Final = 200
YAML_BYTES: Final = 20 * MIB
YAML_DEPTH: Final = 50
ANTENNA_BYTES: Final = 2 * MIB
ANTENNA_POINTS: Final = 3_600  # every tenth of a degree
TABLE_BYTES: Final = 20 * MIB
TABLE_UNPACKED_BYTES: Final = 200 * MIB  # all members of an XLSX together
TABLE_ZIP_MEMBERS: Final = 2_000
TABLE_ROWS: Final = 50_000
TABLE_COLUMNS: Final = 200
TABLE_CELLS: Final = 2_000_000
XML_DEPTH: Final = 50
CALENDAR_BYTES: Final = 10 * MIB
CALENDAR_ENTRIES: Final = 5_000  # days of entries that recur included
SCHEDULE_BYTES: Final = 60 * MIB  # MS Project writes some kB a task
SCHEDULE_ELEMENTS: Final = 2_000_000
SCHEDULE_TASKS: Final = 3_000
SCHEDULE_LINKS: Final = 10_000
SCHEDULE_DAYS_OFF: Final = 5_000  # of everybody
FOOTPRINT_BYTES: Final = 60 * MIB
FOOTPRINT_UNPACKED_BYTES: Final = 200 * MIB  # of a zipped shapefile
FOOTPRINT_FEATURES: Final = 20_000
FOOTPRINT_VERTICES: Final = 5_000  # of one building


def refuse(
    message: Message,
    remedy: Message | None = None,
    *,
    file: str | None = None,
    field: str | None = None,
    value: str | None = None,
) -> InvalidInput:
    """Build the refusal of a whole file (or of one ``field`` in it) with what to do instead."""
    return InvalidInput(Problem(message, remedy, file=file, field=field, value=value))


def require_at_most(found: int, limit: int, what: Message, *, file: str | None = None) -> None:
    """Refuse a file that holds more than it may.

    Parameters
    ----------
    found, limit
        Counts of the same thing.
    what
        The thing that is counted, as a plural noun.
    file
        Name of the upload, for the message.

    Raises
    ------
    InvalidInput
        If `found` exceeds `limit`.
    """
    if found > limit:
        raise refuse(
            msg(
                "The file holds %(found).0f %(what)s; at most %(limit).0f are allowed.",
                found=found,
                what=what,
                limit=limit,
            ),
            msg("Reduce the file to the part that is needed, or split it."),
            file=file,
        )


def require_size(data: bytes, limit_bytes: int, *, file: str | None = None) -> None:
    """Refuse an empty upload and one with more than `limit_bytes`.

    Raises
    ------
    InvalidInput
        If there is nothing, or too much.
    """
    if not data:
        raise refuse(msg("The file is empty."), msg("Choose another file."), file=file)
    if len(data) > limit_bytes:
        raise refuse(
            msg(
                "The file has %(size)s MiB; at most %(limit)s MiB are allowed.",
                size=f"{len(data) / MIB:.0f}",
                limit=f"{limit_bytes / MIB:.0f}",
            ),
            msg("Reduce the file to the part that is needed, or split it."),
            file=file,
        )
