"""An Ekahau project, read from its archive; runs in the sandbox only.

Decides which of its tables are used, and tells which are not.
"""

from __future__ import annotations

from typing import Final

from wlantrack.errors import Problem, msg
from wlantrack.formats import limits
from wlantrack.formats.esx_archive import EsxArchive
from wlantrack.formats.esx_places import (
    read_areas,
    read_clutter,
    read_floors,
    read_requirements,
    read_sheets,
    read_wall_types,
    read_walls,
)
from wlantrack.formats.esx_radios import read_access_points, read_antennas
from wlantrack.formats.limits import refuse
from wlantrack.formats.loose_values import find_text
from wlantrack.formats.notes import Notes
from wlantrack.formats.projects import Project

NOT_IMPORTED: Final = (
    ("exclusionAreas", msg("exclusion areas")),
    ("floorHoles", msg("holes in floors")),
    ("holesInFloor", msg("holes in floors")),
    ("notes", msg("notes")),
    ("pictureNotes", msg("notes with pictures")),
    ("cableNotes", msg("cable notes")),
    ("surveyRoutes", msg("surveys")),
    ("interferers", msg("sources of interference")),
)


def read_project(data: bytes) -> Project:
    """Read a project.

    Raises
    ------
    InvalidInput
        The archive is none of Ekahau's, is damaged, or holds too much.
    """
    archive = EsxArchive(data)
    if not archive.has("floorPlans.json"):
        raise refuse(
            msg("This is no Ekahau project: the archive has no floorPlans.json."),
            msg("Upload the .esx file as the planner saved it."),
        )
    notes = Notes()
    sheets = read_sheets(archive)
    limits.require_at_most(
        len(archive.read_list("floorPlans")), limits.PROJECT_FLOORS, msg("plans")
    )
    head = archive.read_object("project")
    wall_types = read_wall_types(archive, notes)
    antennas = read_antennas(archive, notes)
    return Project(
        format="esx",
        version=find_text(head, "schemaVersion"),
        key=find_text(head, "id"),
        name=find_text(head, "title") or find_text(head, "name"),
        floors=read_floors(archive, sheets, notes),
        wall_types=wall_types,
        walls=read_walls(archive, sheets, {kind.key for kind in wall_types}, notes),
        clutter=read_clutter(archive, sheets, notes),
        requirements=read_requirements(archive),
        areas=read_areas(archive, sheets, notes),
        antennas=antennas,
        access_points=read_access_points(
            archive, sheets, {antenna.key: antenna for antenna in antennas}, notes
        ),
        # The last argument: by now everything has been read, and noted.
        warnings=(*_list_unused(archive), *notes.list()),
    )


def _list_unused(archive: EsxArchive) -> list[Problem]:
    unused = []
    for member, what in NOT_IMPORTED:
        count = len(archive.read_list(member))
        if count:
            unused.append(
                Problem(msg("%(count)s %(what)s are not imported.", count=count, what=what))
            )
    return unused
