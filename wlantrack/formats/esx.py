"""Ekahau projects (.esx): plans, walls, access points, antennas, areas.

Decides what is accepted as such a project; refuses to know buildings and catalogues.
"""

from __future__ import annotations

from typing import Final

from wlantrack.errors import msg
from wlantrack.formats import limits
from wlantrack.formats.limits import refuse
from wlantrack.formats.projects import Project
from wlantrack.formats.sandbox import run_in_sandbox
from wlantrack.formats.sniff import Content, sniff_content

_READER: Final = "wlantrack.formats.esx_reader:read_project"


def read_esx(data: bytes, *, file: str | None = None) -> Project:
    """Read a project in the sandbox; schemas 1.4, 1.5 and 1.8 were seen, others are tried.

    Raises
    ------
    InvalidInput
        The upload is no such archive, is damaged, or holds too much.
    """
    limits.require_size(data, limits.PROJECT_BYTES, file=file)
    if sniff_content(data) is not Content.ZIP:
        raise refuse(
            msg("This is no Ekahau project: the file is no ZIP archive."),
            msg("Upload the .esx file as the planner saved it."),
            file=file,
        )
    project: Project = run_in_sandbox(Project, _READER, data, file=file)
    return project
