"""Buildings' outlines from GeoPackage, GeoJSON or a zipped shapefile.

Decides which files are read and in which coordinates they come back. The reading itself happens
in the sandbox (:mod:`wlantrack.formats.footprint_reader`); refuses to know buildings.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from wlantrack.errors import Message, Problem, msg
from wlantrack.formats import limits
from wlantrack.formats.limits import refuse
from wlantrack.formats.sandbox import run_in_sandbox

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_READER: Final = "wlantrack.formats.footprint_reader:read_footprints"


@dataclass(frozen=True)
class FootprintOptions:
    """What a file may not say itself: its coordinate system, layer and columns."""

    crs: str = ""
    layer: str = ""
    code_column: str = ""
    name_column: str = ""


@dataclass(frozen=True)
class Footprint:
    """One feature: its number in the file from 1, what its columns say, its outline as WKB."""

    row: int
    code: str
    name: str
    wkb: bytes

    @cached_property
    def outline(self) -> BaseGeometry:
        """Give the outline in the storage CRS, in whole millimetres."""
        return shapely.from_wkb(self.wkb)


@dataclass(frozen=True)
class FootprintFile:
    """What a file holds, reprojected; features that are no buildings are in ``problems``."""

    features: tuple[Footprint, ...]
    crs: str
    columns: tuple[str, ...]
    warnings: tuple[Message, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_footprint_file(
    data: bytes, options: FootprintOptions, storage_crs: str, *, file: str | None = None
) -> FootprintFile:
    """Read outlines in the sandbox and lay them into the storage CRS.

    Raises
    ------
    InvalidInput
        The file is none of the formats, damaged or too large; its coordinate system, layer or a
        column is unknown and has to be named.
    """
    limits.require_size(data, limits.FOOTPRINT_BYTES, file=file)
    if options.crs:
        _require_crs(options.crs)
    read: FootprintFile = run_in_sandbox(
        FootprintFile, _READER, data, {**vars(options), "storage_crs": storage_crs}, file=file
    )
    return read


def _require_crs(name: str) -> None:
    try:
        CRS.from_user_input(name)
    except CRSError as error:
        raise refuse(
            msg("This coordinate system is unknown."),
            msg("Write it like EPSG:25832."),
            field="crs",
            value=name[:80],
        ) from error
