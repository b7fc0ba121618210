"""OpenIntent: the neutral exchange format of Wi-Fi planners, as YAML or JSON, in several files.

Decides what is accepted as such; refuses to know buildings and catalogues.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wlantrack.errors import msg
from wlantrack.formats import limits
from wlantrack.formats.limits import refuse
from wlantrack.formats.projects import Project
from wlantrack.formats.sandbox import run_in_sandbox
from wlantrack.formats.sniff import Content, sniff_content

if TYPE_CHECKING:
    from collections.abc import Sequence

_READER: Final = "wlantrack.formats.openintent_reader:read_project"
_TEXTS: Final = frozenset({Content.TEXT})


def read_openintent(files: Sequence[tuple[str, bytes]]) -> Project:
    """Read one project out of its files (name and content) in the sandbox.

    Raises
    ------
    InvalidInput
        A file is no YAML or JSON (the line is named), holds the format's definition instead of a
        project, or too much.
    """
    if not files:
        raise refuse(msg("The file is empty."), msg("Choose another file."))
    for name, data in files:
        limits.require_size(data, limits.YAML_BYTES, file=name)
        if sniff_content(data) not in _TEXTS:
            raise refuse(
                msg("This is no OpenIntent project: the file is neither YAML nor JSON."),
                msg("Upload the .yaml or .json files that the planner exported."),
                file=name,
            )
    joined = b"".join(data for _, data in files)
    limits.require_size(joined, limits.YAML_BYTES)
    options = {"names": [name for name, _ in files], "sizes": [len(data) for _, data in files]}
    only = files[0][0] if len(files) == 1 else None
    project: Project = run_in_sandbox(Project, _READER, joined, options, file=only)
    return project
